"""Unit 9: a trained model's heads, taken apart, measured and switched off. Its last questions are in next_token.py."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

import reference_impl as ref

from ..marking import Case, Entry, Facet, FunctionQuestion, Mistake, Question, ValueQuestion
from ..marking.values import same_value
from ..mistakes import CAUSAL_STYLES, carrying, guesses, stages
from ..mistakes.conduct import CONDUCT
from ..mistakes.fused import fused_layers, unfused, weights_of_heads
from ..mistakes.patterns import INDUCTION, PREVIOUS_TOKEN
from ..mistakes.stages import Array
from ..mistakes.switched import SWITCHED, without_head
from ..trained_model import load_model, repeated_tokens
from . import insides
from .inputs import Rng, integers, normal
from .next_token import CHOICE, GENERATE_QUESTION

Heads = tuple[int, int]


def _unfuse(c_attn: Array, num_heads: int) -> tuple[Array, ...]:
    w_q, w_k, w_v = ref.split_fused(c_attn)
    return tuple(ref.split_heads(w, num_heads) for w in (w_q, w_k, w_v))  # 3 times (H, d_model, d)


def _weights(x: Array, c_attn: Array, num_heads: int) -> Array:
    w_o = np.eye(c_attn.shape[1] // 3)
    _, weights = ref.fused_causal_attention(x, c_attn, w_o, num_heads, return_weights=True)
    return np.asarray(weights)  # (..., H, T, T)


def _layer(x: Array, c_attn: Array, w_o: Array, num_heads: int) -> Array:
    return np.asarray(ref.fused_causal_attention(x, c_attn, w_o, num_heads))  # (..., T, d_out)


def _fused(rng: Rng, num_heads: int, d: int) -> tuple[Array, int]:
    """A fused matrix whose projections of N(0, 1) tokens are about N(0, 1), and H."""
    d_model = num_heads * d
    return normal(rng, d_model, 3 * d_model, size=d_model**-0.5), num_heads


def _as_list(result: Any) -> Any:
    """Three matrices as a list, whether they came as a tuple, a list or an array."""
    return list(result) if isinstance(result, np.ndarray) and result.ndim else result


def _taken_apart(part: slice) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Some of the three matrices that `unfuse` returns."""

    def through(function: Callable[..., Any]) -> Callable[..., Any]:
        def parts(*args: Any) -> Any:
            result = _as_list(function(*args))
            return result[part] if isinstance(result, list | tuple) and len(result) == 3 else result

        return parts

    return through


UNFUSE = FunctionQuestion(
    id="trained_heads.unfuse",
    title="The fused matrix, taken apart",
    points=1.5,
    read="trained_heads#the-fused-matrix",
    name="unfuse",
    reference=_unfuse,
    argnames=("c_attn", "num_heads"),
    facets=(
        Facet(
            "with one head, three matrices",
            0.3,
            lambda rng: [Case(_fused(rng, 1, d), through=_taken_apart(slice(None))) for d in (4, 5)],
        ),
        Facet(
            "a matrix for each head",
            0.5,
            lambda rng: [
                Case(_fused(rng, h, d), through=_taken_apart(slice(None))) for h, d in ((2, 5), (3, 4), (4, 3), (3, 3))
            ],
        ),
        Facet(
            "integers work, and the matrix stays as it was",
            0.2,
            lambda rng: [
                Case((integers(rng, 6, 18), 2), through=_taken_apart(slice(None))),
                Case(_fused(rng, 2, 3), twice=CONDUCT, through=_taken_apart(slice(None))),
            ],
        ),
    ),
    wrongs=unfused,
)


def _tokens(rng: Rng, num_heads: int, d: int, *leading: int, size: float = 1.0) -> tuple[Array, Array, int]:
    """Tokens (*leading, d_model), a fused matrix and H."""
    c_attn, num_heads = _fused(rng, num_heads, d)
    return normal(rng, *leading, num_heads * d, size=size), c_attn, num_heads


def _with_w_o(case: tuple[Array, Array, int], rng: Rng, d_out: int | None = None) -> tuple[Array, Array, Array, int]:
    x, c_attn, num_heads = case
    width = len(c_attn)
    return x, c_attn, normal(rng, width, d_out or width, size=width**-0.5), num_heads


_model = cache(load_model)  # which nobody changes: learners' functions get copies of its arrays


def _trained(layer: int) -> tuple[Array, Array, int]:
    """What a layer of the trained model reads on a sentence, its fused matrix and H."""
    model = _model()
    transformer, tokens = model.transformer, model.vocabulary.encode(SENTENCE)
    x = transformer.embed(tokens)
    for before in transformer.layers[:layer]:
        x = x + _layer(ref.rms_norm(x), before.c_attn, before.w_o, transformer.num_heads)
    return ref.rms_norm(x), transformer.layers[layer].c_attn, transformer.num_heads


SENTENCE = "she read the letter, and then she read it again."

