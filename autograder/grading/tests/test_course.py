"""A whole class: the same marks as stock nbgrader, and nobody's submission costs anyone else."""

from __future__ import annotations

import json
import os
import shutil
import stat
from concurrent.futures import Executor, Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from autograder.grading import CourseError, HandedIn, NbgraderCourse, Run, grade, records, run
from autograder.grading.assignment import Assignment
from autograder.grading.hooks import Hooks
from autograder.grading.records import Findings
from autograder.grading.submission import Submission
from autograder.grading.tests.classroom import CELLS, HONEST, RIGHT
from autograder.grading.tests.make_course import fill, make_course, marks_in, nbgrader, released, submit
from autograder.sandbox import Settings

R_KERNEL = '{"name": "ir", "language": "R"}'


def mine(course: Path, settings: Settings, **more: object) -> run.Summary:
    return grade(course, settings=settings, jobs=2, **more)  # type: ignore[arg-type]


def gradebook(root: Path) -> Gradebook:
    return Gradebook(f"sqlite:///{root / 'gradebook.db'}", "course")


def comments_in(root: Path) -> dict[str, dict[str, object]]:
    with gradebook(root) as book:
        return {
            s.student.id: {c.name: c.auto_comment for n in s.notebooks for c in n.comments}
            for s in book.assignment_submissions("ps1")
        }


def test_marks_flags_and_comments_are_stocks(quick: Settings, course: Path, stock: Path) -> None:
    summary = mine(course, replace(quick, limits=replace(quick.limits, cell_seconds=30)))
    assert marks_in(course, "ps1") == marks_in(stock, "ps1")
    assert comments_in(course) == comments_in(stock)
    assert {r.learner for r in summary.records} == set(HONEST)
    assert not summary.failed


def test_autograded_notebooks_are_where_and_what_stocks_are(quick: Settings, course: Path, stock: Path) -> None:
    mine(course, quick, students=["right"])
    ours = course / "autograded" / "right" / "ps1" / "p1.ipynb"
    theirs = stock / "autograded" / "right" / "ps1" / "p1.ipynb"
    assert stat.S_IMODE(ours.stat().st_mode) == stat.S_IMODE(theirs.stat().st_mode)

    def told(path: Path) -> list[tuple[object, ...]]:
        return [
            (c["cell_type"], "".join(c["source"]), c["metadata"].get("nbgrader"))
            for c in json.loads(path.read_text())["cells"]
        ]

    for (kind, source, meta), (kind2, source2, meta2) in zip(told(ours), told(theirs), strict=True):
        if source2 == RIGHT["why"]:  # a learner's text is stored as what it shows
            assert source == "<div><p>Because <span>$a \\lt  b$</span>.</p></div>"
        else:
            assert (kind, source) == (kind2, source2)
        assert (meta or {}) == (meta2 or {})


def test_feedback_can_be_made(quick: Settings, course: Path) -> None:
    mine(course, quick, students=["right"])
    nbgrader(course, "generate_feedback", "ps1", "--student", "right")
    assert (course / "feedback" / "right" / "ps1" / "p1.html").exists()


def test_what_is_up_to_date_is_left_alone(quick: Settings, course: Path) -> None:
    first = mine(course, quick, students=["right", "half"])
    again = mine(course, quick, students=["right", "half"])
    assert (len(first.records), first.up_to_date, len(again.records), again.up_to_date) == (2, 0, 0, 2)
    submit(course, "half", "ps1", "p1", fill(released(course, "ps1", "p1"), RIGHT))
    changed = mine(course, quick, students=["right", "half"])
    assert [r.learner for r in changed.records] == ["half"]
    assert len(mine(course, quick, students=["right"], force=True).records) == 1


