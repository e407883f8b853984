"""The numbers of a number question: its answer and its known wrong results, computed for each configuration."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from .errors import BankError
from .expressions import evaluate
from .questions import NumberQuestion

# A brace that follows a letter, "_", "^", "}" or a backslash belongs to a formula, as in d_{k} or \sqrt{H}.
_PLACEHOLDER = re.compile(r"(?<![A-Za-z_^}\\]){(\w+)}")


@dataclass(frozen=True, slots=True)
class Solved:
    """A number question with the sizes of one configuration put in."""

    text: str
    explanation: str
    answer: float
    wrong: tuple[tuple[float, str], ...]


def agrees(given: float, expected: float) -> bool:
    """Whether a number counts as `expected`: whole numbers exactly, others to half a percent."""
    whole = float(expected).is_integer()
    return abs(given - expected) <= (1e-9 * max(1.0, abs(expected)) if whole else 0.005 * abs(expected))


def shown(number: float) -> str:
    """A number as people write it: 64, 0.125, 5.657."""
    return str(number) if isinstance(number, int) else f"{number:.4g}"


def fill(text: str, names: Mapping[str, float | str]) -> str:
    """Put sizes in for {d_model} and its like; braces of formulas stay as they are. Strings are put in as they are."""

    def put(found: re.Match[str]) -> str:
        value = names.get(found[1])
        return found[0] if value is None else value if isinstance(value, str) else shown(value)

    return _PLACEHOLDER.sub(put, text)


def asked(question: NumberQuestion, variant: int) -> str:
    """The question's text for one configuration, without working anything out: NumPy need not be imported to ask."""
    return fill(question.text, question.variants[variant])


@cache
def solve(question: NumberQuestion, variant: int) -> Solved:
    """The question for one configuration. `{answer}` may stand in the explanation.

    Raises BankError where arithmetic fails, or where two of the answer and the wrong results could not be told apart.
    """
    names = question.variants[variant]
    try:
        answer = _tidy(evaluate(question.answer, names))
        wrong = tuple((_tidy(evaluate(known.value, names)), known.why) for known in question.wrong)
    except ValueError as error:
        raise BankError([f"question {question.id}, sizes {names}: {error}."]) from None
    seen = [(question.answer, answer)]
    for known, (value, _) in zip(question.wrong, wrong, strict=True):
        for other, taken in seen:
            if agrees(value, taken) or agrees(taken, value):
                problem = f"the wrong value '{known.value}' and '{other}' are both {shown(value)}; narrow 'where'."
                raise BankError([f"question {question.id}, sizes {names}: {problem}"])
        seen.append((known.value, value))
    filled = {**names, "answer": answer}
    return Solved(
        text=asked(question, variant),
        explanation=fill(question.explanation, filled),
        answer=answer,
        wrong=tuple((value, fill(why, filled)) for value, why in wrong),
    )


def _tidy(number: float) -> float:
    """Without the last digits of floating-point arithmetic, which exports would show: 2.56, not 2.5600000000000005."""
    return number if isinstance(number, int) else float(f"{number:.12g}")
