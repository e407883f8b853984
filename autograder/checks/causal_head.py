"""Unit 6: the causal head, one token of it, and decoding with a cache of keys and values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import reference_impl as ref

from ..marking import Case, Facet, FunctionQuestion, HandQuestion, OrderQuestion, Question
from ..marking.compare import as_array
from ..mistakes import CAUSAL_STYLES, HEAD, by_hand, carrying, from_stages, stages
from ..mistakes.conduct import CONDUCT
from ..mistakes.decoding import CACHE
from ..mistakes.head import causal_heads, causal_masks, last_tokens
from ..mistakes.kinds import NUMBERS_FOR_BOOLEANS
from ..mistakes.scale import SQRT_3
from ..mistakes.stages import Array, Cache
from . import by_hand as draws
from . import insides
from .inputs import Rng, equal_scores, forbidden_on_top, head_weights, integers, self_attention, square
from .sections import CAUSAL_STAGES, HEAD_STAGES
from .steps import CAUSAL_HEAD, facets, slips, symptoms

Head = tuple[Array, Array, Array, Array]


def causal_head(x: Array, w_q: Array, w_k: Array, w_v: Array) -> Array:
    """The right causal head: x (..., T, d_model) to (..., T, d_v)."""
    return ref.attention_head(x, w_q, w_k, w_v, mask=ref.causal_mask(np.shape(x)[-2]))


def _one_token(x: Array, w_q: Array, w_k: Array, w_v: Array) -> Array:
    return causal_head(x, w_q, w_k, w_v)[..., -1:, :]  # (..., 1, d_v)


def _decode_step(token: Array, cache: Cache, w_q: Array, w_k: Array, w_v: Array) -> tuple[Array, Cache]:
    output, grown = ref.decode_step(token, w_q, w_k, w_v, cache=ref.KVCache(cache["k"], cache["v"]))
    return output, {"k": grown.k, "v": grown.v}  # (..., 1, d_v), (..., t+1, d_k), (..., t+1, d_v)


def _is_boolean(got: Any, want: Any) -> str | None:
    dtype = np.asarray(got).dtype
    if dtype == np.bool_:
        return None
    return f"the right places, but the dtype is {dtype}; asked for are True and False, dtype bool."


MASK = FunctionQuestion(
    id="causal_head.mask",
    title="The causal mask",
    points=1.5,
    read="causal_head#the-mask",
    name="causal_mask",
    reference=ref.causal_mask,
    argnames=("t",),
    facets=(
        Facet("who may attend to whom", 0.7, lambda rng: [Case((5,)), Case((3,)), Case((1,))]),
        Facet(
            "True and False, dtype bool", 0.3, lambda rng: [Case((4,)), Case((6,))], _is_boolean, NUMBERS_FOR_BOOLEANS
        ),
    ),
    wrongs=causal_masks,
)

ORDER = OrderQuestion(
    id="causal_head.order",
    title="Where the mask goes among the steps",
    points=1.5,
    read="causal_head#where-the-mask-goes",
    name="causal_steps",
    given=("mix", "mask", "project_q", "softmax", "scores", "project_v", "scale", "project_k"),
    computation=CAUSAL_HEAD,
    required=frozenset(CAUSAL_HEAD.names),
    result="output",
    reference=causal_head,
    facets=facets(CAUSAL_HEAD),
    slips=slips(CAUSAL_HEAD),
    symptoms=symptoms,
)


def _first_row(function: Callable[..., Any]) -> Callable[..., Any]:
    """Row 0 of the result: in a causal head it is right whenever only the scores are wrong."""

    def row_0(*args: Any) -> Any:
        result = function(*args)
        array = as_array(result)
        return array[..., :1, :] if array is not None and array.ndim >= 2 else result

    return row_0


HEAD_QUESTION = FunctionQuestion(
    id="causal_head.head",
    title="The causal head",
    points=2.5,
    read="causal_head#the-causal-head",
    name="causal_head",
    reference=causal_head,
    argnames=("x", "w_q", "w_k", "w_v"),
    facets=(
        Facet(
            "the first token attends to itself only",
            0.15,
            lambda rng: [
                Case(self_attention(rng, 5), label="row 0 of five tokens", through=_first_row),
                Case(self_attention(rng, 1)),
            ],
        ),
        Facet(
            "with equal scores, each token gets the average of the values up to it",
            0.25,
            lambda rng: [
                Case(equal_scores(*self_attention(rng, 5)), label="five tokens and w_q = 0"),
                Case(equal_scores(*self_attention(rng, 3)), label="three tokens and w_q = 0"),
            ],
        ),
        Facet(
            "one sequence",
            0.25,
            lambda rng: [
                Case(self_attention(rng, 5)),
                Case(self_attention(rng, 7, d_model=5, d_k=3, d_v=2)),
                Case(square(rng, 6)),
                Case(forbidden_on_top(rng, 6, 20)),
            ],
        ),
        Facet(
            "leading axes pass through",
            0.15,
            lambda rng: [
                Case(self_attention(rng, 2, 5)),
                Case(self_attention(rng, 1, 6)),
                Case(self_attention(rng, 2, 3, 4)),
            ],
        ),
        # Large scores hide a wrong scale; the ordinary case beside them does not.
        Facet(
            "large scores, with a forbidden key far above the allowed ones",
            0.1,
            lambda rng: [
                Case(forbidden_on_top(rng, 6, 1400), label="scores from -1400 to 1400"),
                Case(self_attention(rng, 6)),
            ],
        ),
        Facet(
            "whole numbers work, and the inputs stay as they were",
            0.1,
            lambda rng: [
                Case((integers(rng, 2, 5, 12), *head_weights(rng, 12, 4, 6))),
                Case(self_attention(rng, 2, 4, d_model=7), twice=CONDUCT),
            ],
        ),
    ),
    wrongs=causal_heads,
    inside=insides.causal(causal_heads),
    builds_on=lambda: (MASK,),
    carrying=carrying(stages.causal_head, CAUSAL_STYLES),
    sections=CAUSAL_STAGES,
)

ONE = FunctionQuestion(
    id="causal_head.one_token",
    title="The output for one token",
    points=1.5,
    read="causal_head#one-token",
    name="one_token",
    reference=_one_token,
    argnames=("x", "w_q", "w_k", "w_v"),
    facets=(
        Facet("a single token", 0.15, lambda rng: [Case(self_attention(rng, 1))]),
        Facet(
            "with equal scores, the average of the values up to it",
            0.25,
            lambda rng: [Case(equal_scores(*self_attention(rng, 5)), label="five tokens and w_q = 0")],
        ),
        Facet(
            "the last of several tokens",
            0.4,
            lambda rng: [
                Case(self_attention(rng, 5)),
                Case(self_attention(rng, 7, d_model=5, d_k=3, d_v=2)),
                Case(square(rng, 4)),
            ],
        ),
        Facet(
            "leading axes pass through, and the inputs stay as they were",
            0.2,
            lambda rng: [Case(self_attention(rng, 2, 5), twice=CONDUCT), Case(self_attention(rng, 1, 3, 4))],
        ),
    ),
    wrongs=last_tokens,
    inside=insides.inside(stages.one_token, last_tokens, insides.HEAD, insides.head),
    builds_on=lambda: (HEAD_QUESTION,),
    carrying=carrying(stages.one_token),
    sections=HEAD_STAGES,
)


def _pair(result: Any) -> tuple[Any, Any]:
    """Output and cache, where both came back; where not, whatever came, in the place of either."""
    if isinstance(result, tuple | list) and len(result) == 2:
        return result[0], result[1]
    return result, result


def _output_alone(got: Any, want: Any) -> Sequence[str]:
    """Said where an array came back in the place of a cache."""
    if not isinstance(want, dict):
        return ()
    return (
        "`decode_step` returned one array. It should return two things: the output, and the cache with the new token.",
    )


def _output_of(step: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *args: _pair(step(*args))[0]


def _cache_of(step: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *args: _pair(step(*args))[1]


def _step_by_step(step: Callable[..., Any]) -> Callable[..., Any]:
    """All tokens, one step each, every step with the cache that the one before it returned.

    Two texts take turns, the tokens and the same tokens backwards: a function that remembers by itself mixes them up.
    """

    def decode(x: Array, w_q: Array, w_k: Array, w_v: Array) -> Array:
        texts = (x, x[..., ::-1, :])
        caches: list[Any] = [_cached(x[..., :0, :], w_k, w_v) for _ in texts]
        rows: list[list[Any]] = [[], []]
        for t in range(x.shape[-2]):
            for i, text in enumerate(texts):
                row, caches[i] = _pair(step(text[..., t : t + 1, :], caches[i], w_q, w_k, w_v))
                rows[i].append(row)
        return np.stack([np.concatenate(of_text, axis=-2) for of_text in rows])  # (2, ..., T, d_v)

    return decode


def _cached(x: Array, w_k: Array, w_v: Array) -> Cache:
    return {"k": x @ w_k, "v": x @ w_v}  # (..., t, d_k), (..., t, d_v)


def _step(head: Head) -> tuple[Array, Cache, Array, Array, Array]:
    """The last token of a head's x, and the cache of those before it."""
    x, w_q, w_k, w_v = head
    return x[..., -1:, :], _cached(x[..., :-1, :], w_k, w_v), w_q, w_k, w_v


