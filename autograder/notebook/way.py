"""How far a learner has come: one plain file in the learner's own folder, brought up to date by every check.

Nothing is recorded while a class is graded, and nothing leaves the machine.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from .. import kept_file
from ..course import read
from ..marking import Outcome, Report

FILE = "mha-progress.json"
VERSION = 1


@dataclass(frozen=True)
class QuestionRecord:
    """What is known of one question.

    share          the best share of its points so far, 0 to 1
    tries          checks that found an answer which was not right yet
    mistakes       names of the mistakes seen on the way
    solution_read  whether the worked solution was read before the question was solved
    """

    share: float = 0.0
    tries: int = 0
    mistakes: tuple[str, ...] = ()
    solution_read: bool = False

    @property
    def solved(self) -> bool:
        return self.share >= 1.0

    def after(self, report: Report) -> QuestionRecord:
        """The record once this report has been given."""
        if self.solved or report.outcome is Outcome.NOT_ATTEMPTED:
            return self
        if report.outcome is Outcome.PASSED:
            return replace(self, share=1.0)
        seen = tuple(dict.fromkeys((*self.mistakes, *(mistake.name for mistake in report.mistakes))))
        return replace(self, share=max(self.share, report.share), tries=self.tries + 1, mistakes=seen)


@dataclass
class Way:
    """The records of a folder by question id. `notices` holds sentences for the learner."""

    path: Path
    records: Mapping[str, QuestionRecord] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)


def folder_of(here: Path) -> Path:
    """The learner's folder: the one that holds the units' folders, or the notebook's own where it stands alone."""
    return here.parent if here.name in {unit.name for unit in read().units} else here


def way(folder: Path) -> Way:
    """What the file in a folder says; nothing where there is none. A damaged file is set aside, and a notice says so."""
    path = folder / FILE
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        version = kept["version"]
        if isinstance(version, int) and version > VERSION:
            return Way(path, notices=[f"{path} was written by a newer version of this course. It is left as it is."])
        return Way(path, {name: _record(entry) for name, entry in kept["questions"].items()})
    except FileNotFoundError:
        return Way(path)
    except OSError as error:
        return Way(path, notices=[f"{path} cannot be read ({error.strerror})."])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return _damaged(path)


def record(folder: Path, question: str, change: Callable[[QuestionRecord], QuestionRecord]) -> list[str]:
    """Change the record of one question in the folder's file. Returns sentences for the learner, mostly none.

    What another process wrote in the meantime is kept.
    """
    path = folder / FILE
    try:
        with kept_file.locked(path):
            before = way(folder)
            old = before.records.get(question, QuestionRecord())
            new = change(old)
            if path.exists() and before.notices:
                return before.notices
            if new != old:
                entries = {name: asdict(one) for name, one in {**before.records, question: new}.items()}
                kept_file.replace(path, {"version": VERSION, "questions": entries})
            return before.notices
    except OSError as error:
        return [f"Your progress cannot be saved in {path} ({error.strerror}). Everything else works without it."]


def _record(entry: Mapping[str, Any]) -> QuestionRecord:
    share, tries, mistakes, solution_read = (entry[name] for name in ("share", "tries", "mistakes", "solution_read"))
    numbers = isinstance(share, float | int) and 0 <= share <= 1 and isinstance(tries, int)
    if not (
        numbers
        and isinstance(solution_read, bool)
        and all(isinstance(name, str) and name.isidentifier() for name in mistakes)
    ):
        raise TypeError("a record holds a share, a count, names and a yes or no")
    return QuestionRecord(float(share), tries, tuple(mistakes), solution_read)


def _damaged(path: Path) -> Way:
    try:
        aside = kept_file.set_aside(path)
    except OSError as error:
        return Way(path, notices=[f"{path} is damaged and cannot be set aside ({error.strerror}); nothing is saved."])
    return Way(path, notices=[f"{FILE} was damaged. It is kept as {aside.name}; your progress starts anew."])
