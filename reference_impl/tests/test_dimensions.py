"""Sizes of a layer, against the shapes of weights that were made."""

import pytest

import reference_impl as mha

from .layer import draw_layer


@pytest.mark.parametrize(("d_model", "num_heads", "width"), [(768, 12, 64), (512, 8, 64), (12, 12, 1), (7, 1, 7)])
def test_head_dim_divides_the_model_width(d_model: int, num_heads: int, width: int) -> None:
    assert mha.head_dim(d_model, num_heads) == width


@pytest.mark.parametrize(("d_model", "num_heads"), [(10, 3), (3, 10), (768, 7)])
def test_heads_that_do_not_divide_d_model_are_refused(d_model: int, num_heads: int) -> None:
    with pytest.raises(mha.ShapeError) as caught:
        mha.head_dim(d_model, num_heads)
    assert str(caught.value) == f"d_model: got {d_model}, expected a multiple of num_heads = {num_heads}"


def test_concat_dim_is_all_the_heads_side_by_side() -> None:
    assert mha.concat_dim(8, 64) == 512
    assert mha.concat_dim(3, 6) == mha.concat_heads([[[0] * 6]] * 3).shape[-1]


def test_output_projection_takes_the_heads_to_the_output() -> None:
    layer = draw_layer()
    assert mha.output_projection_shape(num_heads=3, d_v=6, d_out=10) == layer.w_o.shape


def test_parameter_count_is_the_number_of_weights() -> None:
    layer = draw_layer()
    assert mha.parameter_count(12, 3, d_k=4, d_v=6, d_out=10) == sum(w.size for w in layer.weights)


def test_biases_add_one_number_for_each_column() -> None:
    layer = draw_layer()
    with_bias = mha.parameter_count(12, 3, d_k=4, d_v=6, d_out=10, bias=True)
    assert with_bias == sum(w.size + w.shape[1] for w in layer.weights)


def test_widths_not_given_follow_from_d_model() -> None:
    assert mha.parameter_count(12, 3) == 4 * 12 * 12
    assert mha.parameter_count(12, 3, d_k=5) == 3 * 12 * 15 + 15 * 12
    assert mha.parameter_count(12, 3, d_v=6) == 2 * 12 * 12 + 12 * 18 + 18 * 12
    assert mha.parameter_count(12, 3, d_out=7) == 3 * 12 * 12 + 12 * 7


def test_the_default_width_needs_heads_that_divide_d_model() -> None:
    with pytest.raises(mha.ShapeError, match=r"^d_model: got 10, expected a multiple of num_heads = 3$"):
        mha.parameter_count(10, 3)
    assert mha.parameter_count(10, 3, d_k=4) == 3 * 10 * 12 + 12 * 10
