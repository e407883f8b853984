"""Numbers and tables in the documents are those of the course."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from autograder import paths
from autograder.course import read
from autograder.quiz.bank import load_bank

pytestmark = pytest.mark.skipif(not paths.in_repository(), reason="the documents are in the repository")

ROOT = paths.root()
DOCUMENTS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + [
    *(ROOT / "course").glob("*.md")
]
WORDS = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
# "nine units", "147 questions". Up to four, an example is counted: "two learners".
COUNTED = re.compile(rf"\b(\d+|{'|'.join(WORDS)}) (units|lessons|questions|learners)\b", re.IGNORECASE)


def counted(text: str) -> Iterator[tuple[int, str]]:
    """What a text says there are."""
    for number, things in COUNTED.findall(" ".join(text.split())):
        count = int(number) if number.isdigit() else WORDS.index(number.lower()) + 1
        if count > 4:
            yield count, things


@pytest.fixture(scope="module")
def there() -> dict[str, int]:
    course = read()
    sample = yaml.safe_load((ROOT / "course" / "sample_class" / "class.yaml").read_text(encoding="utf-8"))
    return {
        "units": len(course.units),
        "lessons": len(course.units),
        "questions": len(load_bank().questions),
        "learners": len(sample["learners"]),
    }


def test_numbers_of_units_and_questions_are_found() -> None:
    text = "Eight units for 24\nlearners; a file for every two units; 147 questions."
    assert list(counted(text)) == [(8, "units"), (24, "learners"), (147, "questions")]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_counts_what_there_is(path: Path, there: dict[str, int]) -> None:
    wrong = [
        (number, things) for number, things in counted(path.read_text(encoding="utf-8")) if number != there[things]
    ]
    assert wrong == []


def test_the_table_of_units_is_the_manifests() -> None:
    rows = re.findall(
        r"^\| \[(\d+) .+\]\(course/lessons/(\w+)\.md\) \| (\d+) \|", (ROOT / "README.md").read_text(), re.M
    )
    assert rows == [(unit.name[:2], unit.name, str(unit.minutes)) for unit in read().units]


def test_every_path_in_the_tables_is_there() -> None:
    """Of CONTRIBUTING's "Where things are", and README's."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = text.partition("## Where things are")[2].partition("\n## ")[0]
    named = re.findall(r"`((?:autograder|course|reference_impl|solutions)/[^`]*)`", table)
    assert len(named) > 15
    for path in named:
        assert _there(path), path
    listed = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Where things are")[2].partition("\n## ")[0]
    folders = re.findall(r"^(\w+)/ ", listed, re.M)
    assert folders
    assert all((ROOT / folder).is_dir() for folder in folders)


def _there(path: str) -> bool:
    pattern = re.sub(r"\bNN_unit\b|\bunit\b|<stage>|\btheme\b", "*", path).rstrip("/")
    return any(ROOT.glob(pattern))
