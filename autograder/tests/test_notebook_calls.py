"""What a notebook's cells call: check, hint and solution, in a plain namespace."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from autograder import check, hint, solution
from autograder.checks import questions
from autograder.course import read
from autograder.environment import OWN_CHECKS
from autograder.notebook.hints import LEVELS
from autograder.tests.support import UNITS, solved, untouched
from autograder.tests.test_classroom_term import OWN_CHECK


def _in(names: dict[str, Any], call: str) -> Any:
    """Run a call as a cell of a notebook with these names."""
    return eval(call, {**names, "check": check, "hint": hint, "solution": solution})


def test_check_shows_the_report_and_returns_a_plain_float(capsys: pytest.CaptureFixture[str]) -> None:
    marks = _in(solved("one_head"), 'check("one_head.scores")')
    assert (type(marks), marks) == (float, 2.5)
    assert "Scaled scores: passed" in capsys.readouterr().out


def test_check_uses_the_points_and_the_seed_of_whoever_grades(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []
    names = solved("one_head")
    right = names["softmax"]
    names["softmax"] = lambda scores: drawn.append(scores.copy()) or right(scores)
    for seed in ("1", "2", "1"):
        monkeypatch.setenv("AUTOGRADER_SUBMISSION", json.dumps({"points": 4.0, "seed": seed}))
        assert _in(names, 'check("one_head.softmax")') == 4.0
    third = len(drawn) // 3
    assert (drawn[0] == drawn[2 * third]).all()
    assert (drawn[0] != drawn[third]).any()


@pytest.mark.parametrize("name", ["one_head.nothing", "nothing.scores", "scores", "", "../etc.passwd"])
def test_an_unknown_question_gets_a_sentence_and_no_traceback(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(name) == 0.0
    hint(name)
    solution(name)
    assert capsys.readouterr().out.count("There is no") == 3


@pytest.mark.parametrize("unit", UNITS)
def test_every_question_has_three_hints_and_no_hint_is_empty(unit: str, capsys: pytest.CaptureFixture[str]) -> None:
    for question in questions(unit):
        for level in range(1, len(LEVELS) + 1):
            hint(question, level)
            shown = capsys.readouterr().out
            assert f"Hint {level} of 3" in shown
            assert len(shown) > 60, shown
        hint(question, 4)
        assert "hints 1 to 3" in capsys.readouterr().out


@pytest.mark.parametrize("unit", UNITS)
def test_there_are_hints_for_nothing_but_the_questions(unit: str) -> None:
    import yaml

    assert list(yaml.safe_load(read().unit(unit).hints.read_text(encoding="utf-8"))) == list(questions(unit))


def test_a_solution_is_shown_after_success(capsys: pytest.CaptureFixture[str]) -> None:
    _in(solved("one_head"), 'solution("one_head.mix")')
    shown = capsys.readouterr().out
    assert "return weights @ v" in shown
    assert "NotImplementedError" not in shown
    assert "SOLUTION" not in shown


def test_a_solution_asked_for_too_early_is_shown_the_second_time(capsys: pytest.CaptureFixture[str]) -> None:
    names = {**untouched("one_head"), "solution": solution}
    eval('solution("one_head.mix")', names)
    first = capsys.readouterr().out
    assert "ask once more" in first
    assert "weights @ v" not in first
    eval('solution("one_head.scores")', names)
    assert "ask once more" in capsys.readouterr().out
    eval('solution("one_head.mix")', names)
    assert "return weights @ v" in capsys.readouterr().out


@pytest.mark.parametrize("unit", UNITS)
def test_every_question_has_a_worked_solution(unit: str, capsys: pytest.CaptureFixture[str]) -> None:
    for question in questions(unit):
        _in(solved(unit), f'solution("{question}")')
        shown = capsys.readouterr().out
        assert f"A worked solution of {question}" in shown
        assert len(shown.splitlines()) > 1, question


def test_an_instructors_own_question_has_no_hints_and_no_worked_solution_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "extra.py").write_text(OWN_CHECK)
    monkeypatch.setenv(OWN_CHECKS, str(tmp_path))
    _in({}, 'hint("extra.bias")')
    assert capsys.readouterr().out == "extra.bias is your instructor's own question: it has no hints here.\n"
    _in({}, 'solution("extra.bias")')
    assert capsys.readouterr().out == "extra.bias is your instructor's own question: it has no worked solution here.\n"
