"""The QTI 3 package: what it holds, and that a real QTI 3 player loads its items and marks answers as the quiz does."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.quiz.export.qti_package import item_names, qti_items, qti_package
from autograder.quiz.export.qti_shape import shape_pattern
from autograder.quiz.marking.number import read_number
from autograder.quiz.questions import (
    Bank,
    BugQuestion,
    ChoiceQuestion,
    MatchQuestion,
    NumberQuestion,
    OrderingQuestion,
    SeveralQuestion,
    ShapeQuestion,
)

from .conftest import need
from .vectors import Vector, vectors

PLAYER = Path(__file__).with_name("qti")
ITEM = "{http://www.imsglobal.org/xsd/imsqtiasi_v3p0}"
PACKAGE = "{http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1}"


@pytest.fixture(scope="module")
def package(bank: Bank) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(qti_package(bank))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.fixture(scope="module")
def player(browser: Any) -> Iterator[Any]:
    modules = PLAYER / "node_modules"
    if not modules.is_dir():
        npm = shutil.which("npm")
        need(npm is not None, "npm, which fetches the QTI player,")
        run = subprocess.run(
            [str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=PLAYER,
            capture_output=True,
            check=False,
        )
        if run.returncode and not os.environ.get("CI"):
            pytest.skip("npm could not fetch the QTI player")
        assert run.returncode == 0, run.stderr.decode()
    page = browser.new_page()
    page.set_content("<!doctype html>")
    page.add_style_tag(path=modules / "qti3-item-player/dist/qti3Player.css")
    for script in (
        "node_modules/vue/dist/vue.min.js",
        "node_modules/qti3-item-player/dist/qti3Player.umd.min.js",
        "player.js",
    ):
        page.add_script_tag(path=PLAYER / script)
    yield page
    page.close()


def test_the_manifest_names_every_file_once_and_the_test_needs_every_item(package: dict[str, str], bank: Bank) -> None:
    manifest = ET.fromstring(package["imsmanifest.xml"])
    named = [file.get("href") for file in manifest.iter(f"{PACKAGE}file")]
    assert sorted(named) == sorted(set(package) - {"imsmanifest.xml"})
    resources = {resource.get("identifier"): resource for resource in manifest.iter(f"{PACKAGE}resource")}
    needed = [need.get("identifierref") for need in resources["test"].iter(f"{PACKAGE}dependency")]
    items = {name for name, resource in resources.items() if resource.get("type") == "imsqti_item_xmlv3p0"}
    assert sorted(needed) == sorted(items)
    for resource in resources.values():
        assert {need.get("identifierref") for need in resource.iter(f"{PACKAGE}dependency")} <= set(resources)
    assert sum(len(item_names(question)) for question in bank.questions) == len(needed)


# The order of children, and the attributes that must be there, in the schema imsqti_asiv3p0.
SEQUENCES = {
    "qti-assessment-item": [
        "qti-response-declaration",
        "qti-outcome-declaration",
        "qti-item-body",
        "qti-response-processing",
        "qti-modal-feedback",
    ],
    "qti-response-declaration": ["qti-correct-response", "qti-mapping"],
    "qti-response-condition": ["qti-response-if", "qti-response-else-if", "qti-response-else"],
    "qti-match-interaction": ["qti-simple-match-set"],
}
REQUIRED = {
    "qti-assessment-item": {"identifier", "title", "time-dependent"},
    "qti-response-declaration": {"identifier", "cardinality", "base-type"},
    "qti-outcome-declaration": {"identifier", "cardinality", "base-type"},
    "qti-choice-interaction": {"response-identifier", "max-choices"},
    "qti-order-interaction": {"response-identifier"},
    "qti-match-interaction": {"response-identifier", "max-associations"},
    "qti-text-entry-interaction": {"response-identifier"},
    "qti-simple-choice": {"identifier"},
    "qti-simple-associable-choice": {"identifier", "match-max"},
    "qti-modal-feedback": {"outcome-identifier", "identifier", "show-hide"},
    "qti-map-entry": {"map-key", "mapped-value"},
    "qti-equal": {"tolerance-mode"},
    "img": {"src", "alt"},
}


def test_items_keep_to_the_sequences_and_attributes_of_the_schema(package: dict[str, str]) -> None:
    for name, xml in package.items():
        if not name.startswith("items/"):
            continue
        item = ET.fromstring(xml)
        for element in item.iter():
            tag = str(element.tag).removeprefix(ITEM)
            if tag in SEQUENCES:
                places = [SEQUENCES[tag].index(str(child.tag).removeprefix(ITEM)) for child in element]
                assert places == sorted(places), f"{name}: {tag}"
            assert REQUIRED.get(tag, set()) <= set(element.keys()), f"{name}: {tag}"
        identifiers = [str(node.get("identifier")) for node in item.iter(f"{ITEM}qti-modal-feedback")]
        assert len(set(identifiers)) == len(identifiers)
        assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", identifier) for identifier in identifiers)
        for image in item.iter(f"{ITEM}img"):
            assert str(image.get("src")).removeprefix("../") in package


def test_the_test_draws_one_of_several_variants(package: dict[str, str], bank: Bank) -> None:
    test = ET.fromstring(package["test.xml"])
    hrefs = [reference.get("href") for reference in test.iter(f"{ITEM}qti-assessment-item-ref")]
    assert sorted(hrefs) == sorted(name for name in package if name.startswith("items/"))
    drawing = list(test.iter(f"{ITEM}qti-selection"))
    assert len(drawing) == sum(isinstance(question, NumberQuestion) for question in bank.questions)
    assert {selection.get("select") for selection in drawing} == {"1"}


def test_every_item_says_why_with_identifiers_that_are_declared(package: dict[str, str]) -> None:
    for name, xml in package.items():
        if not name.startswith("items/"):
            continue
        item = ET.fromstring(xml)
        assert item.get("identifier") == Path(name).stem
        sentences = {modal.get("identifier") for modal in item.iter(f"{ITEM}qti-modal-feedback")}
        declared = {node.get("identifier") for node in item.iter(f"{ITEM}qti-outcome-declaration")} | {"RESPONSE"}
        used = {
            node.get("identifier")
            for tag in ("qti-variable", "qti-set-outcome-value")
            for node in item.iter(ITEM + tag)
        }
        assert used <= declared, name
        # An identifier that is said is that of a sentence, or of something chosen, which has one unless it is right.
        said = {
            node[0][1].text
            for node in item.iter(f"{ITEM}qti-set-outcome-value")
            if node.get("identifier") == "FEEDBACK" and node[0][1].tag == f"{ITEM}qti-base-value"
        }
        assert said <= sentences, name
        assert "EXPLANATION" in sentences


def test_the_same_bank_makes_the_same_bytes(bank: Bank) -> None:
    assert qti_package(bank) == qti_package(bank)


@pytest.mark.parametrize(
    "spelling", ["(B, H, T, H·d_k)", "b,h,t,dk*H", " [B, H, T, d_k × H] ", "( B , H , T , H * dk )"]
)
def test_a_shape_pattern_takes_the_usual_spellings(spelling: str) -> None:
    assert re.fullmatch(shape_pattern("(B, H, T, H·d_k)"), spelling)


@pytest.mark.parametrize(
    "spelling", ["(B, H, T)", "(B, T, H, H·d_k)", "(B, H, T, d_k)", "(B, H, T, H·d_v)", "B H T H d_k"]
)
def test_a_shape_pattern_takes_no_other_shape(spelling: str) -> None:
    assert not re.fullmatch(shape_pattern("(B, H, T, H·d_k)"), spelling)


def response(vector: Vector) -> dict[str, Any]:
    """A vector's answer as the saved state of a QTI response."""
    question, answer = vector.question, vector.answer
    match question:
        case ChoiceQuestion():
            return _state("single", f"C{answer}", order=[f"C{index}" for index in range(len(question.choices))])
        case SeveralQuestion():
            order = [f"C{index}" for index in range(len(question.choices))]
            return _state("multiple", [f"C{index}" for index in answer], order=order)
        case NumberQuestion():
            return {"cardinality": "single", "value": read_number(answer, question.counted_in), "state": None}
        case ShapeQuestion():
            return {"cardinality": "single", "value": answer, "state": None}
        case BugQuestion():
            return _state("single", f"L{answer}", order=[f"L{number}" for number in question.code_lines])
        case OrderingQuestion():
            names = [f"S{item}" for item in range(len(question.steps))]
            names += [f"D{item}" for item in range(len(question.distractors))]
            return _state("ordered", [names[item] for item in answer], order=names)
        case MatchQuestion():
            lefts = [f"L{left}" for left in range(len(question.pairs))]
            rights = [f"R{item}" for item in range(len(question.rights))]
            given = [f"L{left} R{item}" for left, item in enumerate(answer) if item is not None]
            return _state("multiple", given, orders=[lefts, rights])


