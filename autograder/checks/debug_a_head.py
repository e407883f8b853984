"""Unit 7: six causal heads with one mistake each: name it, repair it, and write a test that finds others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, product

import numpy as np

from ..marking import Case, Entry, Facet, FunctionQuestion, Mistake, Question, ValueQuestion, Wrong
from ..mistakes import CAUSAL, CAUSAL_STYLES, FINITE_FORMS, stages
from ..mistakes.choose import PAIRED, pairs, singles
from ..mistakes.conduct import CONDUCT
from ..mistakes.mask import UPPER_TRIANGLE
from .causal_head import causal_head
from .heads import (
    ALL_NAN,
    BATCH,
    BROKEN,
    FLOAT32,
    HEADS,
    ILL,
    LARGE,
    PLAIN,
    RIGHT,
    SIX,
    UNSEEN,
    WHOLE_NUMBERS,
    WRONG_SCORES,
    Told,
)
from .inputs import Rng, head_weights, integers, large, self_attention, square, tempted
from .symptoms import Head, symptoms

# The ten suspects by their numbers in the notebook: the mistake, and what a head with it shows.
SUSPECTS = {
    1: ("w_q_for_keys", "w_k would have no effect, and the log-ratios would not follow q·k."),
    2: ("values_not_projected", "w_v would have no effect, and the output would be as wide as the tokens, d_model."),
    3: ("no_scale", "the log-ratios would be exactly 1 times the differences of q·k: sqrt(d_k) times too large."),
    4: ("by_d_k", "the log-ratios would be exactly 1/d_k times the differences of q·k: too small."),
    5: ("upper_triangle", "row 0 would see all tokens, and the last row only itself."),
    6: ("diagonal_excluded", "no token would have weight on itself, and row 0 would have nothing left."),
    7: ("mask_times_zero", "every row would sum to 1, with some weight on later tokens in all rows but the last."),
    8: ("zero_times_infinity", "every number would be NaN."),
    9: ("softmax_over_queries", "every column would sum to 1, the rows to less or more."),
    10: ("mask_after_softmax", "rows would sum to less than 1, all but the last, with nothing on later tokens."),
}
NUMBERS = {name: number for number, (name, _) in SUSPECTS.items()}


def _suspect(letter: str) -> Entry:
    right = NUMBERS[ILL[letter].name]
    wrong = tuple(
        (number, Mistake(f"suspect_{number}", "symptoms", f"If it were suspect {number}, {shows}"))
        for number, (_, shows) in SUSPECTS.items()
        if number != right
    )
    return Entry(f"head {letter}", 1 / len(ILL), ("suspect", letter), lambda: right, wrong)


SUSPECTS_QUESTION = ValueQuestion(
    id="debug_a_head.suspects",
    title="From the symptoms to the mistake",
    points=3,
    read="debug_a_head#reading-symptoms",
    entries=tuple(_suspect(letter) for letter in ILL),
    distinct=True,
    until_attempted=lambda: [f"Head {letter}: {'; '.join(symptoms(head))}." for letter, head in HEADS.items()],
)


def _as_they_came(letter: str) -> Callable[[], Sequence[str]]:
    return lambda: (f"Its symptoms: {'; '.join(symptoms(HEADS[letter]))}.",)


def _tempted(rng: Rng) -> tuple[np.ndarray, ...]:
    x, w_q, _, w_v = self_attention(rng, 2, 5)
    return (*tempted(x, w_q), w_v)


def _large(rng: Rng) -> tuple[np.ndarray, ...]:
    x, *weights = self_attention(rng, 2, 6)
    return (large(x), *weights)


def _wrong_repairs(own: Mistake) -> Iterator[Wrong]:
    """One mistake alone, the head's own together with another, and two others."""
    head = stages.causal_head
    # The transposed causal mask is the other triangle, which is the name to give it here.
    yield from singles(head, (UPPER_TRIANGLE, *CAUSAL, *FINITE_FORMS), CAUSAL_STYLES)
    yield from pairs(head, ((own, other) for other in CAUSAL), CAUSAL_STYLES[0])
    yield from pairs(head, combinations(CAUSAL[:PAIRED], 2), CAUSAL_STYLES[0])


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
        wrongs=lambda: _wrong_repairs(ILL[letter]),
        symptoms=_rows,
        given=HEADS[letter],
        until_attempted=_as_they_came(letter),
    )


def _cases(*told: Told) -> Callable[[Rng], Sequence[Case]]:
    """A right head and these, in another order every time."""
    return lambda rng: [Case((t.head,), label=t.label) for t in rng.permutation(np.array((PLAIN, *told), dtype=object))]


def _mistake(name: str, says: str) -> Mistake:
    return Mistake(name, "test", says)


ALWAYS = _mistake("accuses_every_head", "Every head is called broken, right ones too.")
NEVER = _mistake("accuses_no_head", "No head is called broken.")
SWAPPED = _mistake(
    "answers_swapped", "The answers are swapped: True is for a head that shows a bug, False for a right one."
)
TOO_EXACT = _mistake(
    "comparison_too_exact",
    "A right head is called broken for computing in float32. Its numbers are off around the seventh digit, which is no "
    "bug: a comparison needs some room.",
)
# What a test misses, and why.
MISSES = (
    (
        _mistake(
            "scores_not_tested",
            "Heads are missed whose rows of weights sum to 1 and leave the future alone, but which look at the wrong keys: "
            "the scores need a test of their own, or a comparison with a right head.",
        ),
        WRONG_SCORES,
    ),
    (_mistake("batch_not_tested", "Heads are missed that are wrong only when x has a batch axis."), BATCH),
    (_mistake("large_tokens_not_tested", "Heads are missed that give NaN only when the tokens are large."), LARGE),
    (
        _mistake("whole_numbers_not_tested", "A head is missed that is wrong only for whole numbers in x."),
        WHOLE_NUMBERS,
    ),
)


def _calls_broken(broken: Sequence[Head]) -> Callable[[Head], bool]:
    return lambda head: head in broken


def _tests() -> Iterator[Wrong]:
    """Tests that are wrong in a known way, alone and together."""
    everything, bugs = [t.head for t in (*RIGHT, *BROKEN)], [t.head for t in BROKEN]
    yield Wrong((ALWAYS,), _calls_broken(everything))
    yield Wrong((NEVER,), _calls_broken([]))
    yield Wrong((SWAPPED,), lambda head: head not in bugs)
    for chosen in product((False, True), repeat=len(MISSES) + 1):
        missed = [miss for miss, is_missed in zip(MISSES, chosen[1:], strict=True) if is_missed]
        found = [head for head in bugs if not any(head in [t.head for t in heads] for _, heads in missed)]
        if chosen[0]:
            found.append(FLOAT32.head)
        mistakes = (*((TOO_EXACT,) if chosen[0] else ()), *(mistake for mistake, _ in missed))
        if mistakes:
            yield Wrong(mistakes, _calls_broken(found))


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

QUESTIONS: tuple[Question, ...] = (SUSPECTS_QUESTION, *(_repair(letter) for letter in ILL), SHOWS_BUG)
