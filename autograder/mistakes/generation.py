"""Mistakes in choosing a token, `choose_token(logits, temperature, u)`, and in `generate(step, tokens, temperature, us)`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..marking import Wrong
from .choose import named
from .stages import Array, softmax

# Runs a model on new tokens: the logits (T_new, V) and the caches for the next call.
Step = Callable[[Sequence[int], Any], tuple[Array, Any]]
Choose = Callable[[Array, float, float], int]


def choose_token(logits: Array, temperature: float, u: float) -> int:
    """The right choice."""
    return int(np.argmax(logits)) if temperature == 0 else drawn(softmax(np.asarray(logits) / temperature), u)


def drawn(probabilities: Array, u: float) -> int:
    """The first token for which the probabilities up to and including it add up to more than u."""
    return int(np.argmax(np.cumsum(probabilities) > u))


def _drawing(probabilities: Callable[[Array, float], Array]) -> Choose:
    """Greedy at temperature 0, and drawn from other probabilities above it."""

    def function(logits: Array, temperature: float, u: float) -> int:
        return choose_token(logits, 0, u) if temperature == 0 else drawn(probabilities(logits, temperature), u)

    return function


def _greedy(logits: Array, temperature: float, u: float) -> int:
    return int(np.argmax(logits))


def _smallest(logits: Array, temperature: float, u: float) -> int:
    return int(np.argmin(logits)) if temperature == 0 else choose_token(logits, temperature, u)


def _drawn_at_zero(logits: Array, temperature: float, u: float) -> int:
    return choose_token(logits, temperature or 1, u)


def _one_late(logits: Array, temperature: float, u: float) -> int:
    chosen = choose_token(logits, temperature, u)
    return chosen if temperature == 0 else chosen + 1


def _one_early(logits: Array, temperature: float, u: float) -> int:
    chosen = choose_token(logits, temperature, u)
    return chosen if temperature == 0 else chosen - 1


def _first_larger(logits: Array, temperature: float, u: float) -> int:
    return int(np.argmax(softmax(logits / temperature) > u)) if temperature else choose_token(logits, 0, u)


def _from_the_largest(logits: Array, temperature: float, u: float) -> int:
    if temperature == 0:
        return choose_token(logits, 0, u)
    order = np.argsort(-logits)
    return int(order[drawn(softmax(logits[order] / temperature), u)])


def _naive(logits: Array, temperature: float) -> Array:
    with np.errstate(over="ignore", invalid="ignore"):
        exps = np.exp(logits / temperature)
        return exps / exps.sum()


CHOOSE: tuple[Wrong, ...] = (
    *named(
        "always_greedy",
        "choose",
        "The largest logit wins at every temperature, so u plays no part. Above 0 the token is drawn.",
        _greedy,
    ),
    *named(
        "temperature_ignored",
        "choose",
        "The token is drawn, but the temperature changes nothing. The logits should be divided by it before softmax.",
        _drawing(lambda logits, temperature: softmax(logits)),
    ),
    *named(
        "temperature_multiplies",
        "choose",
        "The logits are multiplied by the temperature. A high temperature should make the probabilities "
        "more equal, but this makes them more different.",
        _drawing(lambda logits, temperature: softmax(logits * temperature)),
    ),
    *named(
        "temperature_after_softmax",
        "choose",
        "The probabilities are divided by the temperature, so they no longer sum to 1. The temperature "
        "belongs before softmax, with the logits.",
        _drawing(lambda logits, temperature: softmax(logits) / temperature),
    ),
    *named(
        "temperature_squared_root",
        "choose",
        "The logits are divided by another number than the temperature.",
        _drawing(lambda logits, temperature: softmax(logits / np.sqrt(temperature))),
        _drawing(lambda logits, temperature: softmax(logits / temperature**2)),
    ),
    *named(
        "logits_as_probabilities",
        "choose",
        "The logits are added up as if they were probabilities. Softmax turns them into probabilities.",
        _drawing(lambda logits, temperature: logits / temperature),
        _drawing(lambda logits, temperature: logits / logits.sum()),
    ),
    *named(
        "smallest_logit",
        "choose",
        "At temperature 0 this takes the smallest logit. The most likely token has the largest.",
        _smallest,
    ),
    *named(
        "drawn_at_temperature_0",
        "choose",
        "At temperature 0 the token is still drawn. The most likely token should be chosen, whatever u is.",
        _drawn_at_zero,
    ),
    *named(
        "token_after_the_drawn",
        "choose",
        "The token is the one after the token whose part contains u.",
        _one_late,
    ),
    *named(
        "token_before_the_drawn",
        "choose",
        "The token is the one before the token whose part contains u.",
        _one_early,
    ),
    *named(
        "single_probability_compared",
        "choose",
        "Single probabilities are compared with u. You need their running sum, and the first token at "
        "which it is larger than u.",
        _first_larger,
    ),
    *named(
        "drawn_from_the_largest",
        "choose",
        "The probabilities are sorted before they are laid on the line from 0 to 1. They should keep the "
        "order of the tokens.",
        _from_the_largest,
    ),
    *named(
        "choice_overflows",
        "choose",
        "Large logits, or a small temperature, overflow in the exponential and give NaN. The given softmax is safe.",
        _drawing(_naive),
    ),
    *named(
        "probability_returned",
        "choose",
        "A probability or a logit is returned. The result should be the index of the token, an int.",
        lambda logits, temperature, u: float(np.max(softmax(logits / (temperature or 1)))),
        lambda logits, temperature, u: float(np.max(logits)),
    ),
)


def generate(step: Step, tokens: Sequence[int], temperature: float, us: Sequence[float]) -> list[int]:
    """The right text."""
    return _generating()(step, tokens, temperature, us)


def _generating(
    choose: Choose = choose_token,
    feed: Callable[[list[int], int], list[int]] = lambda tokens, chosen: [chosen],
    hand_on: Callable[[Any, Any], Any] = lambda old, new: new,
    row: int = -1,
    draw: Callable[[Sequence[float], int], float] = lambda us, i: us[i],
    give: Callable[[list[int], int], list[int]] = lambda tokens, start: tokens,
) -> Callable[..., list[int]]:
    """`generate` with pieces of its own.

    feed     what goes through the model next, from all tokens and the one just chosen
    hand_on  the caches of the next step, from those given to the last one and those it returned
    row      whose logits decide
    draw     the random number for the i-th choice
    give     the result, from all tokens and the number of those given
    """

    def function(step: Step, tokens: Sequence[int], temperature: float, us: Sequence[float]) -> list[int]:
        text = list(tokens)
        new: list[int] = text
        caches: Any = ()
        for i in range(len(us)):
            logits, grown = step(list(new), caches)
            caches = hand_on(caches, grown)
            chosen = choose(np.asarray(logits)[row], temperature, draw(us, i))
            text = [*text, chosen]
            new = feed(text, chosen)
        return give(text, len(tokens))

    return function


def _one_too_many(step: Step, tokens: Sequence[int], temperature: float, us: Sequence[float]) -> list[int]:
    return generate(step, tokens, temperature, [*us, us[-1]])


def _one_too_few(step: Step, tokens: Sequence[int], temperature: float, us: Sequence[float]) -> list[int]:
    return generate(step, tokens, temperature, us[:-1])


GENERATE: tuple[Wrong, ...] = (
    *named(
        "caches_not_handed_on",
        "generate",
        "After the first step the model sees only the newest token, because the caches that were returned "
        "are not passed to the next step.",
        _generating(hand_on=lambda old, new: ()),
    ),
    *named(
        "first_caches_kept",
        "generate",
        "Every step receives the caches of the first one, so the model forgets what it has written since "
        "then. Each step returns longer caches for the next one.",
        _generating(hand_on=lambda old, new: old or new),
    ),
    *named(
        "text_fed_again",
        "generate",
        "The whole text goes through the model again, although its keys and values are already in the "
        "caches. So the model sees every token several times.",
        _generating(feed=lambda tokens, chosen: tokens),
    ),
    *named(
        "no_cache",
        "generate",
        "The text is right, but every step runs the whole text through the model again, with empty caches. "
        "Pass only the new token, with the caches of the earlier ones.",
        _generating(feed=lambda tokens, chosen: tokens, hand_on=lambda old, new: ()),
    ),
    *named(
        "prompt_fed_again",
        "generate",
        "The same tokens go through the model at every step. The token that was just chosen should go next.",
        _generating(feed=lambda tokens, chosen: tokens[:1]),
    ),
    *named(
        "first_row_of_logits",
        "generate",
        "The logits of the first token are used. The prediction for the next token is at the newest token, "
        "in the last row.",
        _generating(row=0),
    ),
    *named(
        "only_new_tokens_returned",
        "generate",
        "Only the new tokens are returned. The result should begin with the given text.",
        _generating(give=lambda tokens, start: tokens[start:]),
    ),
    *named(
        "prompt_returned",
        "generate",
        "The text is returned without the new tokens.",
        _generating(give=lambda tokens, start: tokens[:start]),
    ),
    *named(
        "generated_one_too_many",
        "generate",
        "There is one new token too many. There should be one for each number in us.",
        _one_too_many,
    ),
    *named(
        "generated_one_too_few",
        "generate",
        "One new token is missing. There should be one for each number in us.",
        _one_too_few,
    ),
    *named(
        "same_random_number",
        "generate",
        "Every choice uses the same random number. Each new token has one of its own in us.",
        _generating(draw=lambda us, i: us[0]),
        _generating(draw=lambda us, i: us[-1]),
    ),
    *named(
        "generates_greedily",
        "generate",
        "Every choice is greedy, because the temperature is not passed on.",
        _generating(choose=_greedy),
    ),
    *named(
        "temperature_1_always",
        "generate",
        "Every choice is made at temperature 1, whatever temperature was given.",
        _generating(choose=lambda logits, temperature, u: choose_token(logits, 1, u)),
    ),
)
