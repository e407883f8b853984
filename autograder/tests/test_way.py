"""How far a learner has come: what is kept, that nothing kept is lost, and what is shown of it."""

from __future__ import annotations

import json
import multiprocessing
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
import yaml

from autograder.build.notebook import solved_notebook, to_bytes
from autograder.build.script import read_script
from autograder.checks import question, questions
from autograder.course import read
from autograder.environment import GRADED_CELL
from autograder.notebook.after import sentences, with_link
from autograder.notebook.asked import current, remember
from autograder.notebook.progress import progress_in
from autograder.notebook.running import checked
from autograder.notebook.watching import saves
from autograder.notebook.way import FILE, QuestionRecord, folder_of, record, way
from autograder.tests.support import UNITS, solved, untouched

FIRST = read().units[0]


def test_a_record_follows_the_reports_and_is_not_lost_again() -> None:
    asked = question("one_head.scores")
    right, empty = asked.mark(solved("one_head")), asked.mark(untouched("one_head"))
    wrong = asked.mark({**solved("one_head"), "scaled_scores": lambda q, k: q @ k.swapaxes(-1, -2)})
    once = QuestionRecord().after(empty).after(wrong)
    assert once.tries == 1
    assert not once.solved
    assert once.mistakes
    after = once.after(right)
    assert after.solved
    assert after.after(wrong) == after.after(empty) == after


def test_what_is_recorded_is_read_again(tmp_path: Path) -> None:
    kept = QuestionRecord(0.5, 2, ("no_scale",), True)
    assert record(tmp_path, "one_head.scores", lambda _: kept) == []
    assert record(tmp_path, "one_head.mix", lambda old: replace(old, share=1.0)) == []
    assert way(tmp_path).records == {"one_head.scores": kept, "one_head.mix": QuestionRecord(1.0)}


@pytest.mark.parametrize(
    "damaged", ["", "{", "[]", '{"version": 1}', '{"version": 1, "questions": {"one_head.mix": {"share": 7}}}']
)
def test_a_damaged_file_is_kept_aside_and_said_so(tmp_path: Path, damaged: str) -> None:
    (tmp_path / FILE).write_text(damaged)
    (said,) = record(tmp_path, "one_head.mix", lambda old: replace(old, share=1.0))
    (aside,) = tmp_path.glob("mha-progress.damaged-*.json")
    assert aside.name in said
    assert aside.read_text() == damaged
    assert way(tmp_path).records["one_head.mix"].solved


def test_a_file_of_a_newer_version_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"version": 99}')
    (said,) = record(tmp_path, "one_head.mix", lambda old: replace(old, share=1.0))
    assert "newer version" in said
    assert (tmp_path / FILE).read_text() == '{"version": 99}'


def test_a_folder_that_cannot_be_written_costs_no_more_than_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a_file").write_text("")
    (said,) = record(tmp_path / "a_file", "one_head.mix", lambda old: replace(old, share=1.0))
    assert "cannot be saved" in said


def _twenty(folder: Path, name: str) -> None:
    for i in range(20):
        record(folder, f"{name}.{i}", lambda old: replace(old, tries=old.tries + 1))
        record(folder, "both.write", lambda old: replace(old, tries=old.tries + 1))


def test_two_processes_at_once_lose_nothing(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    both = [context.Process(target=_twenty, args=(tmp_path, name)) for name in ("one", "two")]
    for process in both:
        process.start()
    for process in both:
        process.join()
    kept = way(tmp_path).records
    assert len(kept) == 41
    assert kept["both.write"].tries == 40


def _notebook_of(folder: Path, data: bytes) -> Path:
    path = folder / FIRST.name / FIRST.exercise.name
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    return path


def test_checks_in_a_notebook_are_recorded_one_folder_up(tmp_path: Path) -> None:
    path = _notebook_of(tmp_path, to_bytes(solved_notebook(read_script(FIRST))))
    assert folder_of(path.parent) == tmp_path
    done = checked(path, 120)
    assert done.all_passed
    assert "Next: one_head.project." in str(done.reports[0])
    assert sentences()["one_head.by_hand"] in str(done.reports[0])
    kept = json.loads((tmp_path / FILE).read_text())["questions"]
    assert {name for name, one in kept.items() if one["share"] == 1.0} == set(questions("one_head"))
    shown = progress_in(tmp_path)
    assert shown.units[0].solved == len(questions("one_head"))
    assert shown.next is not None
    assert shown.next[0] == read().units[1]


def test_nothing_is_recorded_while_a_class_is_graded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _notebook_of(tmp_path, b"")
    code = (
        "from IPython.core.interactiveshell import InteractiveShell as S\nshell = S.instance()\n"
        "shell.run_cell('from autograder import check, solution\\nv = check(\"one_head.mix\")\\n'"
        '\'solution("one_head.mix"); solution("one_head.mix")\\nprint(type(v))\')\n'
    )
    for graded, written in ((True, False), (False, True)):
        monkeypatch.setenv(GRADED_CELL, '{"points": 1}') if graded else monkeypatch.delenv(GRADED_CELL)
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=path.parent, capture_output=True, text=True, check=True, timeout=60
        )
        assert ("<class 'float'>" in done.stdout) is graded
        assert (tmp_path / FILE).exists() is written


