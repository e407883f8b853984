"""Grading a class in which everything happens, and grading it again."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from autograder.classroom.directory import CourseDirectory
from autograder.classroom.results import LearnerResult, results
from autograder.classroom.strays import strays
from autograder.grading import Graded
from autograder.grading import run as run_module
from autograder.grading.records import Record, read
from autograder.grading.submission import read_submission
from autograder.problem import Problem
from autograder.sandbox import Result as Executed

from .tiny import RIGHT, SUBTRACTS, UNIT, exercise, grade, hand_in, new_in, run_of

FILES: dict[str, bytes] = {
    "damaged": b'{"cells": [{"cell_type": "code", "sour',
    "empty": b"",
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n",
    "latin": '{"cells": "caf\xe9"}'.encode("latin-1"),
    "a_list": b"[1, 2, 3]",
    "no_cells": b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
    "odd_cell": b'{"cells": [{"cell_type": "poem", "metadata": {}, "source": "1"}], "metadata": {}, "nbformat": 4, '
    b'"nbformat_minor": 5}',
    "deep": b"[" * 100_000,
}
ANSWERS: dict[str, Mapping[str, str]] = {
    "right": RIGHT,
    "subtracts": SUBTRACTS,
    "untouched": {},
    "raises": {**RIGHT, "add": "def add(a, b):\n    return a.plus(b)"},
    "typo": {**RIGHT, "add": "def add(a, b)\n    return a + b"},
    "exits": {**RIGHT, "add": "import sys\ndef add(a, b):\n    sys.exit()"},
}


def without(directory: CourseDirectory, answers: Mapping[str, str], *lost: str) -> Any:
    notebook = exercise(directory, answers)
    notebook.cells = [cell for cell in notebook.cells if cell.id not in lost]
    return notebook


@pytest.fixture(scope="module")
def graded(
    made_room: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[CourseDirectory, dict[str, Graded], dict[Path, str]]:
    """The class, graded once: its course directory, what came out, and the hashes of what was handed in."""
    root = tmp_path_factory.mktemp("class") / "directory"
    shutil.copytree(made_room, root)
    directory = CourseDirectory.open(root)
    for learner, answers in ANSWERS.items():
        hand_in(directory, learner, answers)
    for learner, data in FILES.items():
        hand_in(directory, learner, data)
    hand_in(directory, "older", without(directory, SUBTRACTS, "setup", "check_add", "check_width"))
    hand_in(directory, "other", (directory.released("02_tiny_mean") / "tiny_mean.ipynb").read_bytes())
    hand_in(directory, "misnamed", RIGHT).rename(directory.submitted("misnamed", UNIT) / "final (2).ipynb")
    directory.submitted("nothing", UNIT).mkdir(parents=True)
    hand_in(directory, "late", RIGHT).with_name("timestamp.txt").write_text("2026-03-02 12:00:00 UTC")
    hand_in(directory, "sometime", RIGHT).with_name("timestamp.txt").write_text("after lunch")
    with directory.course.gradebook() as gradebook:
        from nbgrader.utils import parse_utc

        gradebook.update_or_create_assignment(UNIT, duedate=parse_utc("2026-03-01 12:00:00 UTC"))
    handed_in = hashes(directory)
    run = run_of(directory)
    done = {g.handed_in.learner: g for g in run.write(run.execute(run.new(run.all([UNIT]))))}
    return directory, done, handed_in


def hashes(directory: CourseDirectory) -> dict[Path, str]:
    return {
        path: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (directory.root / "submitted").rglob("*")
        if path.is_file()
    }


Graded_ = tuple[CourseDirectory, dict[str, Graded], dict[Path, str]]


def outcomes(record: Record) -> list[tuple[str, float | None]]:
    return [(answer.outcome, answer.marks) for answer in record.findings.answers]


def test_everyone_gets_a_record_and_marks(graded: Graded_) -> None:
    directory, done, _ = graded
    handed_in = {path.name for path in (directory.root / "submitted").iterdir()}
    assert done.keys() == handed_in
    assert {path.stem for path in (directory.root / "records" / UNIT).iterdir()} == handed_in
    assert {r.learner.id for r in results(directory, [UNIT])} == handed_in
    waiting = {r.status for r in results(directory, [UNIT]) if r.needs_hand}
    assert waiting == {"unreadable", "other unit"}, "what has no mark waits for a person, and nothing else does"


@pytest.mark.parametrize(
    ("learner", "marks", "expected"),
    [
        ("right", 10.0, [("passed", 6.0), ("passed", 4.0)]),
        ("subtracts", 4.0, [("wrong", 0.0), ("passed", 4.0)]),
        ("untouched", 0.0, [("not attempted", 0.0), ("not attempted", 0.0)]),
        ("raises", 4.0, [("raised", 0.0), ("passed", 4.0)]),
        ("exits", 4.0, [("raised", 0.0), ("passed", 4.0)]),
        ("typo", 4.0, [("raised", 0.0), ("passed", 4.0)]),
        ("late", 10.0, [("passed", 6.0), ("passed", 4.0)]),
        ("older", 4.0, [("wrong", 0.0), ("passed", 4.0)]),
    ],
)
def test_what_can_be_graded_is(
    graded: Graded_, learner: str, marks: float, expected: list[tuple[str, float | None]]
) -> None:
    _, done, _ = graded
    assert done[learner].record.findings.status == "graded"
    assert (done[learner].after, outcomes(done[learner].record)) == (marks, expected)


def test_the_mistake_is_named_in_the_record(graded: Graded_) -> None:
    _, done, _ = graded
    assert [m["name"] for m in done["subtracts"].record.findings.answers[0].mistakes] == ["difference"]
    assert done["right"].record.findings.answers[0].mistakes == ()


@pytest.mark.parametrize(
    ("learner", "status", "message"),
    [
        (
            "damaged",
            "unreadable",
            "tiny_sum.ipynb: the file is not a notebook (JSONDecodeError). Ask for another copy.",
        ),
        ("empty", "unreadable", "tiny_sum.ipynb: the file is empty. Ask for another copy."),
        ("pdf", "unreadable", "the file is not a notebook"),
        ("latin", "unreadable", "the notebook's format cannot be read"),
        ("a_list", "unreadable", "the file is JSON, but not a notebook"),
        ("deep", "unreadable", "the file is not a notebook"),
        ("no_cells", "other unit", "none of this unit's cells are in it; ask for the right one"),
        ("odd_cell", "other unit", "none of this unit's cells are in it; ask for the right one"),
        ("other", "other unit", "it is the notebook of 02_tiny_mean; ask for the right one, or move it"),
        ("misnamed", "missing", "there is final (2).ipynb. If that is the notebook, rename it to tiny_sum.ipynb"),
        ("nothing", "missing", "the folder is empty"),
    ],
)
def test_what_cannot_be_graded_gets_zero_and_a_reason(graded: Graded_, learner: str, status: str, message: str) -> None:
    directory, done, _ = graded
    record = done[learner].record
    assert record.findings.status == status
    assert any(message in told and str(directory.submitted(learner, UNIT)) in told for told in record.findings.messages)
    assert outcomes(record) == [("not graded", 0.0), ("not graded", 0.0)]
    executed = directory.autograded(learner, UNIT) / "tiny_sum.ipynb"
    assert executed.exists() == (status != "missing")
    if executed.exists():
        assert "This notebook could not be graded" in executed.read_text()


def test_a_time_that_is_none_is_told_and_costs_nothing(graded: Graded_) -> None:
    directory, done, _ = graded
    assert (done["sometime"].record.findings.status, done["sometime"].after) == ("graded", 10.0)
    assert done["sometime"].record.findings.messages == (
        f"{directory.submitted('sometime', UNIT)}/timestamp.txt holds no date and was ignored.",
    )


def test_a_syntax_error_is_told_with_its_cell(graded: Graded_) -> None:
    _, done, _ = graded
    assert done["typo"].record.findings.answers[0].message.startswith("SyntaxError: expected ':'")


def test_an_error_is_shown_with_the_learners_own_line(graded: Graded_) -> None:
    directory, _, _ = graded
    executed = (directory.autograded("raises", UNIT) / "tiny_sum.ipynb").read_text()
    assert "line 2, in add: return a.plus(b)" in executed
    assert "_exchange" not in executed


def test_cells_that_were_put_back_are_told(graded: Graded_) -> None:
    _, done, _ = graded
    assert any(
        "tiny_sum.ipynb lacks the cells setup, check_add, check_width" in m
        for m in done["older"].record.findings.messages
    )


def test_submitted_files_are_not_changed(graded: Graded_) -> None:
    directory, _, before = graded
    assert hashes(directory) == before


def test_late_work_is_told(graded: Graded_) -> None:
    directory, _, _ = graded
    found = {r.learner.id: r for r in results(directory, [UNIT])}
    assert (found["late"].late, found["late"].penalty, found["late"].marks) == (24 * 3600, 0.0, 10.0)
    assert found["right"].late == 0


def test_nothing_is_new_afterwards(graded: Graded_) -> None:
    assert new_in(graded[0], [UNIT]) == []


def test_a_record_that_is_damaged_counts_as_none(tmp_path: Path) -> None:
    folder = tmp_path / "records" / UNIT
    folder.mkdir(parents=True)
    (folder / "ada.json").write_text('{"format": 1, "learner": "ada"')
    (folder / "bob.json").write_text(json.dumps({"student": "bob"}))
    assert [read(tmp_path, UNIT, learner) for learner in ("ada", "bob", "eve")] == [None, None, None]


# Below, single submissions in rooms of their own.


def only(directory: CourseDirectory) -> LearnerResult:
    found = [r for r in results(directory, [UNIT]) if r.status != "missing"]
    assert len(found) == 1
    return found[0]


def test_only_a_changed_submission_is_graded_again(directory: CourseDirectory) -> None:
    hand_in(directory, "ada", {})
    hand_in(directory, "bob", b"")
    assert sorted(g.handed_in.learner for g in grade(directory)) == ["ada", "bob"]
    hand_in(directory, "ada", b"damaged")
    again = grade(directory)
    assert [(g.handed_in.learner, g.record.findings.status) for g in again] == [("ada", "unreadable")]


def test_a_damaged_resubmission_takes_the_old_marks_away_and_keeps_a_persons(directory: CourseDirectory) -> None:
    hand_in(directory, "ada", RIGHT)
    assert [g.after for g in grade(directory)] == [10.0]
    with directory.course.gradebook() as gradebook:
        gradebook.find_grade("check_add", "tiny_sum", UNIT, "ada").manual_score = 5.0
        gradebook.find_comment("add", "tiny_sum", UNIT, "ada").manual_comment = "Well done."
        gradebook.db.commit()
    hand_in(directory, "ada", b"damaged")
    (again,) = grade(directory)
    assert (again.before, again.after) == (9.0, 5.0)
    with directory.course.gradebook() as gradebook:
        comment = gradebook.find_comment("add", "tiny_sum", UNIT, "ada")
        assert (comment.manual_comment, comment.comment) == ("Well done.", "Well done.")
        assert "not a notebook" in gradebook.find_comment("width", "tiny_sum", UNIT, "ada").comment


def test_a_mended_check_makes_its_unit_new_and_no_other(directory: CourseDirectory) -> None:
    hand_in(directory, "ada", b"")
    hand_in(directory, "ada", b"", "02_tiny_mean")
    grade(directory)
    with directory.course.gradebook() as gradebook:
        gradebook.update_or_create_grade_cell("check_add", "tiny_sum", UNIT, max_score=3.0)
    assert [s.unit for s in new_in(directory, directory.units)] == [UNIT]


def test_an_own_check_that_is_mended_makes_submissions_new(directory: CourseDirectory) -> None:
    hand_in(directory, "ada", b"")
    grade(directory)
    own = directory.course.checks / "tiny_sum.py"
    own.write_text(own.read_text() + "# mended\n")
    assert len(new_in(directory, [UNIT])) == 1


def test_what_the_engine_cannot_run_is_told_and_the_rest_graded(
    directory: CourseDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(directory, "ada", RIGHT)
    hand_in(directory, "bob", RIGHT)
    execute = run_module.execute
    ada = read_submission(directory.course, run_of(directory).assignment(UNIT), "ada", 1 << 20).packed

    def dies_on_ada(assignment: bytes, submission: bytes, *more: Any) -> Any:
        if submission == ada:
            return Executed({}, failed="the worker process ended twice while grading it (Closed)")
        return execute(assignment, submission, *more)

    monkeypatch.setattr(run_module, "execute", dies_on_ada)
    hand_in(directory, "bob", {**RIGHT, "width": "width = 8 * 8"})
    done = {g.handed_in.learner: g for g in grade(directory)}
    assert done["ada"].record.findings.status == "failed"
    assert "could not be graded: the worker process ended twice" in done["ada"].record.findings.messages[0]
    assert done["bob"].after == 10.0
    assert [s.learner for s in new_in(directory, [UNIT])] == ["ada"]
    (shown,) = (r for r in results(directory, [UNIT]) if r.learner.id == "ada")
    assert (shown.status, shown.messages) == ("failed", done["ada"].record.findings.messages)


def test_notebooks_in_the_wrong_place_are_told(directory: CourseDirectory) -> None:
    hand_in(directory, "ada", RIGHT)
    hand_in(directory, "ada", RIGHT, "02_tiny_mean").rename(directory.root / "submitted" / "ada" / "tiny_mean.ipynb")
    (directory.root / "submitted" / "ada" / "09_dropped").mkdir()
    told = strays(directory)
    assert len(told) == 2
    assert "ada/tiny_mean.ipynb lies where it is not looked for" in told[0]
    assert "09_dropped is for a unit that is not in the gradebook" in told[1]


def test_messages_are_single_plain_lines_and_say_each_thing_once(directory: CourseDirectory) -> None:
    hand_in(directory, "ada", RIGHT).rename(directory.submitted("ada", UNIT) / "my\x1b[2J\nsum.ipynb")
    hand_in(directory, "bob", RIGHT, "02_tiny_mean").rename(hand_in(directory, "bob", {}))
    messages = {g.handed_in.learner: g.record.findings.messages for g in grade(directory) if g.handed_in.unit == UNIT}
    (missing,) = messages["ada"]
    assert missing.isprintable()
    assert "there is my sum.ipynb" in missing
    assert len([said for said in messages["bob"] if "Ask for" in said or "ask for" in said]) == 1
    assert all("Ask for another copy" not in said for said in messages["bob"])


def test_folders_that_no_gradebook_can_name_are_told_and_the_others_graded(directory: CourseDirectory) -> None:
    for learner in ("ada", "sur\udcff", "new\nline"):
        hand_in(directory, learner, RIGHT)
    assert [s.learner for s in new_in(directory, [UNIT])] == ["ada"]
    told = strays(directory)
    assert len(told) == 2
    assert all("cannot be graded" in said and "Rename the folder." in said and said.isprintable() for said in told)


def test_dotted_names_and_links_are_told_and_the_others_graded(directory: CourseDirectory) -> None:
    for learner in ("ada", "..x", "n" * 252):
        hand_in(directory, learner, RIGHT)
    (directory.root / "submitted" / "linked").symlink_to("ada")
    (directory.root / "submitted" / "nowhere").symlink_to("gone")
    done = {g.handed_in.learner: g for g in grade(directory)}
    assert set(done) == {"ada", "linked"}
    assert (done["ada"].after, done["linked"].after) == (10.0, 0.0)
    assert done["linked"].record.findings.status == "failed"
    assert "linked is a symbolic link, and links are not followed" in done["linked"].record.findings.messages[0]
    told = "\n".join(strays(directory))
    assert "..x cannot be graded: the folder's name cannot be a learner's, because it begins with a dot" in told
    assert "because it is too long" in told
    assert "nowhere is a symbolic link that leads nowhere" in told


def test_a_file_where_a_folder_is_needed_is_told_before_anything_runs(directory: CourseDirectory) -> None:
    (directory.root / "records").write_text("")
    with pytest.raises(Problem, match="records is in the way"), directory.grading("none"):
        pass


def test_a_folder_that_cannot_be_written_is_told_before_anything_runs(
    directory: CourseDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda path, mode: path != directory.course.gradebook_file)
    with (
        pytest.raises(Problem, match=r"gradebook\.db cannot be written\. Change its permissions"),
        directory.grading("none"),
    ):
        pass


def test_a_file_system_that_fails_in_the_middle_is_told_with_the_file(directory: CourseDirectory) -> None:
    hand_in(directory, "ada", b"damaged")
    (directory.root / "records").mkdir()
    (directory.root / "records" / UNIT).write_text("")
    with pytest.raises(Problem, match=rf"Grading stopped: File exists: .*records/{UNIT}"):
        grade(directory)


def test_a_dropped_unit_is_left_alone_and_the_rest_graded(directory: CourseDirectory) -> None:
    hand_in(directory, "ada", b"")
    hand_in(directory, "ada", b"", "02_tiny_mean")
    with directory.course.gradebook() as gradebook:
        gradebook.remove_assignment("02_tiny_mean")
    directory = CourseDirectory.open(directory.root)
    assert [g.handed_in.unit for g in grade(directory)] == [UNIT]
    assert directory.select([]) == (UNIT,)
