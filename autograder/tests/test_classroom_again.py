"""Marks that stand already: nothing changes them unseen, be it a check, a late policy or an extension."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from nbgrader.utils import parse_utc

from autograder.classroom import extensions, policy
from autograder.classroom.directory import CourseDirectory
from autograder.classroom.policy import Policy
from autograder.classroom.results import Learner, LearnerResult, Marked
from autograder.grading.records import Answer
from autograder.problem import Problem

from .mha import Mha, mha
from .test_classroom_term import forgive_differences
from .tiny import RIGHT, SUBTRACTS, UNIT, grade, hand_in, new_in

__all__ = ["mha"]


@pytest.fixture
def late_work(directory: CourseDirectory) -> CourseDirectory:
    """Ada's right answers came two days after the due date and were graded when lateness cost nothing."""
    set_due(directory)
    hand_in(directory, "ada", RIGHT).with_name("timestamp.txt").write_text("2026-03-03 12:00:00 UTC")
    grade(directory)
    assert score(directory) == 10.0
    return directory


def set_due(directory: CourseDirectory) -> None:
    with directory.course.gradebook() as gradebook:
        gradebook.update_or_create_assignment(UNIT, duedate=parse_utc("2026-03-01 12:00:00 UTC"))


def score(directory: CourseDirectory, learner: str = "ada") -> float:
    with directory.course.gradebook() as gradebook:
        submission = gradebook.find_submission(UNIT, learner)
        return float(submission.score - submission.late_submission_penalty)


def ten_percent_a_day(directory: CourseDirectory) -> None:
    (directory.root / policy.NAME).write_text("percent_a_day: 10\n")


def row(out: str, learner: str) -> list[str]:
    """The line of a learner in the table of changes."""
    line = next(line for line in out.splitlines() if UNIT in line and f"│ {learner} " in line)
    return [part.strip() for part in line.split("│")[1:-1]]


@pytest.mark.parametrize("command", [["--regrade"], []])
@pytest.mark.parametrize("agrees", [True, False])
def test_a_late_policy_is_shown_with_its_penalty_and_written_only_after_a_yes(
    mha: Mha, late_work: CourseDirectory, monkeypatch: pytest.MonkeyPatch, command: list[str], agrees: bool
) -> None:
    ten_percent_a_day(late_work)
    monkeypatch.setattr("typer.confirm", lambda *a, **k: agrees)
    said = mha("grade", late_work.root, *command)
    assert (said.code, said.err) == (0, "")
    assert row(said.out, "ada") == ["ada", UNIT, "10", "8", "-2"]
    assert score(late_work) == (8.0 if agrees else 10.0)
    assert bool(new_in(CourseDirectory.open(late_work.root), [UNIT])) is not agrees


def test_where_no_mark_changes_a_no_still_writes_nothing(
    mha: Mha, late_work: CourseDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = late_work.root / "records" / UNIT / "ada.json"
    record.write_text(record.read_text().replace('"memory_bytes"', '"memory_bytes" '))
    before = record.read_bytes()
    monkeypatch.setattr("typer.confirm", lambda *a, **k: False)
    said = mha("grade", late_work.root, "--regrade")
    assert "no mark changes" in said.out
    assert "Nothing was written." in said.out
    assert record.read_bytes() == before


def test_a_mended_check_shows_changes_first_and_new_work_is_graded_at_once(
    mha: Mha, directory: CourseDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(directory, "ada", SUBTRACTS)
    grade(directory)
    forgive_differences(directory)
    hand_in(directory, "bob", RIGHT)
    monkeypatch.setattr("typer.confirm", lambda *a, **k: False)
    said = mha("grade", directory.root)
    assert row(said.out, "ada") == ["ada", UNIT, "4", "10", "+6"]
    assert (score(directory), score(directory, "bob")) == (4.0, 4.0)
    assert mha("grade", directory.root, "--yes").code == 0
    assert score(directory) == 10.0


def test_where_nobody_can_be_asked_nothing_is_written_and_the_message_says_how(
    mha: Mha, late_work: CourseDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    ten_percent_a_day(late_work)
    with Path("/dev/null").open() as nothing:
        monkeypatch.setattr("sys.stdin", nothing)
        said = mha("grade", late_work.root)
    assert said.code == 2
    assert "--yes writes without asking" in said.err
    assert score(late_work) == 10.0


def test_an_extension_counts_before_and_after_work_is_graded(mha: Mha, late_work: CourseDirectory) -> None:
    ten_percent_a_day(late_work)
    assert mha("grade", late_work.root, "--yes").code == 0
    assert score(late_work) == 8.0
    said = mha("extend", late_work.root, "ada", "tiny_sum", "2026-03-02 18:00 UTC")
    assert (said.code, said.err) == (0, "")
    said = mha("grade", late_work.root, "--yes")
    assert row(said.out, "ada") == ["ada", UNIT, "8", "9", "+1"]
    with late_work.course.gradebook() as gradebook:
        gradebook.add_student("bob")
    assert mha("extend", late_work.root, "bob", "tiny_sum", "2026-03-09 12:00 UTC").code == 0
    hand_in(late_work, "bob", RIGHT).with_name("timestamp.txt").write_text("2026-03-08 12:00:00 UTC")
    mha("grade", late_work.root)
    assert score(late_work, "bob") == 10.0
    assert len(extensions.read(late_work.root)) == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["eve", "tiny_sum", "2026-03-09 12:00 UTC"], "There is no learner 'eve' in the gradebook"),
        (["ada", "tiny_sum", "next week"], "'next week' is no date. Write it like"),
        (["ada", "tiny_sum", "2026-02-09 12:00 UTC"], "before 01_tiny_sum is due for everybody"),
        (["ada", "tiny_mean", "2026-02-09 12:00 UTC"], "02_tiny_mean has no due date that could be extended"),
    ],
)
def test_an_extension_that_cannot_be_is_refused_in_words(
    mha: Mha, late_work: CourseDirectory, arguments: list[str], message: str
) -> None:
    said = mha("extend", late_work.root, *arguments)
    assert said.code == 2
    assert message in said.err
    assert not (late_work.root / extensions.NAME).exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("percent: 10", "percent is not known"),
        ("- 10", "it is not known"),
        ("percent_a_day: -1", "percent_a_day is -1"),
        ("drop_lowest: 0.5", "drop_lowest is 0.5"),
        ("a: [", "cannot be read"),
    ],
)
def test_a_policy_that_cannot_be_read_is_told(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / policy.NAME).write_text(text)
    with pytest.raises(Problem, match=message):
        policy.read(tmp_path)


