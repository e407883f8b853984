"""What several platforms need, since their kinds of questions are narrower than the bank's."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations, product

from ..questions import MatchQuestion, NumberQuestion, OrderingQuestion
from ..sentences import labelled_sentence
from ..values import shown


def configuration_name(question: NumberQuestion, variant: int) -> str:
    """A name for a question with its numbers that stays when other configurations come or go."""
    sizes = ",".join(f"{name}={shown(value)}" for name, value in question.variants[variant].items())
    return f"{question.id}/{sizes}"


def stages(question: OrderingQuestion) -> list[int]:
    """For each step the earliest place it can have: 1 where it needs nothing."""
    found: dict[int, int] = {}

    def stage(item: int) -> int:
        if item not in found:
            found[item] = 1 + max((stage(needed) for needed in question.steps[item].after), default=0)
        return found[item]

    return [stage(item) for item in range(len(question.steps))]


def sentences_on_mistakes(question: OrderingQuestion | MatchQuestion) -> Iterator[str]:
    """The Markdown sentences on every mistake in an order or a match, for platforms that cannot tell which one was made."""
    if isinstance(question, OrderingQuestion):
        for item, step in enumerate(question.steps):
            if step.lacks:
                yield labelled_sentence(question, ("lacks", item))
        return
    for left in range(len(question.pairs)):
        yield labelled_sentence(question, ("pair", left))
    for item, right in enumerate(question.rights):
        if right.why:
            yield labelled_sentence(question, ("spare", item))


def spellings(shape: str, times: tuple[str, ...] = ("*", "·", " * ", " · ")) -> list[str]:
    """A shape with and without brackets and spaces, its factors in any order, with the usual signs for a product."""
    axes = [axis.strip().replace("·", "*") for axis in shape.strip("()[] ").split(",") if axis.strip()]
    factors = [[part.strip() for part in axis.split("*")] for axis in axes]
    ways = []
    for comma, (left, right), sign in product((", ", ","), (("(", ")"), ("", ""), ("[", "]")), times):
        for order in product(*(permutations(axis) for axis in factors)):
            ways.append(left + comma.join(sign.join(axis) for axis in order) + right)
    return list(dict.fromkeys(ways))
