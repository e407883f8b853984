"""Steps in order: every order in which each step comes after what it needs is right."""

from __future__ import annotations

from collections.abc import Sequence

from ..questions import OrderQuestion
from .mark import UNREADABLE, Mark, Note


def mark_order(question: OrderQuestion, answer: Sequence[int]) -> Mark:
    """The share of the steps that stand after what they need, less a share for each thing that does not belong.

    Steps that need nothing are not counted, since they cannot stand wrong; left out, they leave a later step lacking.
    Only the first step that lacks something is named: what follows from it is not another mistake.
    """
    steps, offered = question.steps, len(question.steps) + len(question.distractors)
    if not answer or len(set(answer)) != len(answer) or not all(0 <= item < offered for item in answer):
        return UNREADABLE
    strays = [item for item in answer if item >= len(steps)]
    place = {item: position for position, item in enumerate(answer)}
    lacking = [item for item in answer if item < len(steps) and not _has_what_it_needs(question, item, place)]
    left_out = [item for item in range(len(steps)) if item not in place]

    fitting = sum(bool(steps[item].after) and item not in lacking for item in place if item < len(steps))
    share = (fitting - len(strays)) / sum(bool(step.after) for step in steps)
    notes: list[Note] = [("lacks", item) for item in lacking[:1]]
    notes += [("stray", item - len(steps)) for item in strays]
    if not lacking:
        notes += [("left_out", item) for item in left_out[:1]]
    return Mark(max(0.0, share), tuple(notes))


def _has_what_it_needs(question: OrderQuestion, item: int, place: dict[int, int]) -> bool:
    return all(needed in place and place[needed] < place[item] for needed in question.steps[item].after)
