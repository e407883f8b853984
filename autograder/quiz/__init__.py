"""The self-study quiz: one bank of questions, shown in a terminal, a notebook, a web page and learning platforms.

`quiz("one_head")` in a notebook cell shows a unit's questions; `mha quiz` asks them in a terminal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .widget import QuizWidget

__all__ = ["quiz"]


def quiz(unit: str | None = None, *, difficulty: int | None = None, seed: int = 1) -> QuizWidget:
    """Show the questions of a unit, or of the whole course, as a widget.

    Asking again for the same unit, difficulty and seed shows the same widget, with the answers given so far.
    Raises ValueError with a list of the units where there is no such unit.
    """
    from .widget import show_quiz  # anywidget takes a quarter of a second to import, and only notebooks need it

    return show_quiz(unit, difficulty, seed)
