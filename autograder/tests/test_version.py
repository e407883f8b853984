"""What marks depend on: a change that can change a mark gives another version, words and pages do not."""

from __future__ import annotations

import ast
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import numpy as np
import pytest

from autograder import paths
from autograder.checks import question
from autograder.classroom import version as versions
from autograder.classroom.version import counted, version
from autograder.course import read
from autograder.grading.assignment import Assignment, source_cell, source_notebook
from autograder.marking import report
from autograder.tests.answers import one_head

HOUSE = paths.PACKAGE.parent

# What is loaded where a submission is marked, and only shows or reports. Whoever adds to it says why no mark can change.
NO_MARKS = {
    "autograder/__init__.py": "looks the names up that notebooks import",
    "autograder/classroom/__init__.py": "a map",
    "autograder/classroom/extensions.py": "dates: the penalty is compared by itself",
    "autograder/classroom/reports.py": "reads what the reports said, beside the marks",
    "autograder/classroom/version.py": "is the version itself",
    "autograder/course.py": "the list of units, for titles and order",
    "autograder/kept_file.py": "how a learner's own progress is kept",
    "autograder/marking/describe.py": "for `mha show`",
    "autograder/marking/executed.py": "reads reports in executed notebooks, beside the marks",
    "autograder/marking/render.py": "how a report looks",
    "autograder/notebook/__init__.py": "a map",
    "autograder/notebook/after.py": "what a solved question has taught, below its report",
    "autograder/notebook/asked.py": "which question a learner is at, for hints",
    "autograder/notebook/lesson_address.py": "the link below a report",
    "autograder/notebook/show.py": "displays or prints",
    "autograder/slow_imports.py": "which modules are imported when they are first used",
    "autograder/notebook/way.py": "a learner's own progress",
}
LOADED = """
import importlib, pkgutil, sys
import autograder.checks
import autograder.classroom.hooks, autograder.grading.exporter, autograder.grading.run, autograder.notebook.marks
import autograder.sandbox.cluster, autograder.sandbox.runner, autograder.sandbox.worker
for module in pkgutil.iter_modules(autograder.checks.__path__):
    importlib.import_module(f"autograder.checks.{module.name}")
for name, module in sorted(sys.modules.items()):
    if name.partition(".")[0] in ("autograder", "reference_impl"):
        print(module.__file__)
"""


