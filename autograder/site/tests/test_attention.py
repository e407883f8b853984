"""The explorer's module computes what the reference computes, on some hundred layers of all sizes."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

import reference_impl as ref

NODE = shutil.which("node")
HERE = Path(__file__).parent
LAYERS = 300


def layer(seed: int) -> dict[str, Any]:
    """A layer of random sizes, some with scores so large that a naive softmax overflows."""
    random = np.random.default_rng(seed)
    t, d_model, heads, d_k, d_v, d_out = (int(n) for n in random.integers(1, 7, 6))
    size = float(random.choice([0.3, 1.0, 30.0]))
    shapes = {"x": (t, d_model), "wq": (d_model, heads * d_k), "wk": (d_model, heads * d_k)}
    shapes |= {"wv": (d_model, heads * d_v), "wo": (heads * d_v, d_out)}
    numbers = {name: (size * random.standard_normal(shape)).tolist() for name, shape in shapes.items()}
    return {**numbers, "heads": heads, "mask": bool(random.integers(2)), "scale": bool(random.integers(2))}


@pytest.mark.skipif(NODE is None, reason="needs node on the PATH")
def test_every_step_agrees_with_the_reference() -> None:
    layers = [layer(seed) for seed in range(LAYERS)]
    done = subprocess.run(
        [str(NODE), HERE / "attention_answers.mjs"],
        input=json.dumps(layers),
        capture_output=True,
        text=True,
        check=True,
    )
    answers = json.loads(done.stdout)
    assert len(answers) == LAYERS
    for given, answer in zip(layers, answers, strict=True):
        compare(given, answer)


def compare(given: dict[str, Any], answer: dict[str, Any]) -> None:
    x, w_q, w_k, w_v, w_o = (np.array(given[name]) for name in ("x", "wq", "wk", "wv", "wo"))
    heads, t = given["heads"], len(x)
    q, k, v = (ref.split_heads(x @ w, heads) for w in (w_q, w_k, w_v))  # (H, T, d)
    d_k = q.shape[-1]
    # The reference always scales: without the scale the queries are made larger by sqrt(d_k) beforehand.
    queries = q if given["scale"] else q * np.sqrt(d_k)
    mask = ref.causal_mask(t) if given["mask"] else None
    outputs, weights = ref.scaled_dot_product_attention(queries, k, v, mask=mask, return_weights=True)
    close = {"rtol": 1e-9, "atol": 1e-9}
    for h in range(heads):
        assert_allclose(answer["heads"][h]["scores"], q[h] @ k[h].T, **close)
        assert_allclose(answer["heads"][h]["weights"], weights[h], **close)
        assert_allclose(answer["heads"][h]["output"], outputs[h], **close)
        hidden = np.array([[value == "-inf" for value in row] for row in answer["heads"][h]["masked"]])
        assert (hidden == (~mask if mask is not None else np.zeros((t, t), bool))).all()
    assert_allclose(answer["joined"], ref.concat_heads(outputs), **close)
    assert_allclose(answer["result"], ref.concat_heads(outputs) @ w_o, **close)
