"""Reading a solution script: a jupytext percent script whose cell headers say what each cell is.

    # %% [markdown] id="the-idea"       text
    # %% id="try-it"                    code that is the learner's to play with
    # %% given="setup"                  code that is given and locked
    # %% solution="scaled_scores"       code to fill in, with `### BEGIN SOLUTION` … `### END SOLUTION` regions
    # %% check="scores"                 one line, `check("one_head.scores")`: a graded cell

A cell that is `given` or has an `id` may say `folded=true`: its code is folded away until the learner opens it. What a solution cell hands out
to be changed (a shuffled list, a function to repair) stands before a region that defines the same name again.

What stands above the first header is the design note; it is no part of the notebook.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..course import Unit
from ..problem import Problem
from .percent import HEADER, RawCell, read_percent

Kind = Literal["id", "given", "solution", "check"]
KINDS: tuple[Kind, ...] = ("id", "given", "solution", "check")

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
LEFT_OPEN = re.compile(r"\s*raise NotImplementedError\b")
# `width = ...`, or a dictionary's `"q": ...,`: what the region after it fills in.
PLACEHOLDER = re.compile(r"""\s*(\w+ =|"[^"]+":) \.\.\.,?\s*(#.*)?$""")


@dataclass(frozen=True)
class ScriptCell:
    """One cell of a script. Its name is the notebook's cell id and, but for `id` cells, nbgrader's grade_id."""

    kind: Kind
    name: str
    source: str
    markdown: bool = False
    folded: bool = False


@dataclass(frozen=True)
class Script:
    note: str
    cells: tuple[ScriptCell, ...]

    def solutions_for(self, check: str) -> tuple[ScriptCell, ...]:
        """The solution cells that a check is about: those between it and the check before it, or else that one's."""
        found: list[ScriptCell] = []
        checked = False
        for cell in self.cells:
            if cell.kind == "solution":
                found = [cell] if checked else [*found, cell]
                checked = False
            elif cell.kind == "check":
                checked = True
                if cell.name == f"check_{check}":
                    return tuple(found)
        return ()


def read_script(unit: Unit) -> Script:
    """The cells of a unit's solution script.

    Raises Problem, naming the script and the cell, where a cell is not what it should be.
    """
    try:
        text = unit.script.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise Problem(f"{unit.name} has no solution script: {unit.script} is missing.") from None
    first = HEADER.search(text)
    if first is None:
        raise Problem(f'{unit.script} holds no cell: a cell begins with a line such as # %% given="setup".')
    cells = tuple(_cell(unit, raw, place) for place, raw in enumerate(read_percent(text), 1))
    names = [cell.name for cell in cells]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise Problem(f"{unit.script}: two cells are called {twice[0]!r}; give each a name of its own.")
    return Script(text[: first.start()], cells)


def _cell(unit: Unit, raw: RawCell, place: int) -> ScriptCell:
    options, source = dict(raw.options), raw.source
    where = f"{unit.script}, cell {place} ({source.partition(chr(10))[0][:50]!r})"
    folded = options.pop("folded", False) if {"given", "id"} & options.keys() else False
    kinds = [kind for kind in KINDS if kind in options]
    if len(kinds) != 1 or len(options) != 1:
        given = ", ".join(f"{k}={v!r}" for k, v in options.items()) or "nothing"
        raise Problem(f"{where}: a header names the cell by exactly one of {', '.join(KINDS)}; this one has {given}.")
    kind, name, markdown = kinds[0], options[kinds[0]], raw.kind == "markdown"
    if raw.kind not in ("code", "markdown") or (markdown and kind != "id"):
        raise Problem(f"{where}: a {raw.kind} cell cannot be {kind!r}.")
    form, example = (r"[a-z0-9]+(-[a-z0-9]+)*", "try-it") if kind == "id" else (r"[a-z]\w*", "scaled_scores")
    if not isinstance(name, str) or not re.fullmatch(form, name) or len(name) > 50:
        raise Problem(f"{where}: {kind}={name!r} is not a name such as {example!r}.")
    _well_formed(where, unit, kind, name, source)
    return ScriptCell(kind, f"check_{name}" if kind == "check" else name, source, markdown, folded is True)


def _well_formed(where: str, unit: Unit, kind: Kind, name: str, source: str) -> None:
    """What nbgrader would stumble over, or quietly make something else of."""
    markers = [line.strip() for line in source.splitlines() if "BEGIN SOLUTION" in line or "END SOLUTION" in line]
    if kind == "solution":
        if not markers or markers != [BEGIN, END] * (len(markers) // 2):
            raise Problem(f"{where}: a solution cell needs regions, each between {BEGIN!r} and {END!r}.")
        open_ends = [line for line in source.splitlines() if LEFT_OPEN.match(line) and not line.endswith(")")]
        if open_ends:
            raise Problem(f"{where}: `raise NotImplementedError(...)` must stand on one line.")
    elif markers:
        raise Problem(f"{where}: only a solution cell may hold a solution region.")
    if kind == "check" and source != f'check("{unit.short}.{name}")':
        raise Problem(f'{where}: a check cell holds the one line check("{unit.short}.{name}").')


def worked(source: str) -> str:
    """A solution cell as a person would write it: without markers, and without what was handed out in its place."""
    lines = source.splitlines()
    regions = _regions(lines)
    dropped = _handed_out(source, regions)
    kept: list[str] = []
    for i, line in enumerate(lines):
        follows_end = END in _last_that_is_not_blank(lines[:i])
        if (
            i in dropped
            or line.strip() in (BEGIN, END)
            or PLACEHOLDER.match(line)
            or (follows_end and LEFT_OPEN.match(line))
        ):
            continue
        kept.append(line)
    return "\n".join(kept).strip("\n")


def _regions(lines: Sequence[str]) -> list[range]:
    """The lines of each region, counted from 0, with its markers."""
    begins = [i for i, line in enumerate(lines) if line.strip() == BEGIN]
    ends = [i for i, line in enumerate(lines) if line.strip() == END]
    return [range(begin, end + 1) for begin, end in zip(begins, ends, strict=True)]


def _handed_out(source: str, regions: Sequence[range]) -> set[int]:
    """The lines of statements outside the regions all of whose names a region defines anew."""
    statements = [
        (range(statement.lineno - 1, statement.end_lineno or statement.lineno), _defines(statement))
        for statement in ast.parse(source).body
    ]
    anew = {name for lines, names in statements for name in names if _within(lines, regions)}
    return {
        line for lines, names in statements if names and names <= anew and not _within(lines, regions) for line in lines
    }


def _within(lines: range, regions: Sequence[range]) -> bool:
    return any(lines.start in region for region in regions)


def _defines(statement: ast.stmt) -> set[str]:
    """The names that a statement gives a value: those of a definition, or all that it assigns to."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    return {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _last_that_is_not_blank(lines: Sequence[str]) -> str:
    return next((line for line in reversed(lines) if line.strip()), "")
