"""Grades the instructor's own solutions before a term, and says of every test cell below full marks why and what to do.

A test that the source notebooks do not pass would cost learners marks. Nothing is written, neither to the gradebook nor
to the course directory.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..sandbox.cells import SourceNotebook
from ..sandbox.given import Bound
from ..sandbox.learner_scores import NOT_A_SCORE
from ..sandbox.outcome import CellOutcome, CellRun, Executed
from ..sandbox.packing import Result, pack_submission
from ..sandbox.pool import execute, local_executor
from ..sandbox.settings import Settings
from .assignment import Assignment, read_assignment
from .config import settings_of
from .course import CourseError, NbgraderCourse
from .folders import read_own_folder
from .marks import Mark, marks_of
from .run import for_course, result_of

SEED = "audit"
UNPROTECT = (
    "Compare plain values instead, or begin the cell with `# grading: unprotected`, so that it runs beside the "
    "learner's code, where it can be tampered with"
)
UNDEFINED = re.compile(r"name '(\w+)' is not defined")


@dataclass(frozen=True)
class Below:
    """A test cell that the instructor's solution does not pass. `score` of `points`; why; and what to do about it."""

    assignment: str
    notebook: str
    cell: str
    score: float
    points: float
    cause: str
    advice: str


@dataclass(frozen=True)
class Audited:
    """One assignment: how many test cells have full marks, those that have not, and which run unprotected."""

    assignment: str
    full: int
    below: tuple[Below, ...]
    unprotected: tuple[str, ...]


def audit(
    course: NbgraderCourse, assignments: Iterable[str] | None = None, *, settings: Settings | None = None,
    jobs: int | None = None,
) -> Iterator[Audited]:  # fmt: skip
    """Run the source notebooks of these assignments, with their solutions, as if a learner had handed them in.

    assignments: names, with or without the number before them; None for all that the gradebook has. Raises CourseError and IsolationUnavailable.
    """
    read = [read_assignment(course, name) for name in _chosen(course, assignments)]
    shut_in = for_course(course, settings or settings_of(course.config))
    with local_executor(jobs) as executor:
        running = [executor.submit(execute, one.packed, _solved(course, one), SEED, shut_in) for one in read]
        for assignment, future in zip(read, running, strict=True):
            yield _audited(assignment, result_of(future))


def _chosen(course: NbgraderCourse, names: Iterable[str] | None) -> list[str]:
    """The assignments named, with or without the number before them."""
    file = course.gradebook_file
    if file is not None and not file.is_file():  # opening it would make one
        raise CourseError(
            f"There is no gradebook {file}. Run `nbgrader generate_assignment` for each assignment first."
        )
    known = course.assignments()
    if names is None:
        return known
    chosen = []
    for name in names:
        found = [one for one in known if name in (one, one.partition("_")[2])]
        if not found:
            raise CourseError(f"The gradebook has no assignment {name!r}. It has: {', '.join(known) or 'none'}.")
        chosen += found
    return chosen


def _solved(course: NbgraderCourse, assignment: Assignment) -> bytes:
    """The instructor's source as a submission."""
    files = read_own_folder(str(course.folder("source", ".", assignment.name)), course.coursedir.ignore)
    notebooks = {n.name: files[path] for n in assignment.notebooks if (path := f"{n.name}.ipynb") in files}
    return pack_submission(notebooks, {name: data for name, data in files.items() if not name.endswith(".ipynb")})


def _audited(assignment: Assignment, result: Result) -> Audited:
    below: list[Below] = []
    full = 0
    unprotected = []
    for source in assignment.notebooks:
        executed = result.notebooks.get(source.name)
        marks = marks_of(source, executed).marks
        for cell in source.cells:
            if cell.role == "unprotected":
                unprotected.append(f"{source.name}/{cell.name}")
            if cell.role not in ("test", "unprotected"):
                continue
            mark = marks.get(cell.name, Mark(0.0, cell.points or 0.0))
            if mark.score is not None and mark.score >= mark.points:
                full += 1
                continue
            cause, advice = _why(assignment.name, source, cell.name, mark, executed, result.failed)
            below.append(Below(assignment.name, source.name, cell.name, mark.score or 0.0, mark.points, cause, advice))
    return Audited(assignment.name, full, tuple(below), tuple(unprotected))


