"""Collecting what Moodle and Canvas let an instructor download, by nbgrader's own zip_collect."""

from __future__ import annotations

import io
import logging
import os
import stat
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from nbgrader.utils import parse_utc

from autograder.classroom import settings
from autograder.classroom.collect import LmsCollector
from autograder.classroom.directory import CourseDirectory

from .test_classroom_create import nbgrader
from .tiny import RIGHT, UNIT, hand_in

LEARNERS = {
    "al": ("ada lovelace", "901"),
    "gh": ("grace hopper", "902"),
    "e1": ("emmy noether", None),
    "sk": ("sofja kowalewskaja-müller", None),
    "j1": ("jo smith", "903"),
    "j2": ("jo smith", "904"),
}


@pytest.fixture
def collector(made_room: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(LmsCollector, "_learners", LEARNERS)
    monkeypatch.setattr(LmsCollector, "_participants", {})
    monkeypatch.setattr(LmsCollector, "_just_late", lambda self, learner: "2027-02-01 18:00:01 UTC")
    return LmsCollector(config=settings.load(made_room))


@pytest.mark.parametrize(
    ("name", "learner", "notebook"),
    [
        ("course-1/Ada Lovelace_4311_assignsubmission_file_/one_head.ipynb", "al", "one_head"),
        ("course-1/Ada Lovelace_4311_assignsubmission_file/one_head.ipynb", "al", "one_head"),
        ("course-1/Ada Lovelace_4311_assignsubmission_file_one_head.ipynb", "al", "one_head"),
        ("course-1/ADA LOVELACE_4311_assignsubmission_file_/one_head (1).ipynb", "al", "one_head"),
        ("course-1/Sofja Kowalewskaja-Müller_8_assignsubmission_file_/a.ipynb", "sk", "a"),
        ("submissions/lovelaceada_901_20417_one_head.ipynb", "al", "one_head"),
        ("submissions/lovelaceada_LATE_901_20417_one_head.ipynb", "al", "one_head"),
        ("submissions/lovelaceada_late_901_20417_one_head-2.ipynb", "al", "one_head"),
        ("submissions/hoppergrace_902_20418_head_dimensions-1.ipynb", "gh", "head_dimensions"),
    ],
)
def test_learner_and_notebook_are_found_in_a_name(collector: Any, name: str, learner: str, notebook: str) -> None:
    found = collector.collect(f"/home/x/directory/downloaded/u/extracted/{name}")
    late = {"timestamp": "2027-02-01 18:00:01 UTC"} if "late" in name.lower().partition("_901")[0][-5:] else {}
    assert found == {"student_id": learner, "file_id": f"{notebook}.ipynb", **late}


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (
            "course-1/Niels Abel_77_assignsubmission_file_/one_head.ipynb",
            "nobody in the gradebook has the name 'Niels Abel'",
        ),
        ("submissions/turingalan_950_20418_one_head.ipynb", "nobody in the gradebook has the LMS user id 950"),
        ("course-1/Jo Smith_78_assignsubmission_file_/one_head.ipynb", "j1 and j2 have the name 'Jo Smith'"),
        ("course-1/Participant 79_79_assignsubmission_file_/one_head.ipynb", "is a number of blind marking"),
    ],
)
def test_who_is_not_one_known_learner_is_left_out_in_words(
    collector: Any, caplog: pytest.LogCaptureFixture, name: str, why: str
) -> None:
    with caplog.at_level(logging.ERROR, logger=collector.log.name):
        assert collector.collect(f"/x/extracted/{name}") is None
    assert why in caplog.text
    assert name in caplog.text


@pytest.mark.parametrize(
    "name",
    [
        "course-1/Ada Lovelace_4311_assignsubmission_onlinetext_/onlinetext.html",
        "course-1/readme.ipynb",
        "submissions/lovelaceada_901_20417_report.pdf",
    ],
)
def test_other_files_are_left_out(collector: Any, name: str) -> None:
    assert collector.collect(f"/home/x/directory/downloaded/u/extracted/{name}") is None


def test_of_several_copies_the_numbered_one_counts(collector: Any, caplog: pytest.LogCaptureFixture) -> None:
    folder = "/x/extracted/c/Ada Lovelace_4311_assignsubmission_file_/"
    assert collector.collect(f"{folder}one_head (1).ipynb") is not None
    with caplog.at_level(logging.WARNING, logger=collector.log.name):
        assert collector.collect(f"{folder}one_head.ipynb") is None
    assert "al handed in one_head more than once" in caplog.text


def pack(path: Path, names: Iterable[str], data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, data)


