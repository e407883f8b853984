"""From a question's checked YAML to a question."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..pictures import QuizPicture
from ..questions import (
    AnyQuestion,
    BugQuestion,
    Choice,
    ChoiceQuestion,
    Distractor,
    MatchQuestion,
    NumberQuestion,
    OrderingQuestion,
    OrderStep,
    Pair,
    RightSide,
    SeveralQuestion,
    ShapeQuestion,
    WrongShape,
    WrongValue,
)

Raw = dict[str, Any]

_COMMON = ("id", "concept", "difficulty", "read", "text", "explanation")


def build_question(raw: Raw, unit: str, pictures: Path) -> AnyQuestion:
    """The question that a checked mapping describes; `pictures` is the folder of the bank's pictures."""
    common = {name: raw[name].strip() if isinstance(raw[name], str) else raw[name] for name in _COMMON}
    if "picture" in raw:
        common["picture"] = QuizPicture(pictures / f"{raw['picture']}.svg")
    return _BUILDERS[raw["kind"]](raw, {**common, "unit": unit})


def _choices(raw: Raw) -> tuple[Choice, ...]:
    return tuple(
        Choice(choice["text"], bool(choice.get("right")), choice.get("missed" if choice.get("right") else "why"))
        for choice in raw["choices"]
    )


def _choice(raw: Raw, common: Raw) -> ChoiceQuestion:
    return ChoiceQuestion(**common, choices=_choices(raw))


def _several(raw: Raw, common: Raw) -> SeveralQuestion:
    return SeveralQuestion(**common, choices=_choices(raw))


def _number(raw: Raw, common: Raw) -> NumberQuestion:
    return NumberQuestion(
        **common,
        sizes=tuple((name, tuple(values)) for name, values in raw["sizes"].items()),
        where=raw.get("where"),
        answer=raw["answer"],
        wrong=tuple(WrongValue(known["value"], known["why"]) for known in raw["wrong"]),
        counted_in=raw.get("unit"),
    )


def _order(raw: Raw, common: Raw) -> OrderingQuestion:
    keys = [step["key"] for step in raw["steps"]]
    steps = (
        OrderStep(step["key"], step["text"], tuple(keys.index(key) for key in step.get("after", [])), step.get("lacks"))
        for step in raw["steps"]
    )
    distractors = (Distractor(distractor["text"], distractor["why"]) for distractor in raw.get("distractors", []))
    return OrderingQuestion(**common, steps=tuple(steps), distractors=tuple(distractors))


def _match(raw: Raw, common: Raw) -> MatchQuestion:
    rights = list(dict.fromkeys(pair["right"] for pair in raw["pairs"]))
    return MatchQuestion(
        **common,
        pairs=tuple(Pair(pair["left"], rights.index(pair["right"]), pair["why"]) for pair in raw["pairs"]),
        rights=(
            *(RightSide(text, None) for text in rights),
            *(RightSide(other["right"], other["why"]) for other in raw.get("others", [])),
        ),
    )


def _shape(raw: Raw, common: Raw) -> ShapeQuestion:
    return ShapeQuestion(
        **common,
        answer=raw["answer"],
        equal=tuple(raw.get("equal", [])),
        wrong=tuple(WrongShape(known["shape"], known["why"]) for known in raw["wrong"]),
        letters=raw.get("letters"),
    )


def _bug(raw: Raw, common: Raw) -> BugQuestion:
    return BugQuestion(
        **common,
        listing=tuple(raw["listing"].rstrip("\n").split("\n")),
        line=raw["line"],
        corrected=raw["corrected"].strip(),
        others={int(number): why for number, why in raw["others"].items()},
    )


_BUILDERS: dict[str, Callable[[Raw, Raw], AnyQuestion]] = {
    "choice": _choice,
    "several": _several,
    "number": _number,
    "order": _order,
    "match": _match,
    "shape": _shape,
    "bug": _bug,
}
