"""Which mistakes a class makes, in which questions, and what to do about them."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from ...checks import UnknownQuestion, question
from ...grading.records import Answer
from ...marking.render import lesson
from ...problem import Problem
from ...sandbox.outputs import one_line
from ..results import Learner, LearnerResult

SAMPLES, QUIZ_QUESTIONS = 2, 3


@dataclass(frozen=True)
class MadeMistake:
    """A mistake in a question.

    learners   who made it, of `of` learners who handed the unit in
    answers    the sources of two of their answers that differ, without names
    read       the lesson's section that explains it; "" where the question names none
    quiz       quiz questions on that section: id and text
    """

    unit: str
    question: str
    name: str
    says: str
    learners: tuple[Learner, ...]
    of: int
    answers: tuple[str, ...] = ()
    read: str = ""
    quiz: tuple[tuple[str, str], ...] = ()

    @property
    def note(self) -> str:
        """What five minutes of a lesson could do, in plain text."""
        show = "Show the two answers and let the class find what they have in common."
        if len(self.answers) < SAMPLES:
            show = "Show the answer and let the class say what it computes."
        where = f" Read {lesson(self.read)}, together." if self.read else ""
        return f"{show} {self.says}{where}"


@dataclass(frozen=True)
class Overall:
    """A mistake over all units: `learners` of the `of` who handed anything in made it; in which questions, how many each."""

    name: str
    says: str
    learners: int
    of: int
    questions: tuple[tuple[str, int], ...]


def made(results: Sequence[LearnerResult]) -> list[MadeMistake]:
    """Every mistake in every question, the most frequent of a unit first."""
    who: dict[tuple[str, str, str], list[tuple[Learner, str]]] = defaultdict(list)
    says: dict[tuple[str, str, str], str] = {}
    handed_in: dict[str, int] = defaultdict(int)
    for one in results:
        handed_in[one.unit] += one.status == "graded"
        for marked in one.answers:
            for mistake in told(marked.answer):
                key = (one.unit, marked.answer.question, mistake["name"])
                who[key].append((one.learner, marked.answer.code))
                says.setdefault(key, mistake["says"])
    quiz = _quiz()
    found = []
    for key, theirs in who.items():
        unit, asked, name = key
        read = _read(asked)
        learners, answers = tuple(learner for learner, _ in theirs), _different(code for _, code in theirs)
        found.append(
            MadeMistake(unit, asked, name, says[key], learners, handed_in[unit], answers, read, quiz.get(read, ()))
        )
    return sorted(found, key=lambda one: (one.unit, -len(one.learners), one.question, one.name))


def overall(results: Sequence[LearnerResult], found: Sequence[MadeMistake]) -> list[Overall]:
    """Every mistake over all units, the most frequent first."""
    handed_in = {one.learner for one in results if one.status == "graded"}
    by_name: dict[str, list[MadeMistake]] = defaultdict(list)
    for one in found:
        by_name[one.name].append(one)
    all_units = [
        Overall(
            name,
            theirs[0].says,
            len({learner for one in theirs for learner in one.learners}),
            len(handed_in),
            tuple((one.question, len(one.learners)) for one in theirs),
        )
        for name, theirs in by_name.items()
    ]
    return sorted(all_units, key=lambda one: (-one.learners, one.name))


def told(answer: Answer) -> Sequence[Mapping[str, str]]:
    """The named mistakes in an answer; where none has a name, the stage at which it first goes wrong."""
    if answer.mistakes or not answer.first_wrong:
        return answer.mistakes
    raised = " It raised an error there." if answer.outcome == "raised" else ""
    says = f"No mistake with a name. The answer first goes wrong at this stage: {answer.first_wrong}.{raised}"
    return ({"name": f"first wrong: {answer.first_wrong}", "says": says},)


def _different(codes: Iterable[str]) -> tuple[str, ...]:
    """The first answers that differ, the shortest of them first."""
    found = list(islice(dict.fromkeys(code for code in codes if code), SAMPLES))
    return tuple(sorted(found, key=lambda code: (len(code), code)))


def _read(asked: str) -> str:
    try:
        return question(asked).read
    except UnknownQuestion:
        return ""


def _quiz() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """The course's quiz questions, id and text, by the section they train."""
    from ...quiz.bank.load import load_bank

    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    with contextlib.suppress(Problem):  # a course need not have a quiz
        for one in load_bank().questions:
            found[one.read].append((one.id, one_line(one.text, 200)))
    return {section: tuple(some[:QUIZ_QUESTIONS]) for section, some in found.items()}
