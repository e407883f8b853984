"""Where the lessons explain each stage of a head: what a report sends to when it names a mistake in that stage."""

from __future__ import annotations

from collections.abc import Mapping

HEAD_STAGES: Mapping[str, str] = {
    "project": "one_head#projections",
    "score": "one_head#scores",
    "scale": "one_head#why-the-scale",
    "softmax": "one_head#softmax",
    "mix": "one_head#mixing-the-values",
}
CAUSAL_STAGES: Mapping[str, str] = {**HEAD_STAGES, "mask": "causal_head#where-the-mask-goes"}
LAYER_STAGES: Mapping[str, str] = {
    **HEAD_STAGES,
    "mask": "multi_head_attention#masks",
    "split": "head_dimensions#splitting-and-concatenating",
    "concat": "head_dimensions#splitting-and-concatenating",
    "output": "output_projection#applying-w_o",
}
