"""The builder: from solution scripts to the notebooks learners fill in."""

from __future__ import annotations

import jupytext
import nbformat
import pytest

from autograder import course
from autograder.build import __main__ as command
from autograder.build import exercises, pictures
from autograder.build.notebook import solved_notebook, source_notebook
from autograder.build.percent import RawCell, read_percent
from autograder.build.script import read_script, worked
from autograder.problem import Problem

from .tiny import SUM_SCRIPT


def notebook_of(raw: bytes) -> dict[str, nbformat.NotebookNode]:
    """A notebook's cells by cell id."""
    notebook = nbformat.reads(raw.decode(), as_version=4)
    nbformat.validate(notebook)
    return {cell.id: cell for cell in notebook.cells}


def test_every_cell_is_named_and_the_design_note_is_left_out(tiny_course: course.Course) -> None:
    cells = source_notebook(tiny_course.units[0], read_script(tiny_course.units[0])).cells
    assert [cell.id for cell in cells] == [
        "the-idea", "setup", "your-turn", "add", "check_add", "help-add", "width", "check_width", "help-width", "try-it",
            "your-progress", "the-way-on",
    ]  # fmt: skip
    assert not any("Design note" in cell.source for cell in cells)


def test_headers_become_nbgrader_metadata(tiny_course: course.Course) -> None:
    cells = {c.id: c for c in source_notebook(tiny_course.units[0], read_script(tiny_course.units[0])).cells}
    kinds = {
        name: tuple(cells[name].metadata.nbgrader[k] for k in ("grade", "solution", "locked", "task"))
        for name in ("setup", "add", "check_add")
    }
    assert kinds == {
        "setup": (False, False, True, False),
        "add": (False, True, False, False),
        "check_add": (True, False, True, False),
    }
    assert cells["check_add"].metadata.nbgrader["points"] == 6
    assert "points" not in cells["add"].metadata.nbgrader
    assert all(cells[name].metadata == {} for name in ("the-idea", "your-turn", "try-it"))


def test_the_exercise_has_stubs_and_no_solution(built_course: course.Course) -> None:
    cells = notebook_of(built_course.units[0].exercise.read_bytes())
    assert cells["add"].source.endswith(
        '    # YOUR CODE: here, or in the lines above\n    raise NotImplementedError("Write add, then run this cell.")'
    )
    assert cells["width"].source == "width = ...\n# YOUR CODE: here, or in the lines above"
    assert cells["check_add"].source == 'check("tiny_sum.add")'
    assert not any("SOLUTION" in cell.source or "return a + b" in cell.source for cell in cells.values())
    assert cells["setup"].metadata["editable"] is False
    assert all(cell.get("outputs", []) == [] and cell.get("execution_count") is None for cell in cells.values())


def test_building_twice_gives_the_same_bytes(built_course: course.Course) -> None:
    assert exercises.exercise_bytes(built_course.units) == {u: u.exercise.read_bytes() for u in built_course.units}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('[markdown] id="the-idea"', "[markdown]", "this one has nothing"),
        ('id="try-it"', 'id="try-it" given="x"', "exactly one of id, given, solution, check"),
        ('id="try-it"', 'id="try-it" hidden=true', "exactly one of"),
        ('id="try-it"', 'id="Try it"', "is not a name such as 'try-it'"),
        ('id="try-it"', 'id="the-idea"', "two cells are called 'the-idea'"),
        ('[markdown] id="the-idea"', '[markdown] given="idea"', "a markdown cell cannot be 'given'"),
        ('[markdown] id="the-idea"', '[raw] id="the-idea"', "a raw cell cannot be"),
        ("    ### END SOLUTION\n", "", "needs regions, each between"),
        ("### BEGIN SOLUTION\nwidth = 64\n### END SOLUTION\n", "width = 64\n", "needs regions"),
        ("np.arange(3)", "### BEGIN SOLUTION\n### END SOLUTION", "only a solution cell may hold"),
        ('check("tiny_sum.add")', 'check("tiny_sum.sum")', r'holds the one line check\("tiny_sum.add"\)'),
        ('raise NotImplementedError("', 'raise NotImplementedError(\n"', "must stand on one line"),
    ],
)
def test_a_malformed_cell_is_told_with_its_place(tiny_course: course.Course, old: str, new: str, message: str) -> None:
    unit = tiny_course.units[0]
    assert old in SUM_SCRIPT
    unit.script.write_text(SUM_SCRIPT.replace(old, new, 1))
    with pytest.raises(Problem, match=message) as told:
        read_script(unit)
    assert "01_tiny_sum.py" in str(told.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("points=4.0", "points=3.0", "add up to 9 points, course/course.yaml says 10"),
        ('id="tiny_sum.width"', 'id="tiny_sum.size"', "'check_width' has no question"),
    ],
)
def test_questions_that_do_not_fit_the_notebook_are_told(
    tiny_course: course.Course, old: str, new: str, message: str
) -> None:
    checks = tiny_course.root / "checks" / "tiny_sum.py"
    checks.write_text(checks.read_text().replace(old, new))
    with pytest.raises(Problem, match=message):
        source_notebook(tiny_course.units[0], read_script(tiny_course.units[0]))


def test_a_question_without_a_cell_is_told(tiny_course: course.Course) -> None:
    unit = tiny_course.units[0]
    unit.script.write_text(SUM_SCRIPT.replace('# %% check="width"\ncheck("tiny_sum.width")\n', ""))
    with pytest.raises(Problem, match=r"no cell asks tiny_sum\.width"):
        source_notebook(unit, read_script(unit))


