"""A bank with a mistake: the sentence names the file, the line and the question, and all mistakes come at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.problem import Problem
from autograder.quiz.bank import load_bank
from autograder.quiz.errors import BankError
from autograder.quiz.questions import NumberQuestion
from autograder.quiz.values import solve

from .conftest import SMALL_COURSE


@pytest.fixture
def course(tmp_path: Path) -> Path:
    shutil.copytree(SMALL_COURSE / "course", tmp_path / "course")
    return tmp_path


def problems(course: Path) -> list[str]:
    with pytest.raises(BankError) as caught:
        load_bank(course)
    return caught.value.problems


def change(course: Path, old: str, new: str) -> int:
    """Replace a part of the bank's one file; the line on which it stood."""
    path = course / "course" / "quiz" / "tiny.yaml"
    source = path.read_text()
    assert source.count(old) == 1, old
    path.write_text(source.replace(old, new))
    return source[: source.index(old)].count("\n") + 1


MISTAKES = [
    ("concept: scale", "concept: scales", "tiny.scale", "concept must be one of"),
    ("id: tiny.bug", "id: other.bug", "other.bug", "the id must begin with 'tiny.'"),
    ("id: tiny.bug", "id: tiny.scale", "tiny.scale", "this id is already used in course/quiz/tiny.yaml"),
    ("kind: shape", "kind: shapes", "tiny.shape", "'kind' must be one of choice, several"),
    (
        "read: tiny#why-the-scale\n    kind: choice",
        "read: small#x\n    kind: choice",
        "tiny.scale",
        "course.yaml has no unit 'small'",
    ),
    (
        "read: tiny#why-the-scale\n    kind: choice",
        "read: tiny#why-a-scale\n    kind: choice",
        "tiny.scale",
        "01_tiny.md has no section 'why-a-scale'; its sections are the-idea, why-the-scale",
    ),
    ("    answer: (B, H, T, d_k)\n", "", "tiny.shape", "must contain ['answer'"),
    (
        '"$\\\\sqrt{d_k}$", right: true}',
        '"$\\\\sqrt{d_k}$", why: Not so.}',
        "tiny.scale",
        "exactly one choice must be right, here 0 are",
    ),
    (
        ", right: true, missed: An exponential is positive.}",
        ", right: true}",
        "tiny.softmax",
        "a right choice needs 'missed'",
    ),
    (", why: Only a one-hot row has a weight of 1.}", "}", "tiny.softmax", "a wrong choice needs 'why'"),
    ("H: [12, 8, 6]", "H: [12, 8, 8]", "tiny.width", "a value of 'H' stands twice"),
    (
        "corrected: weights = softmax(scores, axis=-1)",
        "corrected: weights = softmax(scores, axis=-2)",
        "tiny.bug",
        "the corrected line is the line of the listing",
    ),
    ("    kind: bug\n", "    picture: none\n    kind: bug\n", "tiny.bug", "there is no course/quiz/pictures/none.svg"),
    ("after: [scale]", "after: [scaling]", "tiny.steps", "there is no step 'scaling'"),
    ("after: [softmax, project_v]", "after: [softmax]", "tiny.steps", "'project_v' needs no step and no step needs it"),
    ("after: [scores]", "after: [scores, mix]", "tiny.steps", "need each other in a circle"),
    (", lacks: There are no scores to scale yet.", "", "tiny.steps", "'after' and 'lacks' go together"),
    ('right: "$(T, T)$"', 'right: "$(H \\\\cdot d_v, d_{out})$"', "tiny.letters", "this right side belongs to a pair"),
    ('shape: "(B, T, H, d_k)"', 'shape: "[b,h,t,dk]"', "tiny.shape", "is the same shape as one before it"),
    ('shape: "(B, T, H, d_k)"', 'shape: "B; T"', "tiny.shape", "'B; T' cannot be read as a shape"),
    ("    line: 5", "    line: 4", "tiny.bug", "line 4 is not a line of code in the listing"),
    ("      2: One score for each query and key.\n", "", "tiny.bug", "line 2 needs a sentence on why it is fine"),
    ("      6: Each output row", "      9: Each output row", "tiny.bug", "line 9 is not another line of code"),
]