class Losing(Executor):
    """Loses the second thing it is given, as a cluster may."""

    def __init__(self) -> None:
        self.given = 0

    def submit(self, function: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.given += 1
        future: Future[Any] = Future()
        if self.given == 2:
            future.set_exception(RuntimeError("worker gone"))
        else:
            future.set_result(function(*args, **kwargs))
        return future


def test_what_an_executor_loses_costs_nobody_else_and_is_tried_again(quick: Settings, course: Path) -> None:
    students = ["half", "raising", "right"]
    summary = grade(course, students=students, settings=quick, executor=Losing())
    assert {r.learner: r.failed for r in summary.records} == {
        "half": "",
        "raising": "the executor lost it (RuntimeError: worker gone)",
        "right": "",
    }
    assert [r.learner for r in mine(course, quick, students=students).records] == ["raising"]


class OtherChecks(Hooks):
    """Of a course whose checks have changed, which takes nothing from `half`."""

    def version(self, assignment: Assignment) -> str:
        return f"2 of {assignment.name}"

    def refuses(self, assignment: Assignment, submission: Submission) -> str:
        return "half a submission is none" if submission.student == "half" else ""

    def findings(self, assignment: Assignment, submission: Submission, result: Any, marks: Any) -> Findings:
        return Findings("graded", (f"{submission.student} has {marks['p1'].score:g}",))


def test_a_course_may_say_what_is_new_what_is_refused_and_what_the_record_says(quick: Settings, course: Path) -> None:
    mine(course, quick, students=["right", "half"])
    with (course / "nbgrader_config.py").open("a") as file:
        file.write(f"c.GradingEngine.hooks = '{OtherChecks.__module__}.OtherChecks'\n")
    again = mine(course, quick, students=["right", "half"])
    assert {r.learner: (r.findings.messages, r.version) for r in again.records} == {
        "right": (("right has 6",), "2 of ps1"),
        "half": (("half has 0",), "2 of ps1"),
    }
    assert mine(course, quick, students=["right", "half"]).up_to_date == 2
    assert comments_in(course)["half"]["squares"] == "half a submission is none"
    assert "half a submission is none" in (course / "autograded" / "half" / "ps1" / "p1.ipynb").read_text()


def test_manual_scores_comments_and_extra_credit_stay(
    quick: Settings, course: Path, stock: Path, tmp_path: Path
) -> None:
    theirs = Path(shutil.copytree(stock, tmp_path / "stock"))
    mine(course, quick, students=["right"])
    for root in (course, theirs):
        with gradebook(root) as book:
            grade_row = book.find_grade("t_mean", "p1", "ps1", "right")
            grade_row.manual_score, grade_row.extra_credit, grade_row.needs_manual_grade = 0.25, 2.0, False
            book.find_comment("squares", "p1", "ps1", "right").manual_comment = "Well done"
            book.db.commit()
    mine(course, quick, students=["right"], force=True)
    nbgrader(theirs, "autograde", "ps1", "--student", "right", "--force")
    ours, stocks = (marks_in(root, "ps1")["right"] for root in (course, theirs))
    # Stock asks for a person again; here that person has seen exactly this submission.
    assert (ours.pop("t_mean"), stocks.pop("t_mean")) == ((1.0, 0.25, False), (1.0, 0.25, True))
    assert ours == stocks
    with gradebook(course) as book:
        row = book.find_grade("t_mean", "p1", "ps1", "right")
        assert (row.auto_score, row.manual_score, row.extra_credit, row.needs_manual_grade) == (1.0, 0.25, 2.0, False)
        assert book.find_comment("squares", "p1", "ps1", "right").manual_comment == "Well done"


def test_the_late_policy_is_applied(quick: Settings, course: Path) -> None:
    with (course / "nbgrader_config.py").open("a") as file:
        file.write("c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    with gradebook(course) as book:
        book.update_or_create_assignment("ps1", duedate="2020-01-01 00:00:00 UTC")
    for student, when in (("right", "2020-01-01 01:00:00 UTC"), ("half", "2019-12-31 00:00:00 UTC")):
        (course / "submitted" / student / "ps1" / "timestamp.txt").write_text(when)
    mine(course, quick, students=["right", "half"])
    with gradebook(course) as book:
        late = book.find_submission("ps1", "right")
        assert late.total_seconds_late == 3600
        assert late.notebooks[0].late_submission_penalty == late.notebooks[0].score == 6.0
        assert book.find_submission("ps1", "half").notebooks[0].late_submission_penalty is None


def test_executing_and_writing_are_apart(quick: Settings, course: Path) -> None:
    whole = Run(NbgraderCourse(course), quick, jobs=2)
    graded = list(whole.execute([HandedIn("right", "ps1"), HandedIn("half", "ps1")]))
    assert {g.submission.student: g.score for g in graded} == {"right": 6.0, "half": 5.5}
    assert not (course / "autograded").exists()
    assert marks_in(course, "ps1") == {}
    assert len(list(whole.write(graded))) == 2
    assert marks_in(course, "ps1")["right"]["t_squares"] == (2.0, None, False)


def test_a_missing_notebook_is_zero_and_needs_nobody(quick: Settings, tmp_path: Path) -> None:
    root = make_course(tmp_path / "course", {"ps1": {"p1": CELLS, "p2": CELLS[:5]}})
    submit(root, "a", "ps1", "p1", fill(released(root, "ps1", "p1"), RIGHT))
    mine(root, quick)
    nbgrader(shutil.copytree(root, tmp_path / "stock"), "autograde", "ps1", "--force")
    assert marks_in(root, "ps1") == marks_in(tmp_path / "stock", "ps1")


def test_odd_folders_lose_nothing(quick: Settings, course: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    submitted = course / "submitted"
    right = (submitted / "right" / "ps1" / "p1.ipynb").read_bytes()
    for student in ("link", "fifo", "folder", "empty", "stamp", "names", "zero"):
        (submitted / student / "ps1").mkdir(parents=True)
        if student not in ("link", "fifo", "folder", "empty"):
            (submitted / student / "ps1" / "p1.ipynb").write_bytes(right)
    (submitted / "link" / "ps1" / "p1.ipynb").symlink_to(submitted / "right" / "ps1" / "p1.ipynb")
    os.mkfifo(submitted / "fifo" / "ps1" / "p1.ipynb")
    (submitted / "folder" / "ps1" / "p1.ipynb").mkdir()
    (submitted / "stamp" / "ps1" / "timestamp.txt").write_bytes(b"\xff yesterday")
    odd = submitted / "names" / "ps1"
    (odd / "data.txt").symlink_to(secret)
    (odd / "loop").symlink_to(odd)
    (odd / "a\nb\x1b[2J.txt").write_text("odd")
    (odd / "=cmd|calc!A1.csv").write_text("odd")
    (odd / os.fsdecode(b"\xff.bin")).write_text("odd")
    (submitted / "zero" / "ps1" / "zero").symlink_to("/dev/zero")
    summary = mine(course, quick)
    marks = marks_in(course, "ps1")
    assert not summary.failed
    for student in ("link", "fifo", "folder", "empty"):
        assert {mark[0] for mark in marks[student].values()} == {0.0}
        assert "was not submitted" in str(
            json.loads((course / "records" / "ps1" / f"{student}.json").read_text())["notes"]
        )
    for student in ("stamp", "names", "zero"):
        assert marks[student] == marks["right"]
    assert not (course / "autograded" / "names" / "ps1" / "data.txt").exists()
    assert "\x1b" not in (course / "records" / "ps1" / "names.json").read_text()


def test_instructors_files_win_unless_they_are_excluded(quick: Settings, course: Path) -> None:
    (course / "source" / "ps1" / "data.csv").write_text("true")
    (course / "source" / "ps1" / "mine.py").write_text("instructor")
    with (course / "nbgrader_config.py").open("a") as file:
        file.write("c.Autograde.exclude_overwriting = {'ps1': ['mine.py']}\n")
    for name in ("data.csv", "mine.py", "extra.txt"):
        (course / "submitted" / "right" / "ps1" / name).write_text("learner")
    mine(course, quick, students=["right"])
    folder = course / "autograded" / "right" / "ps1"
    assert {n: (folder / n).read_text() for n in ("data.csv", "mine.py", "extra.txt")} == {
        "data.csv": "true", "mine.py": "learner", "extra.txt": "learner",
    }  # fmt: skip


def test_own_checks_are_importable_by_tests_only(quick: Settings, tmp_path: Path) -> None:
    from autograder.grading.tests.make_course import answer, check

    cells = [
        answer("a", "try:\n    import own_checks\n    found = 1\nexcept ImportError:\n    found = 0"),
        check("t", "import own_checks\nassert own_checks.fine(found)", 1),
    ]
    root = make_course(tmp_path / "course", {"ps1": {"p1": cells}})
    (root / "checks").mkdir()
    (root / "checks" / "own_checks.py").write_text("def fine(found):\n    return found == 0\n")
    submit(root, "a", "ps1", "p1", fill(released(root, "ps1", "p1"), {"a": cells[0]["source"]}))
    mine(root, quick)
    assert marks_in(root, "ps1")["a"]["t"][0] == 1.0


def test_lowered_points_cap_a_full_mark(quick: Settings, tmp_path: Path) -> None:
    from autograder.grading.tests.make_course import check

    root = make_course(tmp_path / "course", {"ps1": {"p1": [check("t", "2.0", 2)]}})
    submit(root, "a", "ps1", "p1", released(root, "ps1", "p1"))
    with gradebook(root) as book:
        book.find_grade_cell("t", "p1", "ps1").max_score = 1
        book.db.commit()
    mine(root, quick)
    assert marks_in(root, "ps1")["a"]["t"][0] == 1.0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda book: None, "generate_assignment nowhere"),
        (lambda book: setattr(book.find_notebook("p1", "ps1"), "kernelspec", R_KERNEL), "kernel 'ir'"),
    ],
)  # fmt: skip
def test_what_cannot_be_graded_is_refused_in_words(quick: Settings, course: Path, change: object, message: str) -> None:
    with gradebook(course) as book:
        change(book)  # type: ignore[operator]
        book.db.commit()
    with pytest.raises(CourseError, match=message):
        grade(course, ["nowhere" if "nowhere" in message else "ps1"], settings=quick)


