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


def _leaking(x: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    scores = x @ w_q @ (x @ w_k).swapaxes(-1, -2) / np.sqrt(w_q.shape[1])
    masked = np.where(np.tri(x.shape[-2], k=1, dtype=bool), scores, -np.inf)
    exps = np.exp(masked - masked.max(axis=-1, keepdims=True))
    weights = exps / exps.sum(axis=-1, keepdims=True)
    return weights @ (x @ w_v)


REPORTS = {
    "leaking": questions("causal_head")["causal_head.head"].mark({**solved("causal_head"), "causal_head": _leaking}),
    "failing": _report(scaled_scores=lambda q, k: q @ k),
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


@pytest.mark.parametrize("outcome", ["passed", "wrong", "raised", "not attempted"])
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


def _shown(name: str) -> tuple[str, str]:
    parser = _Text()
    parser.feed(REPORTS[name]._repr_mimebundle_()["text/html"])
    return " ".join("".join(parser.words).split()), " ".join(str(REPORTS[name]).split())


def test_the_trail_is_a_list_and_html_and_text_tell_the_same_steps() -> None:
    html, text = _shown("leaking")
    report = REPORTS["leaking"]
    assert report._repr_mimebundle_()["text/html"].count("<li>") == len(report.trail) > 3
    for step in report.trail:
        assert str(step).replace("`", "") in html
        assert str(step).replace("`", "") in text
    assert not report.trail[-1].right


def test_a_leak_to_the_future_is_outlined_and_told() -> None:
    report = REPORTS["leaking"]
    assert report.picture is not None
    assert [tuple(place) for place in np.argwhere(report.picture.leaks)] == [(0, 1), (1, 2), (2, 3), (3, 4)]
    assert report._repr_mimebundle_()["text/html"].count("2px dashed") == 4
    for shown in _shown("leaking"):
        assert "query 0 on key 1" in shown
        assert "The rows of your weights sum to 1.00" in shown


def test_an_explanation_stands_in_text_html_and_data() -> None:
    report = REPORTS["failing"]
    assert "d_k (4) meets T_k (7)" in report.explanation
    for shown in _shown("failing"):
        assert report.explanation.replace("`", "") in shown


def test_a_learners_text_is_escaped() -> None:
    assert "<b>queries" not in REPORTS["raised"]._repr_mimebundle_()["text/html"]
    assert "TypeError: <b>queries</b> are no keys" in str(REPORTS["raised"])


def test_a_wrong_answer_says_facets_what_was_seen_the_cause_and_where_to_read() -> None:
    text = str(REPORTS["wrong"])
    for part in (
        "the scale, 40 %",
        "Seen: On 7 equal queries and 7 equal keys",
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
