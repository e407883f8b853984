"""Mistakes people make in attention, each as a named wrong implementation with the sentence a good teacher would say.

`stages.py` takes one layer apart into replaceable stages and puts functions together from them; the other modules hold
the mistakes, one module per stage. A mistake replaces one or more stages, so every function put together from stages
can carry it. `choose.py` makes a question's alternatives out of them.
"""

from .axes import AXES_OF_SCORES
from .blocks import COLUMNS, FUSED, ROWS
from .choose import carrying, chained, from_stages, results_at
from .concat import CONCAT_BY_ITSELF
from .head import CAUSAL, HEAD
from .layer import whole_layer
from .mask import CAUSAL_STYLES, MASK_STYLES
from .output import CONTRIBUTIONS, OUTPUT, after_the_heads
from .project import OTHER_ORDERS, PROJECT
from .scale import SCALE_OF_SCORES
from .score import SCORE
from .several import DIFFERENCES, SEVERAL_HEADS
from .sizes import CONCAT_WIDTH, HEAD_WIDTH, OUTPUT_SHAPE, PARAMETERS
from .softmax import SOFTMAX, badly_shifted
from .split import SPLIT_BY_ITSELF
from .stages import Stages

__all__ = [
    "AXES_OF_SCORES",
    "CAUSAL",
    "CAUSAL_STYLES",
    "COLUMNS",
    "CONCAT_BY_ITSELF",
    "CONCAT_WIDTH",
    "CONTRIBUTIONS",
    "DIFFERENCES",
    "FUSED",
    "HEAD",
    "HEAD_WIDTH",
    "MASK_STYLES",
    "OTHER_ORDERS",
    "OUTPUT",
    "OUTPUT_SHAPE",
    "PARAMETERS",
    "PROJECT",
    "ROWS",
    "SCALE_OF_SCORES",
    "SCORE",
    "SEVERAL_HEADS",
    "SOFTMAX",
    "SPLIT_BY_ITSELF",
    "Stages",
    "after_the_heads",
    "badly_shifted",
    "carrying",
    "chained",
    "from_stages",
    "results_at",
    "whole_layer",
]
