"""Progress, kept in one JSON file in the user's data folder.

Every answer is written at once: to a file beside it, which then takes the old one's place, so that a crash leaves either
the old or the new. A file that cannot be read is set aside under another name, never overwritten.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import platformdirs

from .. import kept_file
from .review import ReviewRecord, reviewed, taken_over

FOLDER_VARIABLE = "MHA_QUIZ_DATA"
"""Environment variable with another folder for the progress file."""

_VERSION = 2
"""The form of the file: version 1, of the first edition, is read and written anew."""


def progress_file() -> Path:
    """Where progress is kept."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    return (
        Path(chosen) if chosen else platformdirs.user_data_path("mha-course", appauthor=False)
    ) / "quiz_progress.json"


class QuizProgress:
    """The records of all questions answered so far.

    `notices` holds sentences for the user: a damaged file was set aside, or answers cannot be saved.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notices: list[str] = []
        self._saves = True
        self.records = self._read()

    def record(self, question_id: str, rating: int, right: bool, today: date) -> ReviewRecord:
        """Count one answer, save, and return the record. What another session wrote in the meantime is kept."""
        return self._replace(question_id, lambda before: reviewed(before, rating, right, today))

    def correct(self, question_id: str, before: ReviewRecord, rating: int, right: bool, today: date) -> ReviewRecord:
        """Rate the last answer differently; `before` is the record that the answer found."""
        return self._replace(question_id, lambda _: reviewed(before, rating, right, today))

    def _replace(self, question_id: str, change: Callable[[ReviewRecord], ReviewRecord]) -> ReviewRecord:
        if self._saves:
            try:
                with kept_file.locked(self.path):
                    self.records = self._read()
                    self._put(question_id, change)
                    if self._saves:
                        questions = {name: _to_json(record) for name, record in self.records.items()}
                        kept_file.replace(self.path, {"version": _VERSION, "questions": questions})
                return self.records[question_id]
            except OSError as error:
                self._stop_saving(
                    f"Progress cannot be saved in {self.path} ({error.strerror}); the quiz goes on without it."
                )
        self._put(question_id, change)
        return self.records[question_id]

    def _put(self, question_id: str, change: Callable[[ReviewRecord], ReviewRecord]) -> None:
        self.records[question_id] = change(self.records.get(question_id, ReviewRecord()))

    def _read(self) -> dict[str, ReviewRecord]:
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8"))
            if isinstance(kept, dict) and isinstance(kept.get("version"), int) and kept["version"] > _VERSION:
                self._stop_saving(
                    f"{self.path} was written by a newer version of this course; it is left as it is and not used."
                )
                return {}
            read = _from_first_edition if kept.get("version") == 1 else _from_json
            return {name: read(record) for name, record in kept["questions"].items()}
        except FileNotFoundError:
            return {}
        except OSError as error:
            self._stop_saving(
                f"Progress in {self.path} cannot be read ({error.strerror}); the quiz goes on without it."
            )
            return {}
        except (ValueError, KeyError, TypeError, AttributeError):
            self._set_aside()
            return {}

    def _set_aside(self) -> None:
        try:
            aside = kept_file.set_aside(self.path)
        except OSError as error:
            self._stop_saving(f"{self.path} is damaged and cannot be set aside ({error.strerror}); nothing is saved.")
            return
        self.notices.append(f"The progress file was damaged. It is kept as {aside}; progress starts anew.")

    def _stop_saving(self, notice: str) -> None:
        if notice not in self.notices:
            self.notices.append(notice)
        self._saves = False


def _to_json(record: ReviewRecord) -> dict[str, Any]:
    return {
        "asked": record.asked,
        "right": record.right,
        "last": record.last and record.last.isoformat(),
        "stability": record.stability,
        "difficulty": record.difficulty,
        "due": record.due and record.due.isoformat(),
    }


def _from_json(kept: dict[str, Any]) -> ReviewRecord:
    if not all(isinstance(kept[name], float | int | None) for name in ("stability", "difficulty")):
        raise TypeError("stability and difficulty are numbers")
    asked, right = _counts(kept)
    return ReviewRecord(asked, right, _day(kept["last"]), kept["stability"], kept["difficulty"], _day(kept["due"]))


def _from_first_edition(kept: dict[str, Any]) -> ReviewRecord:
    if not isinstance(kept["step"], int | None):
        raise TypeError("a step is a whole number")
    return taken_over(*_counts(kept), _day(kept["last"]), kept["step"], _day(kept["due"]))


def _counts(kept: dict[str, Any]) -> tuple[int, int]:
    if not all(isinstance(kept[name], int) for name in ("asked", "right")):
        raise TypeError("counts are whole numbers")
    return kept["asked"], kept["right"]


def _day(written: str | None) -> date | None:
    return None if written is None else date.fromisoformat(written)
