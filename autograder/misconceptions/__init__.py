"""Mistakes people make in attention, each as a named wrong implementation with the sentence a good teacher would say.

`steps.py` takes one layer apart into replaceable steps and puts functions together from them; the other modules hold
the mistakes, one module per stage. A mistake replaces one or more steps, so every function built from the steps can
carry it. `choose.py` makes candidates for a question out of them.
"""

from .choose import carrying, from_steps
from .concat import CONCAT
from .layer import LAYER, whole_layer
from .mask import CAUSAL_STYLES, FINITE_FORMS, MASK, MASK_STYLES
from .mix import MIX
from .output import OUTPUT
from .project import CONTEXT, PROJECT
from .scale import SCALE, SCALE_BY_HEADS, SCALE_OF_SCORES
from .score import SCORE
from .softmax import SOFTMAX
from .split import SPLIT
from .steps import Sizes, Steps

# What can go wrong in one head and in one causal head (a whole layer: `layer.py`). Projections come before scores: in
# self-attention "w_q for keys" and "queries compared with themselves" give the same numbers, and the former says both.
HEAD = (*SCALE, *SOFTMAX, *PROJECT, *SCORE, *MIX)
CAUSAL = (*MASK, *HEAD)

__all__ = [
    "CAUSAL",
    "CAUSAL_STYLES",
    "CONCAT",
    "CONTEXT",
    "FINITE_FORMS",
    "HEAD",
    "LAYER",
    "MASK",
    "MASK_STYLES",
    "MIX",
    "OUTPUT",
    "PROJECT",
    "SCALE",
    "SCALE_BY_HEADS",
    "SCALE_OF_SCORES",
    "SCORE",
    "SOFTMAX",
    "SPLIT",
    "Sizes",
    "Steps",
    "carrying",
    "from_steps",
    "whole_layer",
]
