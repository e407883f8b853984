"""Puts a submitted notebook right: what is a test cell, with which source and points, is what the instructor says."""

from __future__ import annotations

import json
import re
import warnings
from dataclasses import dataclass
from typing import Any

from .markup import MAX_MARKDOWN
from .order import in_order, place
from .outputs import one_line, plain_text, safe_attachments, safe_markdown, safe_typed

Cell = dict[str, Any]
MAX_TEXTS = 400_000  # characters of Markdown that are parsed in one notebook; the worst take 50 microseconds each
# The first line of a test cell that its author lets run beside the learner's code.
UNPROTECTED = re.compile(r"\s*#\s*grading:\s*unprotected\b")
# The first line of a test cell whose author lets the learner's objects say whether they are equal, larger or true.
ASKING = re.compile(r"\s*#\s*grading:\s*ask the learner's objects\b")


@dataclass(frozen=True)
class SourceCell:
    """One cell as whoever made the notebook has it.

    role      test, unprotected (a test that runs beside the learner's code, where it can be tampered with), setup (given
              code that both sides run), answer (the learner's) or text
    locked    whether its source is always the instructor's
    points    None for a cell that is not graded
    metadata  what the executed cell's metadata say
    """

    name: str
    cell_type: str
    source: str
    role: str
    locked: bool
    points: float | None
    metadata: dict[str, Any]

    @property
    def needed(self) -> bool:
        """Whether it is put back where it is missing."""
        return self.locked or self.points is not None


@dataclass(frozen=True)
class Given:
    """Names and whose they are (see given.given_names).

    names: a test takes these from the instructor's locked cells only. asked: these may be the learner's although a
    locked cell defines them, too. stars: modules from which locked cells import everything. setups: setup cells that also
    run the learner's code, with what of each can run without it.
    """

    names: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    stars: tuple[str, ...] = ()
    setups: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class SourceNotebook:
    """One notebook as whoever made it has it.

    cells     those that count, in their order
    named_by  where a cell's file has the name by which it is known here: a path of keys
    imports   what the instructor's notebook imports: (name, module, attribute or "", certain). `certain` is False where
              the import stands in a solution, so that the name exists only if the learner's code has it too.
    given     the names that its locked cells define
    texts     the instructor's text cells, which need no cleaning
    """

    name: str
    kernelspec: dict[str, Any]
    cells: tuple[SourceCell, ...]
    named_by: tuple[str, ...] = ("id",)
    imports: tuple[tuple[str, str, str, bool], ...] = ()
    given: Given = Given()
    texts: tuple[str, ...] = ()


class Unreadable(ValueError):
    """A submitted file that is no notebook. The message says why, for the learner and the record."""


def read(data: bytes, named_by: tuple[str, ...], limit: int, max_cells: int) -> list[Cell]:
    """The cells of a submitted notebook of any format version, each with its name or None. Raises Unreadable."""
    if len(data) > limit:
        raise Unreadable(f"the file is {len(data) // 1_000_000} MB, more than the {limit // 1_000_000} MB allowed")
    if not data.strip():
        raise Unreadable("the file is empty")
    try:
        text = data.decode("utf-8-sig", errors="replace")
        tree = json.loads(text)
    except (ValueError, RecursionError, MemoryError) as error:
        raise Unreadable(f"the file is not a notebook ({type(error).__name__})") from None
    if not isinstance(tree, dict):
        raise Unreadable("the file is JSON, but not a notebook")
    try:
        if tree.get("nbformat") != 4:
            import nbformat  # which takes a worker longer to import than everything else together

            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = nbformat.convert(nbformat.from_dict(tree), 4)
        cells = tree.get("cells")
    except Exception as error:
        raise Unreadable(f"the notebook's format cannot be read ({type(error).__name__})") from None
    if not isinstance(cells, list):
        raise Unreadable("the notebook has no cells")
    if len(cells) > max_cells:
        raise Unreadable(f"the notebook has {len(cells)} cells, more than the {max_cells} allowed")
    return [_cell(cell, named_by) for cell in cells if isinstance(cell, dict)]


def _cell(cell: Cell, named_by: tuple[str, ...]) -> Cell:
    kind, source = cell.get("cell_type"), cell.get("source", "")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    name: Any = cell
    for key in named_by:
        name = name.get(key) if isinstance(name, dict) else None
    return {
        "cell_type": kind if kind in ("code", "markdown", "raw") else "raw",
        "source": source if isinstance(source, str) else "",
        "name": name if isinstance(name, str) else None,
        "attachments": safe_attachments(cell.get("attachments")),
    }


