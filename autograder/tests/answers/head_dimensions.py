"""Unit 4: right answers in other styles, and wrong ones."""

from __future__ import annotations

import math

import numpy as np

from autograder.tests.answers import Right, Wrong

SHAPES = {
    "w_q": (24, 12),
    "w_v": (24, 18),
    "q": (2, 5, 12),
    "v": (2, 5, 18),
    "q_heads": (2, 3, 5, 4),
    "v_heads": (2, 3, 5, 6),
    "k_swapped": (2, 3, 4, 5),
    "scores": (2, 3, 5, 5),
    "heads": (2, 3, 5, 6),
    "concatenated": (2, 5, 18),
}


def _width(d_model, num_heads):
    width, left_over = divmod(d_model, num_heads)
    if left_over:
        raise ValueError("does not divide")
    return width


def _own_error(d_model, num_heads):
    class DoesNotDivide(ValueError):
        pass

    if (d_model / num_heads) != int(d_model / num_heads):
        raise DoesNotDivide(d_model, num_heads)
    return int(d_model / num_heads)


def _by_search(d_model, num_heads):
    for width in range(1, d_model + 1):
        if width * num_heads == d_model:
            return np.int64(width)
    raise ValueError(f"no width for {num_heads} heads of {d_model}")


def _split_by_slices(x, num_heads):
    d = x.shape[-1] // num_heads
    return np.stack([x[..., h * d : (h + 1) * d] for h in range(num_heads)], axis=-3)


def _split_by_loops(x, num_heads):
    d = x.shape[-1] // num_heads
    made = np.empty((*x.shape[:-2], num_heads, x.shape[-2], d), dtype=np.float32)
    for h in range(num_heads):
        for c in range(d):
            made[..., h, :, c] = x[..., h * d + c]
    return made


def _concat_by_list(heads):
    return np.concatenate([heads[..., h, :, :] for h in range(heads.shape[-3])], axis=-1)


def _concat_filled(heads):
    d = heads.shape[-1]
    made = np.zeros((*heads.shape[:-3], heads.shape[-2], heads.shape[-3] * d))
    for h in range(heads.shape[-3]):
        made[..., h * d : h * d + d] = heads[..., h, :, :]
    return made


def _width_by_division(d_model, num_heads):
    width = d_model / num_heads
    if not width.is_integer():
        raise ValueError(f"{d_model} columns and {num_heads} heads")
    return int(width)


