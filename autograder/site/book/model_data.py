"""The course's trained model as the explorer reads it: its pieces, and its matrices as int8 numbers with their scales."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ... import paths
from ...trained_model import PIECES, WEIGHTS


def model_data() -> dict[str, Any]:
    """{pieces, heads, matrices}; a matrix is {shape, numbers, scale}, the last two as bytes in base64.

    numbers  int8, row after row, of an array of that shape
    scale    float32, little-endian, one for each column; a matrix is its numbers times its scale
    """
    folder = paths.root() / "course" / "model"
    pieces = json.loads((folder / PIECES).read_text(encoding="utf-8"))
    with np.load(folder / WEIGHTS, allow_pickle=False) as stored:
        names = [name for name in stored.files if f"{name}_scale" in stored.files]
        matrices = {name: _packed(stored[name], stored[f"{name}_scale"]) for name in names}
        return {"pieces": pieces, "heads": int(stored["num_heads"]), "matrices": matrices}


def _packed(numbers: NDArray[np.int8], scale: NDArray[np.float32]) -> dict[str, Any]:
    return {
        "shape": list(numbers.shape),
        "numbers": _base64(numbers.astype("i1").tobytes()),
        "scale": _base64(scale.astype("<f4").tobytes()),
    }


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
