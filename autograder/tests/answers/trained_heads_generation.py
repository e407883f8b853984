"""Unit 9, choosing a token and generating: right answers in other styles, and wrong ones."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.tests.answers import Right, Wrong


def softmax(scores: Any) -> Any:
    exps = np.exp(scores - np.max(scores))
    return exps / exps.sum()


def choose(logits: Any, temperature: float, u: float) -> int:
    if temperature == 0:
        return int(np.argmax(logits))
    return int(np.searchsorted(np.cumsum(softmax(logits / temperature)), u, side="right"))


def _by_loop(logits: Any, temperature: float, u: float) -> int:
    largest = max(logits)
    if not temperature:
        return list(logits).index(largest)
    parts = [math.exp((number - largest) / temperature) for number in logits]
    rest = u * sum(parts)
    for token, part in enumerate(parts):
        if rest < part:
            return token
        rest -= part
    return len(parts) - 1


def _counted(logits: Any, temperature: float, u: float) -> Any:
    """The number of tokens whose parts end at u or before; an integer of NumPy's."""
    if temperature == 0:
        return np.argmax(logits)
    return np.sum(np.cumsum(softmax(logits / temperature)) <= u)


def _recursive(step: Any, tokens: Any, temperature: float, us: Any, caches: Any = (), new: Any = None) -> Any:
    if not len(us):
        return list(tokens)
    logits, caches = step(list(tokens) if new is None else new, caches)
    token = choose(logits[-1], temperature, us[0])
    return _recursive(step, [*tokens, token], temperature, us[1:], caches, [token])


def _one_step_more(step: Any, tokens: Any, temperature: float, us: Any) -> Any:
    """The last token goes through the model as well, though nothing follows."""
    text = list(tokens)
    logits, caches = step(text, ())
    for u in us:
        text = [*text, choose(logits[-1], temperature, u)]
        logits, caches = step(text[-1:], caches)
    return np.array(text)


def _token_by_token(step: Any, tokens: Any, temperature: float, us: Any) -> Any:
    """The text that was given goes through the model one token at a time, too."""
    caches: Any = ()
    for token in tokens:
        logits, caches = step([token], caches)
    text = list(tokens)
    for i, u in enumerate(us):
        text.append(choose(logits[-1], temperature, u))
        if i < len(us) - 1:
            logits, caches = step([text[-1]], caches)
    return text


RIGHT = (
    Right("choice in a loop", {"choose_token": _by_loop}),
    Right("choice by counting", {"choose_token": _counted}),
    Right("choice by np.searchsorted", {"choose_token": choose}),
    Right("text by recursion", {"generate": _recursive}),
    Right("text with one step more", {"generate": _one_step_more}),
    Right("text token by token", {"generate": _token_by_token}),
)


def _drawn(probabilities: Callable[[Any, float], Any], at_zero: Callable[[Any], int] = np.argmax) -> dict[str, Any]:
    def choose_token(logits: Any, temperature: float, u: float) -> int:
        if temperature == 0:
            return int(at_zero(logits))
        return int(np.argmax(np.cumsum(probabilities(logits, temperature)) > u))

    return {"choose_token": choose_token}


def _naive(scores: Any) -> Any:
    exps = np.exp(scores)
    return exps / exps.sum()


CHOOSE_WRONG = (
    ("always greedy", {"choose_token": lambda logits, temperature, u: int(np.argmax(logits))}, 0.3, "always_greedy"),
    ("temperature ignored", _drawn(lambda logits, t: softmax(logits)), 0.6, "temperature_ignored"),
    ("temperature multiplies", _drawn(lambda logits, t: softmax(logits * t)), 0.6, "temperature_multiplies"),
    ("temperature after softmax", _drawn(lambda logits, t: softmax(logits) / t), 0.6, "temperature_after_softmax"),
    ("the smallest", _drawn(lambda logits, t: softmax(logits / t), np.argmin), 0.7, "smallest_logit"),
    ("no softmax", _drawn(lambda logits, t: logits / t), 0.3, "logits_as_probabilities"),
    ("overflow", _drawn(lambda logits, t: _naive(logits / t)), 0.9, "choice_overflows"),
    ("single probabilities", {
        "choose_token": lambda logits, t, u: int(np.argmax(softmax(logits / t) > u)) if t else int(np.argmax(logits))
    }, 0.3, "single_probability_compared"),
)  # fmt: skip


def _generated(
    pick: Callable[..., int] = choose,
    fed: Callable[..., Any] = lambda text, token: [token],
    kept: Callable[..., Any] = lambda old, new: new,
    row: int = -1,
    returned: Callable[..., Any] = lambda text, start: text,
) -> dict[str, Any]:
    def generate(step: Any, tokens: Any, temperature: float, us: Any) -> Any:
        text, new, caches = list(tokens), list(tokens), ()
        for u in us:
            logits, grown = step(new, caches)
            caches = kept(caches, grown)
            text = [*text, pick(logits[row], temperature, u)]
            new = fed(text, text[-1])
        return returned(text, len(tokens))

    return {"generate": generate}


def _appends_to_the_list(step: Any, tokens: Any, temperature: float, us: Any) -> Any:
    new, caches = list(tokens), ()
    for u in us:
        logits, caches = step(new, caches)
        new = [choose(logits[-1], temperature, u)]
        tokens += new
    return tokens


GENERATE_WRONG = (
    ("caches forgotten", _generated(kept=lambda old, new: ()), 0.3, ("caches_not_handed_on",)),
    ("the first caches", _generated(kept=lambda old, new: old or new), 0.3, ("first_caches_kept",)),
    ("the text again", _generated(fed=lambda text, token: text), 0, ("text_fed_again",)),
    ("no cache at all", _generated(fed=lambda text, token: text, kept=lambda old, new: ()), 0.7, ("no_cache",)),
    ("the first row", _generated(row=0), 0.3, ("first_row_of_logits",)),
    ("new tokens only", _generated(returned=lambda text, start: text[start:]), 0.3, ("only_new_tokens_returned",)),
    ("greedy throughout", _generated(pick=lambda logits, t, u: int(np.argmax(logits))), 0.7, ("generates_greedily",)),
    ("list changed", {"generate": _appends_to_the_list}, 0.9, ("input_changed",)),
)  # fmt: skip


WRONG = (
    *(Wrong("trained_heads.choose", label, names, share, (mistake,)) for label, names, share, mistake in CHOOSE_WRONG),
    *(
        Wrong("trained_heads.generate", label, names, share, mistakes)
        for label, names, share, mistakes in GENERATE_WRONG
    ),
)
