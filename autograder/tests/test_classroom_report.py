"""What a person reads after grading: the table and the CSV."""

from __future__ import annotations

import csv
from pathlib import Path

from rich.console import Console

from autograder.classroom.export.questions import COLUMNS, write_csv
from autograder.classroom.policy import Policy
from autograder.classroom.results import Learner, LearnerResult, Marked
from autograder.classroom.table import class_mistakes, learners_mistakes, marks_table, notes, who_handed_in
from autograder.grading.records import Answer

ADA = Learner("ada", "Ada", "Lovelace", "901")
EVE = Learner("=1+1", "", "", "")
SAYS = {"name": "no_scale", "says": "The scores are not divided by `sqrt(d_k)`. Softmax gets steeper."}


def marked(question: str, marks: float, outcome: str = "wrong", **more: bool) -> Marked:
    answer = Answer(question, question.partition(".")[0], "cell", outcome, marks, 5.0, (SAYS,) * (outcome == "wrong"))
    return Marked(answer, marks, more.get("by_hand", False), more.get("needs_hand", False))


RESULTS = [
    LearnerResult(ADA, "01_a", "graded", 10.0, (marked("a.x", 5.0, "passed"), marked("a.y", 2.5)), 3600.0, 1.0),
    LearnerResult(ADA, "02_b", "missing", 10.0),
    LearnerResult(
        EVE, "01_a", "unreadable", 10.0, (marked("a.x", 0.0, "not graded"),), messages=("It is [bold]damaged\x1b[2J.",)
    ),
    LearnerResult(EVE, "02_b", "graded", 10.0, (marked("b.x", 1.0, "passed", needs_hand=True),)),
]


def shown(*things: object) -> str:
    console = Console(width=140, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    with console.file:
        for thing in things:
            console.print(thing, markup=False)
    return console.export_text()


def test_the_table_has_marks_totals_and_what_is_special() -> None:
    lines = [[part.strip() for part in line.split("│")] for line in shown(marks_table(RESULTS, Policy())).splitlines()]
    rows = {parts[1]: parts[2:-1] for parts in lines if len(parts) > 3}
    assert rows["Ada Lovelace"] == ["ada", "6.5 L", "–", "6.5"]
    assert rows["=1+1"] == ["=1+1", "0 !", "1 H", "1"]


def test_the_total_says_how_many_units_count() -> None:
    lines = shown(marks_table(RESULTS, Policy(drop_lowest=1))).splitlines()
    assert any("Total, best 1" in line for line in lines)


def test_those_who_handed_in_nothing_are_left_out() -> None:
    absent = LearnerResult(Learner("tim", "Tim", "Tay", ""), "01_a", "missing", 10.0)
    assert who_handed_in([*RESULTS, absent]) == RESULTS


def test_mistakes_are_counted_over_those_who_handed_in_and_listed_for_one() -> None:
    for table in (class_mistakes(RESULTS), learners_mistakes(RESULTS)):
        text = shown(table)
        assert "no_scale" in text
        assert "The scores are not divided by sqrt(d_k)." in text
        assert "steeper" not in text
    assert "1 of 1" in shown(class_mistakes(RESULTS))
    assert class_mistakes(RESULTS[1:2]) is None
    assert learners_mistakes(RESULTS[1:2]) is None


def test_notes_show_what_is_in_them_and_nothing_it_asks_for() -> None:
    assert shown(*notes(RESULTS)).strip() == "=1+1 (=1+1), 01_a: It is [bold]damaged?[2J."


def test_the_csv_has_a_line_per_learner_and_question(tmp_path: Path) -> None:
    write_csv(tmp_path / "marks.csv", RESULTS)
    with (tmp_path / "marks.csv").open(newline="", encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    assert tuple(lines[0]) == COLUMNS
    assert [(x["learner"], x["question"], x["marks"], x["points"], x["outcome"]) for x in lines] == [
        ("ada", "a.x", "5", "5", "passed"),
        ("ada", "a.y", "2.5", "5", "wrong"),
        ("ada", "", "0", "10", "missing"),
        ("'=1+1", "a.x", "0", "5", "not graded"),
        ("'=1+1", "b.x", "1", "5", "passed"),
    ]
    assert (lines[1]["lms_user_id"], lines[1]["mistakes"], lines[1]["unit_penalty"]) == ("901", "no_scale", "1")
    assert (lines[4]["needs_marking"], lines[0]["seconds_late"]) == ("yes", "3600")
