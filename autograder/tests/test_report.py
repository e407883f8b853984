"""A report reads well as text and as HTML, says the same in both, and gives nothing away."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

from autograder.checks import questions
from autograder.marking import Report
from autograder.marking.report import REPORT_MIME
from autograder.tests.support import solved, untouched


def _report(**names: Any) -> Report:
    return questions("one_head")["one_head.scores"].mark({**solved("one_head"), **names})


def _raising(q: Any, k: Any) -> Any:
    raise TypeError("<b>queries</b> are no keys")


REPORTS = {
    "passed": _report(),
    "wrong": _report(scaled_scores=lambda q, k: q @ np.swapaxes(k, -1, -2)),
    "raised": _report(scaled_scores=_raising),
    "not attempted": _report(scaled_scores=untouched("one_head")["scaled_scores"]),
}


class _Text(HTMLParser):
    """The text of an HTML fragment; fails where tags do not nest."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.mark.parametrize("outcome", REPORTS)
def test_each_outcome_is_reported_as_such(outcome: str) -> None:
    assert REPORTS[outcome].outcome.value == outcome
    assert REPORTS[outcome].as_dict()["outcome"] == outcome


@pytest.mark.parametrize("outcome", REPORTS)
def test_html_is_well_formed_and_says_what_the_text_says(outcome: str) -> None:
    bundle = REPORTS[outcome]._repr_mimebundle_()
    parser = _Text()
    parser.feed(bundle["text/html"])
    assert parser.open == []
    shown = " ".join("".join(parser.words).split())
    for line in REPORTS[outcome].seen:
        assert line.replace("`", "") in shown
        assert line.replace("`", "") in bundle["text/plain"]
    for mistake in REPORTS[outcome].mistakes:
        assert mistake.says.replace("`", "") in shown
        assert mistake.says.replace("`", "") in bundle["text/plain"]


def test_a_learners_text_is_escaped() -> None:
    assert "<b>queries" not in REPORTS["raised"]._repr_mimebundle_()["text/html"]
    assert "TypeError: <b>queries</b> are no keys" in str(REPORTS["raised"])


def test_a_wrong_answer_says_facets_what_was_seen_the_cause_and_where_to_read() -> None:
    text = str(REPORTS["wrong"])
    for part in (
        "the scale, 40 %",
        "Seen: On q (5, 4), k (7, 4)",
        "Likely cause: The scores are not divided",
        "lesson one_head",
    ):
        assert part in text


def test_an_untouched_answer_is_not_called_wrong() -> None:
    assert "right" not in str(REPORTS["not attempted"])


def test_marks_are_a_plain_float_within_the_points() -> None:
    for report in REPORTS.values():
        assert type(report.marks) is float
        assert 0 <= report.marks <= report.points


def test_marks_scale_with_the_points_of_the_gradebook() -> None:
    question = questions("one_head")["one_head.scores"]
    names = {**solved("one_head"), "scaled_scores": lambda q, k: q @ np.swapaxes(k, -1, -2)}
    assert question.mark(names, points=5.0).marks == 2.0
    assert question.mark(solved("one_head"), points=0.5).marks == 0.5


def test_the_bundle_carries_the_report_as_data() -> None:
    data = REPORTS["wrong"]._repr_mimebundle_()[REPORT_MIME]
    assert data["question"] == "one_head.scores"
    assert [m["name"] for m in data["mistakes"]] == ["no_scale"]
    assert sum(f["share"] for f in data["facets"] if f["passed"]) == pytest.approx(data["share"])
