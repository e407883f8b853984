"""`mha quiz` with answers from a pipe, and what to type for a right answer."""

from __future__ import annotations

import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass

import pytest

from autograder.quiz import cli
from autograder.quiz.draw import shuffled, variant_of
from autograder.quiz.questions import Bank, NumberQuestion
from autograder.quiz.terminal.session import choose
from autograder.quiz.values import shown, solve

from .vectors import vectors

LETTERS = "abcdefghijkl"


@dataclass(frozen=True)
class Ended:
    """How a run ended, and what it said on both of its streams."""

    exit_code: int
    output: str


def run(*arguments: str, keys: str = "", columns: int = 60) -> Ended:
    """`mha quiz` with answers from a pipe."""
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(said), redirect_stderr(said):
        patch.setenv("COLUMNS", str(columns))
        patch.setenv("NO_COLOR", "1")
        patch.setattr(sys, "stdin", io.StringIO(keys))
        try:
            cli.run(arguments)
        except SystemExit as ended:
            return Ended(int(ended.code or 0), said.getvalue())
    return Ended(0, said.getvalue())


def right_keys(bank: Bank, seed: int, count: int = 10) -> list[str]:
    """What to type for the right answer to each question of a session, from the vectors."""
    keys = []
    for question in choose(bank, difficulty=None, seed=seed, count=count):
        variant = variant_of(seed, question.id, len(question.variants)) if isinstance(question, NumberQuestion) else 0
        if isinstance(question, NumberQuestion):
            keys.append(shown(solve(question, variant).answer))
            continue
        answer = next(vector.answer for vector in vectors(bank) if vector.question is question and vector.score == 1)
        if question.kind == "shape":
            keys.append(answer)
        elif question.kind == "bug":
            keys.append(LETTERS[question.code_lines.index(answer)])  # type: ignore[union-attr]
        else:
            parts = {"choice": "choices", "several": "choices", "match": "rights"}.get(question.kind, "steps")
            offered = len(getattr(question, parts)) + len(getattr(question, "distractors", ()))
            order = shuffled(range(offered), seed, question.id)
            given = answer if isinstance(answer, list) else [answer]
            keys.append("".join(LETTERS[order.index(item)] for item in given))
    return keys


def only_unit(bank: Bank, unit: str) -> Bank:
    return Bank(bank.units, tuple(question for question in bank.questions if question.unit == unit))


def first_of_kind(bank: Bank, kind: str, count: int = 1) -> tuple[str, int]:
    """A unit and a seed whose first question is of a kind."""
    for seed in range(1, 500):
        for unit in (unit.name for unit in bank.units):
            if choose(only_unit(bank, unit), difficulty=None, seed=seed, count=count)[0].kind == kind:
                return unit, seed
    raise AssertionError(kind)
