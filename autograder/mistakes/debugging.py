"""Mistakes in debugging a head: a repair that is none, a test that misses heads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, product
from typing import Any

from ..marking import Mistake, Wrong
from .choose import singles, together
from .head import CAUSAL
from .mask import CAUSAL_STYLES, FINITE_FORMS, UPPER_TRIANGLE
from .stages import causal_head

Head = Callable[..., Any]

# The ten suspects by their numbers in the notebook.
SUSPECTS = {
    1: "w_q_for_keys",
    2: "values_not_projected",
    3: "no_scale",
    4: "by_d_k",
    5: "upper_triangle",
    6: "diagonal_excluded",
    7: "mask_times_zero",
    8: "zero_times_infinity",
    9: "softmax_over_queries",
    10: "mask_after_softmax",
}


def wrong_repairs(own: Mistake) -> Iterator[Wrong]:
    """One mistake alone, the head's own together with another, and two others."""
    # The transposed causal mask is the other triangle, which is the name to give it here.
    yield from singles(causal_head, (UPPER_TRIANGLE, *CAUSAL, *FINITE_FORMS), CAUSAL_STYLES)
    yield from together(causal_head, ((own, other) for other in CAUSAL), CAUSAL_STYLES[0])
    yield from together(causal_head, combinations(CAUSAL, 2), CAUSAL_STYLES[0])


def _of_test(name: str, says: str) -> Mistake:
    return Mistake(name, "test", says)


ALWAYS = _of_test("accuses_every_head", "Every head is called broken, even right ones.")
NEVER = _of_test("accuses_no_head", "No head is called broken.")
SWAPPED = _of_test(
    "answers_swapped", "The answers are swapped. True means that a head shows a bug, and False that it is right."
)
TOO_EXACT = _of_test(
    "comparison_too_exact",
    "A right head that computes in float32 is called broken. Its numbers differ around the seventh "
    "digit, which is not a bug. A comparison needs some tolerance.",
)
SCORES_NOT_TESTED = _of_test(
    "scores_not_tested",
    "Some broken heads are missed. Their rows of weights sum to 1 and leave the future alone, but they "
    "look at the wrong keys. Test the scores as well, or compare with a right head.",
)
BATCH_NOT_TESTED = _of_test("batch_not_tested", "Heads that are wrong only when x has a batch axis are missed.")
LARGE_TOKENS_NOT_TESTED = _of_test(
    "large_tokens_not_tested", "Heads that give NaN only when the tokens are large are missed."
)
INTEGERS_NOT_TESTED = _of_test("whole_numbers_not_tested", "A head that is wrong only for integers in x is missed.")


def wrong_tests(
    right: Sequence[Head],
    broken: Sequence[Head],
    misses: Sequence[tuple[Mistake, Sequence[Head]]],
    *,
    too_exact: Head,
) -> Iterator[Wrong]:
    """For `shows_bug(head)`: tests that are wrong in a known way, alone and together.

    misses     mistakes of a test, each with the broken heads that it does not find
    too_exact  the right head that a comparison without room calls broken
    """
    yield Wrong((ALWAYS,), _calls_broken((*right, *broken)))
    yield Wrong((NEVER,), _calls_broken(()))
    yield Wrong((SWAPPED,), lambda head: head not in broken)
    for exact, *missed in product((False, True), repeat=len(misses) + 1):
        chosen = [miss for miss, is_missed in zip(misses, missed, strict=True) if is_missed]
        found = [head for head in broken if not any(head in heads for _, heads in chosen)]
        mistakes = (*((TOO_EXACT,) if exact else ()), *(mistake for mistake, _ in chosen))
        if mistakes:
            yield Wrong(mistakes, _calls_broken([*found, too_exact] if exact else found))


def _calls_broken(broken: Sequence[Head]) -> Callable[[Head], bool]:
    return lambda head: head in broken
