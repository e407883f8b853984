"""Pictures of weights: titles, rows of maps, what is said in words, and what cannot be shown."""

from __future__ import annotations

import base64
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from autograder import show_weights
from autograder.notebook.drawing import colour, ink_on
from autograder.notebook.pictures import describe, draw

WORDS = ["the", "cat"]
WEIGHTS = np.array([[[1, 0], [0.25, 0.75]], [[np.nan, np.nan], [1, -0.001]]])  # (H, T, T)


def _size(weights: np.ndarray, words: list[str]) -> tuple[float, float]:
    """Width and height of the picture of weights."""
    svg = ET.fromstring(draw(weights, words, words, "").svg)
    return float(svg.attrib["width"]), float(svg.attrib["height"])


def test_the_words_for_a_picture_name_its_heads_and_the_rows_without_numbers() -> None:
    said = describe(WEIGHTS, WORDS, WORDS, "", ["head a", "head b"])
    assert "Head a: most weight from the to the (1.00), cat to cat (0.75)." in said
    assert "Head b: most weight from the to nothing (NaN), cat to the (1.00)." in said
    assert "Head 1: " in describe(WEIGHTS, WORDS, WORDS, "")


def test_outside_a_notebook_the_numbers_are_printed_under_their_titles(capsys: pytest.CaptureFixture[str]) -> None:
    show_weights(WEIGHTS, WORDS, title="Two heads", heads=["left", "right"])
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[:4] == [["Two", "heads"], ["left"], ["the", "cat"], ["the", "1.00", "0.00"]]
    assert lines[5:] == [["right"], ["the", "cat"], ["the", "nan", "nan"], ["cat", "1.00", "0.00"]]


def test_many_heads_stand_in_several_rows() -> None:
    words = list("abcde")
    two, three, five = (_size(np.full((count, 5, 5), 0.2), words) for count in (2, 3, 5))
    assert two[1] == three[1]
    assert five[0] == three[0]
    assert five[1] > 1.8 * three[1]


def test_blue_is_above_0_and_orange_below_in_every_picture() -> None:
    assert (colour(0.0), colour(1.0), colour(-1.0)) == ("#ffffff", "#084594", "#a65400")
    assert colour(-5.0, 10.0) == "#d2aa80"


def test_what_is_no_matrix_of_weights_is_said_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    show_weights(np.zeros(3))
    assert "it was given (3,)" in capsys.readouterr().out


@pytest.mark.parametrize("value", np.linspace(-1, 1, 41))
def test_a_number_can_be_read_on_its_colour(value: float) -> None:
    fill = colour(float(value))
    light, dark = sorted(
        (_luminance(fill), _luminance(ink_on(fill).replace("#fff", "#ffffff").replace("#000", "#000000")))
    )[::-1]
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def _luminance(fill: str) -> float:
    channels = np.array([int(fill[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def test_a_notebook_shows_the_picture_with_its_words() -> None:
    drawn = draw(WEIGHTS, WORDS, WORDS, "")
    shown = drawn._repr_mimebundle_()
    image = ET.fromstring(shown["text/html"].replace('100%">', '100%"/>'))
    assert image.attrib["alt"] == drawn.words == shown["text/plain"]
    assert base64.b64decode(image.attrib["src"].partition(",")[2]).decode() == drawn.svg
