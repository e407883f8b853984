"""Every mistake that a question knows gives numbers of its own on that question's cases, or stands here by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, permutations

import pytest

from autograder.checks import questions
from autograder.marking import Entry, FunctionQuestion, OrderQuestion, Question, ValueQuestion
from autograder.marking.calls import Observation, silence, trusted
from autograder.marking.diagnose import finely_same

from .support import UNITS

SEEDS = ("1", "2")
QUESTIONS: Sequence[Question] = [question for unit in UNITS for question in questions(unit).values()]
FUNCTIONS = [question for question in QUESTIONS if isinstance(question, FunctionQuestion)]
ORDERS = [question for question in QUESTIONS if isinstance(question, OrderQuestion)]
ENTRIES = [
    pytest.param(entry, id=f"{question.id}: {entry.title}")
    for question in QUESTIONS
    if isinstance(question, ValueQuestion)
    for entry in question.entries
]
REPAIRS = [f"debug_a_head.repair_{letter}" for letter in "abcdef"]

# Mistakes that give the same numbers wherever the question can look, so that either name is right. In self-attention
# queries and keys come from the same tokens, and a causal head makes its own mask; a single query leaves no other
# query to mix up.
SELF_ATTENTION = (
    {"w_q_for_keys", "queries_twice"},
    {"w_k_for_queries", "keys_twice"},
    {"w_q_and_w_k_swapped", "keys_by_queries"},
)
OWN_MASK = ({"mask_forgotten", "mask_allows_all"}, {"mask_inverted", "mask_marks_forbidden"})
ONE_BEST_KEY = {"hardmax", "best_value_only"}
FUSED = (*SELF_ATTENTION[:2], SELF_ATTENTION[2] | {"thirds_in_another_order"})
ALIKE: Mapping[str, Sequence[set[str]]] = {
    "one_head.head": SELF_ATTENTION,
    "several_heads.two_heads": (*SELF_ATTENTION, ONE_BEST_KEY),
    "causal_head.head": (*SELF_ATTENTION, *OWN_MASK),
    "causal_head.one_token": ({"weights_all_one", "softmax_over_queries"},),
    "causal_head.decode": (
        ONE_BEST_KEY,
        {"weights_all_one", "softmax_over_queries"},
        {"key_cached_as_value", "w_k_for_values"},
        {"query_cached_as_key", "w_q_for_keys"},
    ),
    "trained_heads.weights": (*FUSED, *OWN_MASK),
    "trained_heads.layer": (*FUSED, *OWN_MASK, ONE_BEST_KEY),
    **dict.fromkeys(REPAIRS, (*SELF_ATTENTION, *OWN_MASK, ONE_BEST_KEY, {"mask_on_queries", "upper_triangle"})),
}

# Mistakes that raise an error wherever the question shows them, or give the right numbers there. They have no name of
# their own in this question, but beside a second mistake they may.
_NO_LARGE_SCORES = {"softmax_overflows", "one_maximum_for_all"}
_ONE_QUERY = {"keys_by_queries", "queries_twice", "weights_transposed_in_mix", "softmax_over_each_matrix"}
_ONE_ROW = {"softmax_over_each_of_the_first_axis"}  # (B, 1, T) has as many rows as sequences
UNTOLD: Mapping[str, set[str]] = {
    "one_head.head": {"all_axes_reversed"},
    "several_heads.two_heads": {"all_axes_reversed", "integer_result", *_NO_LARGE_SCORES},
    "output_projection.apply": {
        "concat_on_batch",
        "concat_on_tokens",
        "first_head_only",
        "head_axis_kept",
        "not_concatenated",
    },
    "output_projection.sum": {
        "columns_for_rows",
        "rows_all_blocks_after",
        "rows_all_blocks_before",
        "rows_counted_from_one",
        "rows_heads_for_width",
        "rows_one_line_only",
        "rows_one_too_few",
        "rows_one_too_many",
        "rows_whole_matrix",
        "width_of_block_from_d_out",
    },
    "causal_head.head": {"all_axes_reversed", "empty_row_nan", "empty_row_uniform"},
    "causal_head.one_token": {"all_axes_reversed", "integer_result", *_NO_LARGE_SCORES, *_ONE_QUERY},
    "causal_head.decode": {
        "all_axes_reversed",
        "first_of_batch",
        "integer_result",
        "k_not_transposed",
        *_NO_LARGE_SCORES,
        *_ONE_QUERY,
        *_ONE_ROW,
    },
    **{
        repair: {"empty_row_nan", "empty_row_uniform", "first_mask_for_all", "mask_tiled", "padding_mask_broadcast"}
        for repair in REPAIRS
    },
    "trained_heads.weights": {"all_axes_reversed", "k_not_transposed"},
    "trained_heads.layer": {
        "all_axes_reversed",
        "k_not_transposed",
        "mask_after_softmax_renormalised",
        "masked_with_small_number",
        *_NO_LARGE_SCORES,
    },
    "multi_head_attention.layer": {"all_axes_reversed", "k_not_transposed", "sum_without_keepdims"},
}

# Wrong values with two mistakes behind them: 64 / 8 is 8, and w_o is as large as w_q.
SAME_VALUE = (
    {"number_of_heads", "width_divided"},
    {"w_o_not_counted", "q_and_k_counted_once"},
)

Results = Sequence[Observation]


def _results(question: FunctionQuestion, seed: str) -> tuple[Results, dict[str, list[Results]]]:
    """On the question's cases, the right results, and for every mistake by name those of each of its forms."""
    drawn = [case for of_facet in question.drawn(seed) for case in of_facet]
    forms: dict[str, list[Results]] = {}
    with silence():
        for wrong in question.wrongs():
            if len(wrong.mistakes) == 1:
                results = [trusted(case.through(wrong.function), case.args, case.kwargs) for case, _ in drawn]
                forms.setdefault(wrong.mistakes[0].name, []).append(results)
    return [want for _, want in drawn], forms