def _why(
    assignment: str, source: SourceNotebook, name: str, mark: Mark, executed: Executed | None, failed: str
) -> tuple[str, str]:
    """Why a test cell is below full marks, and what to do."""
    if failed:
        return f"it could not be graded: {failed}", "Put that right and run the audit again"
    if executed is None:
        return (
            "the source folder has no such notebook",
            f"Put {source.name}.ipynb into the source folder of {assignment}",
        )
    if executed.error:
        return (
            f"the notebook could not be run: {executed.error}",
            "Open the source notebook in Jupyter and save it again",
        )
    run = next((cell for cell in executed.cells if cell.name == name), None)
    if run is None:
        return "the cell did not run", "Generate the assignment again, so that the gradebook has this cell"
    if run.outcome == CellOutcome.TIMEOUT:
        return (
            "it was not finished in time",
            "Raise c.GradingEngine.cell_seconds in nbgrader_config.py, or test with less",
        )
    if run.outcome == CellOutcome.STOPPED:
        return (
            f"the process with the solution ended: {run.error.partition(': ')[2]}",
            "Raise c.GradingEngine.memory_mb or .processes, or test with less",
        )
    if run.outcome == CellOutcome.NOT_RUN:
        return run.error.partition(": ")[2], "Raise c.GradingEngine.submission_seconds in nbgrader_config.py"
    if run.outcome == CellOutcome.NOT_PLAIN:
        return f"the test needs more than plain data: {run.error.partition(': ')[2]}", UNPROTECT
    if run.error and (hidden := _defined_by_a_test(source, executed, run)):
        defined, where, reader = hidden
        return (
            f"`{defined}` is defined by the test cell {where}; {reader} reads it, and test cells do not run beside the "
            "learner's code",
            f"Define `{defined}` in a locked cell without points, or begin {where} with `# grading: unprotected`",
        )
    if NOT_A_SCORE in run.error:
        return NOT_A_SCORE, "End the cell with a number that the test itself works out"
    if run.error:
        return _failed(executed, run.error)
    if mark.note:
        return mark.note, "End the cell with a plain number between 0 and the cell's points"
    if _wrote_to_stderr(executed, name):
        return (
            "it wrote to stderr, perhaps a warning, and nbgrader gives 0 for that",
            "Change the solution or the test so that nothing is written there",
        )
    return f"it ends with {mark.score:g} where {mark.points:g} are to be had", "Look at the solution, or at the points"


def _failed(executed: Executed, error: str) -> tuple[str, str]:
    """For a test that raised: the first cell of the solution that raised, if there is one, is the cause."""
    first = next((cell for cell in executed.cells if cell.error and cell.role in ("answer", "setup")), None)
    if first is not None:
        where = first.name or f"cell {first.cell + 1}"
        return (
            f"{where} fails first: {first.error}",
            f"Run the source notebook in Jupyter from the top and mend {where}",
        )
    return (
        f"it raises {error}",
        "Run the source notebook in Jupyter: if the test fails there too, mend it and generate the assignment again; if "
        f"it passes there, it needs the learner's own objects. {UNPROTECT}",
    )


def _defined_by_a_test(source: SourceNotebook, executed: Executed, failed: CellRun) -> tuple[str, str, str] | None:
    """A name that a test cell defines and that the learner's side misses: the name, that cell, and who reads it."""
    defined: dict[str, str] = {}
    for cell in source.cells:
        if cell.role == "test":
            bound = Bound()
            bound.add(cell.source)
            defined.update(dict.fromkeys(bound.names, cell.name))
    solution = [run for run in executed.cells if run.role in ("answer", "setup") and run.cell < failed.cell]
    for run in [*solution, failed]:
        missing = UNDEFINED.search(run.error)
        if missing and missing[1] in defined and defined[missing[1]] != run.name:
            reader = run.name or f"cell {run.cell + 1}"
            who = reader if run.role in ("answer", "setup") else f"the solution, called by {reader},"
            return missing[1], defined[missing[1]], who
    return None


def _wrote_to_stderr(executed: Executed, name: str) -> bool:
    outputs = (output for cell in executed.known if cell["name"] == name for output in cell.get("outputs", ()))
    return any(output.get("name") == "stderr" for output in outputs)