def test_a_worked_solution_reads_as_if_written_by_hand(tiny_course: course.Course) -> None:
    script = read_script(tiny_course.units[0])
    assert [worked(cell.source) for cell in script.cells if cell.kind == "solution"] == [
        'def add(a, b):\n    """The sum of two arrays of the same shape."""\n    return a + b',
        "width = 64",
    ]


def test_a_worked_solution_leaves_out_what_was_handed_out_to_be_changed() -> None:
    broken, right = "def f(x):\n    y = x\n    return -y", "def f(x):\n    return x"
    assert worked(f"{broken}\n\n\n### BEGIN SOLUTION\n{right}\n### END SOLUTION") == right
    region = '### BEGIN SOLUTION\norder = ["b", "a"]\n### END SOLUTION'
    assert worked(f'other = 1\norder = [\n    "a",\n    "b",\n]\n{region}') == 'other = 1\norder = ["b", "a"]'


def test_a_given_cell_may_be_folded(tiny_course: course.Course) -> None:
    unit = tiny_course.units[0]
    unit.script.write_text(SUM_SCRIPT.replace('given="setup"', 'given="setup" folded=true'))
    script = read_script(unit)
    for notebook in (source_notebook(unit, script), solved_notebook(script)):
        folded = [c.id for c in notebook.cells if c.metadata.get("jupyter") == {"source_hidden": True}]
        assert folded == ["setup"]


def test_a_raise_elsewhere_in_a_solution_stays() -> None:
    source = "def f(x):\n    ### BEGIN SOLUTION\n    if x:\n        raise NotImplementedError(x)\n    ### END SOLUTION"
    assert worked(source) == "def f(x):\n    if x:\n        raise NotImplementedError(x)"


def test_the_solution_of_a_question_is_what_stands_before_its_check(tiny_course: course.Course) -> None:
    unit = tiny_course.units[0]
    unit.script.write_text(SUM_SCRIPT + '\n# %% check="again"\ncheck("tiny_sum.again")\n')
    script = read_script(unit)
    found = {name: [c.name for c in script.solutions_for(name)] for name in ("add", "width", "again", "nothing")}
    assert found == {"add": ["add"], "width": ["width"], "again": ["width"], "nothing": []}


def test_a_solution_notebook_has_no_trace_of_nbgrader(tiny_course: course.Course) -> None:
    cells = solved_notebook(read_script(tiny_course.units[0])).cells
    assert [cell.id for cell in cells][:2] == ["the-idea", "setup"]
    assert all(cell.metadata == {} for cell in cells)
    assert not any("SOLUTION" in cell.source or "NotImplementedError" in cell.source for cell in cells)


def test_check_passes_on_what_was_built(built_course: course.Course) -> None:
    assert command.main(["--check", "tiny_sum"], built_course.root) == 0


def test_check_names_a_file_that_differs_by_a_byte(
    built_course: course.Course, capsys: pytest.CaptureFixture[str]
) -> None:
    exercise = built_course.units[0].exercise
    original = exercise.read_bytes()
    exercise.write_bytes(original.replace(b"A sum", b"A Sum"))
    assert command.main(["--check"], built_course.root) == 1
    assert "exercises/01_tiny_sum/tiny_sum.ipynb differs" in capsys.readouterr().err
    exercise.write_bytes(original)


def test_check_names_missing_and_extra_files(built_course: course.Course, capsys: pytest.CaptureFixture[str]) -> None:
    extra = built_course.units[0].exercise.with_name("extra.ipynb")
    extra.write_bytes(built_course.units[0].exercise.read_bytes())
    built_course.units[1].exercise.unlink()
    assert command.main(["--check"], built_course.root) == 1
    said = capsys.readouterr().err
    assert "exercises/01_tiny_sum/extra.ipynb belongs to no unit" in said
    assert "exercises/02_tiny_mean/tiny_mean.ipynb is missing" in said


def test_check_names_a_picture_that_no_script_draws(tiny_course: course.Course) -> None:
    folder = tiny_course.root / "course" / "lessons" / "pictures"
    folder.mkdir(parents=True)
    (folder / "of_before.svg").write_text("<svg/>")
    assert pictures.differences(tiny_course) == [
        "course/lessons/pictures/of_before.svg is drawn by no script: delete it."
    ]


def test_an_unknown_unit_ends_in_a_sentence(built_course: course.Course, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["tiny_product"], built_course.root) == 1
    assert capsys.readouterr().err.startswith("There is no unit 'tiny_product'")


def test_the_shipped_exercises_are_what_the_solutions_give() -> None:
    shipped = course.read()
    assert exercises.differences(shipped, shipped.units) == []


@pytest.mark.parametrize("unit", course.read().units, ids=lambda unit: unit.name)
def test_scripts_are_read_as_jupytext_reads_them(unit: course.Unit) -> None:
    text = unit.script.read_text(encoding="utf-8")
    expected = [
        RawCell(raw.cell_type, raw.source, {k: v for k, v in raw.metadata.items() if k != "lines_to_next_cell"})
        for raw in jupytext.reads(text[text.index("# %%") :], fmt="py:percent").cells
    ]
    assert read_percent(text) == expected


def test_what_is_no_option_of_a_header_is_kept_to_be_refused() -> None:
    assert read_percent('# %% given="setup" by hand\nx = 1\n')[0].options == {"given": "setup", "by hand": None}
