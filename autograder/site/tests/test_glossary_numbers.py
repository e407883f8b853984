"""Every number that the glossary states is what the reference or plain arithmetic gives."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from autograder.site.glossary import Glossary, load_glossary
from reference_impl import softmax


def row(scores: list[float], digits: int = 2) -> str:
    """The softmax of a row as the glossary writes it: (0.88, 0.12)."""
    return "(" + ", ".join(f"{weight:.{digits}f}" for weight in softmax(np.array(scores))) + ")"


def times(number: int) -> str:
    return f"{number:,}"


STATED = [
    ("dot-product", f"1 \\cdot 3 + 2 \\cdot (-1) = {1 * 3 + 2 * -1}"),
    ("score", f"1 \\cdot 3 + 2 \\cdot (-1) = {np.array([1, 2]) @ np.array([3, -1])}"),
    ("minus-infinity", "A row of scores (2, $-\\infty$) becomes the weights (1, 0)"),
    ("logits", f"may be (2, 0, -1), and softmax makes the probabilities {row([2, 0, -1])}"),
    ("feed-forward", f"from 768 numbers to {times(4 * 768)} and back"),
    ("tolerance", f"differ by about {0.1 + 0.2 - 0.3:.17f} in float64"),
    ("scale", f"which is {math.isqrt(64)} for d_k = 64"),
    ("softmax", f"The row (2, 0) becomes {row([2, 0])}"),
    ("order-of-steps", f"the right order gives {row([1, 0])}"),
    ("order-of-steps", "the wrong one (" + ", ".join(f"{w / 2:.2f}" for w in softmax(np.array([2.0, 0.0]))) + ")"),
    ("saturation", f"becomes {row([8, 4, 0, -4], 3)}"),
    ("saturation", f"which is {(w := softmax(np.array([8.0, 4.0, 0.0, -4.0]))[0]) * (1 - w):.3f} for the first"),
    ("saturation", f"but {0.5 * (1 - 0.5)} for a weight of one half"),
    ("stable-softmax", f"the largest number is {int(np.finfo(np.float16).max):,}, so that already $e^{{12}}$"),
    ("head-width", f"With d_model = 768 and 12 heads it is {768 // 12}"),
    ("head-width", f"1000 / 16 = {1000 / 16}"),
    ("number-of-heads", f"12 heads in a model of width 768, each head is {768 // 12} wide"),
    ("parameter-count", f"4 · 768² = {times(4 * 768**2)}"),
    ("fused-projection", f"(768, {3 * 768}), where {3 * 768} = 3 · 768"),
    ("concatenation", f"8 · 64 = {8 * 64}"),
    ("block-of-w_o", f"head 2 owns rows {2 * 64} to {3 * 64 - 1}"),
    ("multi-head-attention", f"heads of width {768 // 12}"),
    ("key-value-cache", f"1 + 2 + … + 100 = {times(sum(range(1, 101)))}"),
    ("temperature", f"a temperature of 1 gives {row([2, 0])}, 0.5 gives {row([4, 0])} and 2 gives {row([1, 0])}"),
    ("top-k-sampling", f"become ({0.7 / 0.9:.2f}, {0.2 / 0.9:.2f}, 0)"),
    ("embedding", f"the matrix has {times(50_257 * 768)} entries"),
    ("logits", f"is e, about {math.e:.2f}, times as probable"),
    ("loss", f"a probability of 0.5, the surprise is {-math.log(0.5):.2f}"),
    ("loss", f"costs {math.log(50_257):.2f}"),
    ("perplexity", f"A loss of {math.log(2):.2f} is a perplexity of 2"),
    ("perplexity", f"a loss of 3 is a perplexity of about {math.exp(3):.0f}"),
    ("transformer", f"12 blocks with 12 heads each, so {12 * 12} heads"),
    ("pattern-score", f"(1/2 + 1/3 + 1/4) / 3 = {(1 / 2 + 1 / 3 + 1 / 4) / 3:.2f}"),
    ("row-sum", f"(0.2, 0.5, 0.3) sums to {0.2 + 0.5 + 0.3:.0f}"),
    ("log-ratio", f"For weights 0.73 and 0.27 it is about {math.log(0.73 / 0.27):.0f}"),
    ("quadratic-cost", f"12 · 2000² · 4 = {times(12 * 2000**2 * 4)} bytes"),
    ("cache-size", f"one token takes {times(32 * 32 * (128 + 128) * 2)} bytes"),
    ("cache-size", f"4,096 tokens take {4096 * 32 * 32 * 256 * 2 / 2**30:.0f} GiB"),
    ("grouped-query-attention", f"With 32 heads and 8 groups, {32 // 8} heads share each set"),
]


@pytest.fixture(scope="module")
def glossary() -> Glossary:
    return load_glossary()


@pytest.mark.parametrize(("id", "words"), STATED)
def test_a_stated_number_is_the_computed_one(glossary: Glossary, id: str, words: str) -> None:
    term = glossary.term(id)
    text = " ".join([term.explanation, term.matters, *term.industries.values()])
    assert re.sub(r"\s+", " ", words) in re.sub(r"\s+", " ", text)


def test_float16_overflows_where_the_glossary_says() -> None:
    assert math.exp(11) < float(np.finfo(np.float16).max) < math.exp(12)


def test_a_reshape_alone_puts_the_first_tokens_into_head_0() -> None:
    tokens, heads, width = 4, 2, 3  # as in the glossary
    x = np.arange(tokens * heads * width).reshape(tokens, heads * width)
    alone = x.reshape(heads, tokens, width)
    assert set(alone[0].ravel()) == set(x[: tokens // heads].ravel())


def test_minus_infinity_gives_the_weights_that_the_glossary_states() -> None:
    assert softmax(np.array([2.0, -np.inf])).tolist() == [1.0, 0.0]


def test_layer_norm_of_the_glossarys_token() -> None:
    token = np.array([1.0, 3.0])
    assert (token.mean(), token.std()) == (2.0, 1.0)
    assert ((token - token.mean()) / token.std()).tolist() == [-1.0, 1.0]


def test_rotary_scores_depend_on_the_distance_alone() -> None:
    def turn(angle: float) -> np.ndarray:
        return np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])

    q, k = np.array([0.3, -1.2]), np.array([0.7, 0.4])
    near = q @ turn(5 * 0.1) @ (k @ turn(2 * 0.1))
    far = q @ turn(905 * 0.1) @ (k @ turn(902 * 0.1))
    assert near == pytest.approx(far)
    assert near == pytest.approx(q @ turn(3 * 0.1) @ k)


def test_blockwise_softmax_corrects_sum_and_output_as_the_glossary_says() -> None:
    scores, values = np.array([1.0, 5.0, 3.0, 9.0]), np.arange(8.0).reshape(4, 2)
    largest, total, output = -np.inf, 0.0, np.zeros(2)
    for start in (0, 2):
        block, block_values = scores[start : start + 2], values[start : start + 2]
        larger = max(largest, block.max())
        shrink = math.exp(largest - larger)
        total = shrink * total + np.exp(block - larger).sum()
        output = shrink * output + np.exp(block - larger) @ block_values
        largest = larger
    assert output / total == pytest.approx(softmax(scores) @ values)