def _state(cardinality: str, value: Any, **state: Any) -> dict[str, Any]:
    return {"cardinality": cardinality, "value": value, "state": state}


def feedback(vector: Vector) -> set[str]:
    """The identifiers of the sentences that an item must show for a vector's notes."""
    names = {
        "why": "C",
        "missed": "C",
        "known": "K",
        "lacks": "LACKS",
        "distractor": "DISTRACTOR",
        "left_out": "OUT",
        "pair": "PAIR",
    }
    names |= {"spare": "SPARE", "open": "OPEN", "line": "L"}
    general = {"other_number": "OTHER"}
    # What can be seen of a shape axis by axis is beyond a pattern.
    seen = [note for note in vector.notes if note[0] not in ("axes", "axis", "axes_order")]
    return {"EXPLANATION"} | {general.get(name) or f"{names[name]}{index}" for name, index in seen}


def _marked_otherwise(player: Any, items: dict[str, str], chosen: list[Vector]) -> list[tuple[Vector, Any]]:
    """The answers to which the player gives another score or other sentences than the quiz, with what it gives."""
    return [(vector, made) for vector in chosen if (made := _played(player, items, vector)) != _expected(vector)]


def _played(player: Any, items: dict[str, str], vector: Vector) -> tuple[float, set[str], int]:
    """The score, the sentences of the item that are said, and how many the player shows."""
    item = items[item_names(vector.question)[vector.variant]]
    made = player.evaluate("([xml, response]) => play(xml, response)", [item, response(vector)])
    said = {name for name in made["outcomes"]["FEEDBACK"] if f'"FEEDBACK" identifier="{name}"' in item}
    return made["outcomes"]["SCORE"], said, len(made["shown"])


def _expected(vector: Vector) -> tuple[Any, set[str], int]:
    return pytest.approx(vector.score), feedback(vector), len(feedback(vector))


def test_the_player_marks_every_answer_to_the_small_course(player: Any, small: Bank) -> None:
    chosen = [vector for vector in vectors(small) if _can_be_given(vector)]
    assert {vector.question.id for vector in chosen} == {question.id for question in small.questions}
    assert _marked_otherwise(player, qti_items(small), chosen) == []


def test_the_player_marks_right_and_wrong_answers_to_every_question(player: Any, bank: Bank) -> None:
    chosen: dict[tuple[str, int, bool], Vector] = {}
    for vector in vectors(bank):
        if _can_be_given(vector) and (vector.variant == 0 or vector.score == 1):
            chosen.setdefault((vector.question.id, vector.variant, vector.score == 1), vector)
    assert len(chosen) > 2 * len(bank.questions)
    assert _marked_otherwise(player, qti_items(bank), list(chosen.values())) == []


def _can_be_given(vector: Vector) -> bool:
    """Whether a player lets this be answered at all."""
    return vector.score is not None
