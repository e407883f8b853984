"""What an instructor does in a term: points, late work, marks by hand, questions of one's own, grading again."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import nbformat
from nbformat import v4

from autograder import paths
from autograder.classroom import settings
from autograder.classroom.create import generate
from autograder.classroom.directory import CourseDirectory
from autograder.classroom.regrade import rehearsal
from autograder.classroom.results import results
from autograder.grading.records import path_of

from .tiny import RIGHT, SUBTRACTS, UNIT, grade, hand_in, new_in, run_of

OWN_CHECK = """\
from autograder.marking import Entry, ValueQuestion

QUESTIONS = (
    ValueQuestion(
        id="extra.bias", title="The bias", points=2.0, read="one_head",
        entries=(Entry("the bias", 1.0, ("bias",), lambda: 3),),
    ),
)
"""
LATE_POLICY = """\
from nbgrader.plugins import BasePlugin


class HalfPointADay(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 0.5 * total_seconds_late / 86400
"""


def marks(directory: CourseDirectory, learner: str = "ada") -> dict[str, float | None]:
    """A learner's marks by question."""
    found = next(r for r in results(directory, [UNIT]) if r.learner.id == learner)
    return {marked.answer.question: marked.marks for marked in found.answers}


def add_cells(directory: CourseDirectory, *cells: Any) -> None:
    """Add cells to the unit's source notebook, and generate, as in formgrader."""
    path = directory.source(UNIT) / "tiny_sum.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells += cells
    nbformat.write(notebook, path)
    generate(directory, UNIT)


def graded_cell(grade_id: str, source: str, points: float, kind: str = "code", **marks: bool) -> Any:
    make = v4.new_code_cell if kind == "code" else v4.new_markdown_cell
    meta = {"grade": True, "solution": False, "locked": True, "task": False, "schema_version": 3, **marks}
    return make(source, id=grade_id, metadata={"nbgrader": {"grade_id": grade_id, "points": points, **meta}})


def solution_cell(grade_id: str, source: str) -> Any:
    meta = {"grade": False, "solution": True, "locked": False, "task": False, "schema_version": 3}
    return v4.new_code_cell(source, id=grade_id, metadata={"nbgrader": {"grade_id": grade_id, **meta}})


def set_points(directory: CourseDirectory, points: Mapping[str, float]) -> None:
    """Change points as a person does: in the source notebook, then Generate."""
    path = directory.source(UNIT) / "tiny_sum.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.id in points:
            cell.metadata.nbgrader["points"] = points[cell.id]
    nbformat.write(notebook, path)
    generate(directory, UNIT)


def test_marks_scale_with_points_lowered_and_raised_in_the_source(directory: CourseDirectory) -> None:
    hand_in(directory, "ada", RIGHT)
    set_points(directory, {"check_add": 1.5, "check_width": 40})
    grade(directory)
    assert marks(directory) == {"tiny_sum.add": 1.5, "tiny_sum.width": 40.0}


def test_marks_scale_with_points_changed_in_the_gradebook_itself(directory: CourseDirectory) -> None:
    hand_in(directory, "ada", RIGHT)
    with directory.course.gradebook() as gradebook:
        gradebook.update_or_create_grade_cell("check_add", "tiny_sum", UNIT, max_score=2.5)
    (done,) = grade(directory)
    assert done.record.findings.messages == ()
    assert marks(directory) == {"tiny_sum.add": 2.5, "tiny_sum.width": 4.0}


def test_the_late_policy_takes_its_penalty(directory: CourseDirectory) -> None:
    (directory.root / "late.py").write_text(LATE_POLICY)
    config = directory.root / settings.NAME
    config.write_text(config.read_text() + '\nc.AssignLatePenalties.plugin_class = "late.HalfPointADay"\n')
    directory = CourseDirectory.open(directory.root)
    with directory.course.gradebook() as gradebook:
        from nbgrader.utils import parse_utc

        gradebook.update_or_create_assignment(UNIT, duedate=parse_utc("2026-03-01 12:00:00 UTC"))
    hand_in(directory, "ada", RIGHT).with_name("timestamp.txt").write_text("2026-03-03 12:00:00 UTC")
    grade(directory)
    (found,) = results(directory, [UNIT])
    assert (found.penalty, found.marks, sum(m.marks or 0 for m in found.answers)) == (1.0, 9.0, 10.0)


def test_an_instructors_own_questions_are_marked(directory: CourseDirectory) -> None:
    (directory.course.checks / "extra.py").write_text(OWN_CHECK)
    add_cells(
        directory,
        solution_cell("bias", "bias = ...\n### BEGIN SOLUTION\nbias = 3\n### END SOLUTION"),
        graded_cell("my_check_of_bias", 'check("extra.bias")', 5),
        solution_cell("twice", "### BEGIN SOLUTION\ndef twice(x): return 2 * x\n### END SOLUTION"),
        graded_cell("plain_pass", "assert twice(3) == 6", 3),
        graded_cell("plain_fail", "assert twice(3) == 7, 'seven'", 3),
        graded_cell("plain_part", "0.5 if twice(1) == 2 else 0.0", 1),
        graded_cell("essay", "Why?", 4, kind="markdown", solution=True, locked=False),
        graded_cell("work", "Draw a head. Put the drawing below.", 2, kind="markdown", grade=False, task=True),
    )
    answers = {**RIGHT, "bias": "bias = 3", "twice": "def twice(x): return x + x", "essay": "Because."}
    hand_in(directory, "ada", answers)
    (done,) = grade(directory)
    assert {a.question: (a.outcome, a.marks) for a in done.record.findings.answers} == {
        "tiny_sum.add": ("passed", 6.0),
        "tiny_sum.width": ("passed", 4.0),
        "extra.bias": ("passed", 5.0),
        "tiny_sum.plain_pass": ("passed", 3.0),
        "tiny_sum.plain_fail": ("raised", 0.0),
        "tiny_sum.plain_part": ("wrong", 0.5),
        "tiny_sum.essay": ("by hand", None),
        "tiny_sum.work": ("by hand", None),
    }
    assert "seven" in next(a.message for a in done.record.findings.answers if a.cell == "plain_fail")
    (found,) = results(directory, [UNIT])
    assert [m.answer.cell for m in found.answers if m.needs_hand] == ["essay", "work"]


def test_the_guides_examples_of_own_questions_run_as_they_stand(directory: CourseDirectory) -> None:
    guide = (paths.root() / "course" / "guide.md").read_text(encoding="utf-8")
    plain, own_check, answer = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    (directory.course.checks / "warm_up.py").write_text(own_check)
    add_cells(
        directory,
        solution_cell(
            "softmax", "def softmax(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION\n    pass"
        ),
        graded_cell("plain", plain, 2),
        solution_cell("length", answer),
        graded_cell("check_length", 'check("warm_up.length")', 1),
    )
    softmax = "def softmax(x):\n    return np.exp(x) / np.exp(x).sum(-1, keepdims=True)"
    hand_in(directory, "ada", {"softmax": softmax, "length": "def length(v):\n    return np.linalg.norm(v)"})
    hand_in(directory, "bob", {"length": "def length(v):\n    return np.sqrt(np.sum(v))"})
    hand_in(directory, "eve", {})
    found = {
        (done.handed_in.learner, a.question): (a.outcome, a.marks, [m["name"] for m in a.mistakes])
        for done in grade(directory)
        for a in done.record.findings.answers
        if a.cell in ("plain", "check_length")
    }
    assert found == {
        ("ada", "tiny_sum.plain"): ("passed", 2.0, []),
        ("ada", "warm_up.length"): ("passed", 1.0, []),
        ("bob", "tiny_sum.plain"): ("raised", 0.0, []),
        ("bob", "warm_up.length"): ("wrong", 0.0, ["unsquared"]),
        ("eve", "tiny_sum.plain"): ("raised", 0.0, []),
        ("eve", "warm_up.length"): ("not attempted", 0.0, []),
    }


def test_of_two_notebooks_the_one_that_came_is_graded(directory: CourseDirectory) -> None:
    second = v4.new_notebook(cells=[graded_cell("sums", "assert 1 + 1 == 2", 5)])
    second.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(second, directory.source(UNIT) / "more.ipynb")
    generate(directory, UNIT)
    hand_in(directory, "ada", RIGHT)
    (done,) = grade(directory)
    assert (done.record.findings.status, done.after) == ("graded", 10.0)
    assert any("more.ipynb is missing" in told for told in done.record.findings.messages)
    assert [(a.question, a.outcome) for a in done.record.findings.answers] == [
        ("more.sums", "not graded"),
        ("tiny_sum.add", "passed"),
        ("tiny_sum.width", "passed"),
    ]


def give_by_hand(directory: CourseDirectory, cell: str, score: float) -> None:
    """What formgrader does when a person enters a score."""
    with directory.course.gradebook() as gradebook:
        grade = gradebook.find_grade(cell, "tiny_sum", UNIT, "ada")
        grade.manual_score, grade.needs_manual_grade = score, False
        gradebook.db.commit()


def forgive_differences(directory: CourseDirectory) -> None:
    """Mend the own check so that a difference counts as a sum."""
    path = directory.course.checks / "tiny_sum.py"
    text = path.read_text()
    assert "reference=lambda a, b: a + b" in text
    path.write_text(text.replace("reference=lambda a, b: a + b", "reference=lambda a, b: a - b"))


def everything(directory: CourseDirectory) -> dict[str, Any]:
    """What a person would lose: scores, comments, files."""
    with directory.course.gradebook() as gradebook:
        rows = [
            grade.to_dict() for s in gradebook.assignment_submissions(UNIT) for n in s.notebooks for grade in n.grades
        ]
        rows += [c.to_dict() for s in gradebook.assignment_submissions(UNIT) for n in s.notebooks for c in n.comments]
    files = {p: p.read_bytes() for p in directory.root.rglob("*") if p.is_file() and p.name != "gradebook.db"}
    return {"rows": json.dumps(rows, default=str, sort_keys=True), **{str(p): data for p, data in files.items()}}


def test_grading_again_shows_first_and_writes_on_request(directory: CourseDirectory) -> None:
    hand_in(directory, "ada", SUBTRACTS)
    hand_in(directory, "bob", RIGHT)
    hand_in(directory, "eve", b"damaged")
    grade(directory)
    give_by_hand(directory, "check_width", 3.5)
    with directory.course.gradebook() as gradebook:
        gradebook.find_comment("add", "tiny_sum", UNIT, "ada").manual_comment = "Read the question again."
        gradebook.db.commit()
    forgive_differences(directory)
    before = everything(directory)

    run = run_of(directory)
    with rehearsal(run, run.all(directory.units)) as rehearsed:
        changes = {g.handed_in.learner: (g.before, g.after) for g in rehearsed.changes() if g.before != g.after}
        assert changes == {"ada": (3.5, 9.5), "bob": (10.0, 4.0)}
        assert everything(directory) == before
        assert len(list(rehearsed.write())) == 3
    assert marks(directory) == {"tiny_sum.add": 6.0, "tiny_sum.width": 3.5}
    assert marks(directory, "bob") == {"tiny_sum.add": 0.0, "tiny_sum.width": 4.0}
    with directory.course.gradebook() as gradebook:
        assert gradebook.find_comment("add", "tiny_sum", UNIT, "ada").comment == "Read the question again."
        kept = gradebook.find_grade("check_width", "tiny_sum", UNIT, "ada")
        assert (kept.auto_score, kept.manual_score, kept.needs_manual_grade) == (4.0, 3.5, False)
    assert '"outcome": "wrong"' in path_of(directory.root, UNIT, "bob").read_text()
    assert "Not right yet" in (directory.autograded("bob", UNIT) / "tiny_sum.ipynb").read_text()
    assert new_in(directory, directory.units) == []


def test_a_persons_score_over_a_changed_mark_is_kept_and_shown(directory: CourseDirectory) -> None:
    hand_in(directory, "ada", SUBTRACTS)
    grade(directory)
    give_by_hand(directory, "check_add", 2.0)
    give_by_hand(directory, "check_width", 1.0)
    forgive_differences(directory)
    (done,) = grade(directory)
    assert marks(directory) == {"tiny_sum.add": 2.0, "tiny_sum.width": 1.0}
    assert done.record.findings.messages == (
        "check_add: your score of 2 was kept; the automatic one went from 0 to 6. Look at it again in formgrader.",
    )
    (found,) = results(directory, [UNIT])
    assert [m.answer.cell for m in found.answers if m.needs_hand] == ["check_add"]


def test_scores_given_while_grading_again_are_not_lost(directory: CourseDirectory) -> None:
    hand_in(directory, "ada", RIGHT)
    grade(directory)
    run = run_of(directory)
    with rehearsal(run, run.all(directory.units)) as rehearsed:
        list(rehearsed.changes())
        give_by_hand(directory, "check_add", 1.0)
        list(rehearsed.write())
    assert marks(directory) == {"tiny_sum.add": 1.0, "tiny_sum.width": 4.0}


def test_the_same_submission_gets_the_same_inputs_and_another_one_others(directory: CourseDirectory) -> None:
    add_cells(
        directory,
        graded_cell(
            "shows_seed", "import os, json\nprint(json.loads(os.environ['AUTOGRADER_SUBMISSION'])['seed'])\n1.0", 1
        ),
    )
    hand_in(directory, "ada", RIGHT)
    hand_in(directory, "bob", RIGHT)
    seeds = []
    for _ in range(2):
        (path_of(directory.root, UNIT, "ada")).unlink(missing_ok=True)
        grade(directory)
        seeds.append(_printed(directory, "ada"))
    assert seeds[0] == seeds[1] != _printed(directory, "bob")
    assert len(seeds[0]) == 65


def _printed(directory: CourseDirectory, learner: str) -> str:
    notebook = nbformat.read(directory.autograded(learner, UNIT) / "tiny_sum.ipynb", as_version=4)
    cell = next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "shows_seed")
    text: str = next(o.text for o in cell.outputs if o.output_type == "stream")
    return text
