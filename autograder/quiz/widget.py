"""The notebook's face: an anywidget that runs the same ES module as the web page."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import anywidget
import traitlets

from ..problem import Problem
from .bank import load_bank
from .cards import page_data
from .module import es_module, style_sheet


class QuizWidget(anywidget.AnyWidget):  # type: ignore[misc]
    """Questions to answer in a notebook. `state` holds the answers as plain data, and lives as long as the kernel."""

    _esm = es_module()
    _css = style_sheet()

    data = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)


@cache
def show_quiz(unit: str | None, difficulty: int | None, seed: int) -> QuizWidget:
    """The widget for these questions; the same one each time, so that running a cell again loses nothing."""
    if difficulty not in (None, 1, 2, 3):
        raise ValueError(f"difficulty is 1, 2 or 3, not {difficulty!r}.")
    try:
        bank = load_bank(only=unit)
    except Problem as error:
        raise ValueError(str(error)) from None
    fitting = tuple(question for question in bank.questions if difficulty in (None, question.difficulty))
    return QuizWidget(data=page_data(replace(bank, questions=fitting)), state={"seed": seed})
