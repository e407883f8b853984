"""What a question is: one frozen class for each kind, and the bank that holds them all.

Texts are Markdown with formulas between dollar signs. Every sentence on a mistake is called `why`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import ClassVar

from .draw import shuffled
from .expressions import holds
from .pictures import QuizPicture

MOST_VARIANTS = 24
"""How many configurations of a number question are used at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizQuestion:
    """What every kind has. `unit` is a unit's short name, `read` its section as "one_head#the-idea".

    `seconds` is how long an answer of medium difficulty takes.
    """

    kind: ClassVar[str]
    seconds: ClassVar[int]

    id: str
    unit: str
    concept: str
    difficulty: int
    read: str
    text: str
    explanation: str
    picture: QuizPicture | None = None

    @property
    def expected_seconds(self) -> float:
        """Seconds from seeing the question to an answer: what tells a fast answer from a slow one."""
        return self.seconds * _PACE[self.difficulty]


_PACE = {1: 0.75, 2: 1.0, 3: 1.5}


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose. `why` says the mistake behind a wrong one, or what was missed when a right one was left out."""

    text: str
    right: bool
    why: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceQuestion(QuizQuestion):
    """One right choice. An answer is its index."""

    kind: ClassVar[str] = "choice"
    seconds: ClassVar[int] = 30
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeveralQuestion(QuizQuestion):
    """One or more right choices. An answer is the list of their indices, in any order."""

    kind: ClassVar[str] = "several"
    seconds: ClassVar[int] = 45
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class WrongValue:
    """A known wrong result, as arithmetic over the names of a variant."""

    value: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberQuestion(QuizQuestion):
    """A number to work out from sizes that are drawn. An answer is the text that was typed.

    `sizes` lists what each name may be; a configuration takes one of each, where the condition `where` holds.
    """

    kind: ClassVar[str] = "number"
    seconds: ClassVar[int] = 60
    sizes: tuple[tuple[str, tuple[float, ...]], ...]
    where: str | None
    answer: str
    wrong: tuple[WrongValue, ...]
    counted_in: str | None

    @property
    def variants(self) -> tuple[dict[str, float], ...]:
        """The configurations, at most MOST_VARIANTS of them. ValueError where `where` cannot be worked out."""
        return _configurations(self.sizes, self.where)


@cache
def _configurations(
    sizes: tuple[tuple[str, tuple[float, ...]], ...], where: str | None
) -> tuple[dict[str, float], ...]:
    names = [name for name, _ in sizes]
    every = (dict(zip(names, values, strict=True)) for values in product(*(values for _, values in sizes)))
    fitting = [sizes for sizes in every if where is None or holds(where, sizes)]
    return tuple(shuffled(fitting, 1, "configurations")[:MOST_VARIANTS])


@dataclass(frozen=True, slots=True)
class OrderStep:
    """A step and the indices of the steps it needs; `lacks` is said when one of those is not before it."""

    key: str
    text: str
    after: tuple[int, ...]
    lacks: str | None


@dataclass(frozen=True, slots=True)
class Distractor:
    """Something offered that belongs nowhere, and why."""

    text: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderingQuestion(QuizQuestion):
    """Steps to put in order. An answer lists indices into the steps, then into the distractors, in the order given."""

    kind: ClassVar[str] = "order"
    seconds: ClassVar[int] = 75
    steps: tuple[OrderStep, ...]
    distractors: tuple[Distractor, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A left side with the index of its right side."""

    left: str
    right: int
    why: str


@dataclass(frozen=True, slots=True)
class RightSide:
    """A right side; `why` only where no left side belongs to it."""

    text: str
    why: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchQuestion(QuizQuestion):
    """Left sides to match; a right side may serve more than once. An answer has an index or None for each left side."""

    kind: ClassVar[str] = "match"
    seconds: ClassVar[int] = 60
    pairs: tuple[Pair, ...]
    rights: tuple[RightSide, ...]


@dataclass(frozen=True, slots=True)
class WrongShape:
    """A shape people give by mistake, and the mistake."""

    shape: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeQuestion(QuizQuestion):
    """A shape to type, such as (B, H, T, d_k). An answer is the text that was typed."""

    kind: ClassVar[str] = "shape"
    seconds: ClassVar[int] = 45
    answer: str
    equal: tuple[str, ...]
    wrong: tuple[WrongShape, ...]
    letters: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BugQuestion(QuizQuestion):
    """A listing with one wrong line. An answer is a line's number, from 1.

    `corrected` is that line as it should read, `others` says of every other line why it is fine.
    """

    kind: ClassVar[str] = "bug"
    seconds: ClassVar[int] = 60
    listing: tuple[str, ...]
    line: int
    corrected: str
    others: dict[int, str]

    @property
    def code_lines(self) -> list[int]:
        """Numbers of the lines that are not blank."""
        return [number for number, line in enumerate(self.listing, start=1) if line.strip()]


AnyQuestion = (
    ChoiceQuestion | SeveralQuestion | NumberQuestion | OrderingQuestion | MatchQuestion | ShapeQuestion | BugQuestion
)


@dataclass(frozen=True, slots=True)
class QuizUnit:
    """A unit of the course: its short name, its title and its lesson's file."""

    name: str
    title: str
    lesson: Path


@dataclass(frozen=True, slots=True)
class Bank:
    """All units, and the questions in the order of the course."""

    units: tuple[QuizUnit, ...]
    questions: tuple[AnyQuestion, ...]

    def unit(self, name: str) -> QuizUnit:
        """The unit of this short name; KeyError where there is none."""
        return next(unit for unit in self.units if unit.name == name)
