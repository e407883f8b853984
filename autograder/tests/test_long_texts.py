"""Lesson 10's numbers are those that the reference computes, and its notebook sizes the same models."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pytest

import reference_impl as ref
from autograder import paths
from autograder.checks import question
from autograder.marking import FunctionQuestion
from autograder.mistakes import stages
from autograder.mistakes.stages import Stages

from .support import solved

LESSON = (paths.root() / "course" / "lessons" / "10_long_texts.md").read_text(encoding="utf-8")
GIB = 2**30
T, BLOCK = 131072, 128


def rows(title: str) -> list[list[str]]:
    """The cells of the table whose first line begins so, row by row."""
    found = re.search(rf"^\| {re.escape(title)}.*\n\|[-|]+\n((?:\|.*\n)+)", LESSON, re.MULTILINE)
    assert found is not None, title
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in found[1].splitlines()]


def integers(cells: Sequence[str]) -> list[int]:
    return [int(cell.replace(",", "")) for cell in cells]


SIZES = {name: integers(cells[:5]) for name, *cells in rows("model | layers")}


def test_the_notebook_sizes_the_models_of_the_lesson() -> None:
    published = {name: list(sizes) for name, sizes in solved("long_texts")["published"].items()}
    assert published == SIZES
    assert len(published) == 8


@pytest.mark.parametrize(("name", "cells"), [(name, cells) for name, *cells in rows("model | layers")])
def test_the_caches_in_the_table_are_computed(name: str, cells: list[str]) -> None:
    layers, heads, groups, d, t = SIZES[name]
    assert heads % groups == 0
    assert integers(cells[5:6]) == [ref.cache_bytes(layers, groups, d, 1)]
    assert cells[6] == f"{ref.cache_bytes(layers, groups, d, t) / GIB:,.2f} GiB"
    assert cells[7] == f"{ref.cache_bytes(layers, heads, d, t) / GIB:,.2f} GiB"


@pytest.mark.parametrize("cells", rows("model | heads"), ids=lambda cells: cells[0])
def test_the_scores_in_the_table_are_computed(cells: list[str]) -> None:
    _, heads, _, _, t = SIZES[cells[0]]
    assert integers(cells[1:4]) == [heads, t, t * t]
    bytes_of_layer = heads * t * t * 2 / GIB
    assert cells[4] == f"{bytes_of_layer:,.{0 if bytes_of_layer >= 1 else 2}f} GiB"


def test_what_doubling_a_text_does_is_the_notebooks_answer() -> None:
    in_lesson = [int(times) for _, times in rows("twice the text")]
    assert in_lesson == list(solved("long_texts")["doubled"].values())


def test_the_query_in_numbers_is_the_references() -> None:
    carried = (np.array([[-np.inf]]), np.zeros((1, 1)), np.zeros((1, 1)))
    for _, scores, values, *cells in rows("block | scores")[1:]:
        before = carried[0]
        carried = ref.add_block(
            *carried, np.array([integers(scores.split(", "))]), np.array([integers(values.split(", "))]).T
        )
        maximum, total, output = (number.item() for number in carried)
        factor = np.exp(before - maximum).item()
        shown = [maximum, factor, total, output, output / total]
        assert [float(cell) for cell in cells] == pytest.approx(shown, abs=0.005)
    weights = ref.softmax([2.0, 1, 4, 0])
    said = re.search(r"gives the weights ([\d., ]+)\s+and the output (\d+\.\d+)", " ".join(LESSON.split()))
    assert said is not None
    assert [float(w) for w in said[1].split(", ")] == pytest.approx(weights, abs=0.005)
    assert float(said[2]) == pytest.approx(weights @ [10, 20, 30, 40], abs=0.005)
    assert float(said[2]) == pytest.approx(output / total, abs=0.005)


def test_the_total_that_was_not_rescaled_is_computed() -> None:
    said = re.search(r"ℓ would be (\d\.\d\d)", LESSON)
    assert said is not None
    assert float(said[1]) == pytest.approx(1 + np.exp(-1) + 1 + np.exp(-4), abs=0.005)


def test_sentences_on_llama_2_and_on_blocks_are_computed() -> None:
    text = " ".join(LESSON.split())
    layers, _, groups, d, t = SIZES["Llama 2 7B"]
    token, full = ref.cache_bytes(layers, groups, d, 1), ref.cache_bytes(layers, groups, d, t) / GIB
    assert f"2 · {layers} · {groups} · {d} · 2 = {token:,} bytes" in text
    assert f"A text of {t:,} tokens takes {full:.0f} GiB" in text
    assert 40 * full == 80
    smaller = [
        ref.cache_bytes(SIZES[f"Llama 2 {size}"][0], *SIZES[f"Llama 2 {size}"][2:4], 1) for size in ("70B", "7B")
    ]
    assert smaller[0] < smaller[1]
    assert f"For T = {T:,} and blocks of {BLOCK} queries and {BLOCK} keys" in text
    assert f"holds {BLOCK * BLOCK * 2 // 2**10} KiB of scores at a time in place of {T * T * 2 // GIB} GiB" in text


def asked(name: str) -> FunctionQuestion:
    found = question(f"long_texts.{name}")
    assert isinstance(found, FunctionQuestion)
    return found


def test_the_layer_in_stages_is_the_references() -> None:
    for of_facet in asked("grouped").drawn("1"):
        for case, want in of_facet:
            np.testing.assert_allclose(stages.grouped_layer(Stages())(*case.args), want.value, atol=1e-12)


def test_attention_in_blocks_in_stages_is_the_references() -> None:
    rng = np.random.default_rng(0)
    q, k, v, allowed = (
        rng.normal(size=(4, 6)),
        rng.normal(size=(11, 6)),
        rng.normal(size=(11, 3)),
        rng.random((4, 11)) < 0.5,
    )
    allowed[0, :6], allowed[1] = False, False
    got = stages.in_blocks(Stages())(q, lambda i, j: (k[i:j], v[i:j], allowed[:, i:j]), 11, 3)
    np.testing.assert_allclose(got, ref.attention_in_blocks(q, k, v, 3, allowed), atol=1e-12)
    np.testing.assert_allclose(got, ref.scaled_dot_product_attention(q, k, v, allowed), atol=1e-12)
