"""The pictures of lesson 10: which heads share keys and values, what that does to caches, and softmax in blocks."""

from __future__ import annotations

import numpy as np

import reference_impl as ref
from autograder.notebook.bars import draw_bars
from autograder.notebook.drawing import Grid, Picture, Row, numbers, picture

HEADS = 8
# Layers, heads, groups and width of a head of Llama 3.1 8B.
LAYERS, MODEL_HEADS, GROUPS, D = 32, 32, 8, 128
LENGTHS = [2**n for n in range(13, 18)]  # 8k to 128k tokens


def who_reads_what(num_groups: int, title: str, down: str) -> Grid:
    """A row for each head and a column for each group, dark where the head reads the group."""
    reads = ref.share_heads(np.eye(num_groups)[:, None, :], HEADS)[:, 0]  # (H, G)
    rows = [f"head {h}" for h in range(HEADS)] if down else []
    columns = [str(g) for g in range(num_groups)]
    return Grid(numbers(reads, decimals=None), rows, columns, title, down, "group", width=26, height=22)


def groups() -> Picture:
    return picture(
        [
            Row(
                [
                    who_reads_what(HEADS, "multi-head: 8 groups", "queries of"),
                    who_reads_what(2, "grouped-query: 2 groups", ""),
                    who_reads_what(1, "multi-query: 1 group", ""),
                ]
            )
        ],
        "Eight heads and the groups whose keys and values they read. With eight groups each head has its own; with two "
        "groups heads 0 to 3 read group 0 and heads 4 to 7 group 1; with one group all heads read the same.",
    )


def caches() -> Picture:
    sizes = {f"{t // 1024}k": ref.cache_bytes(LAYERS, GROUPS, D, t) / 2**30 for t in LENGTHS}
    sizes["no groups"] = ref.cache_bytes(LAYERS, MODEL_HEADS, D, LENGTHS[-1]) / 2**30
    weights = 8e9 * 2 / 2**30  # 8 billion parameters of two bytes
    return draw_bars(
        sizes,
        {"the model itself": weights},
        "GiB in the cache of Llama 3.1 8B, by tokens",
        "The cache of Llama 3.1 8B grows in proportion to the text, from 1 GiB for 8k tokens to 16 GiB for 128k, where it is as "
        "large as the model itself. Without groups, the last one would take 64 GiB.",
    )


def pictures() -> dict[str, Picture]:
    return {"long_texts_groups": groups(), "long_texts_caches": caches()}
