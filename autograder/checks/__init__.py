"""The checks: one module per unit, named as the unit is, each with a tuple QUESTIONS.

An instructor's own checks are modules of the same form, in the folder that the environment variable AUTOGRADER_CHECKS
names: while a class is graded, `checks/` in the course directory.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

from ..environment import OWN_CHECKS
from ..marking import Question
from ..problem import Problem


class UnknownQuestion(Problem):
    """No such question; the message lists those there are."""


def questions(unit: str) -> Mapping[str, Question]:
    """The questions of a unit by id, in the notebook's order.

    unit  the unit's name without its number: ``one_head``
    """
    return {q.id: q for q in _module(unit).QUESTIONS}


def question(question_id: str) -> Question:
    """The question of that id, e.g. ``one_head.scores``."""
    unit, dot, _ = str(question_id).partition(".")
    if not dot:
        raise UnknownQuestion(f"There is no question {question_id!r}: a question is named unit.question.")
    known = questions(unit)
    if question_id not in known:
        raise UnknownQuestion(f"There is no question {question_id!r}. Unit {unit!r} has: {', '.join(known)}.")
    return known[question_id]


def home(unit: str) -> Path:
    """The file with a unit's checks."""
    return Path(str(_module(unit).__file__))


def _module(unit: str) -> ModuleType:
    if unit.isidentifier() and not unit.startswith("_"):
        if importlib.util.find_spec(f"{__name__}.{unit}") is not None:
            return importlib.import_module(f"{__name__}.{unit}")
        own = Path(os.environ.get(OWN_CHECKS, os.devnull)) / f"{unit}.py"
        if own.is_file():
            spec = importlib.util.spec_from_file_location(f"own_checks_{unit}", own)
            assert spec is not None
            assert spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            return module
    raise UnknownQuestion(f"There is no unit {unit!r} with checks.")
