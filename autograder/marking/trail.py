"""Where an answer first goes wrong: its own arrays, one after another, each beside the stage that it should be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..recording import record
from .anatomy import Anatomy
from .calls import silence
from .compare import agrees
from .explain import plain_text
from .heat import HeatMap
from .letters import Axes, axes_of, single, told
from .matching import Array, Made, Match, Matcher
from .seen import Call
from .unlike import proportional, same_numbers, unlike

AT_MOST = 12  # rows of a trail
_KINDS = ("name", "part", "returned", "result")


@dataclass(frozen=True)
class Noted:
    """An array that appeared in the learner's code.

    name   what it is called there, or the expression that makes it
    kind   "name", "part" (of a line), "returned" (by a function of theirs) or "result" (of the function asked for)
    depth  how many of the learner's functions lie around it
    """

    name: str
    kind: str
    depth: int
    array: Array


@dataclass(frozen=True)
class TrailStep:
    """One row of a trail.

    name   what the learner calls it
    shape  its shape
    axes   its axes in letters
    stage  the stage it is, or should be; "" where that is not known
    right  whether it is what that stage makes
    differs  where it is not right, how
    """

    name: str
    shape: tuple[int, ...]
    axes: Axes
    stage: str
    right: bool
    differs: str = ""

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
            return f"{where}: {self.stage}, right."
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
        self.example = _Known(anatomy, example)

    def trail(self, function: Callable[..., Any], shown: Call, raised: bool, names: Sequence[str]) -> Trail:
        """The trail of the example, or of the call that went wrong where the example does not go wrong in that way.

        names  of the mistakes that the answer is known to hold
        """
        with silence():
            found = self._of(function, self.example)
            if bool(found.error) != raised or not (found.error or found.first_wrong):
                found = self._of(function, _Known(self.anatomy, shown, names))
        return found

    def _of(self, function: Callable[..., Any], known: _Known) -> Trail:
        notes, error = recorded(function, known.call)
        notes = _without_doubles(notes)
        steps, first, wrong = _compared(notes, known)
        if error is not None and not first:
            first = _next(known, steps)
        elif not first and notes and not any(note.kind == "result" for note in notes):
            first = _last(known)  # no array came back
        if first == "masked scores" and wrong is not None and not _shares(wrong):
            wrong = _weights_after(wrong, notes)  # where a mask leaks, the weights show it
        shows = steps and not steps[-1].right and steps[-1].stage in ("masked scores", "weights")
        picture = _picture(wrong, known) if shows else None
        return Trail(steps, first, picture, error, known.sizes)


class _Known:
    """What is known of one call: the letters, and the stages with and without mistakes, made when they are needed."""

    def __init__(self, anatomy: Anatomy, call: Call, names: Sequence[str] | None = None) -> None:
        self.anatomy, self.call, self.names = anatomy, call, names
        self.order = {stage: i for i, stage in enumerate(anatomy.stages)}

    @cached_property
    def sizes(self) -> Mapping[str, int]:
        return self.anatomy.sizes(self.call)

    @cached_property
    def stages(self) -> Sequence[Made]:
        return self.anatomy.right(self.call)

    @cached_property
    def right(self) -> Matcher:
        return Matcher((*self.stages, *self._inputs()))

    def _inputs(self) -> Iterator[Made]:
        for value in (*self.call.args, *self.call.kwargs.values()):
            for array in value if isinstance(value, list | tuple) else [value]:
                if isinstance(array, np.ndarray) and array.ndim:
                    yield Made("", array, axes_of(array.shape, self.sizes))

    @cached_property
    def wrong(self) -> Matcher:
        return Matcher(self.anatomy.wrong(self.call, self.names))


def failed(function: Callable[..., Any], call: Call) -> Mapping[str, Any] | None:
    """What failed in a call, as the recorder tells it; None where nothing did."""
    return recorded(function, call)[1]


def recorded(function: Callable[..., Any], call: Call) -> tuple[list[Noted], Mapping[str, Any] | None]:
    """The arrays that appear in a call, and what failed. Of a function on the other side of a line only plain data comes."""
    recorder = getattr(function, "__recorded__", None) or (lambda *args, **kwargs: record(function, args, kwargs))
    try:
        found = call.through(recorder)(*call.args, **call.kwargs)
    except Exception:
        return [], None
    return _read(found)


def _read(found: Any) -> tuple[list[Noted], Mapping[str, Any] | None]:
    """What is of the right form in a record, which may say anything."""
    if not isinstance(found, dict):
        return [], None
    listed = found.get("notes")
    notes = []
    for entry in listed[:400] if isinstance(listed, list) else []:
        match entry:
            case [str() as text, str() as kind, int() as depth, np.ndarray() as array] if kind in _KINDS:
                if array.dtype.kind in "biuf" and 1 <= array.ndim <= 6 and 0 < array.size <= 50_000:
                    notes.append(Noted(plain_text(text), kind, max(0, min(depth, 99)), array))
    error = found.get("error")
    return notes, error if isinstance(error, dict) else None


def _without_doubles(notes: Sequence[Noted]) -> list[Noted]:
    """Each array once, in the place where it first appeared, under the name that is nearest to the function asked for."""
    found: dict[tuple[Any, ...], tuple[int, Noted]] = {}
    for i, note in enumerate(notes):
        key = (note.array.shape, note.array.tobytes())
        first, known = found.get(key, (i, note))
        better = min(known, note, key=lambda n: (n.depth, _KINDS.index(n.kind)))
        kind = "result" if "result" in (known.kind, note.kind) else better.kind
        found[key] = (first, Noted(better.name, kind, better.depth, better.array))
    return [note for _, note in sorted(found.values(), key=lambda pair: pair[0])]


def _compared(notes: Sequence[Noted], known: _Known) -> tuple[tuple[TrailStep, ...], str, Array | None]:
    """The steps, the name of the first wrong stage and its array."""
    several = sum(note.kind == "result" for note in notes) > 1
    matches = [_right(note, known, several) for note in notes]
    reached = [known.order.get(match.made.stage, -1) if match else -1 for match in matches]
    steps: list[TrailStep] = []
    shown: set[str] = set()
    whole: set[str] = set()
    for i, (note, match) in enumerate(zip(notes, matches, strict=True)):
        if match is not None:
            if match.made.stage and match.made.stage not in shown:
                shown.add(match.made.stage)
                steps.append(TrailStep(note.name, note.array.shape, match.axes, match.made.stage, True))
            whole.update({match.made.stage} if match.whole else ())
            continue
        early = known.right.find(note.array) if note.kind == "result" else None
        if early is not None and early.made.stage not in ("", _last(known)):
            return _early(note, early, known, steps)
        if _is_mask(note):
            continue
        stage, first, axes = _should_be(note, known, reached[:i], whole)
        names = list(known.anatomy.stages)
        if not stage or any(at >= 0 and known.anatomy.follows(stage, names[at]) for at in reached[i:]):
            continue  # no stage, or a detour: the right numbers still appear
        if stage == "weights":  # what follows may show more of them: the weights, and not the exponentials on the way
            for later, other in zip(notes[i + 1 :], matches[i + 1 :], strict=True):
                again = _should_be(later, known, reached[:i], whole)
                if other is None and again[:2] == (stage, first):
                    note, axes = later, again[2]
        says = unlike(note.array, stage, [made.array for made in known.stages if made.stage == stage])
        return (*steps[-AT_MOST:], TrailStep(note.name, note.array.shape, axes, stage, False, says)), first, note.array
    return tuple(steps[-AT_MOST:]), "", None


def _early(
    note: Noted, found: Match, known: _Known, steps: Sequence[TrailStep]
) -> tuple[tuple[TrailStep, ...], str, Array]:
    """The trail of an answer that returns what an earlier stage makes."""
    stage, last = found.made.stage, _last(known)
    right = TrailStep(note.name, note.array.shape, found.axes, stage, True)
    says = f"your function returns this. It matches {stage}, and the result should be {last}."
    wrong = TrailStep("result", note.array.shape, found.axes, last, False, says)
    shown = [*steps, *([] if any(step.stage == stage for step in steps) else [right])]
    return (*shown[-AT_MOST + 1 :], wrong), _next(known, shown) or last, note.array


def _weights_after(wrong: Array, notes: Sequence[Noted]) -> Array | None:
    """The weights that are made of an array."""
    after = [note.array for note in notes[[note.array is wrong for note in notes].index(True) + 1 :]]
    return next((array for array in after if array.shape == wrong.shape and _shares(array)), None)


def _picture(wrong: Array | None, known: _Known) -> HeatMap | None:
    """The first matrix of the weights, if the right ones have the same axes."""
    right = next((made.array for made in known.stages if made.stage == "weights"), None)
    if wrong is None or right is None or wrong.ndim < 2 or wrong.shape[-2:] != right.shape[-2:]:
        return None
    first = (0,) * (wrong.ndim - 2)
    return HeatMap(wrong[first].astype(float), right[(0,) * (right.ndim - 2)] == 0)


def _right(note: Noted, known: _Known, several: bool) -> Match | None:
    """What of the right computation an array is. A result has to be the last stage; where there are several, any stage."""
    found = known.right.find(note.array)
    if found is None or note.kind != "result":
        return found
    if several:
        return found if found.made.stage else None
    return found if found.made.stage == _last(known) and agrees(note.array, found.made.array) else None


def _last(known: _Known) -> str:
    return next((made.stage for made in reversed(known.stages) if made.stage), "")


def _is_mask(note: Noted) -> bool:
    """Whether an array holds two numbers only, as masks do and what is added in their place."""
    return note.kind != "result" and len(np.unique(note.array)) <= 2 and not _shares(note.array)


def _next(known: _Known, steps: Sequence[TrailStep]) -> str:
    """The stage that an error keeps from coming about: the first that is not there yet."""
    reached = max((known.order[step.stage] for step in steps), default=-1)
    open_ = [made.stage for made in known.stages if made.stage and known.order[made.stage] > reached]
    return next((stage for stage in open_ if stage not in known.anatomy.values), open_[0] if open_ else "")


def _should_be(note: Noted, known: _Known, before: Sequence[int], shown: set[str]) -> tuple[str, str, Axes]:
    """The stage that an array should be, the stage where it goes wrong, and its axes; no stage where nothing is known."""
    found = known.wrong.find(note.array, but=shown)
    if found is not None:
        return found.made.stage, found.made.at or found.made.stage, found.axes
    stage = _meant(note, known, before, shown)
    return stage, stage, axes_of(note.array.shape, known.sizes)


def _meant(note: Noted, known: _Known, before: Sequence[int], shown: set[str]) -> str:
    """The stage that an array which is none should probably be: one that holds the same axes and is not made yet."""
    stages = [made for made in known.stages if made.stage]
    if note.kind == "result" and stages:
        return stages[-1].stage
    if note.array.dtype.kind == "b" or np.ptp(note.array.astype(float)) == 0:
        return ""
    axes = axes_of(note.array.shape, known.sizes)
    letters = single(axes)
    if not {"T", "T_q", "T_k"} & set(letters):
        return ""
    reached, order = max(before, default=-1), known.order
    fit = [made for made in stages if made.stage not in shown and letters in _holds(made.axes)]
    late = order.get("mixed values", 0) > reached
    ahead = [m for m in fit if order[m.stage] > reached or (late and m.stage in known.anatomy.values)]
    moved = [
        made.stage for made in stages if made.array.size == note.array.size and same_numbers(note.array, made.array)
    ]
    if moved and letters == single(next(made.axes for made in stages if made.stage == moved[-1])):
        return moved[-1]
    if not ahead:
        return _again(note, letters, known, reached)
    named = [made.stage for made in ahead]
    if "weights" in named and _shares(note.array):
        return "weights"
    if "scaled scores" in named and any(
        made.stage == "scores" and proportional(note.array, made.array) for made in stages
    ):
        return "scaled scores"
    return next((made.stage for made in ahead if sorted(made.axes) == sorted(axes)), named[0])


def _again(note: Noted, letters: tuple[str, ...], known: _Known, reached: int) -> str:
    """The stage that an array replaces, though it was right before: as its name says, or by its axes the latest."""
    initial = note.name.lower()[:1] if note.kind == "name" else ""
    if initial in ("q", "k", "v") and reached < known.order["scores"]:
        stage = f"split heads of {initial}" if "H" in axes_of(note.array.shape, known.sizes) else initial
        return stage if any(made.stage == stage for made in known.stages) else ""
    fit = [made.stage for made in known.stages if made.stage and letters in _holds(made.axes)]
    return next((stage for stage in reversed(fit) if known.order[stage] <= reached), "")


def _holds(axes: Axes) -> tuple[tuple[str, ...], ...]:
    """The letters of a stage, and of what a loop over its heads or sequences has of it."""
    return tuple(single(a for a in axes if a not in without) for without in ((), ("H",), ("B",), ("B", "H")))


def _shares(array: Array) -> bool:
    """Whether numbers look like weights: none negative, and summing to 1 along some axis or in all."""
    with np.errstate(all="ignore"):
        numbers = array.astype(float)
        if np.isnan(numbers).any() or (numbers < 0).any():
            return False
        sums = [numbers.sum(axis=axis) for axis in range(numbers.ndim)]
        return any(np.allclose(total, 1, atol=1e-3) for total in [*sums, numbers.sum()])
