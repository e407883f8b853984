"""The Anki deck: a note for each question, with ids that stay."""

from __future__ import annotations

import sqlite3
import zipfile
from pathlib import Path

import pytest

from autograder.quiz.export.anki import write_anki
from autograder.quiz.questions import Bank, BugQuestion, MatchQuestion, OrderingQuestion


def notes(file: Path, folder: Path) -> dict[str, tuple[str, str, str]]:
    """For each question's id the note's guid, front and back."""
    with zipfile.ZipFile(file) as archive:
        archive.extract("collection.anki2", folder)
    connection = sqlite3.connect(folder / "collection.anki2")
    try:
        rows = connection.execute("select guid, flds from notes").fetchall()
    finally:
        connection.close()
    made = {}
    for guid, fields in rows:
        front, back, name = fields.split("\x1f")
        made[name] = (guid, front, back)
    return made


@pytest.fixture(scope="module")
def deck(bank: Bank, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, tuple[str, str, str]]]:
    folder = tmp_path_factory.mktemp("anki")
    write_anki(bank, folder / "quiz.apkg")
    return folder / "quiz.apkg", notes(folder / "quiz.apkg", folder)


def test_every_question_has_a_note_with_question_answer_and_section(
    deck: tuple[Path, dict[str, tuple[str, str, str]]], bank: Bank
) -> None:
    _, made = deck
    assert set(made) == {question.id for question in bank.questions}
    for _, front, back in made.values():
        assert front
        assert "Read: Lesson" in back
        assert "<math" not in front + back, "Anki sets LaTeX, not MathML"


def test_pictures_come_along(deck: tuple[Path, dict[str, tuple[str, str, str]]], bank: Bank) -> None:
    file, made = deck
    with zipfile.ZipFile(file) as archive:
        media = archive.read("media").decode()
    for question in bank.questions:
        if question.picture:
            assert question.picture.path.name in media
            assert f'src="{question.picture.path.name}"' in made[question.id][1]


def test_a_later_deck_finds_its_notes_again(
    deck: tuple[Path, dict[str, tuple[str, str, str]]], bank: Bank, tmp_path: Path
) -> None:
    write_anki(bank, tmp_path / "again.apkg")
    again = notes(tmp_path / "again.apkg", tmp_path)
    assert {name: guid for name, (guid, _, _) in again.items()} == {
        name: guid for name, (guid, _, _) in deck[1].items()
    }


def test_an_orders_answer_is_one_list_with_its_numbers(
    deck: tuple[Path, dict[str, tuple[str, str, str]]], bank: Bank
) -> None:
    for question in bank.questions:
        if isinstance(question, OrderingQuestion):
            _, _, back = deck[1][question.id]
            answer, _, _ = back.partition("</ol>")
            assert back.startswith("<ol>")
            assert answer.count("<li>") == len(question.steps)
            assert "<ul>" not in answer


def test_what_a_match_asks_for_and_a_listing_stand_on_the_front(
    deck: tuple[Path, dict[str, tuple[str, str, str]]], bank: Bank
) -> None:
    for question in bank.questions:
        _, front, _ = deck[1][question.id]
        if isinstance(question, MatchQuestion):
            assert front.count("<li>") == len(question.pairs) + len(question.rights)
        if isinstance(question, BugQuestion):
            assert front.count("<br/>") == len(question.listing) - 1
