"""Unit 9: the choice of the next token, and text generated with a cache."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..marking import Case, Facet, FunctionQuestion
from ..mistakes.conduct import CONDUCT
from ..mistakes.generation import CHOOSE, GENERATE, choose_token, generate
from ..mistakes.kinds import FLOAT_FOR_INT
from ..mistakes.stages import Array
from .demands import is_int
from .inputs import Rng, normal


def _logits(rng: Rng, size: int = 9, scale: float = 1.0) -> Array:
    return normal(rng, size, size=scale)


def _over_the_line(temperature: float, many: int = 25) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The tokens for numbers all along the line from 0 to 1, none on the border between two tokens."""
    return lambda choose: lambda logits: [choose(logits, temperature, (i + 0.5) / many) for i in range(many)]


CHOICE = FunctionQuestion(
    id="trained_heads.choose",
    title="The choice of the next token",
    points=1,
    read="trained_heads#choosing-the-next-token",
    name="choose_token",
    reference=choose_token,
    argnames=("logits", "temperature", "u"),
    facets=(
        Facet(
            "greedy at temperature 0",
            0.3,
            lambda rng: [Case((_logits(rng), 0, float(rng.uniform(0.05, 0.95)))) for _ in range(4)],
            also=is_int,
            lacks=FLOAT_FOR_INT,
        ),
        Facet(
            "drawn at temperature 1",
            0.3,
            lambda rng: [Case((_logits(rng),), label="25 numbers u, temperature 1", through=_over_the_line(1))],
        ),
        Facet(
            "sharper below temperature 1, flatter above",
            0.3,
            lambda rng: [
                Case((_logits(rng),), label=f"25 numbers u, temperature {t}", through=_over_the_line(t))
                for t in (0.5, 2.5)
            ],
        ),
        Facet(
            "large logits, and they stay as they were",
            0.1,
            lambda rng: [
                Case((np.sort(_logits(rng, scale=50.0)) + 3000, 0.5, 0.5), label="logits in the thousands"),
                Case((_logits(rng),), label="the same call twice", twice=CONDUCT, through=_over_the_line(1.4)),
            ],
        ),
    ),
    wrongs=lambda: CHOOSE,
)


class _Model:
    """A model for `generate` to run: its logits depend on every token that went through it, in order.

    A step keeps what it was given, so that a check can see which tokens went through the model.
    """

    def __init__(self, seed: int, num_tokens: int = 300) -> None:
        self.seed, self.num_tokens = seed, num_tokens
        self.fed: list[int] = []

    def step(self, tokens: Sequence[int], caches: Any) -> tuple[Array, tuple[Array, ...]]:
        seen = [int(t) for cached in caches for t in np.ravel(cached)]
        rows = []
        for token in np.ravel(tokens):
            seen.append(int(token))
            self.fed.append(int(token))
            rows.append(2 * np.random.default_rng([self.seed, *seen]).standard_normal(self.num_tokens))
        return np.array(rows).reshape(-1, self.num_tokens), (np.array(seen, dtype=int),)


def _text(function: Callable[..., Any]) -> Callable[..., Any]:
    """The tokens that `generate` returns, as a list of ints where they are numbers."""

    def generated(seed: int, tokens: list[int], temperature: float, us: list[float]) -> Any:
        result = function(_Model(seed).step, tokens, temperature, us)
        return np.asarray(result).tolist() if isinstance(result, list | tuple | np.ndarray) else result

    return generated


def _fed(function: Callable[..., Any]) -> Callable[..., Any]:
    """How many tokens went through the model, without the last one chosen, which need not."""

    def count(seed: int, tokens: list[int], temperature: float, us: list[float]) -> int:
        model = _Model(seed)
        function(model.step, tokens, temperature, us)
        return len(model.fed) - (len(model.fed) == len(tokens) + len(us))

    return count


def _begun(rng: Rng, temperature: float, t: int, many: int) -> tuple[int, list[int], float, list[float]]:
    tokens = rng.integers(0, 300, t).tolist()
    return int(rng.integers(1, 2**31)), tokens, temperature, rng.uniform(0.02, 0.98, many).tolist()


GENERATE_QUESTION = FunctionQuestion(
    id="trained_heads.generate",
    title="Text, one token at a time",
    points=1,
    read="trained_heads#generating",
    name="generate",
    reference=generate,
    argnames=("model", "tokens", "temperature", "us"),
    facets=(
        Facet(
            "greedy",
            0.3,
            lambda rng: [
                Case(_begun(rng, 0, 4, 6), label="six tokens after four, temperature 0", through=_text),
                Case(_begun(rng, 0, 1, 3), label="three tokens after one, temperature 0", through=_text),
                Case(_begun(rng, 0, 5, 2), label="two tokens after five, temperature 0", through=_text),
                Case(_begun(rng, 0, 3, 2), label="two tokens after three, temperature 0", through=_text),
            ],
        ),
        Facet(
            "drawn",
            0.3,
            lambda rng: [
                Case(_begun(rng, t, 3, 7), label=f"seven tokens after three, temperature {t}", through=_text)
                for t in (1, 0.6)
            ],
        ),
        Facet(
            "each token goes through the model once",
            0.3,
            lambda rng: [Case(_begun(rng, 1, 4, 5), label="how many tokens went through the model", through=_fed)],
        ),
        Facet(
            "the list that was given stays as it was",
            0.1,
            lambda rng: [
                Case(_begun(rng, 0, 3, 4), label="the same call twice", twice=CONDUCT, through=_text),
                Case(_begun(rng, 0, 2, 3), label="another call twice", twice=CONDUCT, through=_text),
            ],
        ),
    ),
    wrongs=lambda: GENERATE,
    builds_on=lambda: (CHOICE,),
)
