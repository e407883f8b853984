"""Pictures of numbers of either sign."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from autograder import show_values
from autograder.notebook.values import describe, draw

SVG = "{http://www.w3.org/2000/svg}"
VALUES = np.array([[0.5, -1.25, 0.001], [2.0, 0.0, -0.001]])


def test_a_terminal_gets_the_numbers_with_their_labels(capsys: pytest.CaptureFixture[str]) -> None:
    show_values(VALUES, rows=["head 0", "sum"], title="Token 0")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Token 0"
    assert lines[1].split() == ["0", "1", "2"]
    assert lines[2].split() == ["head", "0", "0.50", "-1.25", "0.00"]
    assert lines[3].split() == ["sum", "2.00", "0.00", "0.00"]


def test_labels_that_do_not_fit_give_way_to_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    show_values(VALUES, rows=["only one"])
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]] == ["0", "1"]


@pytest.mark.parametrize("given", [3, [1, 2], np.ones((2, 2, 2)), [["a"]], [[None]], np.empty((0, 3))])
def test_what_is_no_table_of_numbers_is_told(given: object, capsys: pytest.CaptureFixture[str]) -> None:
    show_values(given)  # type: ignore[arg-type]
    assert capsys.readouterr().out.startswith("show_values needs a table of numbers, (R, C)")


def test_the_picture_has_words_for_those_who_cannot_see_it() -> None:
    drawn = draw(VALUES, ["a", "b"], ["x", "y", "z"], "Token 0")
    assert drawn.words == describe(VALUES, ["a", "b"], ["x", "y", "z"], "Token 0")
    assert drawn.words == "Token 0, 2 rows by 3 columns. Furthest from 0: a at y (-1.25), b at x (2.00)."
    assert ET.fromstring(drawn.svg).findtext(f"{SVG}title") == drawn.words


def test_the_picture_holds_every_number_and_label() -> None:
    drawn = ET.fromstring(draw(VALUES, ["a", "b"], ["x", "<y>", "z"], "Token 0").svg)
    texts = [text.text for text in drawn.iter(f"{SVG}text")]
    assert sorted(texts) == sorted(
        ["Token 0", "a", "b", "x", "<y>", "z", "0.50", "-1.25", "0.00", "2.00", "0.00", "0.00"]
    )


@pytest.mark.parametrize(("value", "written"), [(0.0, "0.00"), (np.nan, "NaN"), (np.inf, "inf"), (1e300, "1e+300")])
def test_every_number_can_be_drawn(value: float, written: str) -> None:
    drawn = ET.fromstring(draw(np.array([[value, 1.0]]), ["a"], ["x", "y"], "").svg)
    assert written in [text.text for text in drawn.iter(f"{SVG}text")]
