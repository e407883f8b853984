"""A time beside that of another computation would mean nothing: what is compared computes the same."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from autograder.bench import reference
from autograder.bench.reference import LayerSize

LAYERS = list(reference.draw(2, 9, 12, 3))


def test_a_shape_is_drawn_in_both_precisions_with_and_without_a_mask() -> None:
    assert [(layer.x.dtype, layer.mask is None) for layer in LAYERS] == [
        (np.float32, True),
        (np.float32, False),
        (np.float64, True),
        (np.float64, False),
    ]
    assert str(LAYERS[1]) == "(2, 9, 12, 3) float32 causal"


@pytest.mark.parametrize("layer", LAYERS, ids=str)
def test_the_loop_over_heads_computes_attention(layer: LayerSize) -> None:
    assert_allclose(reference.loop_over_heads(layer), reference.reference(layer), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("layer", LAYERS, ids=str)
def test_nothing_measured_changes_its_precision(layer: LayerSize) -> None:
    for function in (reference.reference, reference.products_alone, reference.loop_over_heads):
        assert function(layer).dtype == layer.x.dtype
