"""Where an answer first goes wrong: its own arrays, one after another, each beside the stage that it should be."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .anatomy import Anatomy
from .calls import silence
from .compare import agrees
from .heat import HeatMap
from .known import Known
from .letters import Axes, axes_of, told
from .matching import Array, Match
from .meant import Guess, contradicts, guesses, mixed_by, shares
from .noted import Noted, recorded, without_doubles
from .seen import Call
from .unlike import unlike

AT_MOST = 12  # rows of a trail
MOVED = "with two axes exchanged"  # where letters do not show it
_NUMBERS = re.compile(r"[\d(),\s]+")  # sizes, and shapes of any length


@dataclass(frozen=True)
class TrailStep:
    """One row of a trail.

    name   what the learner calls it
    shape  its shape
    axes   its axes in letters
    stage  the stage it is, or should be; "" where that is not known
    right  whether it is what that stage makes
    differs  where it is not right, how; where it is, what is special about it
    moved    whether its axes stand in another order
    """

    name: str
    shape: tuple[int, ...]
    axes: Axes
    stage: str
    right: bool
    differs: str = ""
    moved: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Plain data for the grading tools."""
        return {
            "name": self.name,
            "shape": list(self.shape),
            "axes": list(self.axes),
            "stage": self.stage,
            "right": self.right,
            "says": self.differs,
        }

    def __str__(self) -> str:
        where = f"`{self.name}` {told(self.shape, self.axes)}"
        if self.right:
            return f"{where}: {self.stage}, right{self.differs and f', {self.differs}'}."
        return f"{where}: {self.differs}"


@dataclass(frozen=True)
class Trail:
    """The steps in their order, the last one being the first that is wrong, if one is.

    first_wrong  the name of the stage where it first differs; "" where that is not known
    picture      the weights that are wrong, where it is those
    error        what the recorder tells of an exception; None where there was none
    sizes        what the letters stand for
    """

    steps: tuple[TrailStep, ...] = ()
    first_wrong: str = ""
    picture: HeatMap | None = None
    error: Mapping[str, Any] | None = None
    sizes: Mapping[str, int] | None = None


class Follower:
    """Makes trails of one question's answers."""

    def __init__(self, anatomy: Anatomy, example: Call) -> None:
        self.anatomy = anatomy
        self.example = Known(anatomy, example)

    def trail(
        self, function: Callable[..., Any], shown: Call, error: BaseException | None, names: Sequence[str]
    ) -> Trail:
        """The trail of the example, or of the call that went wrong where the example does not go wrong in that way.

        error  what that call raised
        names  of the mistakes that the answer is known to hold
        """
        with silence():
            found = self._of(function, self.example)
            if not _same_error(found.error, error) or not (found.error or found.first_wrong):
                found = self._of(function, Known(self.anatomy, shown, names))
        return found

    def _of(self, function: Callable[..., Any], known: Known) -> Trail:
        notes, error = recorded(function, known.call)
        notes = without_doubles(notes)
        steps, first, wrong = _compared(notes, known)
        if error is not None and not first:
            first = _next(known, steps)
        elif not first and notes and not any(note.kind == "result" for note in notes):
            first = known.last  # no array came back
        if first == "masked scores" and wrong is not None and not shares(wrong):
            wrong = _weights_after(wrong, notes)  # where a mask leaks, the weights show it
        shows = steps and not steps[-1].right and steps[-1].stage in ("masked scores", "weights")
        picture = _picture(wrong, known) if shows else None
        return Trail(steps, first, picture, error, known.sizes)


def _same_error(told: Mapping[str, Any] | None, error: BaseException | None) -> bool:
    """Whether two calls failed in the same words, sizes aside, or neither failed."""
    if told is None or error is None:
        return told is None and error is None
    return _NUMBERS.sub("#", str(told.get("message"))) == _NUMBERS.sub("#", str(error)[:500])


