"""Mistakes people make in attention, each as a named wrong implementation with the sentence a good teacher would say.

`steps.py` takes one layer apart into replaceable steps and puts functions together from them; the other modules hold
the mistakes, one module per stage. A mistake replaces one or more steps, so every function built from the steps can
carry it. `choose.py` makes candidates for a question out of them.
"""

from .choose import carrying, from_steps
from .concat import CONCAT
from .mask import MASK
from .mix import MIX
from .output import OUTPUT
from .project import CONTEXT, PROJECT
from .scale import SCALE, SCALE_BY_HEADS, SCALE_OF_SCORES
from .score import SCORE
from .softmax import SOFTMAX
from .split import SPLIT
from .steps import Sizes, Steps

# What can go wrong in one head, in one causal head, and in a whole layer. Projections come before scores: in
# self-attention "w_q for keys" and "queries compared with themselves" give the same numbers, and the former says both.
HEAD = (*SCALE, *SOFTMAX, *PROJECT, *SCORE, *MIX)
CAUSAL = (*MASK, *HEAD)
LAYER = (*SPLIT, *CONCAT, *OUTPUT, *SCALE_BY_HEADS, *CAUSAL, *CONTEXT)

__all__ = [
    "CAUSAL",
    "CONCAT",
    "CONTEXT",
    "HEAD",
    "LAYER",
    "MASK",
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
]
