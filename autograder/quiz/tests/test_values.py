"""Numbers of a question: arithmetic, tolerance, and sizes put into texts that hold formulas as well."""

from __future__ import annotations

import pytest

from autograder.quiz.expressions import evaluate, holds
from autograder.quiz.questions import Bank, NumberQuestion
from autograder.quiz.values import agrees, fill, shown, solve
from reference_impl import head_dim, output_projection_shape, parameter_count

SIZES = {"d_model": 768, "H": 12, "d_v": 64}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("d_model", 768),
        ("head_dim(d_model, H)", head_dim(768, 12)),
        ("output_projection_shape(H, d_v, d_model)[0]", output_projection_shape(12, 64, 768)[0]),
        ("parameter_count(d_model, H, bias=True)", parameter_count(768, 12, bias=True)),
        ("-(d_model - H) // 2 % 5", 2),
        ("1 / sqrt(d_v)", 0.125),
        ("max(d_v, H) ** 2", 4096),
    ],
)
def test_arithmetic_uses_the_variant_and_the_reference(expression: str, value: float) -> None:
    assert evaluate(expression, SIZES) == value


def test_whole_numbers_must_be_exact_and_others_to_half_a_percent() -> None:
    assert agrees(64, 64)
    assert not agrees(64.01, 64)
    assert agrees(5.66, 32**0.5)
    assert not agrees(5.7, 32**0.5)


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{H} heads, d_model = {d_model}", "12 heads, d_model = 768"),
        (r"$d_{model} = {d_model}$", r"$d_{model} = 768$"),
        (r"$\sqrt{H}$, $x^{H}$, $\frac{d_v}{H}$ and {H}", r"$\sqrt{H}$, $x^{H}$, $\frac{d_v}{H}$ and 12"),
        ("({H}) {unknown}", "(12) {unknown}"),
    ],
)
def test_sizes_are_put_in_where_no_formula_needs_the_brace(text: str, filled: str) -> None:
    assert fill(text, SIZES) == filled


def test_numbers_are_shown_as_people_write_them() -> None:
    assert [shown(64), shown(0.125), shown(32**0.5)] == ["64", "0.125", "5.657"]


def test_a_condition_narrows_the_sizes() -> None:
    assert holds("d_model % H == 0 and (d_v < 100 or H == 1)", SIZES)
    assert not holds("d_model % (H + 1) == 0", SIZES)


def test_arrays_go_to_the_reference_and_a_number_comes_back() -> None:
    assert evaluate("softmax([[0, 0]])[0][1]", {}) == 0.5


def test_no_answer_shows_the_last_digits_of_floating_point_arithmetic(bank: Bank) -> None:
    for question in bank.questions:
        if isinstance(question, NumberQuestion):
            for variant in range(len(question.variants)):
                solved = solve(question, variant)
                for number in (solved.answer, *(value for value, _ in solved.wrong)):
                    assert len(repr(number).replace(".", "").lstrip("-0")) <= 16, f"{question.id}: {number!r}"
