"""What a learner's integer draws for a question, as values and as tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..checks import UnknownQuestion, question
from ..marking import CountedQuestion, HandQuestion, StatementQuestion
from ..marking.own import OWN, why_not_own
from .show import show
from .text import Table


def own_numbers(question_id: str, own: Any) -> Mapping[str, Any]:
    """What a learner's integer draws for a question, by name.

    question_id  such as ``one_head.by_hand``
    own          the integer
    Empty if there is nothing to draw; a printed sentence then explains why.
    """
    try:
        asked = question(question_id)
    except UnknownQuestion as error:
        print(error)
        return {}
    if not isinstance(asked, HandQuestion | StatementQuestion | CountedQuestion) or not asked.numbers(0):
        print(f"{question_id} has no numbers of its own.")
    elif own is ...:
        print(f"Write an integer in place of the ... behind {OWN} and run this cell: it decides your numbers.")
    elif why := why_not_own(own):
        print(f"{OWN} {why}.")
    else:
        return asked.numbers(int(own))
    return {}


def show_numbers(question_id: str, own: Any) -> None:
    """Show what a learner's integer draws for a question: statements, or arrays, columns of a table and single numbers.

    question_id  such as ``one_head.by_hand``
    own          the integer
    If nothing can be shown, a printed sentence explains why.
    """
    numbers = own_numbers(question_id, own)
    if not numbers:
        return
    if all(isinstance(value, str) for value in numbers.values()):
        show(Table("Which are true?", ("", "statement"), tuple(numbers.items())))
        return
    columns = {name: value for name, value in numbers.items() if isinstance(value, list)}
    for name, value in numbers.items():
        if isinstance(value, np.ndarray):
            show(_table(name, value))
    single = ", ".join(f"{n} = {v}" for n, v in numbers.items() if not isinstance(v, np.ndarray | list))
    show(
        Table("", tuple(columns), tuple(tuple(map(_text, row)) for row in zip(*columns.values(), strict=True)), single)
    )


def _text(value: Any) -> str:
    return "none" if value is None else str(value)


def _table(name: str, array: np.ndarray[Any, Any]) -> Table:
    rows = tuple(
        (f"row {i}" if array.ndim == 2 else "", *(f"{v:g}" for v in row)) for i, row in enumerate(np.atleast_2d(array))
    )
    return Table(f"`{name}` {array.shape}", ("", *(f"column {c}" for c in range(array.shape[-1]))), rows)
