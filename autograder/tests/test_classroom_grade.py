"""Grading a class in which everything happens, and grading it again."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from autograder.checks import OWN_CHECKS
from autograder.classroom import autograde as autograde_module
from autograder.classroom import record as records
from autograder.classroom.grade import Graded, Grader
from autograder.classroom.record import Record
from autograder.classroom.results import Result, results
from autograder.classroom.room import Room
from autograder.classroom.submission import strays
from autograder.problem import Problem

from .tiny import RIGHT, SUBTRACTS, UNIT, exercise, hand_in

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


def without(room: Room, answers: Mapping[str, str], *lost: str) -> Any:
    notebook = exercise(room, answers)
    notebook.cells = [cell for cell in notebook.cells if cell.id not in lost]
    return notebook


@pytest.fixture(scope="module")
def graded(
    made_room: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Room, dict[str, Graded], dict[Path, str]]:
    """The class, graded once: its course directory, what came out, and the hashes of what was handed in."""
    root = tmp_path_factory.mktemp("class") / "room"
    shutil.copytree(made_room, root)
    room = Room.open(root)
    for learner, answers in ANSWERS.items():
        hand_in(room, learner, answers)
    for learner, data in FILES.items():
        hand_in(room, learner, data)
    hand_in(room, "older", without(room, SUBTRACTS, "setup", "check_add", "check_width"))
    hand_in(room, "other", (room.released("02_tiny_mean") / "tiny_mean.ipynb").read_bytes())
    hand_in(room, "misnamed", RIGHT).rename(room.submitted("misnamed", UNIT) / "final (2).ipynb")
    room.submitted("nothing", UNIT).mkdir(parents=True)
    hand_in(room, "late", RIGHT).with_name("timestamp.txt").write_text("2026-03-02 12:00:00 UTC")
    hand_in(room, "sometime", RIGHT).with_name("timestamp.txt").write_text("after lunch")
    with room.gradebook() as gradebook:
        from nbgrader.utils import parse_utc

        gradebook.update_or_create_assignment(UNIT, duedate=parse_utc("2026-03-01 12:00:00 UTC"))
    handed_in = hashes(room)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(OWN_CHECKS, str(room.checks))
        grader = Grader(room)
        done = {g.submission.learner: g for g in grader.grade(grader.new([UNIT]))}
    return room, done, handed_in


def hashes(room: Room) -> dict[Path, str]:
    return {
        path: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (room.root / "submitted").rglob("*")
        if path.is_file()
    }


Graded_ = tuple[Room, dict[str, Graded], dict[Path, str]]


def outcomes(record: Record) -> list[tuple[str, float | None]]:
    return [(answer.outcome, answer.marks) for answer in record.answers]


def test_everyone_gets_a_record_and_marks(graded: Graded_) -> None:
    room, done, _ = graded
    handed_in = {path.name for path in (room.root / "submitted").iterdir()}
    assert done.keys() == handed_in
    assert {path.stem for path in (room.root / "records" / UNIT).iterdir()} == handed_in
    assert {r.learner.id for r in results(room, [UNIT])} == handed_in
    assert not any(r.needs_hand for r in results(room, [UNIT]))


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
    assert done[learner].record.status == "graded"
    assert (done[learner].after, outcomes(done[learner].record)) == (marks, expected)


def test_the_mistake_is_named_in_the_record(graded: Graded_) -> None:
    _, done, _ = graded
    assert [m["name"] for m in done["subtracts"].record.answers[0].mistakes] == ["difference"]
    assert done["right"].record.answers[0].mistakes == ()


@pytest.mark.parametrize(
    ("learner", "status", "message"),
    [
        ("damaged", "unreadable", "tiny_sum.ipynb is damaged, or is no notebook"),
        ("empty", "unreadable", "tiny_sum.ipynb is empty. Ask for another copy."),
        ("pdf", "unreadable", "is damaged, or is no notebook"),
        ("latin", "unreadable", "is damaged, or is no notebook"),
        ("a_list", "unreadable", "is damaged, or is no notebook"),
        ("no_cells", "unreadable", "has no cells"),
        ("odd_cell", "unreadable", "cell 1 is not what a cell should be"),
        ("deep", "unreadable", "is damaged, or is no notebook"),
        ("other", "other unit", "is the notebook of 02_tiny_mean"),
        ("misnamed", "missing", "there is final (2).ipynb. If that is the notebook, rename it to tiny_sum.ipynb"),
        ("nothing", "missing", "the folder is empty"),
        ("sometime", "unreadable", "timestamp.txt holds no date and time"),
    ],
)
def test_what_cannot_be_graded_gets_zero_and_a_reason(graded: Graded_, learner: str, status: str, message: str) -> None:
    room, done, _ = graded
    record = done[learner].record
    assert record.status == status
    assert any(message in told and str(room.submitted(learner, UNIT)) in told for told in record.messages)
    assert outcomes(record) == [("not graded", 0.0), ("not graded", 0.0)]
    assert not room.autograded(learner, UNIT).exists()


def test_a_syntax_error_is_told_with_its_cell(graded: Graded_) -> None:
    _, done, _ = graded
    assert done["typo"].record.answers[0].message.startswith("SyntaxError: expected ':'")


def test_cells_that_were_put_back_are_told(graded: Graded_) -> None:
    _, done, _ = graded
    assert any("lacks the cells setup, check_add, check_width" in told for told in done["older"].record.messages)


def test_submitted_files_are_not_changed(graded: Graded_) -> None:
    room, _, before = graded
    assert hashes(room) == before


def test_late_work_is_told(graded: Graded_) -> None:
    room, done, _ = graded
    assert done["late"].record.late == 24 * 3600
    assert done["right"].record.late == 0
    found = next(r for r in results(room, [UNIT]) if r.learner.id == "late")
    assert (found.late, found.penalty, found.marks) == (24 * 3600, 0.0, 10.0)


def test_nothing_is_new_afterwards(graded: Graded_) -> None:
    assert Grader(graded[0]).new([UNIT]) == []


def test_a_record_that_is_damaged_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / "ada.json").write_text('{"format": 1, "learner": "ada"')
    (tmp_path / "bob.json").write_text(json.dumps({"format": 0}))
    assert [records.read(tmp_path / name) for name in ("ada.json", "bob.json", "eve.json")] == [None, None, None]


# Below, single submissions in rooms of their own.


def only(room: Room) -> Result:
    found = [r for r in results(room, [UNIT]) if r.status != "missing"]
    assert len(found) == 1
    return found[0]


def grade(room: Room) -> list[Graded]:
    grader = Grader(room)
    return list(grader.grade(grader.new([UNIT])))


def test_only_a_changed_submission_is_graded_again(room: Room) -> None:
    hand_in(room, "ada", {})
    hand_in(room, "bob", b"")
    assert sorted(g.submission.learner for g in grade(room)) == ["ada", "bob"]
    hand_in(room, "ada", b"damaged")
    again = grade(room)
    assert [(g.submission.learner, g.record.status) for g in again] == [("ada", "unreadable")]


def test_a_damaged_resubmission_takes_the_old_marks_away_and_keeps_a_persons(room: Room) -> None:
    hand_in(room, "ada", RIGHT)
    assert [g.after for g in grade(room)] == [10.0]
    with room.gradebook() as gradebook:
        gradebook.find_grade("check_add", "tiny_sum", UNIT, "ada").manual_score = 5.0
        gradebook.find_comment("add", "tiny_sum", UNIT, "ada").manual_comment = "Well done."
        gradebook.db.commit()
    hand_in(room, "ada", b"damaged")
    (again,) = grade(room)
    assert (again.before, again.after) == (9.0, 5.0)
    with room.gradebook() as gradebook:
        comment = gradebook.find_comment("add", "tiny_sum", UNIT, "ada")
        assert (comment.manual_comment, comment.comment) == ("Well done.", "Well done.")
        assert "damaged" in gradebook.find_comment("width", "tiny_sum", UNIT, "ada").comment


def test_a_mended_check_makes_its_unit_new_and_no_other(room: Room) -> None:
    hand_in(room, "ada", b"")
    hand_in(room, "ada", b"", "02_tiny_mean")
    grader = Grader(room)
    list(grader.grade(grader.new(room.units)))
    with room.gradebook() as gradebook:
        gradebook.update_or_create_grade_cell("check_add", "tiny_sum", UNIT, max_score=3.0)
    assert [s.unit for s in Grader(room).new(room.units)] == [UNIT]


def test_an_own_check_that_is_mended_makes_submissions_new(room: Room) -> None:
    hand_in(room, "ada", b"")
    grade(room)
    own = room.checks / "tiny_sum.py"
    own.write_text(own.read_text() + "# mended\n")
    assert len(Grader(room).new([UNIT])) == 1


def test_what_nbgrader_refuses_is_told_and_the_rest_graded(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    hand_in(room, "ada", RIGHT)
    hand_in(room, "bob", RIGHT)
    autograde = room.api.autograde

    def refuse_ada(unit: str, learner: str) -> dict[str, Any]:
        if learner != "ada":
            return autograde(unit, learner)  # type: ignore[no-any-return]
        log = "[ERROR] There was an error\n    Traceback:\n      File x\n    ValueError: no room left\n    \n[ERROR] Sorry"
        return {"success": False, "error": "Traceback\nNbGraderException: see above", "log": log}

    monkeypatch.setattr(room.api, "autograde", refuse_ada)
    done = {g.submission.learner: g for g in grade(room)}
    assert done["ada"].record.status == "failed"
    assert done["ada"].record.messages[0].endswith("ValueError: no room left")
    assert done["bob"].after == 10.0


def test_notebooks_in_the_wrong_place_are_told(room: Room) -> None:
    hand_in(room, "ada", RIGHT)
    hand_in(room, "ada", RIGHT, "02_tiny_mean").rename(room.root / "submitted" / "ada" / "tiny_mean.ipynb")
    (room.root / "submitted" / "ada" / "09_dropped").mkdir()
    told = strays(room)
    assert len(told) == 2
    assert "ada/tiny_mean.ipynb lies where it is not looked for" in told[0]
    assert "09_dropped is for a unit that is not in the gradebook" in told[1]


def test_a_file_where_a_folder_is_needed_is_told_before_anything_runs(room: Room) -> None:
    (room.root / "records").write_text("")
    with pytest.raises(Problem, match="records is in the way"):
        Grader(room)


def test_a_folder_that_cannot_be_written_is_told_before_anything_runs(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda path, mode: path != room.gradebook_file)
    with pytest.raises(Problem, match=r"gradebook\.db cannot be written\. Change its permissions"):
        Grader(room)


def test_a_file_system_that_fails_in_the_middle_is_told_with_the_file(room: Room) -> None:
    hand_in(room, "ada", b"damaged")
    (room.root / "records").mkdir()
    (room.root / "records" / UNIT).write_text("")
    with pytest.raises(Problem, match=rf"Grading stopped: File exists: .*records/{UNIT}"):
        grade(room)


def test_a_process_that_dies_takes_nobodys_marks(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    for learner in ("ada", "bob"):
        hand_in(room, learner, RIGHT)
    grader = Grader(room)
    todo = grader.new([UNIT])

    def dies_after_one(jobs: int, room: Room, task: Any, todo: list[Any]) -> Any:
        yield todo[0], task(room, todo[0])

    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.setattr(autograde_module, "WORTH_A_PROCESS", 1)
    monkeypatch.setattr(autograde_module, "_in_processes", dies_after_one)
    assert [(g.submission.learner, g.after) for g in grader.grade(todo)] == [("ada", 10.0), ("bob", 10.0)]


def test_a_dropped_unit_is_left_alone_and_the_rest_graded(room: Room) -> None:
    hand_in(room, "ada", b"")
    hand_in(room, "ada", b"", "02_tiny_mean")
    with room.gradebook() as gradebook:
        gradebook.remove_assignment("02_tiny_mean")
    room = Room.open(room.root)
    grader = Grader(room)
    assert [g.submission.unit for g in grader.grade(grader.new(room.units))] == [UNIT]
    assert room.select([]) == (UNIT,)