RIGHT = (
    Right("the letters in a set", {"possible": {"d", "A"}}),
    Right("the letters with commas", {"possible": "A, D"}),
    Right("width by is_integer", {"head_width": _width_by_division}),
    Right("divmod", {"head_width": _width}),
    Right("an error class of one's own", {"head_width": _own_error}),
    Right("a search, as np.int64", {"head_width": _by_search}),
    Right("the width as float", {"my_heads": 3.0, "my_width": np.float64(207)}),
    Right("computed values", {"my_heads": 300 // 10**2, "my_width": 9 * 23}),
    Right("a sum of widths", {"concat_width": lambda num_heads, d_v: sum([d_v] * num_heads)}),
    Right("the width of an array", {"concat_width": lambda n, d: np.hstack([np.zeros((1, d))] * n).shape[1]}),
    Right("shapes as lists", {"shapes": {name: list(shape) for name, shape in SHAPES.items()}}),
    Right("shapes of arrays", {"shapes": {name: np.empty(shape).shape for name, shape in SHAPES.items()}}),
    Right("more shapes than asked", {"shapes": {"x": (2, 5, 24), **SHAPES}}),
    Right("split by slices", {"split_heads": _split_by_slices}),
    Right("split by loops, float32", {"split_heads": _split_by_loops}),
    Right(
        "split by np.split", {"split_heads": lambda x, num_heads: np.stack(np.split(x, num_heads, axis=-1), axis=-3)}
    ),
    Right(
        "split by moveaxis",
        {"split_heads": lambda x, num_heads: np.moveaxis(x.reshape(*x.shape[:-1], num_heads, -1), -2, -3)},
    ),
    Right(
        "split by einsum",
        {"split_heads": lambda x, num_heads: np.einsum("...thd->...htd", x.reshape(*x.shape[:-1], num_heads, -1))},
    ),
    Right(
        "split through the transpose",
        {
            "split_heads": lambda x, num_heads: (
                x.swapaxes(-1, -2).reshape(*x.shape[:-2], num_heads, -1, x.shape[-2]).swapaxes(-1, -2)
            )
        },
    ),
    Right("concat by a list", {"concat_heads": _concat_by_list}),
    Right("concat filled", {"concat_heads": _concat_filled}),
    Right(
        "concat by einsum",
        {"concat_heads": lambda h: np.einsum("...htd->...thd", h).reshape(*h.shape[:-3], h.shape[-2], -1)},
    ),
    Right("concat in nested lists", {"concat_heads": lambda heads: _concat_by_list(heads).tolist()}),
)


def _raising(width):
    """A wrong width that minds whether the heads divide d_model."""

    def head_width(d_model, num_heads):
        if d_model % num_heads:
            raise ValueError("does not divide")
        return width(d_model, num_heads)

    return head_width


def _asserts(d_model, num_heads):
    assert d_model % num_heads == 0, "does not divide"
    return d_model // num_heads


def _prints(d_model, num_heads):
    if d_model % num_heads:
        print("does not divide")
        return None
    return d_model // num_heads


def _three_axes_only(x, num_heads):
    b, t, width = x.shape
    return x.reshape(b, t, num_heads, width // num_heads).transpose(0, 2, 1, 3)


def _four_axes_only(heads):
    b, h, t, d = heads.shape
    return heads.transpose(0, 2, 1, 3).reshape(b, t, h * d)


def _w(question, label, function, share, *mistakes):
    names = {"concat_function": "concat_width"}
    return Wrong(f"head_dimensions.{question}", label, {names.get(question, question): function}, share, mistakes)


def _shapes(label, share, mistakes, **entries):
    return Wrong("head_dimensions.shapes", label, {"shapes": {**SHAPES, **entries}}, share, mistakes)


WRONG = (
    # The solution's number draws d_model = 300, scale = 10; and d_model = 270, num_heads = 9, d_k = 30, d_v = 23.
    *(
        Wrong("head_dimensions.width_768", str(value), {"my_heads": value}, 0, mistakes)
        for value, mistakes in {
            30: ("own_scale_for_width",),
            100: ("own_width_for_heads",),
            94.87: ("own_root_of_scale",),
            4: (),
            "3": (),
        }.items()
    ),
    *(
        Wrong("head_dimensions.concat_width", str(value), {"my_width": value}, 0, mistakes)
        for value, mistakes in {
            270: ("own_concatenation_as_wide_as_model",),
            23: ("own_one_head_only",),
            477: ("own_keys_in_the_output",),
            32: ("own_heads_added",),
            208: (),
            "207": (),
        }.items()
    ),
    # And these statements: 24 heads share 768; 64 and 96; width 8 of 60; 60 heads share 60; 16 of 64; a scale of 12.
    *(
        Wrong("head_dimensions.configurations", label, {"possible": answer}, 0, ())
        for label, answer in (
            ("one too few", "A"),
            ("one too many", "ABD"),
            ("all", "ABCDEF"),
            ("the others", "BCEF"),
            ("a letter that is not there", "ADG"),
            ("truth values", {"A": True, "D": True}),
        )
    ),
    Wrong("head_dimensions.configurations", "another integer", {"my_number": 1119}, 0, ()),
    _w("head_width", "silent floor", lambda d_model, num_heads: d_model // num_heads, 0.7, "silent_floor"),
    _w("head_width", "floor by int", lambda d_model, num_heads: int(d_model / num_heads), 0.7, "silent_floor"),
    _w("head_width", "rounds", lambda d_model, num_heads: round(d_model / num_heads), 0.7, "silent_rounding"),
    _w("head_width", "rounds up", lambda d_model, num_heads: math.ceil(d_model / num_heads), 0.7, "silent_rounding"),
    _w("head_width", "a float", lambda d_model, num_heads: d_model / num_heads, 0.5, "fraction_of_a_column"),
    _w(
        "head_width",
        "a float, with the error",
        _raising(lambda d_model, num_heads: d_model / num_heads),
        0.8,
        "float_for_int",
    ),
    _w("head_width", "asserts", _asserts, 0.7),
    _w("head_width", "prints", _prints, 0.7, "nothing_raised"),
    _w("head_width", "text for an error", lambda d, n: d // n if d % n == 0 else "does not divide", 0.7),
    _w("head_width", "multiplies", _raising(lambda d_model, num_heads: d_model * num_heads), 0),
    _w("head_width", "multiplies, no error", lambda d_model, num_heads: d_model * num_heads, 0, "width_multiplied"),
    _w("head_width", "subtracts", lambda d_model, num_heads: d_model - num_heads, 0, "width_subtracted"),
    _w("head_width", "d_model", lambda d_model, num_heads: d_model, 0, "width_not_shared_out"),
    _w("head_width", "the number of heads", lambda d_model, num_heads: num_heads, 0, "number_for_width"),
    _w(
        "head_width",
        "shares among q, k, v",
        lambda d_model, num_heads: d_model // (3 * num_heads),
        0,
        "shared_among_q_k_v",
    ),
    _w("head_width", "64", lambda d_model, num_heads: 64, 0),
    _w("head_width", "always an error", _raising(lambda d_model, num_heads: _raising(None)(1, 2)), 0),
    _w("head_width", "root", lambda d_model, num_heads: (d_model / num_heads) ** 0.5, 0, "root_of_width"),
    _w("concat_function", "adds", lambda num_heads, d_v: num_heads + d_v, 0, "number_and_width_added"),
    _w("concat_function", "one head", lambda num_heads, d_v: d_v, 0, "width_of_one_head"),
    _w("concat_function", "number", lambda num_heads, d_v: num_heads, 0, "number_of_heads"),
    _w("concat_function", "squared", lambda num_heads, d_v: d_v**2, 0, "one_factor_too_many"),
    _w("concat_function", "heads twice", lambda num_heads, d_v: num_heads**2 * d_v, 0, "one_factor_too_many"),
    _w("concat_function", "divides", lambda num_heads, d_v: d_v // num_heads, 0, "width_divided"),
    _w("concat_function", "512", lambda num_heads, d_v: 512, 0),
    _w("concat_function", "nothing", lambda num_heads, d_v: None, 0),
    _w("concat_function", "off by one", lambda num_heads, d_v: num_heads * d_v + 1, 0),
    _shapes("one head's width", 0.8, ("one_heads_width",), w_q=(24, 4), q=(2, 5, 4)),
    _shapes(
        "d_model everywhere",
        0.5,
        ("concat_d_model_assumed", "d_model_assumed"),
        w_q=(24, 24),
        w_v=(24, 24),
        q=(2, 5, 24),
        v=(2, 5, 24),
        concatenated=(2, 5, 24),
    ),
    _shapes(
        "no batch",
        0.5,
        ("batch_missing",),
        q=(5, 12),
        v=(5, 18),
        q_heads=(3, 5, 4),
        scores=(3, 5, 5),
        concatenated=(5, 18),
    ),
    _shapes(
        "heads behind tokens",
        0.7,
        ("head_axis_not_moved",),
        q_heads=(2, 5, 3, 4),
        v_heads=(2, 5, 3, 6),
        heads=(2, 5, 3, 6),
    ),
    _shapes("d_model / H", 0.8, ("d_model_shared_out",), q_heads=(2, 3, 5, 8), v_heads=(2, 3, 5, 8)),
    _shapes("keys not swapped", 0.9, ("keys_not_swapped",), k_swapped=(2, 3, 5, 4)),
    _shapes("keys reversed", 0.9, ("all_axes_reversed",), k_swapped=(4, 5, 3, 2)),
    _shapes("scores for all", 0.9, ("scores_for_all_heads",), scores=(2, 5, 5)),
    _shapes("scores among features", 0.9, ("features_by_features",), scores=(2, 3, 4, 4)),
    _shapes("scores among heads", 0.9, ("heads_by_heads",), scores=(2, 5, 3, 3)),
    _shapes("heads as wide as keys", 0.9, ("keys_width_for_values",), heads=(2, 3, 5, 4)),
    _shapes("joined along tokens", 0.9, ("concat_on_tokens",), concatenated=(2, 15, 6)),
    _shapes("joined along the batch", 0.9, ("concat_on_batch",), concatenated=(6, 5, 6)),
    _shapes("added up", 0.9, ("heads_added",), concatenated=(2, 5, 6)),
    _shapes("number added", 0.9, ("number_and_width_added",), concatenated=(2, 5, 9)),
    _shapes("text", 0.9, (), scores="(2, 3, 5, 5)"),
    _shapes("half done", 0.8, (), scores=..., heads=None),
    Wrong("head_dimensions.shapes", "no dictionary", {"shapes": [(24, 12)]}, 0, ()),
    Wrong("head_dimensions.shapes", "the same everywhere", {"shapes": dict.fromkeys(SHAPES, (1, 1))}, 0, ()),
    _w(
        "split_heads", "reshape alone", lambda x, n: x.reshape(*x.shape[:-2], n, x.shape[-2], -1), 0, "split_by_reshape"
    ),
    _w(
        "split_heads",
        "every H-th column",
        lambda x, n: np.stack([x[..., h::n] for h in range(n)], -3),
        0,
        "split_interleaved",
    ),
    _w(
        "split_heads",
        "head axis not moved",
        lambda x, n: x.reshape(*x.shape[:-1], n, x.shape[-1] // n),
        0,
        "head_axis_not_moved",
    ),
    _w(
        "split_heads",
        "first head everywhere",
        lambda x, n: np.stack([x[..., : x.shape[-1] // n]] * n, -3),
        0,
        "first_head_everywhere",
    ),
    _w(
        "split_heads",
        "features first",
        lambda x, n: _split_by_slices(x, n).swapaxes(-1, -2),
        0,
        "features_before_tokens",
    ),
    _w("split_heads", "a list of slices", lambda x, n: np.split(x, n, axis=-1), 0, "heads_before_batch"),
    _w(
        "split_heads",
        "tokens shared out",
        lambda x, n: x.reshape(*x.shape[:-2], n, -1, x.shape[-1]),
        0,
        "tokens_shared_out",
    ),
    _w("split_heads", "batch by 3 axes only", _three_axes_only, 0.6),
    _w("split_heads", "heads reversed", lambda x, n: _split_by_slices(x, n)[..., ::-1, :, :], 0, "split_in_reverse"),
    _w("split_heads", "three heads", lambda x, n: _split_by_slices(x, 3), 0),
    _w("split_heads", "not shared out", lambda x, n: np.stack([x] * n, axis=-3), 0, "columns_not_shared_out"),
    _w("split_heads", "zeros", lambda x, n: np.zeros((*x.shape[:-2], n, x.shape[-2], x.shape[-1] // n)), 0),
    _w("split_heads", "as it is", lambda x, n: x, 0),
    _w("concat_heads", "reshape alone", lambda h: h.reshape(*h.shape[:-3], h.shape[-2], -1), 0, "concat_by_reshape"),
    _w(
        "concat_heads",
        "interleaved",
        lambda h: np.moveaxis(h, -3, -1).reshape(*h.shape[:-3], h.shape[-2], -1),
        0,
        "concat_interleaved",
    ),
    _w("concat_heads", "reversed", lambda h: _concat_by_list(h[..., ::-1, :, :]), 0, "heads_in_reverse"),
    _w(
        "concat_heads",
        "last first",
        lambda h: _concat_by_list(h[..., [-1, *range(h.shape[-3] - 1)], :, :]),
        0,
        "last_head_first",
    ),
    _w("concat_heads", "along tokens", lambda h: h.reshape(*h.shape[:-3], -1, h.shape[-1]), 0, "concat_on_tokens"),
    _w(
        "concat_heads",
        "along the batch",
        lambda h: np.concatenate([h[..., i, :, :] for i in range(h.shape[-3])], axis=0),
        0,
        "concat_on_batch",
    ),
    _w("concat_heads", "added", lambda h: h.sum(-3), 0, "heads_added"),
    _w("concat_heads", "averaged", lambda h: np.mean(h, axis=-3), 0, "heads_averaged"),
    _w("concat_heads", "first axis joined", lambda h: np.concatenate(h, axis=-1), 0.0, "first_axis_joined"),
    _w("concat_heads", "head axis kept", lambda h: np.swapaxes(h, -2, -3), 0, "head_axis_kept"),
    _w("concat_heads", "as it is", lambda h: h, 0, "not_concatenated"),
    _w("concat_heads", "batch by 4 axes only", _four_axes_only, 0.6),
    _w("concat_heads", "first head", lambda h: h[..., 0, :, :], 0, "first_head_only"),
    _w("concat_heads", "sorted", lambda h: np.sort(_concat_by_list(h)), 0),
    _w("concat_heads", "zeros", lambda h: np.zeros((*h.shape[:-3], h.shape[-2], h.shape[-3] * h.shape[-1])), 0),
)
