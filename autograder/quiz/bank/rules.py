"""What a schema cannot say about a question: which parts must agree with which.

Each rule yields a path into the question's YAML and a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Any

from ..marking.shape import read_shape

Raw = dict[str, Any]
Problem = tuple[list[str | int], str]


def problems_of(raw: Raw, unit: str) -> Iterator[Problem]:
    """Everything wrong with one question that has passed its schema."""
    if not raw["id"].startswith(f"{unit}."):
        yield ["id"], f"the id must begin with '{unit}.'"
    yield from _RULES[raw["kind"]](raw)


def _choice(raw: Raw) -> Iterator[Problem]:
    right = [choice for choice in raw["choices"] if choice.get("right")]
    if len(right) != 1:
        yield ["choices"], f"exactly one choice must be right, here {len(right)} are"
    yield from _choices(raw, "missed")


def _several(raw: Raw) -> Iterator[Problem]:
    if not any(choice.get("right") for choice in raw["choices"]):
        yield ["choices"], "no choice is right"
    yield from _choices(raw, "why")
    for index, choice in enumerate(raw["choices"]):
        if choice.get("right") and "missed" not in choice:
            yield ["choices", index], "a right choice needs 'missed', said when it was left out"


def _choices(raw: Raw, unused: str) -> Iterator[Problem]:
    texts = [choice["text"] for choice in raw["choices"]]
    for index, choice in enumerate(raw["choices"]):
        if texts.index(choice["text"]) != index:
            yield ["choices", index], "this choice stands twice"
        if not choice.get("right") and "why" not in choice:
            yield ["choices", index], "a wrong choice needs 'why', the mistake behind it"
        if choice.get("right") and unused in choice:
            yield ["choices", index, unused], f"'{unused}' would never be shown on a right choice"
        if not choice.get("right") and "missed" in choice:
            yield ["choices", index, "missed"], "'missed' would never be shown on a wrong choice"


def _number(raw: Raw) -> Iterator[Problem]:
    for name, values in raw["sizes"].items():
        if len(set(values)) != len(values):
            yield ["sizes", name], f"a value of '{name}' stands twice"


def _order(raw: Raw) -> Iterator[Problem]:
    keys = [step["key"] for step in raw["steps"]]
    for index, step in enumerate(raw["steps"]):
        if keys.index(step["key"]) != index:
            yield ["steps", index, "key"], f"the key '{step['key']}' stands twice"
        for needed in step.get("after", []):
            if needed not in keys:
                yield ["steps", index, "after"], f"there is no step '{needed}'"
        if ("after" in step) != ("lacks" in step):
            yield (
                ["steps", index],
                "'after' and 'lacks' go together: a step that needs others says what it lacks without them",
            )
    needed_by_one = {needed for step in raw["steps"] for needed in step.get("after", [])}
    for index, step in enumerate(raw["steps"]):
        if "after" not in step and step["key"] not in needed_by_one:
            yield ["steps", index], f"'{step['key']}' needs no step and no step needs it, so its place says nothing"
    try:
        TopologicalSorter({step["key"]: step.get("after", []) for step in raw["steps"]}).prepare()
    except CycleError as error:
        yield ["steps"], f"these steps need each other in a circle: {', '.join(error.args[1])}"


def _match(raw: Raw) -> Iterator[Problem]:
    lefts = [pair["left"] for pair in raw["pairs"]]
    rights = [pair["right"] for pair in raw["pairs"]]
    for index, left in enumerate(lefts):
        if lefts.index(left) != index:
            yield ["pairs", index, "left"], "this left side stands twice"
    for index, other in enumerate(raw.get("others", [])):
        if other["right"] in rights:
            yield ["others", index], "this right side belongs to a pair"
    if len({*rights, *(other["right"] for other in raw.get("others", []))}) < 2:
        yield ["pairs"], "there must be at least two different right sides"


def _shape(raw: Raw) -> Iterator[Problem]:
    taken: list[tuple[str, ...]] = []
    places: list[tuple[list[str | int], str]] = [(["answer"], raw["answer"])]
    places += [(["equal", index], shape) for index, shape in enumerate(raw.get("equal", []))]
    places += [(["wrong", index, "shape"], known["shape"]) for index, known in enumerate(raw["wrong"])]
    for path, written in places:
        shape = read_shape(written)
        if shape is None:
            yield path, f"'{written}' cannot be read as a shape"
        elif shape in taken:
            yield path, f"'{written}' is the same shape as one before it"
        else:
            taken.append(shape)


def _bug(raw: Raw) -> Iterator[Problem]:
    listing = raw["listing"].rstrip("\n").split("\n")
    code = {number for number, line in enumerate(listing, start=1) if line.strip()}
    if len(listing) > 12:
        yield ["listing"], f"a listing has at most 12 lines, this one has {len(listing)}"
    if raw["line"] not in code:
        yield ["line"], f"line {raw['line']} is not a line of code in the listing"
    elif raw["corrected"].strip() == listing[raw["line"] - 1].strip():
        yield ["corrected"], "the corrected line is the line of the listing"
    explained = {int(number) for number in raw["others"]}
    for number in sorted(code - explained - {raw["line"]}):
        yield ["others"], f"line {number} needs a sentence on why it is fine"
    for number in sorted(explained - (code - {raw["line"]})):
        yield ["others", str(number)], f"line {number} is not another line of code in the listing"


_RULES: dict[str, Callable[[Raw], Iterator[Problem]]] = {
    "choice": _choice,
    "several": _several,
    "number": _number,
    "order": _order,
    "match": _match,
    "shape": _shape,
    "bug": _bug,
}
