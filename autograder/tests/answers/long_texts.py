"""Unit 10: right answers in other styles, and wrong ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.tests.answers import Right, Wrong, long_texts_blocks
from autograder.tests.support import solved


def softmax(scores: Any) -> Any:
    exps = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exps / exps.sum(axis=-1, keepdims=True)


def share_heads(groups: Any, num_heads: int) -> Any:
    """By the number of the group that each head reads."""
    num_groups = groups.shape[-3]
    return groups[..., [h * num_groups // num_heads for h in range(num_heads)], :, :]


def _by_broadcast(groups: Any, num_heads: int) -> Any:
    *leading, num_groups, t, d = groups.shape
    copies = np.broadcast_to(groups[..., None, :, :], (*leading, num_groups, num_heads // num_groups, t, d))
    return copies.reshape(*leading, num_heads, t, d)


def _by_stack(groups: Any, num_heads: int) -> Any:
    each = num_heads // groups.shape[-3]
    return np.stack([groups[..., h // each, :, :] for h in range(num_heads)], axis=-3)


def _by_kron(groups: Any, num_heads: int) -> Any:
    """A matrix (H, G) that says which group a head reads."""
    num_groups = groups.shape[-3]
    reads = np.kron(np.eye(num_groups), np.ones((num_heads // num_groups, 1)))
    return np.einsum("hg,...gtd->...htd", reads, groups)


def _layer(
    share: Callable[[Any, int], Any] = share_heads,
    split: Callable[[Any, int], Any] = lambda x, h: x.reshape(*x.shape[:-1], h, -1).swapaxes(-3, -2),
    root: Callable[[Any, Any], Any] = lambda q, x: np.sqrt(q.shape[-1]),
    masked: Callable[[Any], Any] = lambda s: np.where(np.tri(s.shape[-1], dtype=bool), s, -np.inf),
    merge: Callable[[Any], Any] = lambda heads: heads.swapaxes(-3, -2).reshape(*heads.shape[:-3], heads.shape[-2], -1),
    project: Callable[[Any, Any], Any] = lambda joined, w_o: joined @ w_o,
    to_weights: Callable[[Any], Any] = softmax,
) -> dict[str, Any]:
    def grouped_layer(x: Any, w_q: Any, w_k: Any, w_v: Any, w_o: Any, num_heads: int, num_groups: int) -> Any:
        q = split(x @ w_q, num_heads)
        k, v = (share(split(x @ w, num_groups), num_heads) for w in (w_k, w_v))
        return project(merge(to_weights(masked(q @ k.mT / root(q, x))) @ v), w_o)

    return {"grouped_layer": grouped_layer}


def _columns_copied(x: Any, w_q: Any, w_k: Any, w_v: Any, w_o: Any, num_heads: int, num_groups: int) -> Any:
    """The columns of w_k and w_v copied for every head, and multi-head attention in a loop."""
    each, d_k, d_v = num_heads // num_groups, w_k.shape[1] // num_groups, w_v.shape[1] // num_groups
    output = 0
    for h in range(num_heads):
        g = h // each
        q, k = x @ w_q[:, h * d_k : (h + 1) * d_k], x @ w_k[:, g * d_k : (g + 1) * d_k]
        scores = q @ k.swapaxes(-1, -2) * d_k**-0.5 + np.triu(np.full((x.shape[-2],) * 2, -1e9), 1)
        output = output + softmax(scores) @ (x @ w_v[:, g * d_v : (g + 1) * d_v]) @ w_o[h * d_v : (h + 1) * d_v]
    return output


def _axis_for_groups(x: Any, w_q: Any, w_k: Any, w_v: Any, w_o: Any, num_heads: int, num_groups: int) -> Any:
    """Queries (..., G, H/G, T, d_k), so that broadcasting shares the keys and values without a copy."""
    *leading, t, _ = x.shape
    each = num_heads // num_groups
    q = np.moveaxis((x @ w_q).reshape(*leading, t, num_groups, each, -1), -4, -2)
    k, v = (np.moveaxis((x @ w).reshape(*leading, t, num_groups, 1, -1), -4, -2) for w in (w_k, w_v))
    scores = np.einsum("...id,...jd->...ij", q, k) / np.sqrt(q.shape[-1])
    heads = softmax(np.where(np.tri(t, dtype=bool), scores, -np.inf)) @ v
    return np.moveaxis(heads, -2, -4).reshape(*leading, t, -1) @ w_o


RIGHT = (
    Right("shared by index", {"share_heads": share_heads}),
    Right("shared by broadcasting", {"share_heads": _by_broadcast}),
    Right("shared one by one", {"share_heads": _by_stack}),
    Right("shared by a matrix", {"share_heads": _by_kron}),
    Right("layer with columns in a loop", {"grouped_layer": _columns_copied}),
    Right("layer with an axis for the groups", {"grouped_layer": _axis_for_groups}),
    Right("layer by its pieces", _layer()),
    Right("cache bytes by tokens", {
        "cache_bytes": lambda layers, heads, groups, d, tokens, each: sum([(d + d) * each] * groups * layers) * tokens
    }),
    *long_texts_blocks.RIGHT,
)  # fmt: skip


# Wrong ones


def _shared(share: Callable[[Any, int], Any]) -> dict[str, Any]:
    return {"share_heads": share}


def _each(groups: Any, num_heads: int) -> int:
    return num_heads // groups.shape[-3]


def _in_place(groups: Any, num_heads: int) -> Any:
    shared = np.repeat(groups, _each(groups, num_heads), axis=-3)
    groups[:] = 0
    return shared


def _in_one_group(groups: Any, num_heads: int) -> Any:
    return groups[..., :1, :, :].repeat(num_heads, axis=-3)


SHARE_WRONG = (
    ("tile", _shared(
        lambda g, h: np.tile(g, (_each(g, h), 1, 1))
    ), 0.3, "groups_tiled"),
    ("in reverse", _shared(lambda g, h: share_heads(g, h)[..., ::-1, :, :]), 0, "groups_in_reverse"),
    ("the first group", _shared(_in_one_group), 0, "first_group_for_all"),
    ("the mean", _shared(lambda g, h: np.stack([g.mean(axis=-3)] * h, axis=-3)), 0, "groups_averaged"),
    ("no axis", _shared(
        lambda g, h: np.repeat(g, _each(g, h)).reshape(*g.shape[:-3], h, *g.shape[-2:])
    ), 0, "numbers_repeated"),
    ("the tokens", _shared(lambda g, h: np.repeat(g, _each(g, h), axis=-2)), 0, "tokens_repeated"),
    ("the columns", _shared(lambda g, h: np.repeat(g, _each(g, h), axis=-1)), 0, "columns_repeated"),
    ("axis 0", _shared(lambda g, h: np.repeat(g, _each(g, h), axis=0)), 0.8, "groups_on_first_axis"),
    ("axis 0 throughout", _shared(lambda g, h: np.repeat(g, h // g.shape[0], axis=0)), 0.8, "groups_on_first_axis"),
    ("a copy for each head", _shared(lambda g, h: np.repeat(g, h, axis=-3)), 0, "copy_for_each_head"),
    ("a copy for each group", _shared(lambda g, h: np.repeat(g, g.shape[-3], axis=-3)), 0, "copy_for_each_group"),
    ("as they are", _shared(lambda g, h: g), 0, "groups_not_shared"),
    ("emptied", _shared(_in_place), 0.9, "input_changed"),
)  # fmt: skip

LAYER_WRONG = (
    ("tile", _layer(share=lambda g, h: g[..., np.arange(h) % g.shape[-3], :, :]), 0.55, "groups_tiled"),
    ("the first group", _layer(share=_in_one_group), 0.25, "first_group_for_all"),
    ("the mean", _layer(share=lambda g, h: np.stack([g.mean(axis=-3)] * h, axis=-3)), 0.25, "groups_averaged"),
    ("in reverse", _layer(share=lambda g, h: share_heads(g, h)[..., ::-1, :, :]), 0.25, "groups_in_reverse"),
    ("no scale", _layer(root=lambda q, x: 1), 0, "no_scale"),
    ("the root of d_model", _layer(root=lambda q, x: np.sqrt(x.shape[-1])), 0, "sqrt_d_model"),
    ("no mask", _layer(masked=lambda s: s), 0, "mask_forgotten"),
    ("masked after softmax", _layer(
        masked=lambda s: s, to_weights=lambda s: softmax(s) * np.tri(s.shape[-1])
    ), 0, "mask_after_softmax"),
    ("merged by reshape", _layer(merge=lambda h: h.reshape(*h.shape[:-3], h.shape[-2], -1)), 0, "concat_by_reshape"),
    ("no W_o", _layer(project=lambda joined, w_o: joined), 0, "no_output_projection"),
)  # fmt: skip


def _bytes(size: Callable[..., Any]) -> dict[str, Any]:
    return {"cache_bytes": size}


CACHE_WRONG = (
    ("once, not twice", _bytes(lambda n, h, g, d, t, b: n * g * d * t * b), 0, "keys_or_values_only"),
    ("numbers", _bytes(lambda n, h, g, d, t, b: 2 * n * g * d * t), 0, "bytes_not_counted"),
    ("heads", _bytes(lambda n, h, g, d, t, b: 2 * n * h * d * t * b), 0.5, "heads_for_groups"),
    ("one layer", _bytes(lambda n, h, g, d, t, b: 2 * g * d * t * b), 0, "one_layer_only"),
    ("a token", _bytes(lambda n, h, g, d, t, b: 2 * n * g * d * b), 0, "one_token_only"),
    ("one group", _bytes(lambda n, h, g, d, t, b: 2 * n * d * t * b), 0, "one_group_only"),
    ("no width", _bytes(lambda n, h, g, d, t, b: 2 * n * g * t * b), 0, "width_not_counted"),
    ("heads of a group", _bytes(lambda n, h, g, d, t, b: 2 * n * (h // g) * d * t * b), 0, "heads_of_a_group_counted"),
    (
        "heads times groups",
        _bytes(lambda n, h, g, d, t, b: 2 * n * h * g * d * t * b),
        0,
        "heads_and_groups_multiplied",
    ),
    ("queries as well", _bytes(lambda n, h, g, d, t, b: 3 * n * g * d * t * b), 0, "queries_counted"),
    ("pairs of tokens", _bytes(lambda n, h, g, d, t, b: 2 * n * g * d * t * t * b), 0, "tokens_squared"),
    ("bits", _bytes(lambda n, h, g, d, t, b: 2 * n * g * d * t * b * 8), 0, "bits_for_bytes"),
)


def _doubled(**changed: Any) -> dict[str, Any]:
    return {
        "doubled": {**solved("long_texts")["doubled"], **{name.replace("_", " "): n for name, n in changed.items()}}
    }


DOUBLED_WRONG = (
    ("twice the scores", _doubled(scores_of_the_whole_text=2), 0.5),
    ("eight times", _doubled(scores_of_the_whole_text=8), 0.5),
    ("four times the cache", _doubled(numbers_in_the_cache=4), 0.5),
    ("one token, four times", _doubled(scores_of_one_more_token=4), 0.5),
    ("one token, the same", _doubled(scores_of_one_more_token=1), 0.5),
    ("twice the parameters", _doubled(parameters_of_the_layer=2), 0.5),
    ("one open", _doubled(parameters_of_the_layer=...), 0.5),
    ("two wrong", _doubled(numbers_in_the_cache=4, scores_of_one_more_token=4), 0),
    ("everything twice", {"doubled": dict.fromkeys(solved("long_texts")["doubled"], 2)}, 0),
)


def _wrong(question: str, *answers: tuple[str, dict[str, Any], float, str]) -> tuple[Wrong, ...]:
    return tuple(
        Wrong(f"long_texts.{question}", label, names, share, (mistake,)) for label, names, share, mistake in answers
    )


WRONG = (
    *(Wrong("long_texts.doubled", label, names, share, ()) for label, names, share in DOUBLED_WRONG),
    *_wrong("share", *SHARE_WRONG),
    *_wrong("grouped", *LAYER_WRONG),
    *_wrong("cache_bytes", *CACHE_WRONG),
    *long_texts_blocks.WRONG,
)
