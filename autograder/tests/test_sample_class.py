"""The class shipped with the course: every mark was set by hand before the grader ran, and is compared here."""

from __future__ import annotations

import csv
import shutil
import warnings
from collections.abc import Mapping
from pathlib import Path

import pytest

from autograder import course
from autograder.classroom.directory import CourseDirectory
from autograder.classroom.results import LearnerResult, results
from autograder.classroom.sample import read_sample
from autograder.grading import HandedIn
from autograder.grading.api import why_not
from autograder.grading.records import Answer
from autograder.grading.scores import all_scores

Place = tuple[str, str]
NOT_CATALOGUED = "not in the catalogue"
# Submissions of each unit that stock nbgrader grades once more.
PER_UNIT = 2


@pytest.fixture(scope="module")
def by_hand() -> Mapping[Place, dict[str, str]]:
    """The lines of marks.csv by learner and question."""
    with (read_sample(course.read()).folder / "marks.csv").open(newline="", encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    found = {(line["learner"], line["question"]): line for line in lines}
    assert len(found) == len(lines)
    return found


@pytest.fixture(scope="module")
def class_results(graded_class: CourseDirectory) -> list[LearnerResult]:
    return results(graded_class, graded_class.units)


@pytest.fixture(scope="module")
def graded(class_results: list[LearnerResult]) -> Mapping[Place, Answer]:
    """What the grader said, by learner and question."""
    return {(r.learner.id, m.answer.question): m.answer for r in class_results for m in r.answers}


def test_everything_handed_in_could_be_graded_but_for_the_damaged_file(class_results: list[LearnerResult]) -> None:
    other = {r.status for r in class_results} - {"graded", "missing"}
    assert {(r.learner.id, r.unit): r.messages for r in class_results if r.status in other - {"unreadable"}} == {}
    assert other == {"unreadable"}


def test_every_answer_has_a_mark_set_by_hand(graded: Mapping[Place, Answer], by_hand: Mapping[Place, object]) -> None:
    assert by_hand.keys() - graded.keys() == set()
    assert graded.keys() - by_hand.keys() == set()


def test_every_mark_is_the_one_set_by_hand(
    graded: Mapping[Place, Answer], by_hand: Mapping[Place, dict[str, str]]
) -> None:
    given = {place: answer.marks for place, answer in graded.items()}
    wanted = {place: float(line["marks"]) for place, line in by_hand.items()}
    assert {p: (given.get(p), wanted[p]) for p in wanted if given.get(p) != pytest.approx(wanted[p], abs=0.005)} == {}


def test_every_mistake_named_is_the_one_that_was_made_and_nobody_is_accused_of_another(
    graded: Mapping[Place, Answer], by_hand: Mapping[Place, dict[str, str]]
) -> None:
    given = {place: " ".join(sorted(m["name"] for m in answer.mistakes)) for place, answer in graded.items()}
    wanted = {place: " ".join(sorted(line["mistake"].split())) for place, line in by_hand.items()}
    assert {p: (given.get(p), wanted[p]) for p in wanted if given.get(p) != wanted[p]} == {}


def test_what_was_left_open_is_called_not_attempted_and_nothing_else_is(
    graded: Mapping[Place, Answer], by_hand: Mapping[Place, dict[str, str]]
) -> None:
    left_open = {place for place, answer in graded.items() if answer.outcome == "not attempted"}
    assert left_open == {place for place, line in by_hand.items() if line["remark"] == "not attempted"}


def test_the_class_holds_everyone_it_should(
    class_results: list[LearnerResult], by_hand: Mapping[Place, dict[str, str]]
) -> None:
    learners = {r.learner.id for r in class_results}
    assert len(learners) == 24
    answers = {
        one: [m.answer.outcome for r in class_results if r.learner.id == one for m in r.answers] for one in learners
    }
    assert len({r.learner.id for r in class_results if r.late}) == 1
    assert sum(set(said) == {"not attempted"} for said in answers.values()) == 1
    assert any(
        {m.answer.outcome for m in r.answers if not m.answer.question.endswith(".by_hand")} == {"raised"}
        for r in class_results
    )
    assert len({r.learner.id for r in class_results if r.status == "unreadable"}) == 1
    strange = [line for line in by_hand.values() if line["remark"].startswith(NOT_CATALOGUED)]
    assert len({line["remark"] for line in strange}) >= 10
    assert all(line["mistake"] == "" for line in strange)


def test_a_feedback_page_shows_the_report(graded_class: CourseDirectory, class_results: list[LearnerResult]) -> None:
    """Of the learner who made most mistakes."""
    from autograder.classroom.feedback import generate_one

    made = max(
        (r for r in class_results if r.status == "graded"), key=lambda r: sum(len(m.answer.mistakes) for m in r.answers)
    )
    assert generate_one(graded_class, HandedIn(made.learner.id, made.unit)) == ""
    (page,) = graded_class.feedback(made.learner.id, made.unit).glob("*.html")
    says = next(m["says"] for x in made.answers for m in x.answer.mistakes)
    assert says.partition("`")[0][:40] in page.read_text(encoding="utf-8")


@pytest.fixture
def stock(graded_class: CourseDirectory, tmp_path: Path) -> CourseDirectory:
    """The class's course directory, where nbgrader grades as it does without the engine."""
    root = Path(shutil.copytree(graded_class.root, tmp_path / "stock"))
    with (root / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write("\nc.pop('Autograde')\n")
    return CourseDirectory.open(root)


def telling(found: list[LearnerResult]) -> list[LearnerResult]:
    """Of every unit, those submissions whose outcomes and marks differ most."""
    chosen = []
    for unit in dict.fromkeys(result.unit for result in found):
        graded = [r for r in found if r.unit == unit and r.status == "graded"]
        graded.sort(key=lambda r: len({(m.answer.outcome, m.marks) for m in r.answers}), reverse=True)
        chosen += graded[:PER_UNIT]
    return chosen


def test_the_marks_of_the_shipped_class_are_stocks(graded_class: CourseDirectory, stock: CourseDirectory) -> None:
    chosen = telling(results(graded_class, graded_class.units))
    assert len(chosen) == PER_UNIT * len(graded_class.units)
    for result in chosen:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert why_not(stock.api.autograde(result.unit, result.learner.id, force=True)) == ""
        executed = next(stock.autograded(result.learner.id, result.unit).glob("*.ipynb")).read_text("utf-8")
        assert '"iopub.execute_input"' in executed, "an ordinary kernel notes when it ran a cell"
    ours, theirs = all_scores(graded_class.course), all_scores(stock.course)
    places = [(result.unit, result.learner.id) for result in chosen]
    assert {place: ours[place] for place in places} == {place: theirs[place] for place in places}
