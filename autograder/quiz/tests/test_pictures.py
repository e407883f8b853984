"""The pictures of the bank: drawn by the reference, committed as they are drawn, each of them used, each in words."""

from __future__ import annotations

import runpy
import xml.etree.ElementTree as ET

from autograder.paths import root
from autograder.quiz.questions import Bank
from autograder.quiz.svg import Panel, draw

FOLDER = root() / "course" / "quiz" / "pictures"
SVG = "{http://www.w3.org/2000/svg}"


def test_every_picture_is_what_the_reference_draws() -> None:
    drawn = runpy.run_path(str(FOLDER / "draw.py"))["pictures"]()
    assert {path.stem for path in FOLDER.glob("*.svg")} == set(drawn)
    for name, svg in drawn.items():
        committed = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
        assert committed == svg, f"{name}: run python course/quiz/pictures/draw.py"


def test_every_picture_is_shown_by_a_question(bank: Bank) -> None:
    used = {question.picture.path.stem for question in bank.questions if question.picture}
    assert used == {path.stem for path in FOLDER.glob("*.svg")}


def test_entries_are_drawn_darker_the_larger_they_are_and_said_in_words() -> None:
    svg = draw("A title", "Rows are queries.", [Panel("A", [[1, 0], [0.25, 0.75]], ["the", "cat"], ["the", "cat"])])
    root = ET.fromstring(svg)
    shades = [rect.get("fill") for rect in root.iter(f"{SVG}rect")][1:]
    assert shades[1] == "#ffffff"
    assert len(set(shades)) == 4
    assert sorted(shades, reverse=True) == [shades[1], shades[2], shades[3], shades[0]]
    said = root.find(f"{SVG}desc")
    assert said is not None
    assert said.text == "Rows are queries. A: row the: the 1; row cat: the 0.25, cat 0.75."
    assert root.get("role") == "img"
