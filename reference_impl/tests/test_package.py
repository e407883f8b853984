"""The package as a whole: its documentation runs, its names are all there, and it needs NumPy and nothing else."""

import ast
import doctest
import importlib
import sys
from pathlib import Path

import pytest

import reference_impl

FOLDER = Path(reference_impl.__file__).parent
MODULES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_run(name: str) -> None:
    outcome = doctest.testmod(importlib.import_module(f"reference_impl.{name}"))
    assert outcome.failed == 0


def test_there_are_examples() -> None:
    modules = [importlib.import_module(f"reference_impl.{name}") for name in MODULES]
    assert sum(doctest.testmod(module).attempted for module in modules) >= 8


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.name)
def test_nothing_is_imported_but_numpy_and_the_standard_library(path: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            imported.add(str(node.module).partition(".")[0])
    assert imported <= {"numpy"} | sys.stdlib_module_names


def test_every_public_function_is_exported_and_documented() -> None:
    for name in reference_impl.__all__:
        assert getattr(reference_impl, name).__doc__, name
    assert reference_impl.__all__ == sorted(reference_impl.__all__)


def test_public_names_are_stable() -> None:
    assert set(reference_impl.__all__) == {
        "KVCache",
        "Layer",
        "ShapeError",
        "Transformer",
        "add_block",
        "attention_head",
        "attention_in_blocks",
        "cache_bytes",
        "causal_mask",
        "choose_token",
        "concat_dim",
        "concat_heads",
        "decode_step",
        "first_token_score",
        "fused_causal_attention",
        "grouped_query_attention",
        "head_dim",
        "induction_score",
        "multi_head_attention",
        "multi_head_decode_step",
        "next_token_loss",
        "output_projection_shape",
        "own_token_score",
        "parameter_count",
        "previous_token_score",
        "rms_norm",
        "scaled_dot_product_attention",
        "share_heads",
        "softmax",
        "split_fused",
        "split_heads",
    }
