"""The small trained model that the course carries, course/model/: its weights and its pieces, read with NumPy alone."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference_impl import Layer, Transformer

from . import paths
from .problem import Problem
from .vocabulary import Vocabulary

WEIGHTS = "weights.npz"
PIECES = "pieces.json"
LARGEST = 127  # of an int8, on both sides


@dataclass(frozen=True, eq=False)
class TrainedModel:
    """The transformer, and the vocabulary its tokens come from."""

    transformer: Transformer
    vocabulary: Vocabulary


def load_model(folder: Path | None = None) -> TrainedModel:
    """The model in a folder, course/model/ by default; its weights are float64.

    Raises Problem where a file is missing or does not hold a model.
    """
    folder = paths.root() / "course" / "model" if folder is None else folder
    try:
        pieces = json.loads((folder / PIECES).read_text(encoding="utf-8"))
        with np.load(folder / WEIGHTS, allow_pickle=False) as stored:
            matrices = {name: _unpacked(stored[name], stored[f"{name}_scale"]) for name in _MATRICES}
            num_heads = int(stored["num_heads"])
    except FileNotFoundError as error:
        raise Problem(
            f"The trained model's file {error.filename} is missing: the installation is incomplete."
        ) from None
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        raise Problem(
            f"The files in {folder} do not hold a trained model: {error}. Install the course again."
        ) from None
    layers = zip(matrices.pop("c_attn"), matrices.pop("w_o"), strict=True)
    return TrainedModel(
        Transformer(**matrices, layers=tuple(Layer(*layer) for layer in layers), num_heads=num_heads),
        Vocabulary(pieces),
    )


def repeated_tokens(num_pieces: int, period: int = 20, texts: int = 16, seed: int = 9) -> NDArray[np.int64]:
    """Random tokens written twice after a start token, (texts, 2·period + 1): what heads are measured on."""
    drawn = np.random.default_rng(seed).integers(1, num_pieces, (texts, period))
    return np.concatenate([np.zeros((texts, 1), dtype=np.int64), drawn, drawn], axis=-1)


def save(model: TrainedModel, folder: Path) -> None:
    """Write a model's two files. Each column of a matrix is kept as int8 numbers and one float32 scale."""
    transformer = model.transformer
    arrays: dict[str, Any] = {"num_heads": np.array(transformer.num_heads)}
    matrices = {
        "embedding": transformer.embedding,
        "positions": transformer.positions,
        "unembedding": transformer.unembedding,
        "c_attn": np.stack([layer.c_attn for layer in transformer.layers]),
        "w_o": np.stack([layer.w_o for layer in transformer.layers]),
    }
    for name, matrix in matrices.items():
        arrays[name], arrays[f"{name}_scale"] = _packed(matrix)
    np.savez_compressed(folder / WEIGHTS, **arrays)
    table = json.dumps(model.vocabulary.pieces, indent=0, ensure_ascii=False)
    (folder / PIECES).write_text(table + "\n", encoding="utf-8")


_MATRICES = ("embedding", "positions", "unembedding", "c_attn", "w_o")


def _packed(matrix: NDArray[np.floating[Any]]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    scale = np.abs(matrix).max(axis=-2, keepdims=True) / LARGEST  # (..., 1, columns)
    scale = np.where(scale == 0, 1, scale).astype(np.float32)
    return np.rint(matrix / scale).astype(np.int8), scale


def _unpacked(numbers: NDArray[np.int8], scale: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.multiply(numbers, scale, dtype=np.float64)
