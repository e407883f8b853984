"""Progress and review: nothing is lost, and what was wrong comes back later and later."""

from __future__ import annotations

import json
import multiprocessing
import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from autograder.quiz.progress import QuizProgress, progress_file
from autograder.quiz.review import DAYS, ReviewRecord, answered, due_now, next_due

TODAY = date(2026, 3, 1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "quiz_progress.json"


def test_what_was_recorded_is_there_the_next_time(path: Path) -> None:
    QuizProgress(path).record("a.b", True, TODAY)
    QuizProgress(path).record("a.c", False, TODAY)
    again = QuizProgress(path)
    assert again.records["a.b"] == ReviewRecord(asked=1, right=1, last=TODAY)
    assert again.records["a.c"] == ReviewRecord(asked=1, right=0, last=TODAY, step=0, due=TODAY)
    assert again.notices == []


def test_two_sessions_keep_each_others_answers(path: Path) -> None:
    one, other = QuizProgress(path), QuizProgress(path)
    one.record("a.b", True, TODAY)
    other.record("a.c", True, TODAY)
    one.record("a.d", True, TODAY)
    assert set(QuizProgress(path).records) == {"a.b", "a.c", "a.d"}


def _record_many(path: Path, name: str) -> None:
    progress = QuizProgress(path)
    for number in range(20):
        progress.record(f"{name}.{number}", True, TODAY)


def test_processes_that_write_at_once_lose_nothing(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    running = [context.Process(target=_record_many, args=(path, name)) for name in ("a", "b")]
    for process in running:
        process.start()
    for process in running:
        process.join(60)
        assert process.exitcode == 0
    assert len(QuizProgress(path).records) == 40


@pytest.mark.parametrize("moment", ["write", "fsync", "replace"])
def test_a_crash_in_the_middle_of_writing_leaves_the_old_file(
    path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    QuizProgress(path).record("a.b", True, TODAY)
    before = path.read_bytes()

    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        if moment == "write":
            patch.setattr(json, "dump", crash)
        else:
            patch.setattr(os, moment, crash)
        with pytest.raises(KeyboardInterrupt):
            QuizProgress(path).record("a.c", True, TODAY)
    assert path.read_bytes() == before
    assert list(path.parent.glob("*.tmp")) == list(path.parent.glob(".*.tmp")) == []


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        '{"version": 1}',
        '{"version": 1, "questions": {"a.b": 3}}',
        '{"version": 1, "questions": {"a.b": {"asked": "x", "right": 0, "last": null, "step": null, "due": null}}}',
        "\x00\x00",
    ],
)
def test_a_damaged_file_is_set_aside_whole_and_said_so(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_text(content)
    progress = QuizProgress(path)
    assert progress.records == {}
    (aside,) = path.parent.glob("*.damaged-*.json")
    assert aside.read_text() == content
    assert progress.notices == [f"The progress file was damaged. It is kept as {aside}; progress starts anew."]
    progress.record("a.b", True, TODAY)
    assert set(QuizProgress(path).records) == {"a.b"}
    assert aside.read_text() == content


def test_a_file_of_bytes_that_are_no_text_is_set_aside(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"\xff\xfe\x00")
    assert "damaged" in QuizProgress(path).notices[0]


def test_a_file_of_a_newer_version_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"version": 99, "questions": {}}')
    progress = QuizProgress(path)
    progress.record("a.b", True, TODAY)
    assert path.read_text() == '{"version": 99, "questions": {}}'
    assert "newer version" in progress.notices[0]
    assert progress.records["a.b"].right == 1


def test_a_folder_that_cannot_be_made_is_said_once_and_the_quiz_goes_on(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, not a folder")
    progress = QuizProgress(tmp_path / "data" / "quiz_progress.json")
    progress.record("a.b", False, TODAY)
    progress.record("a.b", True, TODAY)
    assert len(progress.notices) == 1
    assert "the quiz goes on without it" in progress.notices[0]
    assert progress.records["a.b"].asked == 2


def test_the_folder_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MHA_QUIZ_DATA", str(tmp_path))
    assert progress_file() == tmp_path / "quiz_progress.json"
    monkeypatch.delenv("MHA_QUIZ_DATA")
    assert "mha-course" in str(progress_file())


def test_what_is_right_the_first_time_is_not_reviewed() -> None:
    assert due_now({"a.b": answered(ReviewRecord(), True, TODAY)}, TODAY + timedelta(days=400)) == []


def test_what_was_wrong_comes_back_after_ever_more_days_until_it_is_learnt() -> None:
    record, day = answered(ReviewRecord(), False, TODAY), TODAY
    for rest in (0, *DAYS):
        day += timedelta(days=rest)
        assert due_now({"a.b": record}, day - timedelta(days=1)) == []
        assert due_now({"a.b": record}, day) == ["a.b"]
        record = answered(record, True, day)
    assert record.due is None
    assert record.asked == len(DAYS) + 2


def test_a_mistake_in_review_starts_it_again_and_repeating_at_once_does_not_count() -> None:
    record = answered(answered(ReviewRecord(), False, TODAY), True, TODAY)
    assert record.due == TODAY + timedelta(days=DAYS[0])
    assert answered(record, True, TODAY).due == record.due
    assert answered(record, False, TODAY).due == TODAY
    assert next_due({"a.b": record}, TODAY) == (TODAY + timedelta(days=DAYS[0]), 1)


def test_the_longest_overdue_comes_first() -> None:
    records = {
        name: ReviewRecord(due=TODAY - timedelta(days=days), step=0)
        for name, days in (("a.b", 1), ("a.c", 5), ("a.d", 3))
    }
    assert due_now(records, TODAY) == ["a.c", "a.d", "a.b"]
