"""Reports that once misled: each says one thing, the right one, and sends to the section that explains it."""

from __future__ import annotations

import types
from typing import Any

import numpy as np
import pytest

from autograder.checks import question, questions
from autograder.course import read
from autograder.marking import Report
from autograder.quiz.reading import slug

from .support import UNITS, solved


def marked(question_id: str, **names: Any) -> Report:
    return question(question_id).mark({**solved(question_id.partition(".")[0]), **names})


def earned(report: Report) -> list[str]:
    return [facet.title for facet in report.facets if facet.passed]


def test_a_decode_step_that_returns_only_the_output_is_told_that_the_cache_is_missing() -> None:
    step = solved("causal_head")["decode_step"]
    report = marked("causal_head.decode", decode_step=lambda *args: step(*args)[0])
    assert "None" not in str(report)
    assert "should return two things" in str(report)


def test_reshaped_keys_lose_the_dot_product_and_keep_the_scale() -> None:
    report = marked(
        "one_head.scores",
        scaled_scores=lambda q, k: q @ k.reshape(*k.shape[:-2], k.shape[-1], -1) / np.sqrt(q.shape[-1]),
    )
    assert earned(report) == ["the scale"]
    assert [m.name for m in report.mistakes] == ["k_reshaped"]


@pytest.mark.parametrize("size", [lambda q, k: q.shape[-2], lambda q, k: k.shape[-2], lambda q, k: 1])
def test_another_scale_keeps_the_dot_product(size: Any) -> None:
    report = marked("one_head.scores", scaled_scores=lambda q, k: q @ np.swapaxes(k, -1, -2) / np.sqrt(size(q, k)))
    assert earned(report) == ["the dot product of every query with every key"]


def test_mixing_before_there_are_values_does_not_blame_the_scale() -> None:
    for steps in ("softmax mix project_v scale", "mix project_v scale softmax", "scale softmax mix project_v"):
        report = marked("order_the_steps.head_order", head_steps=f"project_q project_k scores {steps}".split())
        assert report.mistakes == ()
        assert "needs the values v" in str(report)


def test_a_width_by_true_division_is_one_fault() -> None:
    report = marked("head_dimensions.head_width", head_width=lambda d_model, num_heads: d_model / num_heads)
    assert report.seen[0].endswith("of type float; it should be an int.")
    assert [m.name for m in report.mistakes] == ["fraction_of_a_column"]
    assert "float" in report.mistakes[0].says


def test_a_head_that_is_right_but_for_an_earlier_mistake_says_so() -> None:
    names = solved("one_head")
    names["scaled_scores"] = lambda q, k: q @ np.swapaxes(k, -1, -2)
    head = names["attention_head"]
    names["attention_head"] = types.FunctionType(head.__code__, names)
    report = question("one_head.head").mark(names)
    assert report.marks == report.points
    assert "right, given the mistake already counted in one_head.scores" in str(report)


@pytest.mark.parametrize("name", ["one_head.scores", "one_head.head"])
def test_a_missing_scale_sends_to_why_the_scale(name: str) -> None:
    answer = {
        "scaled_scores": lambda q, k: q @ np.swapaxes(k, -1, -2),
        "attention_head": lambda x, w_q, w_k, w_v: (
            solved("one_head")["softmax"](x @ w_q @ np.swapaxes(x @ w_k, -1, -2)) @ (x @ w_v)
        ),
    }
    answer = {key: answer[key] for key in ([question(name).name])}  # type: ignore[attr-defined]
    assert marked(name, **answer).read == "one_head#why-the-scale"


@pytest.mark.parametrize("unit", UNITS)
def test_every_pointer_leads_to_a_section(unit: str) -> None:
    for asked in questions(unit).values():
        for read_ in (asked.read, *getattr(asked, "sections", {}).values()):
            lesson, _, section = read_.partition("#")
            text = read().unit(lesson).lesson.read_text(encoding="utf-8")
            assert section in [slug(line[3:]) for line in text.splitlines() if line.startswith("## ")], read_
