"""Progress and review: nothing is lost, and what was wrong comes back later and later."""

from __future__ import annotations

import json
import multiprocessing
import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from autograder.quiz.progress import FOLDER_VARIABLE, QuizProgress, progress_file
from autograder.quiz.review import (
    AGAIN,
    EASY,
    GOOD,
    HARD,
    ReviewRecord,
    due_now,
    next_due,
    rating_of,
    remembered,
    reviewed,
    taken_over,
)

TODAY = date(2026, 3, 1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "quiz_progress.json"


def test_what_was_recorded_is_there_the_next_time(path: Path) -> None:
    right = QuizProgress(path).record("a.b", GOOD, True, TODAY)
    wrong = QuizProgress(path).record("a.c", AGAIN, False, TODAY)
    again = QuizProgress(path)
    assert again.records == {"a.b": right, "a.c": wrong}
    assert (right.asked, right.right, right.last) == (1, 1, TODAY)
    assert (wrong.asked, wrong.right, wrong.due) == (1, 0, TODAY + timedelta(days=1))
    assert again.notices == []


def test_two_sessions_keep_each_others_answers(path: Path) -> None:
    one, other = QuizProgress(path), QuizProgress(path)
    one.record("a.b", GOOD, True, TODAY)
    other.record("a.c", GOOD, True, TODAY)
    one.record("a.d", GOOD, True, TODAY)
    assert set(QuizProgress(path).records) == {"a.b", "a.c", "a.d"}


def _record_many(path: Path, name: str) -> None:
    progress = QuizProgress(path)
    for number in range(20):
        progress.record(f"{name}.{number}", GOOD, True, TODAY)


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
    QuizProgress(path).record("a.b", GOOD, True, TODAY)
    before = path.read_bytes()

    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        if moment == "write":
            patch.setattr(json, "dump", crash)
        else:
            patch.setattr(os, moment, crash)
        with pytest.raises(KeyboardInterrupt):
            QuizProgress(path).record("a.c", GOOD, True, TODAY)
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
        '{"version": 2, "questions": {"a.b": {"asked": 1, "right": 0, "last": null, "due": null}}}',
        '{"version": 2, "questions": {"a.b": {"asked": 1, "right": 0, "last": null, "stability": "x", "difficulty": 1, "due": null}}}',
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
    progress.record("a.b", GOOD, True, TODAY)
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
    progress.record("a.b", GOOD, True, TODAY)
    assert path.read_text() == '{"version": 99, "questions": {}}'
    assert "newer version" in progress.notices[0]
    assert progress.records["a.b"].right == 1


def test_a_folder_that_cannot_be_made_is_said_once_and_the_quiz_goes_on(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, not a folder")
    progress = QuizProgress(tmp_path / "data" / "quiz_progress.json")
    progress.record("a.b", AGAIN, False, TODAY)
    progress.record("a.b", GOOD, True, TODAY)
    assert len(progress.notices) == 1
    assert "the quiz goes on without it" in progress.notices[0]
    assert progress.records["a.b"].asked == 2


def test_the_folder_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert progress_file() == tmp_path / "quiz_progress.json"
    monkeypatch.delenv(FOLDER_VARIABLE)
    assert "mha-course" in str(progress_file())


def test_what_was_right_at_the_first_guess_comes_back_too() -> None:
    record = reviewed(ReviewRecord(), GOOD, True, TODAY)
    assert record.due is not None
    assert TODAY < record.due < TODAY + timedelta(days=7)
    assert due_now({"a.b": record}, record.due) == ["a.b"]


def test_what_is_remembered_rests_longer_each_time_and_a_miss_brings_it_back_soon() -> None:
    record, rests = reviewed(ReviewRecord(), AGAIN, False, TODAY), []
    for _ in range(5):
        assert record.due is not None
        assert record.last is not None
        rests.append((record.due - record.last).days)
        record = reviewed(record, GOOD, True, record.due)
    assert rests == sorted(rests)
    assert rests[-1] > 5 * rests[0]
    assert record.due is not None
    missed = reviewed(record, AGAIN, False, record.due)
    assert missed.due is not None
    assert (missed.due - record.due).days < rests[-1]
    assert (missed.asked, missed.right) == (7, 5)


def test_the_rating_follows_from_the_mark_and_the_time() -> None:
    assert rating_of(0, 5, 60) == AGAIN
    assert rating_of(0.4, 5, 60) == AGAIN
    assert rating_of(0.75, 5, 60) == HARD
    assert rating_of(1, 130, 60) == HARD
    assert rating_of(1, 40, 60) == GOOD
    assert rating_of(1, 10, 60) == EASY


def test_the_last_rating_can_be_corrected(path: Path) -> None:
    progress = QuizProgress(path)
    progress.record("a.b", EASY, True, TODAY)
    corrected = progress.correct("a.b", ReviewRecord(), HARD, True, TODAY)
    assert corrected == reviewed(ReviewRecord(), HARD, True, TODAY)
    assert QuizProgress(path).records["a.b"] == corrected


def test_what_is_remembered_fades_with_time() -> None:
    record = reviewed(ReviewRecord(), GOOD, True, TODAY)
    chances = [remembered(record, TODAY + timedelta(days=days)) for days in (0, 1, 3, 10, 100)]
    assert chances[0] == 1
    assert chances == sorted(chances, reverse=True)
    assert remembered(ReviewRecord(), TODAY) == 0


FIRST_EDITION = {
    "a.right": {"asked": 1, "right": 1, "last": "2026-02-20", "step": None, "due": None},
    "a.wrong": {"asked": 2, "right": 0, "last": "2026-02-27", "step": 0, "due": "2026-02-27"},
    "a.spaced": {"asked": 4, "right": 3, "last": "2026-02-25", "step": 3, "due": "2026-03-04"},
    "a.learnt": {"asked": 6, "right": 5, "last": "2026-02-01", "step": None, "due": None},
}


def test_a_file_of_the_first_edition_is_taken_over_and_nothing_is_lost(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"version": 1, "questions": FIRST_EDITION}))
    progress = QuizProgress(path)
    assert progress.notices == []
    for name, kept in FIRST_EDITION.items():
        record = progress.records[name]
        assert (record.asked, record.right, str(record.last)) == (kept["asked"], kept["right"], kept["last"])
        assert record.due is not None
        assert kept["due"] in (None, str(record.due)), "what was due stays due on its day"
    assert progress.records["a.learnt"].stability == 16
    progress.record("a.new", GOOD, True, TODAY)
    kept = json.loads(path.read_text())
    assert kept["version"] == 2
    assert set(kept["questions"]) == {*FIRST_EDITION, "a.new"}
    assert taken_over(0, 0, None, None, None) == ReviewRecord()


def test_the_longest_overdue_comes_first_and_the_next_day_is_known() -> None:
    records = {
        name: ReviewRecord(due=TODAY - timedelta(days=days)) for name, days in (("a.b", 1), ("a.c", 5), ("a.d", 3))
    }
    assert due_now(records, TODAY) == ["a.c", "a.d", "a.b"]
    assert next_due(records, TODAY - timedelta(days=3)) == (TODAY - timedelta(days=1), 1)
