"""Which mistakes a class makes, in which questions, and what to do about them."""

from __future__ import annotations

import contextlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...checks import UnknownQuestion, question
from ...grading.records import Answer
from ...problem import Problem
from ...sandbox.outputs import plain_text
from ..results import Learner, LearnerResult

SAMPLES = 2
LONGEST = 6000


@dataclass(frozen=True)
class MadeMistake:
    """A mistake in a question.

    learners   who made it, of `of` learners who handed the unit in
    answers    the sources of two of their answers, without names; the shortest that differ
    read       the lesson's section that explains it; "" where the question names none
    quiz       the ids of quiz questions on that section
    """

    unit: str
    question: str
    name: str
    says: str
    learners: tuple[Learner, ...]
    of: int
    answers: tuple[str, ...] = ()
    read: str = ""
    quiz: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        """What five minutes of a lesson could do, in plain text."""
        where = f" Go through {self.read} once more." if self.read else ""
        train = f" Then ask: {', '.join(self.quiz)}." if self.quiz else ""
        return f"Show the two answers and let the class find what they have in common. {self.says}{where}{train}"


def made(results: Sequence[LearnerResult], autograded: Mapping[tuple[str, str], Path]) -> list[MadeMistake]:
    """Every mistake, the most frequent first.

    autograded  the folder of each graded submission, by unit and learner
    """
    who: dict[tuple[str, str, str], list[tuple[Learner, Path]]] = defaultdict(list)
    says: dict[tuple[str, str, str], str] = {}
    cells: dict[tuple[str, str], str] = {}
    handed_in: dict[str, int] = defaultdict(int)
    for one in results:
        handed_in[one.unit] += one.status == "graded"
        for marked in one.answers:
            answer = marked.answer
            for mistake in told(answer):
                key = (one.unit, answer.question, mistake["name"])
                notebook = autograded[one.unit, one.learner.id] / f"{answer.notebook}.ipynb"
                who[key].append((one.learner, notebook))
                says.setdefault(key, mistake["says"])
                cells[one.unit, answer.question] = answer.cell
    quiz = _quiz()
    found = []
    for key, learners in who.items():
        unit, asked, _ = key
        read = _read(asked)
        sources = _answers([notebook for _, notebook in learners], cells[unit, asked])
        found.append(
            MadeMistake(
                *key,
                says[key],
                tuple(learner for learner, _ in learners),
                handed_in[unit],
                sources,
                read,
                quiz.get(read, ()),
            )
        )
    return sorted(found, key=lambda one: (-len(one.learners), one.unit, one.question, one.name))


def told(answer: Answer) -> Sequence[Mapping[str, str]]:
    """The named mistakes in an answer; where none has a name, the stage at which it first goes wrong."""
    if answer.mistakes or not answer.first_wrong:
        return answer.mistakes
    raised = " It raised an error there." if answer.outcome == "raised" else ""
    says = f"No mistake with a name. The answer first goes wrong at this stage: {answer.first_wrong}.{raised}"
    return ({"name": f"first wrong: {answer.first_wrong}", "says": says},)


def _answers(notebooks: Sequence[Path], cell: str) -> tuple[str, ...]:
    """Two different answers, of the first that can be read."""
    found: set[str] = set()
    for path in notebooks:
        if len(found) == SAMPLES:
            break
        if source := answer_before(path, cell):
            found.add(source)
    return tuple(sorted(found, key=lambda source: (len(source), source)))


def answer_before(path: Path, cell: str) -> str:
    """The learner's source in the answer cell above a check; "" where it cannot be read.

    cell  the check's grade_id
    """
    above = ""
    try:
        for one in json.loads(path.read_text("utf-8"))["cells"]:
            about = one["metadata"].get("nbgrader", {})
            if about.get("grade_id") == cell:
                return plain_text(above)[:LONGEST]
            if about.get("solution"):
                above = "".join(one["source"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ""
    return ""


def _read(asked: str) -> str:
    try:
        return question(asked).read
    except UnknownQuestion:
        return ""


def _quiz() -> Mapping[str, tuple[str, ...]]:
    """The ids of the course's quiz questions, by the section they train."""
    from ...quiz.bank.load import load_bank

    found: dict[str, list[str]] = defaultdict(list)
    with contextlib.suppress(Problem):  # a course need not have a quiz
        for one in load_bank().questions:
            found[one.read].append(one.id)
    return {section: tuple(ids[:5]) for section, ids in found.items()}
