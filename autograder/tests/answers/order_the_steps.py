"""Unit 2: right orders in other styles, and wrong ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.tests.answers import Right, Wrong

Q, K, V = "project_q", "project_k", "project_v"


def _order(*steps: str) -> dict[str, Any]:
    return {"head_steps": list(steps)}


def _after(*steps: str) -> dict[str, Any]:
    return {"after_heads": list(steps)}


# The pairs that 1207 draws: q k, scale v, v mix, v softmax, k v, q v, softmax mix, scale softmax.
JUDGED = dict(zip("ABCDEFGH", (True, True, False, True, True, True, False, False), strict=True))
# And 5: k v, softmax mix, v softmax, scale v, v mix, q v, scale softmax, scores v.
JUDGED_5 = dict(zip("ABCDEFGH", (True, False, True, True, False, True, False, True), strict=True))


def _swaps(**changed: Any) -> dict[str, Any]:
    return {"my_number": 1207, "keeps_output": {**JUDGED, **changed}}


RIGHT = (
    Right("k before q", _order(K, Q, V, "scores", "scale", "softmax", "mix")),
    Right("v first", _order(V, Q, K, "scores", "scale", "softmax", "mix")),
    Right("v between q and k", _order(Q, V, K, "scores", "scale", "softmax", "mix")),
    Right("v after the scores", _order(Q, K, "scores", V, "scale", "softmax", "mix")),
    Right("v after the scale", _order(K, Q, "scores", "scale", V, "softmax", "mix")),
    Right("v at the last moment", _order(Q, K, "scores", "scale", "softmax", V, "mix")),
    Right("a tuple", {"head_steps": (Q, K, V, "scores", "scale", "softmax", "mix")}),
    Right("names with spaces around", {"head_steps": [Q, K, " project_v ", "scores", "scale", "softmax", "mix"]}),
    Right("NumPy's truth values", _swaps(A=np.bool_(True), H=np.bool_(False))),
    Right("another order of the table", {"keeps_output": dict(reversed(JUDGED.items()))}),
    Right("another integer", {"my_number": 5, "keeps_output": JUDGED_5}),
    Right("NumPy's integer", {"my_number": np.int64(5), "keeps_output": JUDGED_5}),
    Right("after the heads as a tuple", {"after_heads": ("concatenate", "multiply_by_w_o")}),
)

ORDER, SWAPS, AFTER = "order_the_steps.head_order", "order_the_steps.swaps", "order_the_steps.after_heads"
WRONG = (
    Wrong(
        ORDER,
        "scale after softmax",
        _order(Q, K, V, "scores", "softmax", "scale", "mix"),
        0.4,
        ("scale_after_softmax",),
    ),
    Wrong(ORDER, "scale after mix", _order(Q, K, V, "scores", "softmax", "mix", "scale"), 0.7, ("no_scale",)),
    Wrong(ORDER, "mix before softmax", _order(Q, K, V, "scores", "scale", "mix", "softmax"), 0.4, ("no_softmax",)),
    Wrong(ORDER, "mix at once", _order(Q, K, V, "scores", "mix", "scale", "softmax"), 0.4, ("no_scale", "no_softmax")),
    Wrong(ORDER, "scores before k", _order(Q, "scores", K, V, "scale", "softmax", "mix"), 0, ()),
    Wrong(ORDER, "scale before the scores", _order(Q, K, V, "scale", "scores", "softmax", "mix"), 0, ()),
    Wrong(ORDER, "v after mix", _order(Q, K, "scores", "scale", "softmax", "mix", V), 0, ()),
    Wrong(ORDER, "softmax first", _order("softmax", Q, K, V, "scores", "scale", "mix"), 0, ()),
    Wrong(ORDER, "no scale", _order(Q, K, V, "scores", "softmax", "mix"), 0.3, ("no_scale",)),
    Wrong(ORDER, "no softmax", _order(Q, K, V, "scores", "scale", "mix"), 0, ("no_softmax",)),
    Wrong(ORDER, "no mix", _order(Q, K, V, "scores", "scale", "softmax"), 0, ()),
    Wrong(ORDER, "a projection twice", _order(Q, Q, K, V, "scores", "scale", "softmax", "mix"), 0.6, ()),
    Wrong(ORDER, "softmax twice", _order(Q, K, V, "scores", "scale", "softmax", "softmax", "mix"), 0.3, ()),
    Wrong(ORDER, "a comma forgotten", _order(Q, K, V, "scores", "scalesoftmax", "mix"), 0, ()),
    Wrong(ORDER, "a name misspelt", _order(Q, K, V, "scores", "scale", "sofmax", "mix"), 0, ()),
    Wrong(ORDER, "numbers", {"head_steps": [7, 5, 1, 6, 4, 2, 3]}, 0, ()),
    Wrong(ORDER, "arrays", {"head_steps": [np.ones(2)] * 7}, 0, ()),
    Wrong(ORDER, "one text", {"head_steps": "project_q project_k"}, 0, ()),
    Wrong(ORDER, "nothing left", _order(), 0, ()),
    Wrong(SWAPS, "all the same", _swaps(**dict.fromkeys(JUDGED, True)), 0, ()),
    Wrong(SWAPS, "all different", _swaps(**dict.fromkeys(JUDGED, False)), 0, ()),
    Wrong(SWAPS, "the other way round", _swaps(**{letter: not kept for letter, kept in JUDGED.items()}), 0, ()),
    Wrong(SWAPS, "softmax is linear", _swaps(H=True), 0.5, ()),
    Wrong(SWAPS, "one open", _swaps(C=...), 0.5, ()),
    Wrong(SWAPS, "two open", _swaps(C=..., H=...), 0.5, ()),
    Wrong(SWAPS, "three open", _swaps(A=..., C=..., H=...), 0, ()),
    Wrong(SWAPS, "ones and zeros", _swaps(A=1, C=0), 0.5, ()),
    Wrong(SWAPS, "not a table", {"keeps_output": {"project_q": True}}, 0, ()),
    Wrong(SWAPS, "another learner's pairs", {"my_number": 5, "keeps_output": JUDGED}, 0, ()),
    Wrong(SWAPS, "a text for my_number", {"my_number": "1207", "keeps_output": JUDGED}, 0, ()),
    Wrong(AFTER, "W_o for each head", _after("multiply_by_w_o", "concatenate"), 0, ("w_o_before_concat",)),
    Wrong(AFTER, "heads added", _after("add_heads", "multiply_by_w_o"), 0, ("heads_added",)),
    Wrong(AFTER, "heads added only", _after("add_heads"), 0, ("heads_added",)),
    Wrong(AFTER, "normalised in between", _after("concatenate", "normalise", "multiply_by_w_o"), 0.4, ("normalised",)),
    Wrong(AFTER, "normalised at the end", _after("concatenate", "multiply_by_w_o", "normalise"), 0.4, ("normalised",)),
    Wrong(AFTER, "heads normalised", _after("normalise", "concatenate", "multiply_by_w_o"), 0, ("normalised",)),
    Wrong(
        AFTER, "softmax again", _after("concatenate", "softmax_again", "multiply_by_w_o"), 0.4, ("softmax_after_heads",)
    ),
    Wrong(AFTER, "no W_o", _after("concatenate"), 0.4, ("no_output_projection",)),
    Wrong(
        AFTER, "all five", _after("concatenate", "multiply_by_w_o", "add_heads", "normalise", "softmax_again"), 0.4, ()
    ),
    Wrong(AFTER, "nothing", _after(), 0, ()),
    Wrong(AFTER, "W_o twice", _after("concatenate", "multiply_by_w_o", "multiply_by_w_o"), 0.4, ()),
    Wrong(AFTER, "a step of the head", _after("concatenate", "softmax", "multiply_by_w_o"), 0, ()),
)
