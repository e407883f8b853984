"""Text to tokens and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder import trained_model
from autograder.problem import Problem
from autograder.vocabulary import Vocabulary

SMALL = Vocabulary(["<start>", " ", "'", ",", "a", "b", "e", "t", " t", " a", "at", " ate", " tea"])
COURSE = trained_model.load_model().vocabulary


def test_the_longest_piece_is_taken_first() -> None:
    assert [SMALL.pieces[token] for token in SMALL.encode("tea, ate at")] == ["<start>", " tea", ",", " ate", " a", "t"]


def test_capitals_and_blanks_are_evened_out() -> None:
    assert SMALL.encode(" Tea,\n  ATE ").tolist() == SMALL.encode("tea, ate").tolist()


def test_decoding_leaves_out_the_start_and_the_first_space_only() -> None:
    assert SMALL.decode([0, 12, 3, 11]) == "tea, ate"
    assert SMALL.decode([11, 7]) == "atet"


def test_a_character_without_a_piece_is_named_with_those_that_have_one() -> None:
    with pytest.raises(
        Problem, match=r"has '7', 'x', which the model never saw. Use the letters a to z, spaces and ' ,"
    ):
        SMALL.encode("tea x7")


def test_labels_tell_a_word_from_the_end_of_one() -> None:
    assert SMALL.labels(SMALL.encode("tea, ate at")[1:]) == ["tea", ",", "ate", "a", "-t"]


@given(st.lists(st.text("abcdefghijklmnopqrstuvwxyz.,;:!?'()-", min_size=1), min_size=1).map(" ".join))
def test_text_in_the_alphabet_comes_back_as_it_was_and_the_same_every_time(text: str) -> None:
    tokens = COURSE.encode(text)
    assert COURSE.decode(tokens) == text
    assert tokens.tolist() == COURSE.encode(text).tolist()
    assert tokens[0] == 0
    assert (tokens[1:] > 0).all()


def test_pieces_of_the_course_are_all_different_and_never_cross_the_end_of_a_word() -> None:
    assert len(set(COURSE.pieces)) == len(COURSE)
    assert COURSE.pieces[0] == "<start>"
    for piece in COURSE.pieces[1:]:
        assert len(piece) == 1 or piece.removeprefix(" ").isalpha(), piece
