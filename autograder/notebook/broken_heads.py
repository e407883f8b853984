"""`broken_heads(my_number)`: the causal heads to diagnose in unit 7, as functions that can be called and not be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..checks.heads import drawn_heads
from ..marking.own import OWN, why_not_own


def broken_heads(own: Any) -> dict[str, Callable[..., Any]]:
    """The six heads that a learner's integer draws, by their colours; none where that is no integer, which is said."""
    if own is ...:
        print(f"Write an integer in place of the ... behind {OWN} and run the cells again: it draws your heads.")
        return {}
    if why := why_not_own(own):
        print(f"{OWN} {why}.")
        return {}
    return {colour: _closed(head) for colour, head in drawn_heads(int(own)).items()}


def _closed(function: Callable[..., Any]) -> Callable[..., Any]:
    def head(x: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
        """A causal head: x (..., T, d_model) to (..., T, d_v), with one mistake."""
        return function(x, w_q, w_k, w_v)

    return head