def test_progress_names_what_is_next_and_what_to_review(tmp_path: Path) -> None:
    record(tmp_path, "one_head.project", lambda _: QuestionRecord(1.0, 1, ("swapped",)))
    record(tmp_path, "one_head.scores", lambda _: QuestionRecord(0.5, 1))
    record(tmp_path, "one_head.by_hand", lambda _: QuestionRecord(1.0))
    said = str(progress_in(tmp_path))
    assert "2 of " in said
    assert "✓✓~···" in said
    assert "Next: one_head.scores" in said
    assert "one_head.project (seen on the way: swapped): lesson one_head, section “Projections”" in said
    html = progress_in(tmp_path)._repr_mimebundle_()["text/html"]
    assert '<a href="../02_order_the_steps/order_the_steps.ipynb">' in html


def test_the_current_question_is_the_last_one_or_the_next_where_that_is_solved() -> None:
    names: dict[str, object] = {}
    assert current(names) is None
    remember(names, "one_head.scores", False)
    assert current(names) == "one_head.scores"
    remember(names, "one_head.scores", True)
    assert current(names) == "one_head.softmax"
    remember(names, "one_head.head", True)
    assert current(names) == "one_head.head"


def test_hint_without_arguments_climbs_the_ladder_of_the_question_above(capsys: pytest.CaptureFixture[str]) -> None:
    names = untouched("one_head")
    exec('from autograder import check, hint\ncheck("one_head.softmax")\nhint()\nhint()\nhint()\nhint()', names)
    said = capsys.readouterr().out
    assert [said.count(f"Hint {level} of 3") for level in (1, 2, 3)] == [1, 1, 2]
    exec("from autograder import hint, solution\nhint()\nsolution()", {})
    assert capsys.readouterr().out.count("Run the check of the question first") == 2


def test_a_reports_words_for_the_lesson_lead_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    html = question("one_head.scores").mark({"scaled_scores": lambda q, k: 0})._repr_mimebundle_()["text/html"]
    (tmp_path / FIRST.name).mkdir()
    monkeypatch.chdir(tmp_path / FIRST.name)
    assert with_link(html, "one_head#mixing-the-values") == html
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / FIRST.lesson.name).write_text("")
    assert 'href="../lessons/01_one_head.md#Scores"' in with_link(html, "one_head#scores")


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_and_question_has_a_sentence_for_success(unit: str) -> None:
    assert {unit, *questions(unit)} <= sentences().keys()


def test_a_solution_explains_its_steps_and_steps_belong_to_questions(capsys: pytest.CaptureFixture[str]) -> None:
    exec('from autograder import solution\nsolution("one_head.softmax")', solved("one_head"))
    assert "3. Dividing by the row's sum makes the row sum to 1." in capsys.readouterr().out
    explained = yaml.safe_load((read().root / "course" / "steps.yaml").read_text(encoding="utf-8"))
    assert explained.keys() <= {name for unit in UNITS for name in questions(unit)}


@pytest.mark.parametrize("unit", UNITS)
def test_a_notebook_offers_help_below_each_check_and_ends_with_the_way_on(unit: str) -> None:
    cells = nbformat.read(read().unit(unit).exercise, as_version=4).cells
    checks = [i for i, cell in enumerate(cells) if cell.id.startswith("check_")]
    for i in checks:
        assert f'# hint("{unit}.{cells[i].id.removeprefix("check_")}")' in cells[i + 1].source
        assert "nbgrader" not in cells[i + 1].metadata
    assert sentences()[unit] in cells[-1].source
    assert "progress()" in cells[-2].source


def test_a_saved_notebook_is_noticed_also_when_it_is_replaced(tmp_path: Path) -> None:
    one, two = tmp_path / "one.ipynb", tmp_path / "two.ipynb"
    one.write_text("a")
    steps = iter([lambda: None, lambda: one.write_text("ab"), lambda: two.write_text("c"), lambda: two.replace(one)])
    found = saves([one, two], lambda: next(steps)())
    assert [next(found) for _ in range(3)] == [one, two, one]
