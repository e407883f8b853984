"""The landing page's path of units: what each is about, how long it takes, and how far the reader has come."""

from __future__ import annotations

import json
import re
from html import escape

import numpy as np

from reference_impl import softmax

from ...checks import questions
from ...course import Course, Unit


def path(course: Course) -> str:
    """The units as a list in HTML, in a fence that MyST passes on. Progress is filled in by the page's script."""
    items = "".join(_item(number, unit, course) for number, unit in enumerate(course.units, 1))
    total = sum(unit.minutes for unit in course.units)
    return (
        f'````{{raw}} html\n<ol class="path">{items}</ol>'
        f'<p class="path-total">{len(course.units)} units, about {total // 60} hours and {total % 60} minutes. '
        f'<span id="progress-total"></span></p>\n'
        f'<p class="keep"><button type="button" id="progress-export">Save my progress as a file</button> '
        f'<label class="button">Load it from a file <input type="file" id="progress-import" accept="application/json"></label> '
        f'<span id="progress-said" role="status"></span></p>\n````\n'
    )


def _item(number: int, unit: Unit, course: Course) -> str:
    first = [course.unit(name) for name in unit.prerequisites]
    needs = ", ".join(str(course.units.index(one) + 1) for one in first)
    about = re.search(r"\*\*You will\*\* (.*?)\n(?=\*\*|\n)", unit.lesson.read_text(encoding="utf-8"), re.DOTALL)
    words = " ".join(about[1].split()) if about else ""
    goal = re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(words[:1].upper() + words[1:]))
    worth = {name: question.points for name, question in questions(unit.short).items()}
    return (
        f'<li data-unit="{unit.short}" data-name="{unit.name}" data-notebook="{unit.exercise.name}" '
        f'data-points="{unit.points:g}" data-questions="{escape(json.dumps(worth))}">'
        f'<a href="lessons/{unit.name}.html">{escape(unit.title)}</a>'
        f'<span class="minutes">{unit.minutes} minutes{f", after unit {needs}" if needs else ""}</span>'
        f'<p>{goal}</p>'
        f'<p class="mark"><span class="bar" aria-hidden="true"><span></span></span> '
        f'<span class="said">Not started here</span> '
        f'<label><input type="checkbox"> Lesson read</label></p></li>'
    )  # fmt: skip


WORDS = ("the", "cat", "sat", "down", "because", "it", "was", "tired")
# Scores as a trained head might give them, above 0.2 for all: query, key, score.
SCORES = (
    ("the", "cat", 1.6), ("cat", "the", 1.4), ("sat", "cat", 2.6), ("down", "sat", 2.4), ("because", "sat", 1.5),
    ("it", "cat", 3.2), ("was", "it", 1.9), ("was", "tired", 1.4), ("tired", "it", 1.7), ("tired", "cat", 2.2),
)  # fmt: skip


def start(course: Course) -> str:
    """The way in, and a picture in which a word under the pointer shows what it attends to. Weights by the reference."""
    scores = np.full((len(WORDS), len(WORDS)), 0.2)
    for query, key, score in SCORES:
        scores[WORDS.index(query), WORDS.index(key)] = score
    weights = [[round(float(value), 3) for value in row] for row in softmax(scores)]
    first = course.units[0]
    words = "".join(f'<button type="button">{word}</button>' for word in WORDS)
    return (
        "````{raw} html\n"
        f'<div class="hero"><p><a class="start needs-server" '
        f'href="lite/notebooks/index.html?path={first.name}/{first.exercise.name}">Start now in your browser</a></p>'
        f'<p><a href="lessons/{first.name}.html">or read the first lesson</a></p></div>'
        f'<figure class="attends" data-weights="{json.dumps(weights)}" data-first="{WORDS.index("it")}"><svg aria-hidden="true"></svg>'
        f'<div class="words" role="group" aria-label="A sentence; choose a word to see what it attends to">{words}</div>'
        f'<figcaption><span role="status"></span> Move over another word, or choose it, to see where one attention head looks.'
        f"</figcaption>"
        f"</figure>\n````\n"
    )
