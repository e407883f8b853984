"""The numbers of a question by hand, shown as tables."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..checks import UnknownQuestion, question
from ..marking import HandQuestion, StatementQuestion
from ..marking.by_hand import OWN, is_own
from ..marking.compare import kind_of
from .show import show
from .text import Table


def show_numbers(question_id: str, own: Any) -> None:
    """Show the numbers that a learner's integer decides for a question by hand.

    question_id  such as ``one_head.by_hand``
    own          the integer
    What cannot be shown is said in a sentence.
    """
    try:
        asked = question(question_id)
    except UnknownQuestion as error:
        print(error)
        return
    if not isinstance(asked, HandQuestion | StatementQuestion):
        print(f"{question_id} has no numbers of its own.")
    elif own is ...:
        print(f"Write an integer in place of the ... behind {OWN} and run this cell: it decides your numbers.")
    elif not is_own(own):
        print(f"{OWN} should be an integer; it is {kind_of(own)}.")
    elif isinstance(asked, StatementQuestion):
        show(Table("Which are true?", ("", "statement"), tuple(asked.numbers(own).items())))
    else:
        numbers = asked.numbers(own)
        for name, value in numbers.items():
            if isinstance(value, np.ndarray):
                show(_table(name, value))
        show(Table("", (), (), ", ".join(f"{n} = {v}" for n, v in numbers.items() if not isinstance(v, np.ndarray))))


def _table(name: str, array: np.ndarray[Any, Any]) -> Table:
    rows = tuple(
        (f"row {i}" if array.ndim == 2 else "", *(f"{v:g}" for v in row)) for i, row in enumerate(np.atleast_2d(array))
    )
    return Table(f"`{name}` {array.shape}", ("", *(f"column {c}" for c in range(array.shape[-1]))), rows)
