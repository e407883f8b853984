"""Statements to judge, and wrong choices with what to say to them."""

from __future__ import annotations

from typing import Any

from ..marking import Mistake

Guesses = tuple[tuple[Any, Mistake], ...]


def guess(name: str, says: str, *values: Any) -> Guesses:
    """One mistake behind one or more wrong values."""
    mistake = Mistake(name, "prediction", says)
    return tuple((value, mistake) for value in values)


# Unit 3, what projections of their own do for the heads. Each false statement is a belief that people hold.
OWN_PROJECTIONS_DO = (
    "For the same query token, two heads can put their weight on different tokens.",
    "Each head can read any part of every token, whichever columns it stands in.",
    "Two heads with the same w_q and w_k can still differ in their outputs.",
    "Copying one head's three matrices into another makes their outputs equal for every x.",
    "Changing one head's w_q leaves the outputs of the other heads as they are.",
)
OWN_PROJECTIONS_DO_NOT = (
    "Each head reads its own slice of the columns of x, so that no column is read twice.",
    "The heads are measurements of one thing, and averaging them takes the noise out.",
    "The tokens are shared out: a token that one head attends to is left out by the others.",
    "Heads of width d_model / H with projections of their own have fewer parameters than one head of width d_model.",
    "Two heads with the same w_v have the same output, whatever their w_q and w_k.",
    "A head that has its own w_q but shares w_k and w_v with another cannot differ from it.",
)

# Unit 4, which configurations are possible, where all heads of a layer are equally wide.
POSSIBLE_CONFIGURATIONS = (
    "A layer with d_model = 512 and 8 heads can have d_k = 64 and d_v = 96.",
    "A layer with d_model = 100 and 3 heads can have d_k = d_v = 40.",
    "If the heads share d_model = 512 equally, the scores can be divided by 8.",
    "If the heads share d_model = 768 equally, there can be 24 heads.",
    "If the heads share d_model = 60 equally, there can be 60 heads.",
    "A layer with d_model = 96 and 6 heads can have a concatenation that is 150 wide.",
    "A layer with 4 heads can have a fused w_q with 36 columns and a fused w_v with 20.",
)
IMPOSSIBLE_CONFIGURATIONS = (
    "A head can have queries of width 64 and keys of width 96.",
    "If the heads share d_model = 512 equally, the scores can be divided by 12.",
    "If the heads share d_model = 768 equally, there can be 10 heads.",
    "If the heads share d_model = 768 equally, 16 heads can each be 64 wide.",
    "If the heads share d_model = 60 equally, each head can be 8 wide.",
    "A layer with 8 heads can have a concatenation that is 100 wide.",
    "A layer with 4 heads can have a fused w_q with 90 columns.",
)

# Unit 9, which head has the largest score, as a pair (layer, head).
HEAD_AND_LAYER_EXCHANGED = Mistake(
    "head_and_layer_exchanged", "looking", "Head and layer have changed places. The layer comes first: (layer, head)."
)
HEADS_FROM_ONE = Mistake(
    "heads_from_one", "looking", "Layers and heads are counted from 1 here. Both are counted from 0."
)
THE_OTHER_SCORE = Mistake(
    "the_other_score", "looking", "This head is the largest of the other score. Look at the column for this one."
)