def repair(sent: list[Cell], wanted: SourceNotebook) -> tuple[list[Cell], list[str]]:
    """The cells to run, as notebook cells, and a note on everything that had to be put right.

    Each cell carries its "role", "name" and "points", which are no part of a notebook; finished() leaves them out. Known
    cells get the instructor's type and metadata, locked ones the instructor's source; a cell that stands twice counts
    where it stands last; nothing else of the metadata is kept. Locked cells come in the instructor's order, each once: those that are missing or out of order are put
    where the instructor has them. Answers and cells of the learner's own stay where they are.
    """
    numbers = {cell.name: number for number, cell in enumerate(wanted.cells)}
    last = {cell["name"]: index for index, cell in enumerate(sent) if cell["name"] in numbers}
    positions = [(numbers[name], index) for name, index in sorted(last.items(), key=lambda item: item[1])]
    kept = in_order([number for number, _ in positions], [_weight(wanted, number) for number, _ in positions])
    moved = {i for n, i in positions if n not in kept and wanted.cells[n].locked}
    texts = Texts()
    cells: list[Cell] = []
    strange: list[str] = []
    changed: list[str] = []
    for index, cell in enumerate(sent):
        source = wanted.cells[numbers[cell["name"]]] if last.get(cell["name"]) == index else None
        if source is None:
            strange += [one_line(cell["name"], 80)] if cell["name"] else []
        elif _was_changed(cell, source):
            changed.append(source.name)
        if index not in moved:
            cells.append(_repaired(cell, source, wanted, texts))
    lost = [source for source in wanted.cells if source.name not in last]
    misplaced = [source for source in wanted.cells if last.get(source.name) in moved]
    for number, source in enumerate(wanted.cells):
        if source in misplaced or (source in lost and source.needed):
            cells.insert(_place(cells, wanted, number), _from_source(source))
    return cells, [
        said.format(", ".join(names))
        for said, names in (
            ("has cells that are not part of the assignment or stand twice, and are not marked: {}", strange),
            ("has changed cells: {}; they were run as the instructor gave them", changed),
            (
                "has given cells in another place: {}; they were run where the instructor has them",
                [source.name for source in misplaced],
            ),
            (
                "lacks the cells {}: deleted, or from an older release; given cells and tests were put back, answers "
                "were not",
                [source.name for source in lost],
            ),
        )
        if names
    ]


def _weight(wanted: SourceNotebook, number: int) -> int:
    """What it costs to call a cell moved. A locked cell can be put back; an answer is the learner's to move, so rather
    any number of locked cells than one answer.
    """
    return 1 if wanted.cells[number].locked else len(wanted.cells)


def _was_changed(cell: Cell, source: SourceCell) -> bool:
    """Whether a known cell is not what it was: another kind, or another source where that is the instructor's."""
    locked = source.locked and "BEGIN HIDDEN TESTS" not in source.source
    return cell["cell_type"] != source.cell_type or (locked and cell["source"] != source.source)


def _place(cells: list[Cell], wanted: SourceNotebook, number: int) -> int:
    """Where a cell that is put back belongs: a test as late as it can be, because an answer may have moved to another
    cell; anything else as early as it can be, because others may need it.
    """
    numbers = {cell.name: n for n, cell in enumerate(wanted.cells)}
    where = {numbers[cell["name"]]: i for i, cell in enumerate(cells) if cell["name"]}
    locked = {n: i for n, i in where.items() if wanted.cells[n].locked}
    return place(number, where, locked, len(cells), late=wanted.cells[number].role in ("test", "unprotected"))


def _repaired(cell: Cell, source: SourceCell | None, wanted: SourceNotebook, texts: Texts) -> Cell:
    if source is None:
        sent = None if cell["cell_type"] == "markdown" and cell["source"] in wanted.texts else cell
        role = "answer" if cell["cell_type"] == "code" else "text"
        return _new(cell["cell_type"], cell["source"], role, sent, texts)
    text = cell["source"]
    if source.locked:
        return _from_source(source)
    # Untouched text is the instructor's own, and its checksum has to stay what the gradebook says.
    new = _new(source.cell_type, text, source.role, None if text == source.source else cell, texts)
    return {**new, "name": source.name, "points": source.points, "metadata": source.metadata}


def _from_source(source: SourceCell) -> Cell:
    cell = _new(source.cell_type, source.source, source.role, None, Texts())
    metadata = {"deletable": False, "editable": not source.locked, **source.metadata}
    return {**cell, "name": source.name, "points": source.points, "metadata": metadata}


def _new(kind: str, source: str, role: str, sent: Cell | None, texts: Texts) -> Cell:
    cell: Cell = {"cell_type": kind, "metadata": {}, "source": source, "role": role, "name": "", "points": None}
    if kind == "code":
        cell.update(outputs=[], execution_count=None, source=plain_text(source) if sent else source)
    elif sent is not None:
        cell["source"] = texts.safe(source, sent["attachments"])
    return cell


class Texts:
    """The learner's texts of one notebook, made safe, as long as they take no more time than an honest notebook's; what
    comes after that is shown as it was typed.
    """

    def __init__(self) -> None:
        self.room = MAX_TEXTS

    def safe(self, source: str, attachments: dict[str, dict[str, str]]) -> str:
        if self.room < len(source) <= MAX_MARKDOWN:
            return safe_typed(source)
        self.room -= len(source) if len(source) <= MAX_MARKDOWN else 0
        return safe_markdown(source, attachments)


def finished(cells: list[Cell], kernelspec: dict[str, Any]) -> bytes:
    """The cells as the bytes of a notebook file."""
    kept = [{key: value for key, value in cell.items() if key not in ("role", "name", "points")} for cell in cells]
    metadata = {"kernelspec": kernelspec, "language_info": {"name": "python"}} if kernelspec else {}
    tree = {"cells": kept, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}
    return (json.dumps(tree, indent=1, ensure_ascii=True) + "\n").encode()