def _compared(notes: Sequence[Noted], known: Known) -> tuple[tuple[TrailStep, ...], str, Array | None]:
    """The steps, the name of the first wrong stage and its array."""
    several = sum(note.kind == "result" for note in notes) > 1
    matches = [_right(note, known, several) for note in notes]
    reached = [known.order.get(match.made.stage, -1) if match else -1 for match in matches]
    straight = [-1 if match and match.moved else at for match, at in zip(matches, reached, strict=True)]
    names = list(known.anatomy.stages)

    def detour(stage: str, reached: Sequence[int]) -> bool:
        """Whether what follows a stage is right all the same."""
        return any(at >= 0 and known.anatomy.follows(stage, names[at]) for at in reached)

    steps: list[TrailStep] = []
    shown: set[str] = set()
    whole: set[str] = set()
    held: set[str] = set()  # names that held a stage that was right
    for i, (note, match) in enumerate(zip(notes, matches, strict=True)):
        if match is not None:
            if match.made.stage and match.made.stage not in shown:
                shown.add(match.made.stage)
                order = MOVED if match.moved and len(set(match.axes)) < len(match.axes) else ""
                steps.append(
                    TrailStep(note.name, note.array.shape, match.axes, match.made.stage, True, order, match.moved)
                )
            whole.update({match.made.stage} if match.whole else ())
            held.update({note.name} if match.made.stage else ())
            continue
        early = known.right.find(note.array) if note.kind == "result" else None
        if early is not None and early.made.stage not in ("", known.last):
            return _early(note, early, known, steps)
        other = known.right.find(note.array)
        if other is not None and note.kind == "name" and contradicts(note, other.made.stage):
            stage = other.made.stage[:-1] + note.name[0].lower()
            if not detour(stage, straight[i:]):
                says = f"here {stage} first differs: it is what {other.made.stage} should be."
                step = TrailStep(note.name, note.array.shape, other.axes, stage, False, says)
                return (*steps[-AT_MOST:], step), stage, note.array
        if _is_mask(note) and note.name not in held:
            continue
        possible = guesses(note, known, reached[:i], whole)
        guess = next((guess for guess in possible if not detour(guess.stage, reached[i:])), None)
        if guess is None:
            continue
        if (
            guess.stage == "weights"
        ):  # what follows may show more of them: the weights, and not the exponentials on the way
            for later, other in zip(notes[i + 1 :], matches[i + 1 :], strict=True):
                again = next(guesses(later, known, reached[:i], whole), None) if other is None else None
                if again is not None and again[:2] == guess[:2]:
                    note, guess = later, again
        if guess.stage == "mixed values" and (weights := _unmatched(mixed_by(note, notes, known), notes, matches)):
            note, guess = weights, Guess("weights", "weights", axes_of(weights.array.shape, known.sizes))
        says = unlike(note.array, guess.stage, [made.array for made in known.stages if made.stage == guess.stage])
        step = TrailStep(note.name, note.array.shape, guess.axes, guess.stage, False, says)
        return (*steps[-AT_MOST:], step), guess.first, note.array
    return tuple(steps[-AT_MOST:]), "", None


def _unmatched(note: Noted | None, notes: Sequence[Noted], matches: Sequence[Match | None]) -> Noted | None:
    """A note, unless it is a stage that is right."""
    match = next((m for other, m in zip(notes, matches, strict=True) if other is note), None)
    return note if match is None or not match.made.stage else None


def _early(
    note: Noted, found: Match, known: Known, steps: Sequence[TrailStep]
) -> tuple[tuple[TrailStep, ...], str, Array]:
    """The trail of an answer that returns what an earlier stage makes."""
    stage, last = found.made.stage, known.last
    right = TrailStep(note.name, note.array.shape, found.axes, stage, True)
    says = f"your function returns this. It matches {stage}, and the result should be {last}."
    wrong = TrailStep("result", note.array.shape, found.axes, last, False, says)
    shown = [*steps, *([] if any(step.stage == stage for step in steps) else [right])]
    return (*shown[-AT_MOST + 1 :], wrong), _next(known, shown) or last, note.array


def _weights_after(wrong: Array, notes: Sequence[Noted]) -> Array | None:
    """The weights that are made of an array."""
    after = [note.array for note in notes[[note.array is wrong for note in notes].index(True) + 1 :]]
    return next((array for array in after if array.shape == wrong.shape and shares(array)), None)


def _picture(wrong: Array | None, known: Known) -> HeatMap | None:
    """The first matrix of the weights, if the right ones have the same axes."""
    right = next((made.array for made in known.stages if made.stage == "weights"), None)
    if wrong is None or right is None or wrong.ndim < 2 or wrong.shape[-2:] != right.shape[-2:]:
        return None
    first = (0,) * (wrong.ndim - 2)
    return HeatMap(wrong[first].astype(float), right[(0,) * (right.ndim - 2)] == 0)


def _right(note: Noted, known: Known, several: bool) -> Match | None:
    """What of the right computation an array is. A result has to be the last stage; where there are several, any stage."""
    found = known.right.find(note.array)
    if found is None or contradicts(note, found.made.stage):
        return None
    if note.kind != "result":
        return found
    if several:
        return found if found.made.stage else None
    return found if found.made.stage == known.last and agrees(note.array, found.made.array) else None


def _is_mask(note: Noted) -> bool:
    """Whether an array holds two numbers at most, as masks do and what is added in their place."""
    return note.kind != "result" and len(np.unique(note.array)) <= 2 and not shares(note.array)


def _next(known: Known, steps: Sequence[TrailStep]) -> str:
    """The stage that an error keeps from coming about: the first that is not there yet."""
    reached = max((known.order[step.stage] for step in steps), default=-1)
    open_ = [made.stage for made in known.stages if made.stage and known.order[made.stage] > reached]
    return next((stage for stage in open_ if stage not in known.anatomy.values), open_[0] if open_ else "")
