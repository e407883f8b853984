"""What a command loads before it does anything: nothing that a learner waits for without need."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

import autograder

PACKAGE = Path(autograder.__file__).parent
HEAVY = {"nbgrader", "nbconvert", "pandas", "matplotlib", "sqlalchemy", "pytest", "lark", "autograder.grading"}
COMMANDS = {"mha check": ["check", "{notebook}"], "mha quiz": ["quiz", "--known"], "mha show": ["show", "one_head"]}
MAIN = """
import sys
from autograder.cli.main import main
sys.argv = ["mha", *sys.argv[1:]]
try:
    main()
except SystemExit:
    pass
print("loaded", *sys.modules)
"""


def loaded_by(*arguments: str) -> set[str]:
    made = subprocess.run([sys.executable, "-c", MAIN, *arguments], capture_output=True, text=True, check=True)
    said, _, loaded = made.stdout.rpartition("loaded ")
    assert said, made.stderr
    return set(loaded.split())


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notebook with one check."""
    cells = [nbformat.v4.new_code_cell(f"from autograder import check\n{line}") for line in ("", "x = 1")]
    cells.append(nbformat.v4.new_code_cell('check("one_head.mix")'))
    path = tmp_path_factory.mktemp("notebook") / "one_head.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS)
def test_a_learners_command_loads_nothing_heavy(
    arguments: list[str], notebook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    loaded = loaded_by(*(part.format(notebook=notebook) for part in arguments))
    assert HEAVY & loaded == set()
    assert ("nbclient" in loaded) == (arguments[0] == "check")


def test_what_is_left_out_of_an_import_can_be_imported_later(notebook: Path) -> None:
    script = """
import sys
from pathlib import Path
from autograder.notebook.running import client_of, read_notebook
path = Path(sys.argv[1])
client_of(read_notebook(path), path.parent, 1)
print("lark" in sys.modules)
import rfc3987_syntax
print(rfc3987_syntax.is_valid_syntax("iri", "https://example.org/"))
"""
    made = subprocess.run([sys.executable, "-c", script, notebook], capture_output=True, text=True, check=True)
    assert made.stdout.split() == ["False", "True"]


def test_grading_does_not_build_the_grammar_of_web_addresses() -> None:
    script = (
        "import sys\nimport autograder.classroom.directory\nfrom autograder.grading import Run\n"
        "print('jsonschema' in sys.modules, 'lark' in sys.modules, 'rfc3987_syntax' in sys.modules)"
    )
    made = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert made.stdout.split() == ["True", "False", "False"]


def test_nothing_but_a_test_imports_pytest() -> None:
    """It is a tool of those who work on the course, and is not installed with it."""
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if "tests" not in path.parts and path.name != "conftest.py"
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and "pytest" in {alias.name for alias in node.names} | {getattr(node, "module", None)}
    }
    assert found == set()
