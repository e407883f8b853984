"""Marks that cannot be had by trying: no report says which of several answers is right, and the numbers are a learner's own."""

from __future__ import annotations

import inspect
from collections import Counter
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from autograder.checks import question, questions
from autograder.checks.debug_a_head import SUSPECTS_QUESTION
from autograder.checks.head_dimensions import CONFIGURATIONS
from autograder.checks.heads import COLOURS, MISTAKE_IN, drawn_heads, drawn_suspects
from autograder.checks.long_texts import DOUBLED
from autograder.checks.multi_head_attention import WHICH_HEAD
from autograder.checks.multi_head_attention import drawn_heads as dealt
from autograder.checks.order_the_steps import SWAPS
from autograder.checks.several_heads import CONSEQUENCE, SHARED_PREDICTED, SLICING
from autograder.checks.symptoms import symptoms
from autograder.marking import CountedQuestion, FunctionQuestion, Outcome, StatementQuestion
from autograder.mistakes.debugging import SUSPECTS
from autograder.notebook.broken_heads import broken_heads

from .support import UNITS, solved, untouched

OPTIONS: dict[CountedQuestion, tuple[Any, ...]] = {
    SWAPS: (True, False),
    SHARED_PREDICTED: tuple(range(13)),
    SLICING: tuple(list(chosen) for n in range(5) for chosen in combinations(range(4), n)),
    WHICH_HEAD: tuple(range(4)),
    SUSPECTS_QUESTION: tuple(SUSPECTS),
    DOUBLED: (1, 2, 3, 4, 8),
}


def names_with(asked: CountedQuestion, values: list[Any]) -> dict[str, Any]:
    names: dict[str, Any] = {"my_number": 5}
    for entry, value in zip(asked.entries(5), values, strict=True):
        table = names
        for key in entry.where[:-1]:
            table = table.setdefault(key, {})
        table[entry.where[-1]] = value
    return names


def test_every_counted_question_is_tried_here() -> None:
    counted = {asked.id for unit in UNITS for asked in questions(unit).values() if isinstance(asked, CountedQuestion)}
    assert counted == {asked.id for asked in OPTIONS}


@pytest.mark.parametrize("asked", OPTIONS, ids=lambda asked: asked.id)
def test_trying_every_option_in_every_place_does_not_tell_which_is_right(asked: CountedQuestion) -> None:
    right = [entry.answer() for entry in asked.entries(5)]
    assert asked.mark(names_with(asked, right)).outcome is Outcome.PASSED
    wrong = [next(o for o in OPTIONS[asked] if not entry.same(o, entry.answer())) for entry in asked.entries(5)]
    said = {
        str(asked.mark(names_with(asked, [*wrong[:place], option, *wrong[place + 1 :]])))
        for place in range(len(right))
        for option in OPTIONS[asked]
    }
    assert len(said) == 1, said


@pytest.mark.parametrize("asked", OPTIONS, ids=lambda asked: asked.id)
def test_which_answers_are_right_does_not_show_only_how_many(asked: CountedQuestion) -> None:
    right = [entry.answer() for entry in asked.entries(5)]
    wrong = [next(o for o in OPTIONS[asked] if not entry.same(o, entry.answer())) for entry in asked.entries(5)]
    for number in range(len(right)):
        said = {
            str(
                asked.mark(
                    names_with(
                        asked, [r if i in chosen else w for i, (r, w) in enumerate(zip(right, wrong, strict=True))]
                    )
                )
            )
            for chosen in combinations(range(len(right)), number)
        }
        assert len(said) == 1, said


@pytest.mark.parametrize("asked", [SWAPS, SHARED_PREDICTED, SLICING], ids=lambda asked: asked.id)
def test_no_answer_is_right_for_every_learner(asked: CountedQuestion) -> None:
    answers = Counter(str([entry.answer() for entry in asked.entries(own)]) for own in range(100))
    assert len(answers) > 5
    assert max(answers.values()) < 50
    assert all(asked.numbers(own) == asked.numbers(-own) for own in range(3))


