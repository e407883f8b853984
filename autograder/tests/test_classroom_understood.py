"""`mha report`: the numbers by hand, what is claimed and what is not, and a page on which nothing acts."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

from autograder.classroom.directory import CourseDirectory
from autograder.classroom.report.items import alpha, correlation, scales
from autograder.classroom.report.mistakes import answer_before
from autograder.classroom.report.page import page
from autograder.classroom.report.understood import understood
from autograder.classroom.report.units import stopped, units
from autograder.classroom.results import Learner, LearnerResult, Marked
from autograder.grading.records import Answer

from .browser import chromium, needs_chromium
from .mha import Mha, mha
from .tiny import RIGHT, SUBTRACTS, UNIT, grade, hand_in

__all__ = ["mha"]

HOSTILE = "<script>document.title = 'acted'</script><img src=http://example.org/x onerror=alert(1)>"


def result(
    learner: str, *marks: float, unit: str = "01_a", status: str = "graded", points: float = 1.0
) -> LearnerResult:
    answers = tuple(
        Marked(Answer(f"a.q{i}", "a", f"q{i}", "passed" if mark else "not attempted", mark, points), mark, False, False)
        for i, mark in enumerate(marks)
    )
    return LearnerResult(Learner(learner, "", "", ""), unit, status, points * max(len(marks), 1), answers)


def test_alpha_is_that_of_a_worked_example() -> None:
    marks = np.array([[2.0, 4.0, 3.0], [3.0, 5.0, 4.0], [1.0, 2.0, 3.0], [4.0, 4.0, 5.0]])
    # Variances 5/3, 19/12... sum 1.6667 + 1.5833 + 0.9167 = 4.1667; of the sums 9, 12, 6, 13: 10.
    assert alpha(marks) == pytest.approx(1.5 * (1 - (5 / 3 + 19 / 12 + 11 / 12) / 10))
    assert alpha(marks[:, :1]) is None
    assert alpha(np.ones((4, 3))) is None


def test_discrimination_leaves_the_question_itself_out() -> None:
    rows = [(i % 2, i % 2, (i // 2) % 2) for i in range(12)]
    (scale,) = scales([result(f"l{n}", *map(float, row)) for n, row in enumerate(rows)])
    columns = np.array(rows, float)
    for place, item in enumerate(scale.items):
        rest = columns.sum(1) - columns[:, place]
        assert item.discrimination == pytest.approx(np.corrcoef(columns[:, place], rest)[0, 1])
        assert item.facility == pytest.approx(0.5)
        assert (item.answers, item.attempted) == (12, 6)
    assert correlation(np.ones(3), np.arange(3.0)) is None


def test_nothing_is_claimed_on_fewer_than_ten_answers() -> None:
    few = [result(f"l{n}", float(n % 2), 0.0) for n in range(9)]
    (scale,) = scales(few)
    assert scale.alpha is None
    assert [(i.facility, i.discrimination, i.remark) for i in scale.items] == [(None, None, "")] * 2
    (scale,) = scales([*few, result("l9", 1.0, 0.0)])
    assert scale.items[1].remark == "Hard: on average 0% of the points, over 10 answers."


def test_what_could_not_be_graded_counts_in_no_statistic() -> None:
    found = [result("ada", 1.0), result("eve", 0.0, status="unreadable"), result("tim", status="missing")]
    (unit,) = units(found)
    assert (unit.learners, unit.handed_in, unit.failed, unit.median) == (3, 2, 1, 1.0)
    assert unit.distribution == (0,) * 9 + (1,)
    assert scales(found)[0].answers == 1


def test_who_handed_in_nothing_of_the_last_two_units_has_stopped() -> None:
    names = [f"0{n}_u" for n in range(1, 5)]
    came = {"ada": names, "bob": names[:2], "tim": [], "eve": names[:3]}
    found = [
        result(who, 1.0, unit=unit, status="graded" if unit in theirs else "missing")
        for who, theirs in came.items()
        for unit in [*names, "05_not_begun"]
    ]
    found = [
        one if one.unit != "05_not_begun" else result(one.learner.id, unit=one.unit, status="missing") for one in found
    ]
    assert stopped(found, lambda learner: learner.id) == [("bob", "02_u")]


@pytest.fixture
def hostile(directory: CourseDirectory) -> CourseDirectory:
    """A class in which a name and an answer would like to act on the page."""
    with directory.course.gradebook() as gradebook:
        gradebook.add_student("ada", first_name=HOSTILE, last_name="Lovelace")
        gradebook.add_student("bob", first_name="Bob", last_name="Bell")
        gradebook.add_student("absent", first_name="Abs", last_name="Ent")
    hand_in(directory, "ada", {**SUBTRACTS, "add": f"# {HOSTILE}\ndef add(a, b):\n    return a - b"})
    hand_in(directory, "bob", SUBTRACTS)
    hand_in(directory, "cleo", RIGHT)
    grade(directory)
    return directory


def test_a_mistake_has_its_learners_two_answers_and_what_to_read(hostile: CourseDirectory) -> None:
    (mistake,) = understood(hostile, [UNIT]).mistakes
    assert (mistake.question, mistake.name, mistake.of) == ("tiny_sum.add", "difference", 3)
    assert sorted(learner.id for learner in mistake.learners) == ["ada", "bob"]
    assert len(mistake.answers) == 2
    assert all("return a - b" in answer for answer in mistake.answers)
    assert mistake.read == "tiny_sum#the-idea"
    assert "That is the difference." in mistake.note


def test_an_answer_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    for text in ("", "[]", '{"cells": [{"cell_type": "code"}]}', '{"cells": []}'):
        (tmp_path / "n.ipynb").write_text(text)
        assert answer_before(tmp_path / "n.ipynb", "check") == ""
    assert answer_before(tmp_path / "none.ipynb", "check") == ""


def test_pseudonyms_stay_the_same_and_no_name_or_id_is_left(hostile: CourseDirectory) -> None:
    found = understood(hostile, hostile.units, anonymous=True)
    data = json.dumps(found.as_data())
    assert data == json.dumps(understood(hostile, hostile.units, anonymous=True).as_data())
    for text in (data, page(found, "t")):
        assert text.count("Learner ") >= 2
        assert not any(name in text for name in ("Lovelace", "Bell", "cleo", "(ada)", "(bob)", "absent"))


def test_the_command_writes_page_json_and_csv_and_a_short_form(mha: Mha, hostile: CourseDirectory) -> None:
    said = mha("report", hostile.root)
    assert (said.code, said.err) == (0, "")
    assert "2 of 3  tiny_sum.add: difference" in said.out
    assert (hostile.root / "report" / "index.html").is_file()
    assert mha("report", hostile.root, "--format", "json").code == 0
    told = json.loads((hostile.root / "report" / "report.json").read_text())
    assert told["mistakes"][0]["of"] == 3
    assert mha("report", hostile.root, UNIT, "--format", "csv").code == 0
    with (hostile.root / "report" / "report.csv").open(newline="") as file:
        assert [line["question"] for line in csv.DictReader(file)] == ["tiny_sum.add", "tiny_sum.width"]


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_acts_or_is_loaded_and_everybody_can_use_the_page(
    hostile: CourseDirectory, tmp_path: Path, scheme: str, width: int
) -> None:
    path = tmp_path / "index.html"
    path.write_text(page(understood(hostile, hostile.units), "The class"), encoding="utf-8")
    with chromium() as browser:
        tab = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
        asked: list[str] = []
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto(path.as_uri())
        tab.keyboard.press("Tab")
        for summary in tab.locator("summary").all():
            summary.focus()
            tab.keyboard.press("Enter")
        assert tab.locator("details[open]").count() == tab.locator("details").count() > 2
        assert HOSTILE in tab.locator("pre").all_inner_texts()[0] + tab.locator("pre").all_inner_texts()[1]
        assert tab.title() == "The class"
        assert asked == [path.as_uri()]
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert Axe().run(tab, options={"rules": {"color-contrast": {"enabled": True}}}).response["violations"] == []
        tab.close()