def _steps(rng: Rng, through: Callable[..., Any]) -> Sequence[Case]:
    """Stages after four, three and one tokens; in the second all widths are the same."""
    heads = (self_attention(rng, 5), square(rng, 4), self_attention(rng, 2, d_model=5, d_k=3, d_v=2))
    return [Case(_step(head), through=through) for head in heads]


_WRONG_STEPS = from_stages(stages.decode_step, (*CACHE, *HEAD, SQRT_3))

DECODE = FunctionQuestion(
    id="causal_head.decode",
    title="One step of decoding, with a cache",
    points=3,
    read="causal_head#decoding-with-a-cache",
    name="decode_step",
    reference=_decode_step,
    argnames=("token", "cache", "w_q", "w_k", "w_v"),
    facets=(
        Facet(
            "the output for the new token",
            0.35,
            lambda rng: [
                *_steps(rng, _output_of),
                Case(_step(self_attention(rng, 1)), label="the first token, with an empty cache", through=_output_of),
            ],
        ),
        Facet("the cache that comes back", 0.25, lambda rng: _steps(rng, _cache_of)),
        Facet(
            "leading axes pass through",
            0.15,
            lambda rng: [Case(_step(self_attention(rng, 2, 5))), Case(_step(self_attention(rng, 1, 2)))],
        ),
        Facet(
            "the cache that was given stays as it was",
            0.1,
            lambda rng: [Case(_step(self_attention(rng, 3)), twice=CONDUCT)],
        ),
        Facet(
            "step after step, it equals the causal head",
            0.15,
            lambda rng: [
                Case(
                    self_attention(rng, 6),
                    label="two texts of six tokens, one step each in turn",
                    through=_step_by_step,
                ),
                Case(self_attention(rng, 2, 3), label="two texts with leading axes, in turn", through=_step_by_step),
            ],
        ),
    ),
    wrongs=_WRONG_STEPS,
    inside=insides.inside(stages.decode_step, _WRONG_STEPS, ("token", "cache", "w_q", "w_k", "w_v"), insides.step),
    builds_on=lambda: (HEAD_QUESTION, ONE),
    carrying=carrying(stages.decode_step),
    symptoms=_output_alone,
    sections=HEAD_STAGES,
)


BY_HAND = HandQuestion(
    id="causal_head.by_hand",
    title="One entry of a causal output by hand",
    points=0.5,
    read="causal_head#where-the-mask-goes",
    name="my_entry",
    draw=draws.causal_scores,
    answer=by_hand.causal_output,
    slips=by_hand.CAUSAL_OUTPUT,
)

QUESTIONS: tuple[Question, ...] = (BY_HAND, MASK, ORDER, HEAD_QUESTION, ONE, DECODE)