@pytest.mark.parametrize(("old", "new", "question", "said"), MISTAKES, ids=[said for *_, said in MISTAKES])
def test_a_mistake_is_named_with_file_line_and_question(
    course: Path, old: str, new: str, question: str, said: str
) -> None:
    line = change(course, old, new)
    found = [problem for problem in problems(course) if said in problem]
    assert found, problems(course)
    place, _, rest = found[0].partition(", question ")
    assert rest.startswith(f"{question}: ")
    assert place.startswith("course/quiz/tiny.yaml, line ")
    # What is missing is reported where the part it is missing from begins.
    assert (
        0 <= line - int(place.rpartition(" ")[2]) <= 16 or "project_v" in old or old.lstrip().startswith(("6:", "line"))
    )


def test_all_mistakes_are_named_at_once(course: Path) -> None:
    change(course, "concept: scale", "concept: scales")
    change(course, "kind: shape", "kind: shapes")
    assert len(problems(course)) == 2


def test_the_line_is_that_of_the_mistake(course: Path) -> None:
    line = change(course, "after: [scale]", "after: [scaling]")
    assert problems(course) == [f"course/quiz/tiny.yaml, line {line}, question tiny.steps: there is no step 'scaling'."]


def test_what_is_no_yaml_is_named_with_its_line(course: Path) -> None:
    line = change(course, "    text: Put the steps of one head in order.", "    text: one: two")
    assert problems(course)[0].startswith(f"course/quiz/tiny.yaml, line {line}: this is not YAML")


@pytest.mark.parametrize("content", ["", "[]", "unit: tiny", "unit: tiny\nquestions: 3", "unit: tiny\nquestions: [3]"])
def test_a_file_of_another_form_is_named(course: Path, content: str) -> None:
    (course / "course" / "quiz" / "tiny.yaml").write_text(content)
    assert all("course/quiz/tiny.yaml, line" in problem for problem in problems(course))


def test_a_file_without_a_unit_and_a_unit_without_a_file_are_named(course: Path) -> None:
    (course / "course" / "quiz" / "tiny.yaml").rename(course / "course" / "quiz" / "small.yaml")
    assert problems(course) == [
        "course/quiz/small.yaml: course.yaml has no unit 'small'.",
        "course/quiz/tiny.yaml: cannot be read (No such file or directory).",
    ]


def test_an_unknown_unit_gets_the_list_of_units(course: Path) -> None:
    with pytest.raises(Problem, match=r"There is no unit 'big'\. The units are: 01_tiny\."):
        load_bank(course, only="big")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "value: d_model * H",
            'value: "head_dim(d_model, H)"',
            "'head_dim(d_model, H)' and 'head_dim(d_model, H)' are both ",
        ),
        ("answer: head_dim(d_model, H)", "answer: head_dim(d_model, heads)", "'heads' is not one of the names"),
        ("answer: head_dim(d_model, H)", "answer: __import__('os')", "is not one of the names"),
        ("answer: head_dim(d_model, H)", "answer: d_model.real", "is not one of the names"),
        ("answer: head_dim(d_model, H)", "answer: d_model /", "cannot be worked out"),
        ("answer: head_dim(d_model, H)", "answer: head_dim(d_model, 7)", "expected a multiple of num_heads"),
    ],
)
def test_arithmetic_that_cannot_stand_is_named_with_question_and_sizes(
    course: Path, old: str, new: str, said: str
) -> None:
    change(course, old, new)
    question = next(question for question in load_bank(course).questions if isinstance(question, NumberQuestion))
    with pytest.raises(BankError) as caught:
        solve(question, 0)
    assert "question tiny.width, sizes {'d_model': " in str(caught.value)
    assert said in str(caught.value)