def test_nbgrader_autograde_uses_the_engine(quick: Settings, course: Path, stock: Path) -> None:
    with (course / "nbgrader_config.py").open("a") as file:
        file.write("from autograder.grading import configure\nconfigure(c)\n")
        file.write(f"c.GradingEngine.isolation = {quick.isolation!r}\n")
    evil = course / "submitted" / "evil" / "ps1"
    evil.mkdir(parents=True)
    (evil / "p1.ipynb").write_bytes(b"{")
    done = nbgrader(course, "autograde", "ps1")
    assert "Traceback" not in done.stderr
    marks = marks_in(course, "ps1")
    assert {mark[0] for name, mark in marks.pop("evil").items() if name != "why"} == {None}
    assert marks == marks_in(stock, "ps1")
    assert json.loads((course / "records" / "ps1" / "right.json").read_text())["isolation"] == quick.isolation
    assert "Skipping existing" in nbgrader(course, "autograde", "ps1").stderr


def test_someone_who_submitted_nothing_is_named(quick: Settings, course: Path) -> None:
    with pytest.raises(CourseError, match="Nothing was submitted by nobody"):
        mine(course, quick, students=["nobody"])


def test_what_failed_or_lost_its_notebooks_is_graded_again(quick: Settings, graded: Path, tmp_path: Path) -> None:
    course = Path(shutil.copytree(graded, tmp_path / "course"))
    run_ = Run(NbgraderCourse(course), quick)
    assert run_.new(run_.all(["ps1"])) == []
    record = records.read(course, "ps1", "right")
    assert record is not None
    records.write(course, replace(record, failed="the worker process ended"))
    shutil.rmtree(course / "autograded" / "half" / "ps1")
    assert [one.learner for one in run_.new(run_.all(["ps1"]))] == ["half", "right"]