@pytest.mark.parametrize("asked", [CONSEQUENCE, CONFIGURATIONS], ids=lambda asked: asked.id)
def test_one_judgement_more_or_less_says_nothing_about_a_statement(asked: StatementQuestion) -> None:
    right = asked.answer(5)
    reports = {str(asked.mark({"my_number": 5, asked.name: right ^ {letter}})) for letter in asked.numbers(5)}
    assert len(reports) == 1
    assert asked.mark({"my_number": 5, asked.name: right}).outcome is Outcome.PASSED


@pytest.mark.parametrize("asked", [CONSEQUENCE, CONFIGURATIONS], ids=lambda asked: asked.id)
def test_always_the_same_letters_are_rarely_right(asked: StatementQuestion) -> None:
    answers = Counter(frozenset(asked.answer(own)) for own in range(300))
    assert max(answers.values()) < 30


@pytest.mark.parametrize("own", [0, 5, -5, 20260324, 10**30])
def test_numbers_are_the_same_when_asked_and_when_graded(own: int) -> None:
    names = {"my_number": own, "suspect": drawn_suspects(own), "which_head": dealt(own)}
    for asked in (SUSPECTS_QUESTION, WHICH_HEAD):
        for seed in ("", "graded", "again"):
            assert asked.mark(names, seed).outcome is Outcome.PASSED


def test_the_heads_to_diagnose_are_those_that_were_drawn_and_each_shows_something_else() -> None:
    for own in range(40):
        told = {colour: symptoms(head) for colour, head in broken_heads(own).items()}
        assert told == {colour: symptoms(head) for colour, head in drawn_heads(own).items()}
        assert len(set(told.values())) == len(COLOURS)
        assert () not in told.values()
    assert {number for own in range(40) for number in drawn_suspects(own).values()} == set(SUSPECTS)


def test_the_source_of_a_head_to_diagnose_does_not_tell_its_mistake() -> None:
    heads = list(broken_heads(5).values())
    shown = {
        inspect.getsource(head) + str(inspect.getdoc(head)) + head.__name__ + repr(inspect.signature(head))
        for head in heads
    }
    assert len(shown) == 1
    assert not [name for name in SUSPECTS.values() if name in str(shown)]


@pytest.mark.parametrize("number", [..., "7", 1.5, None, True, np.ones(2)])
def test_without_an_integer_there_are_no_heads_and_a_sentence_says_why(
    number: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert broken_heads(number) == {}
    assert "my_number" in capsys.readouterr().out


def test_the_notebook_does_not_hold_the_mistakes_of_the_heads_to_diagnose() -> None:
    names = untouched("debug_a_head")
    assert names["ill"] == {}
    assert set(MISTAKE_IN) == set("abcdef")
    assert question("debug_a_head.suspects").mark(names).outcome is Outcome.NOT_ATTEMPTED


def test_the_layer_of_unit_8_deals_its_heads_as_the_check_expects() -> None:
    names = solved("multi_head_attention")
    asks, wanted = names["asks"], dealt(names["my_number"])
    assert not asks[wanted["everything"]].any()
    assert asks[wanted["same word"], 0, 0] == 1
    assert asks[wanted["first token"], 4:, 0].all()


def test_no_function_that_a_check_hands_over_tells_by_its_name_or_identity_what_it_is() -> None:
    handed = {
        q.id: [arg for facet in q.drawn("seed") for case, _ in facet for arg in case.args if callable(arg)]
        for unit in UNITS
        for q in questions(unit).values()
        if isinstance(q, FunctionQuestion)
    }
    assert len(handed["debug_a_head.shows_bug"]) == 37
    for name, functions in handed.items():
        assert all(one != other for place, one in enumerate(functions) for other in functions[:place]), name
        assert len({function.__name__ for function in functions}) <= 1, name
