"""The parts of the page, each from the report's data to HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from ..results import Learner, LearnerResult
from .html import beside, fold, items, number, prose, share, table, text
from .items import FEWEST, Item, Scale
from .mistakes import MadeMistake, told
from .pairs import SimilarPair
from .plots import histogram, trend
from .understood import Understood
from .units import STOPPED_AFTER, UnitReport

MEANING = (
    "Facility is the mean share of the points. Discrimination is the correlation of a question's marks with the sum of the unit's "
    "other questions (corrected item-total correlation, Henrysson 1963). Cronbach's alpha is k/(k-1) times one minus the questions' "
    "variances over the variance of the sum (Cronbach 1951). Attempts say how often the question was handed in with an answer, on "
    "average. Seconds to fail are the median time of the check where the answer did not pass."
)


def class_(report: Understood) -> str:
    """Marks of every unit and of all, the trend, and who has stopped."""
    head = ("Unit", "Handed in", "Median", "Marks, 0 to 100 %", "Late", "Not graded", "Answers not attempted")
    every = [*report.units, report.term] if len(report.units) > 1 else report.units
    shown = table("Marks of each unit", head, ((text(u.name), *_unit(u)) for u in every)) + trend(report.units)
    if not report.stopped:
        return shown
    who = items(f"{text(name)}, last {text(unit)}" for name, unit in report.stopped)
    return f"{shown}<h3>Have handed in nothing of the last {STOPPED_AFTER} units</h3>{who}"


def _unit(unit: UnitReport) -> tuple[str, ...]:
    untouched, answers = unit.not_attempted
    return (
        f"{unit.handed_in} of {unit.learners}", share(unit.quartiles[1] if unit.quartiles else None),
        histogram(unit.distribution), str(unit.late), str(unit.failed), f"{untouched} of {answers}",
    )  # fmt: skip


def mistakes(report: Understood) -> str:
    """Every mistake over the class, then unit by unit with answers, what to teach again, and who."""
    if not report.mistakes:
        return "<p>No mistakes were named.</p>"
    shown = "<h3>Over all units</h3>" + "".join(
        fold(
            f"<b>{one.learners} of {one.of}</b> {text(one.name)}: {prose(_first_sentence(one.says))}",
            f"<p>{prose(one.says)}</p>" + items(f"{many} in {text(asked)}" for asked, many in one.questions),
        )
        for one in report.overall
    )
    for unit, theirs in groupby(report.mistakes, key=lambda one: one.unit):
        shown += f"<h3>{text(unit)}</h3>" + "".join(_mistake(report, one) for one in theirs)
    return shown


def _first_sentence(told: str) -> str:
    return re.split(r"(?<=[.:;]) ", told, maxsplit=1)[0]


def _mistake(report: Understood, one: MadeMistake) -> str:
    codes = [(f"Answer {n}", code) for n, code in enumerate(one.answers, 1)]
    return fold(
        f"<b>{len(one.learners)} of {one.of}</b> {text(one.question)}: {text(one.name)}",
        f"<p>{prose(one.says)}</p><h4>Answers</h4>{beside(codes) if codes else '<p>None can be shown.</p>'}"
        f"<h4>Five minutes in class</h4><p>{prose(one.note)}</p>{_train(one)}<h4>Learners</h4>"
        + items(_link(report, learner) for learner in one.learners),
    )


def _train(one: MadeMistake) -> str:
    if not one.quiz:
        return ""
    return "<p>Then ask these quiz questions:</p>" + items(
        f"{text(known)}: {prose(asked)}" for known, asked in one.quiz
    )


def questions(report: Understood) -> str:
    """How well each question measures, unit by unit."""
    if not report.scales:
        return "<p>Nothing is graded yet.</p>"
    return f"<p>{MEANING}</p>" + "".join(_scale(one) for one in report.scales)


def _scale(scale: Scale) -> str:
    few = f" There are fewer than {FEWEST} answers, so nothing is claimed." if scale.answers < FEWEST else ""
    head = (
        "Question",
        "Facility",
        "Discrimination",
        "Attempted",
        "Attempts",
        "Facets earned",
        "Seconds to fail",
        "Remark",
    )
    told = f"<p>{scale.answers} learners; Cronbach's alpha {number(scale.alpha)}.{few}</p>"
    shown = table(f"Questions of {text(scale.unit)}", head, ((text(i.question), *_item(i)) for i in scale.items))
    return f"<h3>{text(scale.unit)}</h3>{told}{shown}"


def _item(item: Item) -> tuple[str, ...]:
    facets = items(f"{many} {text(title)}" for title, many in item.facets) if len(item.facets) > 1 else ""
    return (
        share(item.facility), number(item.discrimination), f"{item.attempted} of {item.answers}", number(item.hand_ins, 1),
        facets, number(item.failing_seconds), text(item.remark),
    )  # fmt: skip


def similar(report: Understood) -> str:
    """Pairs to look at, with their sources."""
    if not report.pairs:
        return f"<p>No two submissions stand out. In a class of fewer than {FEWEST}, nothing can.</p>"
    told = (
        "<p>These submissions have pieces of code in common that hardly anybody else wrote. Names, comments and layout do not count. "
        "There are many reasons for that, such as learning together, one source or chance: look at them, and ask.</p>"
    )
    shown = ""
    for unit, theirs in groupby(report.pairs, key=lambda one: one.unit):
        shown += f"<h3>{text(unit)}</h3>" + "".join(_pair(report, one) for one in theirs)
    return told + shown


def _pair(report: Understood, pair: SimilarPair) -> str:
    one, other = report.called(pair.one) if pair.one else "The shipped solution", report.called(pair.other)
    codes = "".join(f"<h4>{text(asked)}</h4>{beside([(one, a), (other, b)])}" for asked, a, b in pair.beside)
    return fold(f"<b>{pair.common} of {pair.of}</b> {text(one)} and {text(other)}", codes)


def learners(report: Understood) -> Iterator[str]:
    """Each learner's term: marks, mistakes unit by unit, and what was mended later."""
    for learner, theirs in groupby(report.results, key=lambda one: one.learner):
        found = list(theirs)
        total, points = sum(one.marks for one in found), sum(one.points for one in found)
        who = text(report.called(learner))
        rows = (_learners_unit(report, one) for one in found)
        shown = table(f"Units of {who}", ("Unit", "Marks", "Hand-ins", "Mistakes", "Mended later"), rows)
        yield fold(f"{who}: {total:g} of {points:g}", f'<div id="{_id(report, learner)}">{shown}</div>')


def _learners_unit(report: Understood, one: LearnerResult) -> tuple[str, ...]:
    marks = "not handed in" if one.status == "missing" else text(one.status)
    if one.status == "graded":
        marks = f"{one.marks:g} of {one.points:g}{', late' if one.late else ''}"
    times = str(len(one.earlier) + 1) if one.answers else ""
    made = [f"{m.answer.question}: {mistake['name']}" for m in one.answers for mistake in told(m.answer)]
    mended = [
        f"{m.question}: {m.mistake}, {'when handed in again' if m.later == m.unit else f'in {m.later}'}"
        for m in report.mended.get(one.learner.id, ())
        if m.unit == one.unit
    ]
    return text(one.unit), marks, times, "<br>".join(map(text, made)), "<br>".join(map(text, mended))


def _link(report: Understood, learner: Learner) -> str:
    return f'<a href="#{_id(report, learner)}">{text(report.called(learner))}</a>'


def _id(report: Understood, learner: Learner) -> str:
    return f"learner-{report.places[learner.id]}"