def _same(results: Results, others: Results) -> bool:
    return all(finely_same(result, other) for result, other in zip(results, others, strict=True))


def _gives_wrong_numbers(results: Results, right: Results) -> bool:
    return any(not got.raised and not finely_same(got, want) for got, want in zip(results, right, strict=True))


def _classes(pairs: Iterable[tuple[str, str]]) -> list[set[str]]:
    """The sets of names that are alike, from the pairs that are."""
    classes: list[set[str]] = []
    for pair in pairs:
        touched = [c for c in classes if c & set(pair)]
        classes = [c for c in classes if c not in touched] + [set(pair).union(*touched)]
    return classes


@pytest.mark.parametrize("question", FUNCTIONS, ids=lambda question: question.id)
def test_every_mistake_of_a_question_gives_wrong_numbers_that_no_other_gives(question: FunctionQuestion) -> None:
    for seed in SEEDS:
        right, forms = _results(question, seed)
        told = {
            name: [results for results in of_name if _gives_wrong_numbers(results, right)]
            for name, of_name in forms.items()
        }
        assert {name for name, results in told.items() if not results} == UNTOLD.get(question.id, set())
        alike = [
            (one, other)
            for one, other in combinations(told, 2)
            if any(_same(results, others) for results in told[one] for others in told[other])
        ]
        assert sorted(map(sorted, _classes(alike))) == sorted(map(sorted, ALIKE.get(question.id, ())))


def test_every_mistake_is_told_in_some_question() -> None:
    known = {question.id: {m.name for m in question.known_mistakes()} for question in FUNCTIONS}
    told = {name for question, names in known.items() for name in names - UNTOLD.get(question, set())}
    assert set().union(*known.values()) == told


def test_the_mistakes_named_here_are_those_of_the_questions() -> None:
    known = {question.id: {m.name for m in question.known_mistakes()} for question in FUNCTIONS}
    for question, classes in ALIKE.items():
        assert set().union(*classes) <= known[question]
    for question, names in UNTOLD.items():
        assert names <= known[question]


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_wrong_value_of_an_entry_is_wrong_and_has_one_mistake_behind_it(entry: Entry) -> None:
    values = [(value() if callable(value) else value, mistake.name) for value, mistake in entry.mistakes]
    for value, name in values:
        assert not entry.same(value, entry.answer()), name
    for (one, name), (other, other_name) in combinations(values, 2):
        if name != other_name and {name, other_name} not in SAME_VALUE:
            assert not entry.same(one, other), (name, other_name)


@pytest.mark.parametrize("question", ORDERS, ids=lambda question: question.id)
def test_every_slip_of_an_order_is_found_in_orders_of_its_own(question: OrderQuestion) -> None:
    names = question.computation.names
    orders = [order for length in range(len(names) + 1) for order in permutations(names, length)][-50_000:]
    found = [tuple(slip.when(order) for order in orders) for slip in question.slips]
    assert all(any(of_slip) for of_slip in found)
    assert len(set(found)) == len(question.slips)
