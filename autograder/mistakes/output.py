"""Mistakes in the output projection."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from reference_impl.plain import concat_heads

from ..marking import Mistake, Wrong
from .choose import named, singles
from .concat import ADDED, AVERAGED
from .stages import Array, Recipe, Stages, contributions, rows_of_head


def _none(concatenated: Array, w_o: Array) -> Array:
    return concatenated


def _transposed(concatenated: Array, w_o: Array) -> Array:
    return concatenated @ w_o.T


def _twice(concatenated: Array, w_o: Array) -> Array:
    return concatenated @ w_o @ w_o


def _residual(result: Array, x: Array) -> Array:
    return result + x


def _to_mean_0_and_spread_1(rows: Array, epsilon: float = 0.0) -> Array:
    return (rows - rows.mean(axis=-1, keepdims=True)) / np.sqrt(rows.var(axis=-1, keepdims=True) + epsilon)


def _as_layer_norm(rows: Array) -> Array:
    """With the number that keeps libraries from dividing by 0: it counts in rows that hardly vary."""
    return _to_mean_0_and_spread_1(rows, 1e-5)


def _to_length_1(rows: Array) -> Array:
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


def _normalised(concatenated: Array, w_o: Array) -> Array:
    return _to_mean_0_and_spread_1(concatenated) @ w_o


def _normalised_after(concatenated: Array, w_o: Array) -> Array:
    return _to_mean_0_and_spread_1(concatenated @ w_o)


def _not_concatenated(heads: Array) -> Array:
    return heads


_parts = contributions(Stages())  # what each head adds to the output: (..., H, T, d_out)


def _project_each(heads: Array, w_o: Array) -> Array:
    return concat_heads(_parts(heads, w_o))


def _by_first_rows(heads: Array, w_o: Array) -> Array:
    """Every head, or what was made of them, times as many rows of W_o as fit: the first."""
    return heads @ w_o[: heads.shape[-1]]


NO_W_O = Mistake(
    "no_output_projection",
    "output",
    "The output is the concatenation itself, without W_o. That would be right only if W_o were the "
    "identity, and the heads are never mixed.",
    {"output": _none},
)
W_O_TRANSPOSED = Mistake(
    "w_o_transposed",
    "output",
    "W_o is transposed. This runs only if W_o is square, and then gives other numbers without an error.",
    {"output": _transposed},
)
W_O_TWICE = Mistake(
    "w_o_twice",
    "output",
    "W_o is applied twice: the output is multiplied by it a second time.",
    {"output": _twice},
)
RESIDUAL = Mistake(
    "residual_added",
    "output",
    "The input is added to the output. A whole Transformer block does that, but outside its attention layer.",
    {"finish": _residual},
)

FIRST_BLOCK = Mistake(
    "first_block_of_w_o",
    "output",
    "Only the first head is multiplied by W_o, and only by its first rows. The rows of W_o belong to "
    "all heads, side by side.",
    {"concat": lambda heads: heads[..., 0, :, :], "output": lambda head, w_o: head @ w_o[: head.shape[-1]]},
)

NORMALISED = Mistake(
    "normalised_before_w_o",
    "output",
    "The heads are normalised before W_o. Nothing should come between the heads' outputs, the "
    "concatenation and W_o, because the size of a head's numbers carries information.",
    {"output": _normalised},
)
NORMALISED_AFTER = Mistake(
    "normalised_after_w_o",
    "output",
    "The output is normalised. In a Transformer that happens outside the attention layer, which ends with W_o.",
    {"output": _normalised_after},
)
PROJECTED_THEN_CONCATENATED = Mistake(
    "projected_then_concatenated",
    "output",
    "Each head is multiplied by its rows of W_o, and the results are laid side by side: (..., T, "
    "H·d_out). Concatenate the heads first. W_o then mixes them into one output of width d_out.",
    {"concat": _not_concatenated, "output": _project_each},
)

OUTPUT = (NO_W_O, W_O_TRANSPOSED, W_O_TWICE, NORMALISED, NORMALISED_AFTER, PROJECTED_THEN_CONCATENATED)

# Other forms of these mistakes: what stands in place of the concatenation, and of W_o after it.
_NORMS = (_to_mean_0_and_spread_1, _as_layer_norm, _to_length_1)
_FORMS: tuple[tuple[Mistake, Callable[[Array], Array], Callable[[Array, Array], Array]], ...] = (
    *((NORMALISED, lambda heads, norm=norm: norm(concat_heads(heads)), np.matmul) for norm in _NORMS),
    *((NORMALISED, lambda heads, norm=norm: concat_heads(norm(heads)), np.matmul) for norm in _NORMS),
    *((NORMALISED_AFTER, concat_heads, lambda joined, w_o, norm=norm: norm(joined @ w_o)) for norm in _NORMS),
    (ADDED, lambda heads: heads.sum(axis=-3), _by_first_rows),
    (AVERAGED, lambda heads: heads.mean(axis=-3), _by_first_rows),
    (PROJECTED_THEN_CONCATENATED, _not_concatenated, lambda heads, w_o: concat_heads(_by_first_rows(heads, w_o))),
)


def after_the_heads(recipe: Recipe) -> Iterator[Wrong]:
    """Other forms in which people get wrong what comes after the heads."""
    forms = (replace(mistake, replaces={"concat": joined, "output": output}) for mistake, joined, output in _FORMS)
    return singles(recipe, forms)


# For `contributions(heads, w_o)`: (..., H, T, d_out), what each head adds to the output.
CONTRIBUTIONS: tuple[Wrong, ...] = (
    *named(
        "parts_already_added",
        "output",
        "The heads' parts are already added up, which is the layer's output. The result should have each "
        "head's part separately.",
        lambda heads, w_o: concat_heads(heads) @ w_o,
    ),
    *named(
        "output_for_every_head",
        "output",
        "Every entry is the output of all heads. A head's own part is its numbers times its own rows of W_o only.",
        lambda heads, w_o: np.stack([concat_heads(heads) @ w_o] * heads.shape[-3], axis=-3),
    ),
    *named(
        "output_shared_evenly",
        "output",
        "The output is divided evenly among the heads. What a head adds is its own numbers times its own rows of W_o.",
        lambda heads, w_o: np.stack([concat_heads(heads) @ w_o / heads.shape[-3]] * heads.shape[-3], axis=-3),
    ),
    *named(
        "parts_side_by_side",
        "output",
        "The heads' parts are laid side by side in each token's row. Each part has the width of the output and an entry of "
        "its own on the head axis.",
        _project_each,
    ),
    *named(
        "parts_behind_tokens",
        "output",
        "The head axis comes after the tokens: (..., T, H, d_out). It should stay in front of them.",
        lambda heads, w_o: np.moveaxis(_parts(heads, w_o), -3, -2),
    ),
    *named(
        "parts_before_batch",
        "output",
        "The head axis comes before the leading axes. It should keep its place: (..., H, T, d_out).",
        lambda heads, w_o: np.moveaxis(_parts(heads, w_o), -3, 0),
    ),
    *named(
        "first_axis_for_heads",
        "output",
        "The first axis is taken for the heads. With a batch in front, the heads are on another axis, the "
        "third from the end.",
        lambda heads, w_o: np.stack([head @ rows_of_head(w_o, h, len(heads)) for h, head in enumerate(heads)]),
    ),
)