def assignment(unit: str, **more: dict[str, bytes]) -> Assignment:
    """A unit of the course as a gradebook has it."""
    notebook = nbformat.read(read().unit(unit).exercise, as_version=4)
    cells = []
    for cell in notebook.cells:
        if told := cell.metadata.get("nbgrader"):
            kinds = {kind: told[kind] for kind in ("locked", "grade", "solution", "task")}
            cells.append(source_cell(cell.id, cell.cell_type, cell.source, points=told.get("points"), **kinds))
    return Assignment(unit, (source_notebook(unit, {}, cells, []),), b"", **more)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of everything that could count, and of much that could not."""
    copy = tmp_path_factory.mktemp("house")
    for name in ("autograder", "reference_impl", "course"):
        shutil.copytree(HOUSE / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.png"))
    model = copy / "course" / "model"
    model.mkdir(exist_ok=True)
    for name in ("weights.npz", "pieces.json"):
        (model / name).write_bytes(b"numbers")
    return copy


@pytest.fixture
def changed(house: Path) -> Iterator[Callable[[str, str, str], None]]:
    """Changes text in a file of the copy, until the test ends."""
    before: dict[Path, bytes] = {}

    def change(name: str, old: str, new: str) -> None:
        path = house / name
        text = before.setdefault(path, path.read_bytes()).decode()
        assert text.count(old) >= 1
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    yield change
    for path, data in before.items():
        path.write_bytes(data)


def test_a_copy_of_the_course_has_the_same_version(house: Path) -> None:
    model = house / "course" / "model"
    kept = shutil.move(model, house / "kept")
    shutil.copytree(HOUSE / "course" / "model", model)
    assert version(assignment("one_head"), house) == version(assignment("one_head"))
    shutil.rmtree(model)
    shutil.move(kept, model)


def test_a_change_of_any_file_that_can_change_a_mark_is_noticed(house: Path) -> None:
    unit = assignment("one_head")
    seen = {version(unit, house)}
    checks = [house / "autograder/checks" / name for name in ("one_head.py", "inputs.py")]
    model = [house / "course/model" / name for name in ("weights.npz", "pieces.json")]
    files = [*counted(house), *checks, *model]
    for path in files:
        before = path.read_bytes()
        path.write_bytes(before + b"\n0\n")
        seen.add(version(unit, house))
        path.write_bytes(before)
    assert len(seen) == len(files) + 1


def test_everything_that_is_loaded_where_marks_are_made_counts_or_is_known_to_make_none() -> None:
    made = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True, cwd=HOUSE)
    loaded = {Path(line).relative_to(HOUSE).as_posix() for line in made.stdout.splitlines()}
    always = {path.relative_to(HOUSE).as_posix() for path in counted(HOUSE)}
    assert {name for name in loaded - always if not name.startswith("autograder/checks/")} == set(NO_MARKS)
    assert {f"autograder/{name}" for name in versions.SHOWS} <= set(NO_MARKS)


def test_no_page_table_picture_quiz_command_or_test_counts(house: Path) -> None:
    unit = assignment("one_head")
    before = version(unit, house)
    always = {*counted(house), *(house / "autograder/checks").glob("*.py"), *(house / "course/model").glob("*.*")}
    others = [path for path in house.rglob("*") if path.is_file() and path not in always]
    kept = {path: path.read_bytes() for path in others}
    for path, data in kept.items():
        path.write_bytes(data + b"\n0\n")
    after = version(unit, house)
    for path, data in kept.items():
        path.write_bytes(data)
    names = {path.relative_to(house).as_posix() for path in others}
    assert {"autograder/marking/render.py", "autograder/notebook/pictures.py", "autograder/cli/grade.py"} <= names
    assert {"autograder/classroom/table.py", "autograder/quiz/page.py", "course/lessons/01_one_head.md"} <= names
    assert after == before


WORDS = {
    "a mistake's sentence": ("autograder/mistakes/scale.py", "The scores are not divided by", "Nothing divides"),
    "the sentence of an own function's mistake": (
        "autograder/mistakes/decoding.py",
        "is returned as it was given",
        "comes back unchanged",
    ),
    "a guess's sentence": ("autograder/mistakes/guesses.py", "Both are counted from 0.", "Both start at 0."),
    "a question's title": ("autograder/checks/one_head.py", '"Scaled scores"', '"Scores with their scale"'),
    "where to read": ("autograder/checks/one_head.py", "one_head#scores", "one_head#the-scores"),
    "a comment": (
        "autograder/checks/one_head.py",
        "# All products are the same number here",
        "# Here every product is one number",
    ),
    "a docstring": ("autograder/marking/compare.py", '"""', '"""Now: '),
    "layout": ("autograder/marking/compare.py", "\n\n\n", "\n\n\n\n"),
}
MARKS = {
    "a mistake's computation": ("autograder/mistakes/scale.py", "scores / sizes.d_k", "scores / sizes.d_v"),
    "a mistake's name": ("autograder/mistakes/scale.py", '"by_d_k"', '"by_the_width"'),
    "a facet's share": ("autograder/checks/one_head.py", '"one sequence", 0.6', '"one sequence", 0.5'),
    "a facet's title, which decides its inputs": ("autograder/checks/one_head.py", '"the scale"', '"scaling"'),
    "a question's points": ("autograder/checks/one_head.py", "points=1.5", "points=2.5"),
    "an input": ("autograder/checks/one_head.py", "size=600", "size=601"),
    "the reference": ("reference_impl/plain.py", "axis=-1", "axis=-2"),
    "the sandbox": ("autograder/sandbox/settings.py", "1", "2"),
}


@pytest.mark.parametrize("change", WORDS.values(), ids=WORDS)
def test_words_are_no_change(house: Path, changed: Callable[..., None], change: tuple[str, str, str]) -> None:
    before = version(assignment("one_head"), house)
    changed(*change)
    assert version(assignment("one_head"), house) == before


@pytest.mark.parametrize("change", MARKS.values(), ids=MARKS)
def test_what_marks_are_made_of_is_a_change(
    house: Path, changed: Callable[..., None], change: tuple[str, str, str]
) -> None:
    before = version(assignment("one_head"), house)
    changed(*change)
    assert version(assignment("one_head"), house) != before


def test_a_units_checks_are_those_it_asks_for_and_what_these_import(house: Path, changed: Callable[..., None]) -> None:
    before = {unit.short: version(assignment(unit.short), house) for unit in read().units}
    changed("autograder/checks/one_head.py", "points=1.5", "points=2.5")
    after = {unit: version(assignment(unit), house) for unit in before}
    assert {unit for unit in before if after[unit] != before[unit]} == {"one_head", "multi_head_attention"}


OWN = {
    "extra.py": b"from helpers.sums import add\nQUESTIONS = ()\n",
    "helpers/sums.py": b"def add(a, b): return a + b\n",
    "another.py": b"QUESTIONS = ()\n",
}


def asking(source: str, **more: dict[str, bytes]) -> Assignment:
    cell = source_cell("t", "code", source, locked=True, grade=True, solution=False, task=False, points=1.0)
    return Assignment("09_extra", (source_notebook("extra", {}, [cell], []),), b"", **more)


@pytest.mark.parametrize(
    ("cell", "counts"),
    [
        ('check("extra.sum")', {"extra.py", "helpers/sums.py"}),
        ('check("another.sum")', {"another.py"}),
        ('unit = "another"\ncheck(f"{unit}.sum")', {"another.py"}),
        ("from helpers import sums\nassert sums.add(f, 1) == 1", {"helpers/sums.py"}),
        ("import importlib\nimportlib.import_module(name)", set(OWN)),
        ("%time check(name)\nextra", {"extra.py", "helpers/sums.py"}),
    ],
)
def test_an_instructors_module_counts_where_a_cell_leads_to_it(cell: str, counts: set[str]) -> None:
    before = version(asking(cell, own_checks=OWN))
    found = {
        name for name in OWN if version(asking(cell, own_checks={**OWN, name: OWN[name] + b"# a word\n"})) != before
    }
    assert found == counts


def test_cells_and_given_files_count_and_their_order_does_not() -> None:
    files = {"data.csv": b"1", "more.csv": b"2"}
    before = version(asking('check("extra.sum")', files=files, own_checks=OWN))
    turned = {name: dict(reversed(each.items())) for name, each in {"files": files, "own_checks": OWN}.items()}
    assert version(asking('check("extra.sum")', **turned)) == before
    assert version(asking('check("extra.sum") ', files=files, own_checks=OWN)) != before
    assert version(asking('check("extra.sum")', files={**files, "more.csv": b"3"}, own_checks=OWN)) != before


def test_the_versions_of_numpy_and_python_count(monkeypatch: pytest.MonkeyPatch) -> None:
    before = version(assignment("one_head"))
    with monkeypatch.context() as patched:
        patched.setattr(np, "__version__", "1.25.0")
        assert version(assignment("one_head")) != before
    monkeypatch.setattr(platform, "python_version_tuple", lambda: ("3", "99", "0"))
    assert version(assignment("one_head")) != before


def test_what_a_mistake_says_is_read_only_for_the_report() -> None:
    reading = {
        path.name
        for path in [*counted(HOUSE), *(HOUSE / "autograder/checks").glob("*.py")]
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Attribute) and node.attr == "says"
    }
    assert reading == {"report.py"}


def test_marking_has_ended_when_a_report_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> str:
        raise AssertionError("shown")

    head = question("one_head.head")
    answers = [answer.names for answer in (*one_head.RIGHT, *one_head.WRONG)]
    before = [head.mark(names).marks for names in answers]
    monkeypatch.setattr(report, "as_text", stop)
    monkeypatch.setattr(report, "as_html", stop)
    assert [head.mark(names).marks for names in answers] == before


def test_a_report_that_cannot_be_shown_still_gives_its_marks() -> None:
    script = """
from IPython.core.interactiveshell import InteractiveShell
import autograder.marking.report as report
def stop(*_): raise ValueError("broken")
report.as_text = report.as_html = stop
shell = InteractiveShell.instance()
shell.run_cell("import numpy as np\\nfrom autograder import check\\ndef mix(weights, v): return weights @ v")
print("marks", shell.run_cell('check("one_head.mix")').result)
"""
    made = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=HOUSE)
    assert made.stdout.splitlines()[-1] == "marks 1.0"
