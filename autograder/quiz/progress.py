"""Progress, kept in one JSON file in the user's data folder.

Every answer is written at once: to a file beside it, which then takes the old one's place, so that a crash leaves either
the old or the new. A file that cannot be read is set aside under another name, never overwritten.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import platformdirs

from .review import ReviewRecord, answered

FOLDER_VARIABLE = "MHA_QUIZ_DATA"
"""Environment variable with another folder for the progress file."""

_VERSION = 1


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

    def record(self, question_id: str, right: bool, today: date) -> None:
        """Count one answer and save. What another session wrote in the meantime is kept."""
        if not self._saves:
            self.records[question_id] = answered(self.records.get(question_id, ReviewRecord()), right, today)
            return
        try:
            with _locked(self.path):
                self.records = self._read()
                self.records[question_id] = answered(self.records.get(question_id, ReviewRecord()), right, today)
                if self._saves:
                    _write(self.path, {name: _to_json(record) for name, record in self.records.items()})
        except OSError as error:
            self._stop_saving(
                f"Progress cannot be saved in {self.path} ({error.strerror}); the quiz goes on without it."
            )
            self.records[question_id] = answered(self.records.get(question_id, ReviewRecord()), right, today)

    def _read(self) -> dict[str, ReviewRecord]:
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8"))
            if isinstance(kept, dict) and isinstance(kept.get("version"), int) and kept["version"] > _VERSION:
                self._stop_saving(
                    f"{self.path} was written by a newer version of this course; it is left as it is and not used."
                )
                return {}
            return {name: _from_json(record) for name, record in kept["questions"].items()}
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
        aside = self.path.with_name(f"{self.path.stem}.damaged-{datetime.now():%Y%m%d-%H%M%S-%f}.json")
        try:
            self.path.rename(aside)
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
        "step": record.step,
        "due": record.due and record.due.isoformat(),
    }


def _from_json(kept: dict[str, Any]) -> ReviewRecord:
    asked, right, step = kept["asked"], kept["right"], kept["step"]
    if not all(isinstance(number, int) for number in (asked, right)) or not isinstance(step, int | None):
        raise TypeError("counts are whole numbers")
    return ReviewRecord(asked, right, _day(kept["last"]), step, _day(kept["due"]))


def _day(written: str | None) -> date | None:
    return None if written is None else date.fromisoformat(written)


def _write(path: Path, questions: dict[str, Any]) -> None:
    """Replace the file in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"version": _VERSION, "questions": questions}, file, indent=1, sort_keys=True)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Keep two sessions from writing at once, where the system has such locks."""
    try:
        import fcntl
    except ImportError:  # Windows: the later of two writers wins
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
