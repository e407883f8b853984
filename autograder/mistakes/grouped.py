"""Mistakes in sharing keys and values among heads: `share_heads(groups, num_heads)`, (..., G, T, d) to (..., H, T, d)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np

from ..marking import Mistake, Wrong
from . import concat, mask, output, scale, score, softmax
from .choose import singles, together
from .stages import Array, grouped_layer


def _each(groups: Array, num_heads: int) -> int:
    """How many heads a group has."""
    return num_heads // groups.shape[-3]


def _tiled(groups: Array, num_heads: int) -> Array:
    return groups[..., np.arange(num_heads) % groups.shape[-3], :, :]


def _in_reverse(groups: Array, num_heads: int) -> Array:
    return np.repeat(groups[..., ::-1, :, :], _each(groups, num_heads), axis=-3)


def _first_for_all(groups: Array, num_heads: int) -> Array:
    return np.repeat(groups[..., :1, :, :], num_heads, axis=-3)


def _averaged(groups: Array, num_heads: int) -> Array:
    return np.repeat(groups.mean(axis=-3, keepdims=True), num_heads, axis=-3)


def _numbers_repeated(groups: Array, num_heads: int) -> Array:
    *leading, _, t, d = groups.shape
    return np.repeat(groups, _each(groups, num_heads)).reshape(*leading, num_heads, t, d)


def _tokens_repeated(groups: Array, num_heads: int) -> Array:
    return np.repeat(groups, _each(groups, num_heads), axis=-2)


def _columns_repeated(groups: Array, num_heads: int) -> Array:
    return np.repeat(groups, _each(groups, num_heads), axis=-1)


def _first_axis(groups: Array, num_heads: int) -> Array:
    return np.repeat(groups, _each(groups, num_heads), axis=0)


def _first_axis_throughout(groups: Array, num_heads: int) -> Array:
    return np.repeat(groups, num_heads // len(groups), axis=0)


def _a_copy_for_each_head(groups: Array, num_heads: int) -> Array:
    return np.repeat(groups, num_heads, axis=-3)


def _a_copy_for_each_group(groups: Array, num_heads: int) -> Array:
    return np.repeat(groups, groups.shape[-3], axis=-3)


def _as_they_are(groups: Array, num_heads: int) -> Array:
    return groups


TILED = Mistake(
    "groups_tiled",
    "share",
    "The whole row of groups is copied again and again, so head h reads group h mod G, and "
    "neighbouring heads read different groups. Neighbouring heads should share a group. With one "
    "group, or with as many groups as heads, both orders are the same.",
    {"share": _tiled},
)
IN_REVERSE = Mistake(
    "groups_in_reverse",
    "share",
    "The groups are in reverse order. The first heads should read group 0.",
    {"share": _in_reverse},
)
FIRST_FOR_ALL = Mistake(
    "first_group_for_all",
    "share",
    "Every head reads group 0. That is right only if there is a single group.",
    {"share": _first_for_all},
)
AVERAGED = Mistake(
    "groups_averaged",
    "share",
    "Every head reads the average of the groups. A head should read the keys and values of one group, unchanged.",
    {"share": _averaged},
)
NUMBERS_REPEATED = Mistake(
    "numbers_repeated",
    "share",
    "Single numbers are repeated, not whole groups. Without an axis, the repetition flattens the array "
    "first. After a reshape the shape is right, but tokens and columns are mixed up.",
    {"share": _numbers_repeated},
)
ON_FIRST_AXIS = Mistake(
    "groups_on_first_axis",
    "share",
    "The first axis grows. For one sequence that is the axis of the groups, but with leading axes it "
    "is the batch. Counted from the end, the groups are always on the third axis.",
    {"share": _first_axis},
)
ON_AXIS_1 = Mistake(
    "groups_on_axis_1",
    "share",
    "The groups are taken to be on axis 1, counted from the front. That is right only if there is one "
    "axis in front of them. Counted from the end, the groups are always on the third axis.",
    {"share": lambda groups, num_heads: np.repeat(groups, num_heads // groups.shape[1], axis=1)},
)
# These run in a whole layer, too; those below have another shape, so that there they raise an error.
IN_A_LAYER = (TILED, IN_REVERSE, FIRST_FOR_ALL, AVERAGED, NUMBERS_REPEATED)
SHARE = (
    *IN_A_LAYER,
    Mistake(
        "tokens_repeated",
        "share",
        "The tokens are repeated, so every group has more keys than there are tokens. The axis of the "
        "groups should grow.",
        {"share": _tokens_repeated},
    ),
    Mistake(
        "columns_repeated",
        "share",
        "The columns are repeated, so keys and values become wider. The axis of the groups should grow.",
        {"share": _columns_repeated},
    ),
    ON_FIRST_AXIS,
    replace(ON_FIRST_AXIS, replaces={"share": _first_axis_throughout}),
    ON_AXIS_1,
    Mistake(
        "copy_for_each_head",
        "share",
        "Each group is repeated once for every head, which makes G·H of them. A group has H / G heads.",
        {"share": _a_copy_for_each_head},
    ),
    Mistake(
        "copy_for_each_group",
        "share",
        "Each group is repeated as often as there are groups. It should be there once for each head of the "
        "group, H / G times.",
        {"share": _a_copy_for_each_group},
    ),
    Mistake(
        "groups_not_shared",
        "share",
        "The groups are returned as they were: G of them, instead of one for each of the H heads.",
        {"share": _as_they_are},
    ),
)

_STAGES = (
    scale.NO_SCALE,
    scale.SQRT_D_MODEL,
    scale.BY_D_K,
    mask.NO_MASK,
    mask.UPPER_TRIANGLE,
    mask.AFTER_SOFTMAX,
    mask.TIMES_ZERO,
    softmax.OVER_QUERIES,
    softmax.OVER_HEADS,
    score.KEYS_BY_QUERIES,
)
_AFTER_WEIGHTS = (concat.BY_RESHAPE, concat.IN_REVERSE, concat.INTERLEAVED, output.NO_W_O, output.W_O_TRANSPOSED)


def grouped_layers() -> Iterator[Wrong]:
    """For `grouped_layer(x, w_q, w_k, w_v, w_o, num_heads, num_groups)`."""
    yield from singles(grouped_layer, (*IN_A_LAYER, *_AFTER_WEIGHTS))
    yield from singles(grouped_layer, _STAGES, mask.CAUSAL_STYLES)
    yield from together(grouped_layer, combinations((*IN_A_LAYER, *_AFTER_WEIGHTS, scale.NO_SCALE, mask.NO_MASK), 2))
