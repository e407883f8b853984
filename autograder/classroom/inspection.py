"""Whether a submission can be graded, and what a person should know about it, before anything of it runs."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .cells import ASKS, KnownCell
from .room import Room
from .submission import Submission


@dataclass(frozen=True)
class Finding:
    """What was found.

    status    "gradable", or why not: "missing", "unreadable", "other unit"
    messages  what was wrong, where, and what to do, a sentence each
    """

    status: str
    messages: tuple[str, ...] = ()


def inspect(room: Room, submission: Submission, known: Mapping[str, Mapping[str, Sequence[KnownCell]]]) -> Finding:
    """Look at a submission without running it.

    known  the gradebook's cells by unit and notebook
    """
    stamp = submission.folder / "timestamp.txt"
    if stamp.is_file() and not _is_a_time(room, submission.folder):
        return Finding("unreadable", (f"{stamp} holds no date and time. Write one such as 2026-03-01 23:59:00 UTC.",))
    notebooks = known[submission.unit]
    missing = [name for name in notebooks if not (submission.folder / f"{name}.ipynb").is_file()]
    messages = [_missing(submission.folder / f"{name}.ipynb") for name in missing]
    if len(missing) == len(notebooks):
        return Finding("missing", tuple(messages))
    for name in notebooks.keys() - set(missing):
        path, cells = submission.folder / f"{name}.ipynb", notebooks[name]
        try:
            submitted = _read(path)
        except Unreadable as error:
            return Finding("unreadable", (f"{path} {error} Ask for another copy.",))
        stranger = _stranger(path, submitted, cells, known)
        if stranger:
            return Finding("other unit", (stranger,))
        lost = [cell for cell in cells if cell.name not in submitted.grade_ids]
        if lost:
            messages.append(_lost(path, lost))
    return Finding("gradable", tuple(messages))


class Unreadable(Exception):
    """Why a file cannot be read as a notebook; a sentence without its subject."""


@dataclass(frozen=True)
class Submitted:
    """What of a submitted notebook tells which unit it is: its grade_ids and the questions its cells ask."""

    grade_ids: frozenset[str]
    asks: frozenset[str]


def _read(path: Path) -> Submitted:
    """Raises Unreadable where the file is not a notebook that nbgrader could work on."""
    import nbformat

    if path.stat().st_size == 0:
        raise Unreadable("is empty.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            notebook: Any = nbformat.read(path, as_version=4)
    except (ValueError, RecursionError, AttributeError, TypeError, KeyError, nbformat.ValidationError) as error:
        raise Unreadable(f"is damaged, or is no notebook ({_first_line(error)}).") from error
    cells = notebook.get("cells")
    if not isinstance(cells, list) or not cells:
        raise Unreadable("has no cells.")
    for place, cell in enumerate(cells, 1):
        if not (
            isinstance(cell, dict)
            and isinstance(cell.get("metadata"), dict)
            and isinstance(cell.get("source"), str)
            and cell.get("cell_type") in ("code", "markdown", "raw")
            and (cell["cell_type"] != "code" or isinstance(cell.get("outputs"), list))
        ):
            raise Unreadable(f"is damaged: its cell {place} is not what a cell should be.")
    marks = [cell["metadata"].get("nbgrader") for cell in cells]
    return Submitted(
        frozenset(str(m["grade_id"]) for m in marks if isinstance(m, dict) and "grade_id" in m),
        frozenset(".".join(asked) for cell in cells for asked in ASKS.findall(cell["source"])),
    )


def _first_line(error: Exception) -> str:
    text = str(error).strip().splitlines()
    return text[0][:100] if text else type(error).__name__


def _is_a_time(room: Room, folder: Path) -> bool:
    try:
        return room.api.coursedir.get_existing_timestamp(str(folder)) is not None
    except (ValueError, AttributeError, OverflowError, OSError):  # nbgrader trips over its own message here
        return False


def _missing(path: Path) -> str:
    others = sorted(p.name for p in path.parent.glob("*") if p.is_file() and p.name != "timestamp.txt")
    if others:
        return f"{path} is missing; there is {', '.join(others)}. If that is the notebook, rename it to {path.name}."
    return f"{path} is missing: the folder is empty. Nothing was handed in."


def _stranger(
    path: Path, submitted: Submitted, cells: Sequence[KnownCell], known: Mapping[str, Mapping[str, Sequence[KnownCell]]]
) -> str:
    """Where the notebook is not this unit's: which it is. Given cells may be alike in every unit, so they do not count.

    A notebook without any of the unit's checks is another's if it asks another's questions, and no unit's if no answer
    cell is left either.
    """
    if any(
        cell.asks in submitted.asks if cell.asks else cell.name in submitted.grade_ids for cell in cells if cell.graded
    ):
        return ""
    for unit, notebooks in known.items():
        if submitted.asks & {cell.asks for others in notebooks.values() for cell in others}:
            return f"{path} is the notebook of {unit}. Ask for the right one, or move it to that unit's folder."
    if submitted.asks or not any(cell.name in submitted.grade_ids for cell in cells if cell.solution):
        return f"{path} is not this unit's notebook: none of its cells are there. Ask for the right one."
    return ""


def _lost(path: Path, lost: Sequence[KnownCell]) -> str:
    names = ", ".join(cell.name for cell in lost)
    answers = any(cell.solution for cell in lost)
    done = "Given cells and checks were put back for grading; answers were not."
    return (
        f"{path} lacks the cells {names}: deleted, or from an older release. "
        f"{done if answers else 'They were put back for grading.'}"
    )
