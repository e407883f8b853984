"""A learner's notebook brought to the course's present release: the answers go over, cell by cell."""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..problem import Problem

Cell = dict[str, Any]
AT_THE_END = "From your earlier notebook: these answers have no cell of their own any more."


@dataclass(frozen=True)
class Updated:
    """A notebook's new content, and by name or number what became of its cells.

    answers     taken over
    own         the learner's own cells, and changed cells of the course's beside answers; kept where they stood
    homeless    answers whose cell the release no longer has; kept at the end
    new         answers that the learner's notebook had no cell for
    """

    notebook: dict[str, Any]
    answers: tuple[str, ...]
    own: int
    homeless: tuple[str, ...]
    new: tuple[str, ...]


def update(mine: Mapping[str, Any], release: Mapping[str, Any], is_untouched: Callable[[Cell], bool]) -> Updated:
    """The release with the learner's answers in it, and everything else that the learner wrote beside them.

    is_untouched  whether an answer cell is as it was handed out: then the release's stands
    """
    made = deepcopy(dict(release))
    here = {name: cell for cell in release["cells"] if (name := name_of(cell))}
    theirs = {name: cell for cell in mine["cells"] if (name := name_of(cell)) and _is_answer(cell)}
    written = {name: cell for name, cell in theirs.items() if not is_untouched(cell)}
    answers = [name for name in written if name in here and _is_answer(here[name])]
    homeless = [name for name in written if name not in answers]
    beside = _beside(mine, here)
    cells = list(beside[""])
    for cell in made["cells"]:
        name = name_of(cell)
        if name in answers:
            cell["source"] = theirs[name]["source"]
        cells += [cell, *beside[name]]
    if homeless:
        cells += [_heading(), *(_plain(theirs[name]) for name in homeless)]
    made["cells"] = cells
    new = [name for name, cell in here.items() if _is_answer(cell) and name not in theirs]
    own = sum(map(len, beside.values()))
    return Updated(made, tuple(answers), own, tuple(homeless), tuple(new))


def is_current(mine: Mapping[str, Any], release: Mapping[str, Any]) -> bool:
    """Whether a notebook has every cell of the release, and every text and locked cell as it is there."""
    given = {name: _source(cell) for cell in mine["cells"] if (name := name_of(cell))}
    return all(
        name in given and (given[name] == _source(cell) or not _is_given(cell))
        for cell in release["cells"]
        if (name := name_of(cell))
    )


def name_of(cell: Mapping[str, Any]) -> str:
    """What a cell is called in every release: its grade_id, or its id."""
    about = cell["metadata"].get("nbgrader", {})
    return str(about.get("grade_id") or cell.get("id") or "")


def read_notebook(path: Path) -> dict[str, Any]:
    """A notebook's content. Raises Problem where the file is none."""
    try:
        told = json.loads(path.read_text("utf-8"))
        if all(isinstance(cell["metadata"], dict) and "source" in cell for cell in told["cells"]):
            return dict(told)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Problem(f"{path} cannot be read as a notebook ({type(error).__name__}). It was not changed.") from None
    raise Problem(f"{path} cannot be read as a notebook. It was not changed.")


def put_aside(path: Path) -> Path:
    """Copy a file beside itself under a name that nothing collects as a notebook, and return the copy's path."""
    number = 1
    while (copy := path.with_name(f"{path.name}.before-update-{number}")).exists():
        number += 1
    copy.write_bytes(path.read_bytes())
    return copy


def _beside(mine: Mapping[str, Any], here: Mapping[str, Cell]) -> defaultdict[str, list[Cell]]:
    """The learner's own cells by the name of the course's cell that they follow, "" for the top of the notebook."""
    found: defaultdict[str, list[Cell]] = defaultdict(list)
    last = ""
    for cell in mine["cells"]:
        name = name_of(cell)
        about = cell["metadata"].get("nbgrader", {})
        if name in here:
            last = name
            if about or cell["cell_type"] != "code" or _says_the_same(cell, here[name]):
                continue
        elif about:  # an answer or a test that the release no longer has
            continue
        if _source(cell).strip():
            found[last].append(_plain(cell))
    return found


def _says_the_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether only the signs of a comment differ, as in a cell with hints."""
    return [line.lstrip("# ") for line in _source(one).splitlines()] == [
        line.lstrip("# ") for line in _source(other).splitlines()
    ]


def _is_given(cell: Mapping[str, Any]) -> bool:
    about = cell["metadata"].get("nbgrader", {})
    return bool(about.get("locked")) or (cell["cell_type"] == "markdown" and not _is_answer(cell))


def _is_answer(cell: Mapping[str, Any]) -> bool:
    about = cell["metadata"].get("nbgrader", {})
    return bool(about.get("solution") or about.get("task"))


def _source(cell: Mapping[str, Any]) -> str:
    return "".join(cell["source"])


def _plain(cell: Mapping[str, Any]) -> Cell:
    """A cell without a name that could meet another one, without outputs, and deletable."""
    kept: Cell = {"id": secrets.token_hex(4), "cell_type": cell["cell_type"], "metadata": {}, "source": cell["source"]}
    return kept | ({"execution_count": None, "outputs": []} if cell["cell_type"] == "code" else {})


def _heading() -> Cell:
    return _plain({"cell_type": "markdown", "source": AT_THE_END})