WEIGHTS = FunctionQuestion(
    id="trained_heads.weights",
    title="The weights of all heads",
    points=1.5,
    read="trained_heads#the-layer",
    name="attention_weights",
    reference=_weights,
    argnames=("x", "c_attn", "num_heads"),
    facets=(
        Facet(
            "one sequence",
            0.5,
            lambda rng: [Case(_tokens(rng, 2, 5, 7)), Case(_tokens(rng, 3, 4, 5)), Case(_tokens(rng, 1, 6, 4))],
        ),
        Facet(
            "leading axes pass through",
            0.2,
            lambda rng: [Case(_tokens(rng, 3, 4, 2, 5)), Case(_tokens(rng, 2, 3, 1, 3, 4))],
        ),
        Facet(
            "large scores",
            0.1,
            lambda rng: [
                Case(_tokens(rng, 2, 4, 6, size=60.0), label="tokens 60 times as large"),
                Case(_tokens(rng, 2, 4, 6)),
            ],
        ),
        Facet(
            "the trained model's layers, and the inputs stay as they were",
            0.2,
            lambda rng: [
                *(Case(_trained(layer), label=f"layer {layer} of the model on a sentence") for layer in (0, 1)),
                Case(_tokens(rng, 2, 3, 5), twice=CONDUCT),
            ],
        ),
    ),
    wrongs=weights_of_heads,
    inside=insides.inside(
        stages.attention_weights, weights_of_heads, ("x", "c_attn", "num_heads"), insides.fused, CAUSAL_STYLES[:1]
    ),
    builds_on=lambda: (UNFUSE,),
    carrying=carrying(stages.attention_weights, CAUSAL_STYLES),
)

LAYER = FunctionQuestion(
    id="trained_heads.layer",
    title="The layer",
    points=1.5,
    read="trained_heads#the-layer",
    name="fused_layer",
    reference=_layer,
    argnames=("x", "c_attn", "w_o", "num_heads"),
    facets=(
        Facet(
            "one sequence",
            0.5,
            lambda rng: [
                Case(_with_w_o(_tokens(rng, 2, 5, 7), rng)),
                Case(_with_w_o(_tokens(rng, 3, 4, 5), rng, d_out=9)),
                Case(_with_w_o(_tokens(rng, 1, 6, 4), rng)),
            ],
        ),
        Facet(
            "leading axes pass through",
            0.25,
            lambda rng: [
                Case(_with_w_o(_tokens(rng, 3, 4, 2, 5), rng)),
                Case(_with_w_o(_tokens(rng, 2, 3, 1, 3, 4), rng)),
            ],
        ),
        Facet(
            "the trained model's layers, and the inputs stay as they were",
            0.25,
            lambda rng: [
                *(
                    Case((x, c_attn, _model().transformer.layers[layer].w_o, h), label=f"layer {layer} of the model")
                    for layer in (0, 1)
                    for x, c_attn, h in (_trained(layer),)
                ),
                Case(_with_w_o(_tokens(rng, 2, 3, 5), rng), twice=CONDUCT),
            ],
        ),
    ),
    wrongs=fused_layers,
    inside=insides.inside(
        stages.fused_layer,
        fused_layers,
        ("x", "c_attn", "w_o", "num_heads"),
        insides.fused_with_w_o,
        CAUSAL_STYLES[:1],
    ),
    builds_on=lambda: (UNFUSE, WEIGHTS),
    carrying=carrying(stages.fused_layer, CAUSAL_STYLES),
)


def _causal_weights(rng: Rng, num_heads: int, t: int) -> Array:
    """Weights (H, T, T) of heads of several kinds: some flat, some with nearly all weight on one key."""
    scores = normal(rng, num_heads, t, t) * np.linspace(1, 4, num_heads)[:, None, None]
    return ref.softmax(np.where(ref.causal_mask(t), scores, -np.inf))


def _looking_back(num_heads: int, t: int) -> Array:
    """Weights (H, T, T) of heads of which head h gives all its weight to the token h places back, or to the first."""
    weights = np.zeros((num_heads, t, t))
    queries = np.arange(t)
    for h in range(num_heads):
        weights[h, queries, np.maximum(queries - h, 0)] = 1
    return weights


PREVIOUS = FunctionQuestion(
    id="trained_heads.previous_token",
    title="The previous-token score",
    points=0.75,
    read="trained_heads#the-previous-token-head",
    name="previous_token_score",
    reference=ref.previous_token_score,
    argnames=("weights",),
    facets=(
        Facet(
            "heads of every kind", 0.6, lambda rng: [Case((_causal_weights(rng, h, t),)) for h, t in ((3, 7), (5, 4))]
        ),
        Facet(
            "heads that look 0, 1, 2, … tokens back",
            0.2,
            lambda rng: [
                Case((_looking_back(4, 9),), label="head h looks h tokens back"),
                Case((_causal_weights(rng, 4, 9),)),
            ],
        ),
        Facet(
            "two tokens, one head, and the weights stay as they were",
            0.2,
            lambda rng: [
                Case((_causal_weights(rng, 3, 2),)),
                Case((_causal_weights(rng, 1, 6),)),
                Case((_causal_weights(rng, 2, 5),), twice=CONDUCT),
            ],
        ),
    ),
    wrongs=lambda: PREVIOUS_TOKEN,
)

