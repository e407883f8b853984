"""Unit 7: name the mistakes in six causal heads, repair six others, and write a test that finds others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from ..marking import Case, CountedQuestion, Entry, Facet, FunctionQuestion, Question, Wrong
from ..marking.own import OWN
from ..mistakes.conduct import CONDUCT
from ..mistakes.debugging import (
    BATCH_NOT_TESTED,
    INTEGERS_NOT_TESTED,
    LARGE_TOKENS_NOT_TESTED,
    SCORES_NOT_TESTED,
    wrong_repairs,
    wrong_tests,
)
from . import insides
from .causal_head import causal_head
from .heads import (
    ALL_NAN,
    BATCH,
    BROKEN,
    FLOAT32,
    HEADS,
    LARGE,
    MISTAKE_IN,
    PLAIN,
    RIGHT,
    SIX,
    UNSEEN,
    WHOLE_NUMBERS,
    WRONG_SCORES,
    ClosedHead,
    LabelledHead,
    drawn_heads,
    drawn_suspects,
)
from .inputs import Rng, head_weights, integers, large, self_attention, square, tempted
from .sections import CAUSAL_STAGES
from .symptoms import symptoms


def _suspects(own: int) -> list[Entry]:
    return [
        Entry(colour, 1 / 6, ("suspect", colour), lambda number=number: number)  # type: ignore[misc]
        for colour, number in drawn_suspects(own).items()
    ]


SUSPECTS_QUESTION = CountedQuestion(
    id="debug_a_head.suspects",
    title="From the symptoms to the mistake",
    points=3,
    read="debug_a_head#reading-symptoms",
    entries=_suspects,
    steps=((3, 0.5), (6, 0.5)),
    own=OWN,
    until_attempted=lambda own: [
        f"The {colour} head: {'; '.join(symptoms(h))}." for colour, h in drawn_heads(own).items()
    ],
)


def _as_they_came(letter: str) -> Callable[[], Sequence[str]]:
    return lambda: (f"Its symptoms: {'; '.join(symptoms(HEADS[letter]))}.",)


def _tempted(rng: Rng) -> tuple[np.ndarray, ...]:
    x, w_q, _, w_v = self_attention(rng, 2, 5)
    return (*tempted(x, w_q), w_v)


def _large(rng: Rng) -> tuple[np.ndarray, ...]:
    x, *weights = self_attention(rng, 2, 6)
    return (large(x), *weights)


def _rows(got: object, want: object) -> Sequence[str]:
    """What the rows of a wrong output tell."""
    if not isinstance(got, np.ndarray) or not isinstance(want, np.ndarray) or got.shape != want.shape:
        return ()
    if np.allclose(got[..., 0, :], want[..., 0, :], atol=1e-3):
        return ("The first token's row is right, as it is when only the scores are wrong.",)
    return ()


def _repair(letter: str) -> FunctionQuestion:
    return FunctionQuestion(
        id=f"debug_a_head.repair_{letter}",
        title=f"Head {letter}, repaired",
        points=0.75,
        read="debug_a_head#repairing",
        name=f"head_{letter}",
        reference=causal_head,
        argnames=("x", "w_q", "w_k", "w_v"),
        facets=(
            Facet(
                "one sequence",
                0.6,
                lambda rng: [
                    Case(self_attention(rng, 5)),
                    Case(self_attention(rng, 7, d_model=5, d_k=3, d_v=2)),
                    Case(square(rng, 5)),
                ],
            ),
            Facet(
                "leading axes pass through",
                0.2,
                lambda rng: [
                    Case(self_attention(rng, 2, 5)),
                    Case(self_attention(rng, 1, 3, 4), twice=CONDUCT),
                    Case(self_attention(rng, 3, 3, d_k=3)),  # where all axes reversed give numbers
                ],
            ),
            Facet(
                "large tokens and whole numbers",
                0.2,
                lambda rng: [
                    Case(_large(rng), label="tokens 60 times as large"),
                    Case(_tempted(rng), label="a large token whose score is by far the highest for those before it"),
                    Case((integers(rng, 2, 5, 12), *head_weights(rng, 12, 4, 6))),
                ],
            ),
        ),
        wrongs=lambda: wrong_repairs(MISTAKE_IN[letter]),
        inside=insides.causal(lambda: wrong_repairs(MISTAKE_IN[letter])),
        symptoms=_rows,
        sections=CAUSAL_STAGES,
        given=HEADS[letter],
        until_attempted=_as_they_came(letter),
    )


def _cases(*told: LabelledHead) -> Callable[[Rng], Sequence[Case]]:
    """A right head and these, in another order every time, each closed anew."""
    return lambda rng: [
        Case((ClosedHead(t.head),), label=t.label) for t in rng.permutation(np.array((PLAIN, *told), dtype=object))
    ]


# What a test can miss, with the heads that show it.
MISSES = (
    (SCORES_NOT_TESTED, WRONG_SCORES),
    (BATCH_NOT_TESTED, BATCH),
    (LARGE_TOKENS_NOT_TESTED, LARGE),
    (INTEGERS_NOT_TESTED, WHOLE_NUMBERS),
)


def _tests() -> Iterator[Wrong]:
    right, broken = ([told.head for told in group] for group in (RIGHT, BROKEN))
    misses = [(mistake, [told.head for told in group]) for mistake, group in MISSES]
    return wrong_tests(right, broken, misses, too_exact=FLOAT32.head)


SHOWS_BUG = FunctionQuestion(
    id="debug_a_head.shows_bug",
    title="A test that tells right heads from broken ones",
    points=2.5,
    read="debug_a_head#writing-a-test",
    name="shows_bug",
    reference=lambda head: head in [t.head for t in BROKEN],
    argnames=("head",),
    facets=(
        # Every facet holds a right head and a broken one, so that a test which always says the same earns nothing.
        Facet("finds heads a, c, d and e: weights and shapes", 0.2, _cases(*(SIX[letter] for letter in "acde"))),
        Facet("finds heads b and f: scores", 0.2, _cases(SIX["b"], SIX["f"])),
        Facet("accuses no right head, however it is written", 0.2, _cases(*RIGHT[1:], ALL_NAN)),
        Facet("finds mistakes that this notebook has not shown", 0.2, _cases(*UNSEEN)),
        Facet(
            "finds what only a batch, large tokens or whole numbers show", 0.2, _cases(*BATCH, *LARGE, *WHOLE_NUMBERS)
        ),
    ),
    wrongs=_tests,
)

QUESTIONS: tuple[Question, ...] = (SUSPECTS_QUESTION, *(_repair(letter) for letter in MISTAKE_IN), SHOWS_BUG)
