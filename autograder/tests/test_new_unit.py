"""A new unit, laid out in a copy of the repository: lint, build-check and the unit's tests are green at once."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from autograder import paths

NAME, SHORT = "99_strongest_key", "strongest_key"
COPIED = ("autograder", "course", "exercises", "reference_impl", "solutions")
FILES = ("pyproject.toml", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "conftest.py")
# What looks at every unit, or at this one. One test stays red until the unit has a dozen questions for the quiz.
NOT_YET = "autograder/quiz/tests/test_bank.py::test_there_are_enough_questions_for_every_unit"
TESTS = (
    "autograder/tests/test_strength.py",
    "autograder/tests/test_strength_99.py",
    "autograder/tests/test_run_all.py",
    "autograder/tests/test_mistakes.py",
    "autograder/tests/test_mistakes_told_apart.py",
    "autograder/tests/test_prose.py",
    "autograder/tests/test_way.py",
    "autograder/site/tests/test_glossary.py",
    "autograder/quiz/tests/test_bank.py",
    "autograder/quiz/tests/test_fairness.py",
    "autograder/quiz/tests/test_meanings.py",
)

pytestmark = pytest.mark.skipif(not paths.in_repository(), reason="a unit is added to a checkout")


def run(copy: Path, *command: str) -> str:
    """What a command says in the copy, whose packages it imports. Fails with it where it fails."""
    made = subprocess.run(
        [sys.executable, "-m", *command], cwd=copy, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert made.returncode == 0, made.stdout
    return made.stdout


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository, with a unit more."""
    copy = tmp_path_factory.mktemp("repository")
    for name in COPIED:
        shutil.copytree(paths.root() / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    for name in FILES:
        shutil.copy(paths.root() / name, copy / name)
    run(copy, "autograder.build", "new-unit", NAME)
    return copy


def test_lint_is_green(copy: Path) -> None:
    run(copy, "ruff", "check", "--no-cache", ".")
    run(copy, "ruff", "format", "--no-cache", "--check", ".")
    run(copy, "mypy", "--cache-dir", "mypy", f"autograder/checks/{SHORT}.py", f"autograder/mistakes/{SHORT}.py")


def test_build_check_is_green(copy: Path) -> None:
    run(copy, "autograder.build", "--check")


def test_the_units_tests_are_there_and_green(copy: Path) -> None:
    chosen = ("-k", f"{SHORT} or bank or prose or sentence_for_success or lesson_teaches", "--deselect", NOT_YET)
    said = run(copy, "pytest", "-v", "-p", "no:cacheprovider", *chosen, *TESTS)
    assert "test_a_wrong_answer_gets_its_mark_and_its_diagnosis_with_every_seed" in said
    assert f"test_every_solution_scores_full[{SHORT}]" in said
    assert f"test_every_unit_and_question_has_a_sentence_for_success[{SHORT}]" in said
    assert "test_every_lesson_teaches_terms" in said


def test_the_manifest_and_the_table_of_units_name_it_last(copy: Path) -> None:
    units = yaml.safe_load((copy / "course" / "course.yaml").read_text())["units"]
    assert units[-1]["name"] == NAME
    rows = [line for line in (copy / "README.md").read_text().splitlines() if "](course/lessons/" in line]
    assert f"(course/lessons/{NAME}.md)" in rows[-1]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("01_another", "above"),
        ("strongest", "two digits"),
        ("99_class", "small letters"),
        ("99_Strongest", "small letters"),
        ("99_one_head", "is there already"),
        ("99_scale", "autograder/mistakes/scale.py is there already"),
    ],
)
def test_a_name_that_will_not_do_is_explained_and_nothing_is_written(
    name: str, said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from autograder.build.__main__ import main

    monkeypatch.setattr(Path, "write_text", lambda *_, **__: pytest.fail("something was written"))
    assert main(["new-unit", name]) == 1
    assert said in capsys.readouterr().err
