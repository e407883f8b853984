"""`solution("one_head.scores")`: the worked solution, after success or when asked for twice."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from html import escape
from pathlib import Path

import yaml

from ..checks import UnknownQuestion, question
from ..course import read
from ..environment import GRADED_CELL
from ..marking import Outcome
from ..marking.render import code
from .asked import LAST
from .show import in_notebook, show
from .text import Note
from .way import folder_of, record

# Which questions were asked for once, kept among the learner's own names so that it ends with the kernel.
ASKED = "_solutions_asked_for"


def solution(question_id: str | None = None) -> None:
    """Show the worked solution of a question once it is solved; otherwise ask back first.

    Without a question, it is the one that was checked or asked about last.
    """
    names = sys._getframe(1).f_globals
    wanted = question_id if question_id is not None else names.get(LAST, (None,))[0]
    if wanted is None:
        print("Run the check of the question first, or name the question, as its check does.")
        return
    try:
        asked = question(wanted)
    except UnknownQuestion as error:
        print(error)
        return
    unit = asked.id.partition(".")[0]
    if all(unit != one.short for one in read().units):
        print(f"{asked.id} is your instructor's own question: it has no worked solution here.")
        return
    before: set[str] = names.setdefault(ASKED, set())
    solved = asked.mark(names).outcome is Outcome.PASSED
    if not solved and asked.id not in before:
        before.add(asked.id)
        show(
            Note(
                "Not solved yet",
                f'There are three hints: `hint("{asked.id}")`. A solution read before trying is soon forgotten.',
                f'To see it all the same, ask once more: `solution("{asked.id}")`.',
            )
        )
        return
    if not solved and in_notebook() and GRADED_CELL not in os.environ:
        for notice in record(folder_of(Path.cwd()), asked.id, lambda one: replace(one, solution_read=not one.solved)):
            print(notice)
    show(Listing(f"A worked solution of {asked.id}", worked_solution(asked.id), steps(asked.id)))


@cache
def _all_steps() -> dict[str, list[str]]:
    path = read().root / "course" / "steps.yaml"
    found: dict[str, list[str]] = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found


def steps(question_id: str) -> list[str]:
    """What explains a worked solution, a step each; none where the code or the lesson says it all."""
    return _all_steps().get(question_id, [])


def worked_solution(question_id: str) -> str:
    """The code of the solution cells that a question is about."""
    from ..build.script import read_script, worked

    unit, _, name = question_id.partition(".")
    script = read_script(read().unit(unit))
    return "\n\n\n".join(worked(cell.source) for cell in script.solutions_for(name))


class Listing:
    """Code with a head line, and steps that explain it."""

    def __init__(self, head: str, code: str, steps: Sequence[str] = ()) -> None:
        self.head = head
        self.code = code
        self.steps = steps

    def __str__(self) -> str:
        steps = [f"{place}. {step}".replace("`", "") for place, step in enumerate(self.steps, 1)]
        return "\n".join([f"{self.head}:", self.code, *steps])

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        steps = "".join(f"<li>{code(step)}</li>" for step in self.steps)
        html = f"<b>{escape(self.head)}</b><pre>{escape(self.code)}</pre>{f'<ol>{steps}</ol>' if steps else ''}"
        return {"text/plain": str(self), "text/html": html}
