"""`progress()`: units and questions solved, tried and untouched, what comes next, and what to review."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

from ..checks import questions
from ..course import Unit, read
from ..marking import Question
from ..marking.render import lesson
from .show import show
from .way import QuestionRecord, folder_of, way

MARKS = {"solved": "✓", "tried": "~", "untouched": "·"}
REVIEWED_AT_MOST = 5


@dataclass(frozen=True)
class UnitProgress:
    unit: Unit
    questions: tuple[tuple[Question, QuestionRecord], ...]

    @property
    def solved(self) -> int:
        return sum(record.solved for _, record in self.questions)

    @property
    def points(self) -> float:
        return round(sum(question.points * record.share for question, record in self.questions), 2)

    def __str__(self) -> str:
        return f"{self.solved} of {len(self.questions)} solved, {self.points:g} of {self.unit.points:g} points"


@dataclass(frozen=True)
class CourseProgress:
    """How far a learner has come, to show."""

    units: tuple[UnitProgress, ...]
    notices: tuple[str, ...] = ()

    @property
    def next(self) -> tuple[Unit, Question] | None:
        """The first question in the course's order that is not solved."""
        return next(((unit, question) for unit, question, record in self._all() if not record.solved), None)

    @property
    def review(self) -> list[str]:
        """The questions that did not come easily, a line each, and where to read again."""
        return [
            f"{question.id} ({why}): {lesson(question.read)}"
            for _, question, record in self._all()
            if (why := _why(record))
        ][-REVIEWED_AT_MOST:]

    def _all(self) -> Iterator[tuple[Unit, Question, QuestionRecord]]:
        for one in self.units:
            for question, record in one.questions:
                yield one.unit, question, record

    def _head(self) -> str:
        solved, count = sum(one.solved for one in self.units), sum(len(one.questions) for one in self.units)
        return f"{solved} of {count} questions solved"

    def _foot(self) -> list[str]:
        if self.next is None:
            return ["Every question of the course is solved."]
        unit, question = self.next
        return [f"Next: {question.id}, {question.title}, in unit {unit.name}."]

    def __str__(self) -> str:
        width = max((len(one.unit.name) for one in self.units), default=0)
        most = max((len(one.questions) for one in self.units), default=0)
        lines = [
            f"  {one.unit.name.ljust(width)}  {''.join(_mark(record) for _, record in one.questions).ljust(most)}  {one}"
            for one in self.units
        ]
        legend = "  " + ", ".join(f"{mark} {word}" for word, mark in MARKS.items())
        review = ["To review:", *(f"  {line}" for line in self.review)] if self.review else []
        return "\n".join([*self.notices, self._head(), *lines, legend, *self._foot(), *review])

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        left = 'style="text-align:left;padding:.1em 1em .1em 0"'
        rows = "".join(
            f'<tr><th scope="row" {left}><a href="../{one.unit.name}/{one.unit.exercise.name}">'
            f"{escape(one.unit.title)}</a></th>"
            f"<td {left}>{' '.join(_marked(question, record) for question, record in one.questions)}</td>"
            f"<td {left}>{one}</td></tr>"
            for one in self.units
        )
        legend = ", ".join(f"{mark} {word}" for word, mark in MARKS.items())
        review = "".join(f"<li>{escape(line)}</li>" for line in self.review)
        html = (
            "".join(f"<p>{escape(notice)}</p>" for notice in self.notices)
            + f"<p><b>{self._head()}</b> ({legend})</p><table style='font-size:inherit'><tbody>{rows}</tbody></table>"
            + "".join(f"<p><b>{escape(line)}</b></p>" for line in self._foot())
            + (f"<p>To review:</p><ul>{review}</ul>" if review else "")
        )
        return {"text/plain": str(self), "text/html": html}


def progress() -> None:
    """Show how far you have come. It is kept in `mha-progress.json` in your own folder and sent nowhere."""
    show(progress_in(folder_of(Path.cwd())))


def progress_in(folder: Path) -> CourseProgress:
    """How far the learner whose folder this is has come."""
    found = way(folder)
    return CourseProgress(tuple(_unit(unit, found.records) for unit in read().units), tuple(found.notices))


def _unit(unit: Unit, records: Mapping[str, QuestionRecord]) -> UnitProgress:
    return UnitProgress(
        unit, tuple((question, records.get(name, QuestionRecord())) for name, question in questions(unit.short).items())
    )


def _word(record: QuestionRecord) -> str:
    if record.solved:
        return "solved"
    return "tried" if record.tries else "untouched"


def _mark(record: QuestionRecord) -> str:
    return MARKS[_word(record)]


def _marked(question: Question, record: QuestionRecord) -> str:
    return f'<span title="{escape(question.id)}: {_word(record)}" aria-label="{_word(record)}">{_mark(record)}</span>'


def _why(record: QuestionRecord) -> str:
    if record.solution_read:
        return "the solution was read first"
    if record.mistakes:
        return f"seen on the way: {', '.join(name.replace('_', ' ') for name in record.mistakes)}"
    return f"tried {record.tries} times" if record.tries > 2 else ""