def test_downloads_of_both_systems_are_collected(directory: CourseDirectory) -> None:
    with directory.course.gradebook() as gradebook:
        gradebook.add_student("al", first_name="Ada", last_name="Lovelace", lms_user_id="901")
        gradebook.add_student("gh", first_name="Grace", last_name="Hopper", lms_user_id="902")
    data = hand_in(directory, "template", RIGHT).read_bytes()
    archive = directory.root / "downloaded" / UNIT / "archive"
    moodle = [
        "Ada Lovelace_4311_assignsubmission_file_/tiny_sum.ipynb",
        "Kurt Goedel_4312_assignsubmission_file_/x.txt",
    ]
    canvas = ["hoppergrace_LATE_902_20417_tiny_sum-1.ipynb", "turingalan_950_20418_tiny_sum.ipynb"]
    with directory.course.gradebook() as gradebook:
        gradebook.update_or_create_assignment(UNIT, duedate=parse_utc("2026-03-01 12:00:00 UTC"))
    pack(archive / "CS-Attention-4711.zip", moodle, data)
    pack(archive / "submissions.zip", canvas, data)
    done = nbgrader(directory, "zip_collect", UNIT)
    assert done.returncode == 0, done.stderr
    collected = {path.parts[-3]: path.read_bytes() for path in directory.submitted("*", "").parent.glob("*/*/*.ipynb")}
    assert collected == {"template": data, "al": data, "gh": data}
    assert (directory.submitted("gh", UNIT) / "timestamp.txt").read_text().startswith("2026-03-01 12:00:01")
    assert not (directory.submitted("al", UNIT) / "timestamp.txt").exists()


def test_two_learners_of_one_name_stop_only_themselves(directory: CourseDirectory) -> None:
    with directory.course.gradebook() as gradebook:
        gradebook.add_student("al", first_name="Ada", last_name="Lovelace")
        gradebook.add_student("gh", first_name="Grace", last_name="Hopper")
    archive = directory.root / "downloaded" / UNIT / "archive"
    names = [f"Ada Lovelace_{n}_assignsubmission_file_/tiny_sum.ipynb" for n in (4311, 4312)]
    pack(archive / "CS-1.zip", [*names, "Grace Hopper_4313_assignsubmission_file_/tiny_sum.ipynb"], b"{}")
    done = nbgrader(directory, "zip_collect", UNIT)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("the download holds several learners of the name 'Ada Lovelace'") == 2
    assert [path.name for path in (directory.root / "submitted").iterdir()] == ["gh"]


def test_links_in_an_archive_lead_nowhere(directory: CourseDirectory) -> None:
    """nbgrader's unpacking makes a text of a link in a zip, and follows one in a tar only within the tar."""
    secret = hand_in(directory, "other", RIGHT)
    archive = directory.root / "downloaded" / UNIT / "archive"
    archive.mkdir(parents=True)
    names = [f"{name}_{n}_assignsubmission_file_/tiny_sum.ipynb" for n, name in enumerate(("In A Zip", "In A Tar"))]
    with zipfile.ZipFile(archive / "CS-1.zip", "w") as packed:
        link = zipfile.ZipInfo(names[0])
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        packed.writestr(link, str(secret))
    with tarfile.open(archive / "CS-2.tar.gz", "w:gz") as tar:
        for kind, name in ((tarfile.SYMTYPE, names[1]), (tarfile.LNKTYPE, names[1].replace("In A", "Hard In A"))):
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = kind, str(secret)
            tar.addfile(entry)
        entry = tarfile.TarInfo("Whole_9_assignsubmission_file_")
        entry.type, entry.linkname = tarfile.SYMTYPE, str(secret.parent)
        tar.addfile(entry)
        tar.addfile(tarfile.TarInfo("readme.txt"), io.BytesIO())
    nbgrader(directory, "zip_collect", UNIT)
    for place, folders, files in os.walk(directory.root / "submitted"):
        assert not [name for name in (*folders, *files) if (Path(place) / name).is_symlink()]
    collected = [path for path in (directory.root / "submitted").glob("*/*/*.ipynb") if path != secret]
    assert all(path.read_bytes() != secret.read_bytes() for path in collected)


def test_a_link_among_what_was_unpacked_is_left_out(
    collector: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "extracted" / "Ada Lovelace_4311_assignsubmission_file_"
    folder.mkdir(parents=True)
    (folder / "one_head.ipynb").symlink_to("/etc/hostname")
    with caplog.at_level(logging.WARNING, logger=collector.log.name):
        assert collector.collect(str(folder / "one_head.ipynb")) is None
    assert "is a symbolic link" in caplog.text
