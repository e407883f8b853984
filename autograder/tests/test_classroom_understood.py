"""`mha report`: the numbers by hand, what is claimed and what is not, and a page on which nothing acts."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

from autograder.classroom.directory import CourseDirectory
from autograder.classroom.policy import Policy
from autograder.classroom.report.items import alpha, correlation, scales
from autograder.classroom.report.mended import Mended, mended
from autograder.classroom.report.page import page
from autograder.classroom.report.understood import understood
from autograder.classroom.report.units import stopped, term, units
from autograder.classroom.results import Learner, LearnerResult, Marked
from autograder.grading import records
from autograder.grading.records import Answer, Earlier

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
    assert (unit.learners, unit.handed_in, unit.failed, unit.quartiles) == (3, 2, 1, (1.0, 1.0, 1.0))
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


def test_all_units_together_count_what_the_policy_keeps_and_leave_out_who_handed_in_nothing() -> None:
    found = [
        result("ada", 1.0, unit="01_a"), result("ada", 0.0, unit="02_b"),
        result("bob", 1.0, unit="01_a"), result("bob", unit="02_b", status="missing"),
        result("tim", unit="01_a", status="missing"), result("tim", unit="02_b", status="missing"),
    ]  # fmt: skip
    every = term(found, Policy())
    assert (every.learners, every.handed_in, every.quartiles) == (3, 2, (0.5, 0.5, 0.5))
    assert term(found, Policy(drop_lowest=1)).quartiles == (1.0, 1.0, 1.0)


def with_answer(
    learner: str, unit: str, outcome: str, *mistakes: str, earlier: tuple[Earlier, ...] = ()
) -> LearnerResult:
    made = tuple({"name": name, "says": "So."} for name in mistakes)
    answer = Answer(
        f"{unit}.q", unit, "q", outcome, 0.0, 1.0, made, facets=({"title": "f", "share": 1.0, "passed": False},)
    )
    return LearnerResult(
        Learner(learner, "", "", ""), unit, "graded", 1.0, (Marked(answer, 0.0, False, False, 0.25),), earlier=earlier
    )


def test_a_mistake_is_mended_where_a_later_question_that_knows_it_is_right() -> None:
    knows = {"01_a.q": {"no_scale"}, "02_b.q": {"other"}, "03_c.q": {"no_scale"}}
    before = Earlier("hash", {"03_c.q": "wrong"}, {"03_c.q": ("no_scale",)})
    first = with_answer("ada", "01_a", "wrong", "no_scale")
    other = with_answer("ada", "02_b", "passed")
    right = with_answer("ada", "03_c", "passed", earlier=(before,))
    again = with_answer("ada", "03_c", "wrong", "no_scale", earlier=(before,))
    assert mended([first, other, right], knows.__getitem__) == [
        Mended("01_a", "01_a.q", "no_scale", "03_c"),
        Mended("03_c", "03_c.q", "no_scale", "03_c"),
    ]
    assert mended([first, other, again], knows.__getitem__) == []
    assert mended([first, other], knows.__getitem__) == []


def test_a_question_counts_attempts_facets_and_the_time_that_failing_took() -> None:
    tried = Earlier("h1", {"01_a.q": "wrong"}, {})
    untried = Earlier("h2", {"01_a.q": "not attempted"}, {})
    found = [with_answer("ada", "01_a", "wrong", earlier=(untried, tried)), with_answer("bob", "01_a", "wrong")]
    (item,) = scales(found)[0].items
    assert (item.hand_ins, item.facets, item.failing_seconds) == (1.5, (("f", 0),), 0.25)


def test_what_was_handed_in_before_stays_in_the_record_and_a_regrade_adds_nothing(directory: CourseDirectory) -> None:
    hand_in(directory, "ada", SUBTRACTS)
    (first,) = grade(directory)
    hand_in(directory, "ada", RIGHT)
    (second,) = grade(directory)
    records.write(directory.root, second.record)
    kept = records.read(directory.root, UNIT, "ada")
    assert kept is not None
    (before,) = kept.earlier
    assert (before.submission, before.mistakes) == (first.record.submission, {"tiny_sum.add": ["difference"]})
    assert before.outcomes == {"tiny_sum.add": "wrong", "tiny_sum.width": "passed"}
    assert kept.findings.answers[0].code == RIGHT["add"]


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
    assert "2 of 3  difference: tiny_sum.add" in said.out
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