def test_the_policy_that_a_new_directory_gets_changes_nothing(directory: CourseDirectory) -> None:
    assert policy.read(directory.root) == Policy()


def test_penalties_grow_by_begun_days_up_to_the_most_and_spare_the_grace() -> None:
    rule = Policy(percent_a_day=10, at_most=25, grace_minutes=30)
    found = [rule.penalty(8.0, seconds) for seconds in (1800, 1801, 86400, 86401, 10 * 86400)]
    assert found == pytest.approx([0.0, 0.8, 0.8, 1.6, 2.0])


def test_the_lowest_share_is_dropped_and_never_everything() -> None:
    def result(unit: str, marks: float, points: float) -> LearnerResult:
        answer = Marked(Answer("q", "n", "c", "passed", marks, points), marks, by_hand=False, needs_hand=False)
        return LearnerResult(Learner("ada", "", "", ""), unit, "graded", points, (answer,))

    results = [result("a", 6, 10), result("b", 3, 4), result("c", 5, 10)]
    assert [one.unit for one in Policy(drop_lowest=1).counted(results)] == ["a", "b"]
    assert [one.unit for one in Policy(drop_lowest=9).counted(results)] == ["b"]


def test_one_mended_file_of_checks_makes_its_own_unit_new_only(directory: CourseDirectory) -> None:
    for unit in directory.units:
        hand_in(directory, "ada", b"", unit)
    grade(directory)
    own = directory.course.checks / "tiny_mean.py"
    own.write_text(own.read_text() + "# mended\n")
    assert [one.unit for one in new_in(directory, directory.units)] == ["02_tiny_mean"]


def test_one_learner_is_graded_and_shown_alone(mha: Mha, directory: CourseDirectory) -> None:
    for learner in ("ada", "bob"):
        hand_in(directory, learner, SUBTRACTS)
    said = mha("grade", directory.root, UNIT, "--learner", "bob")
    assert "1 submission graded." in said.out
    assert "│ ada" not in said.out
    assert "That is the difference." in said.out
    assert [one.learner for one in new_in(directory, [UNIT])] == ["ada"]
    assert "There is nothing of 'eve'" in mha("grade", directory.root, "--learner", "eve").err


def test_the_table_tells_namesakes_apart_counts_mistakes_and_leaves_out_the_absent(
    mha: Mha, directory: CourseDirectory
) -> None:
    with directory.course.gradebook() as gradebook:
        for learner in ("ada", "ada2", "absent"):
            gradebook.add_student(learner, first_name="Ada", last_name="Lovelace")
    hand_in(directory, "ada", SUBTRACTS)
    hand_in(directory, "ada2", SUBTRACTS)
    hand_in(directory, "new", RIGHT)
    said = mha("grade", directory.root)
    assert "│ Ada Lovelace │ ada2 " in said.out
    assert "absent" not in said.out
    assert "1 of the gradebook's learners handed in nothing" in said.out
    assert "Added to the gradebook, because they have a folder under submitted/: new." in said.out
    (counted,) = [line for line in said.out.splitlines() if "That is the difference." in line]
    assert "│   2 of 3 │ tiny_sum.add" in counted
    assert "│ absent " in mha("grade", directory.root, "--all").out


def test_what_could_not_be_graded_waits_for_a_person_in_formgrader(directory: CourseDirectory) -> None:
    hand_in(directory, "ada", b"damaged")
    grade(directory)
    with directory.course.gradebook() as gradebook:
        submission = gradebook.find_submission(UNIT, "ada")
        assert submission.needs_manual_grade
        assert {grade.auto_score for notebook in submission.notebooks for grade in notebook.grades} == {None}


def test_a_restored_backup_keeps_its_marks_and_grades_what_came_since(
    directory: CourseDirectory, tmp_path: Path
) -> None:
    hand_in(directory, "ada", RIGHT)
    grade(directory)
    shutil.copytree(directory.root, tmp_path / "backup")
    hand_in(directory, "bob", RIGHT)
    grade(directory)
    shutil.copytree(directory.root / "submitted", tmp_path / "since")
    shutil.rmtree(directory.root)
    shutil.copytree(tmp_path / "backup", directory.root)
    shutil.copytree(tmp_path / "since", directory.root / "submitted", dirs_exist_ok=True)
    restored = CourseDirectory.open(directory.root)
    assert [done.handed_in.learner for done in grade(restored)] == ["bob"]
    assert (score(restored), score(restored, "bob")) == (10.0, 10.0)