INDUCTION_QUESTION = FunctionQuestion(
    id="trained_heads.induction",
    title="The induction score",
    points=1.25,
    read="trained_heads#the-induction-head",
    name="induction_score",
    reference=ref.induction_score,
    argnames=("weights", "period"),
    facets=(
        Facet(
            "a text of two periods",
            0.4,
            lambda rng: [Case((_causal_weights(rng, h, 2 * p), p)) for h, p in ((3, 4), (2, 6))],
        ),
        Facet(
            "tokens in front of the two periods",
            0.4,
            lambda rng: [Case((_causal_weights(rng, h, 2 * p + more), p)) for h, p, more in ((3, 5, 1), (4, 4, 5))],
        ),
        Facet(
            "one head, and the weights stay as they were",
            0.2,
            lambda rng: [
                Case((_causal_weights(rng, 1, 9), 3)),
                Case((_causal_weights(rng, 2, 11), 5), twice=CONDUCT),
            ],
        ),
    ),
    wrongs=lambda: INDUCTION,
)


@cache
def _measured() -> tuple[Array, Array]:
    """The previous-token and the induction scores of the model's heads, each (layers, H), on the notebook's texts."""
    model = _model()
    weights = model.transformer.weights(repeated_tokens(len(model.vocabulary)))
    return (
        np.stack([ref.previous_token_score(w) for w in weights]),
        np.stack([ref.induction_score(w, 20) for w in weights]),
    )


def _largest(scores: Array) -> Heads:
    layer, head = np.unravel_index(int(scores.argmax()), scores.shape)
    return int(layer), int(head)


def _as_large(scores: Array) -> list[Heads]:
    """The heads whose score is the largest, or so near that two decimals may not tell."""
    return [(int(layer), int(head)) for layer, head in np.argwhere(scores >= scores.max() - 0.01)]


def _found(pattern: str, which: int, *more: tuple[Callable[[], Heads], Mistake]) -> Entry:
    def right() -> Heads:
        return _largest(_measured()[which])

    def same(got: Any, want: Any) -> bool:
        heads = _as_large(_measured()[which])
        return any(same_value(got, head) for head in heads) if want in heads else same_value(got, want)

    return Entry(
        pattern,
        0.5,
        ("found", pattern),
        right,
        (
            *more,
            (lambda: (right()[0] + 1, right()[1] + 1), guesses.HEADS_FROM_ONE),
            (lambda: _largest(_measured()[1 - which]), guesses.THE_OTHER_SCORE),
        ),
        same=same,
    )


FOUND = ValueQuestion(
    id="trained_heads.found",
    title="The heads with the largest scores",
    points=0.5,
    read="trained_heads#the-induction-head",
    entries=(
        _found("previous token", 0),
        _found(
            "induction",
            1,
            (lambda: (_largest(_measured()[1])[1], _largest(_measured()[1])[0]), guesses.HEAD_AND_LAYER_EXCHANGED),
        ),
    ),
    distinct=True,
)


def _w_o(rng: Rng, num_heads: int, d_v: int, d_out: int, h: int) -> tuple[Array, int, int]:
    return normal(rng, num_heads * d_v, d_out), h, num_heads


WITHOUT = FunctionQuestion(
    id="trained_heads.without_head",
    title="A head switched off",
    points=1,
    read="trained_heads#switching-a-head-off",
    name="without_head",
    reference=without_head,
    argnames=("w_o", "h", "num_heads"),
    facets=(
        Facet(
            "heads in the middle",
            0.5,
            lambda rng: [Case(_w_o(rng, 4, 5, 7, 1)), Case(_w_o(rng, 5, 3, 15, 3)), Case(_w_o(rng, 3, 4, 12, 1))],
        ),
        Facet(
            "the first head and the last", 0.3, lambda rng: [Case(_w_o(rng, 4, 3, 5, 0)), Case(_w_o(rng, 3, 5, 8, 2))]
        ),
        Facet(
            "the matrix that was given stays as it was",
            0.2,
            lambda rng: [Case(_w_o(rng, 3, 4, 6, 1), twice=CONDUCT), Case(_w_o(rng, 2, 6, 9, 1), twice=CONDUCT)],
        ),
    ),
    wrongs=lambda: SWITCHED,
)


QUESTIONS: tuple[Question, ...] = (
    UNFUSE,
    WEIGHTS,
    LAYER,
    PREVIOUS,
    INDUCTION_QUESTION,
    FOUND,
    WITHOUT,
    CHOICE,
    GENERATE_QUESTION,
)
