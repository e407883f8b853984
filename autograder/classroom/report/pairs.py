"""Which submissions of a class to look at side by side."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ..directory import CourseDirectory
from ..results import Learner, LearnerResult
from .similar import SOLUTION, Alike, Pieces, alike
from .similar import pieces as taken_apart

# The answers shown of a pair.
SHOWN = 3
# Source by question.
Codes = Mapping[str, str]


@dataclass(frozen=True)
class SimilarPair:
    """Two submissions of a unit with code in common; `one` is None for the shipped solution.

    common, of  how many rare pieces of code both have, and how many pieces the shorter submission has
    beside      some of the answers in which they are: question, the one's source, the other's source
    """

    unit: str
    one: Learner | None
    other: Learner
    common: int
    of: int
    beside: tuple[tuple[str, str, str], ...]


def pairs(
    results: Sequence[LearnerResult], solution: Callable[[str], Mapping[tuple[str, str], str]]
) -> list[SimilarPair]:
    """Pairs of all units, by unit, those with most in common first.

    solution  the shipped answers of a unit, by notebook and name of the check below
    """
    units: dict[str, list[LearnerResult]] = defaultdict(list)
    for one in results:
        if one.status == "graded":
            units[one.unit].append(one)
    return [pair for unit in sorted(units) for pair in _pairs(unit, units[unit], solution(unit))]


def _pairs(unit: str, results: Sequence[LearnerResult], solved: Mapping[tuple[str, str], str]) -> list[SimilarPair]:
    pieces = lru_cache(4096)(taken_apart)  # many write the same
    places = {m.answer.question: (m.answer.notebook, m.answer.cell) for one in results for m in one.answers}
    codes = {one.learner.id: {m.answer.question: m.answer.code for m in one.answers} for one in results}
    codes[SOLUTION] = {question: solved[place] for question, place in places.items() if place in solved}
    answers: dict[str, Pieces] = {
        who: {question: pieces(code) for question, code in theirs.items()} for who, theirs in codes.items()
    }
    learners = {one.learner.id: one.learner for one in results}
    return [_pair(found, learners, codes) for found in alike(unit, answers)]


def _pair(found: Alike, learners: Mapping[str, Learner], codes: Mapping[str, Codes]) -> SimilarPair:
    beside = tuple((q, codes[found.one][q], codes[found.other][q]) for q in found.questions[:SHOWN])
    return SimilarPair(found.unit, learners.get(found.one), learners[found.other], found.common, found.of, beside)


def solution_of(directory: CourseDirectory, unit: str) -> Mapping[tuple[str, str], str]:
    """The answers in the source notebooks of a unit, by notebook and name of the check below them."""
    return {
        (path.stem, cell): code for path in directory.source(unit).glob("*.ipynb") for cell, code in _above_checks(path)
    }


def _above_checks(path: Path) -> list[tuple[str, str]]:
    found, above = [], ""
    try:
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            about = cell["metadata"].get("nbgrader", {})
            if about.get("grade"):
                found.append((about["grade_id"], above))
                above = ""
            elif about.get("solution") and cell["cell_type"] == "code":
                above = f"{above}\n\n{''.join(cell['source'])}".strip()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []
    return found
