"""Pictures of weights: titles, rows of maps, what is said in words, and what cannot be shown."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from autograder import show_weights
from autograder.notebook.pictures import describe, png

WORDS = ["the", "cat"]
WEIGHTS = np.array([[[1, 0], [0.25, 0.75]], [[np.nan, np.nan], [1, -0.001]]])  # (H, T, T)


def _size(picture: bytes) -> tuple[int, int]:
    """Width and height, from the PNG's head."""
    width, height = struct.unpack(">II", picture[16:24])
    return int(width), int(height)


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
    one, five = (_size(png(np.full((count, 5, 5), 0.2), words, words, "")) for count in (1, 5))
    assert five[0] == pytest.approx(3 * one[0], rel=0.02)
    assert five[1] == pytest.approx(2 * one[1], rel=0.02)


def test_what_is_no_matrix_of_weights_is_said_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    show_weights(np.zeros(3))
    assert "it was given (3,)" in capsys.readouterr().out
