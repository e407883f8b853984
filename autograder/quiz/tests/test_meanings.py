"""An id never changes its meaning."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from autograder.quiz import meanings
from autograder.quiz.meanings import changed, known_meanings, main, meaning
from autograder.quiz.questions import Bank


def test_every_id_of_the_bank_means_what_it_meant(bank: Bank) -> None:
    known = known_meanings()
    assert changed(bank, known) == []
    new = sorted({question.id for question in bank.questions} - set(known))
    assert new == [], "new ids: run python -m autograder.quiz.meanings"


def test_text_and_answer_are_the_meaning_and_explanations_are_not(bank: Bank) -> None:
    for question in bank.questions[:20]:
        assert meaning(replace(question, explanation="Another.")) == meaning(question)
        assert meaning(replace(question, text=f" {question.text.upper()} ")) == meaning(question)
        assert meaning(replace(question, text=f"Not {question.text}")) != meaning(question)


def test_two_questions_never_mean_the_same(bank: Bank) -> None:
    assert len({meaning(question) for question in bank.questions}) == len(bank.questions)


def test_new_ids_are_added_and_changed_ones_refused_until_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(meanings, "FILE", tmp_path / "meanings.json")
    assert main([]) == 0
    known = known_meanings()
    name = next(iter(known))
    meanings.FILE.write_text(
        meanings.FILE.read_text().replace(known[name], "0" * 16).replace("{", '{\n "gone.id": "1",', 1)
    )
    assert main([]) == 1
    said = capsys.readouterr().err
    assert f"{name} no longer asks what it did." in said
    assert "gone.id is gone from the bank." in said
    assert known_meanings()[name] == "0" * 16
    assert main(["--accept", name, "gone.id"]) == 0
    assert known_meanings() == known
    assert main(["--accept", "no.such"]) == 1
