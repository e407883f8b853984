"""QTI 2.1: the names, attributes and sequences that its schema imsqti_v2p1p1 asks for, in every file of the package."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
import zipfile

import pytest

from autograder.quiz.export import write_export
from autograder.quiz.export.qti_package import QTI3, QTI21, qti_package
from autograder.quiz.questions import Bank

QTI = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
MATHML = "{http://www.w3.org/1998/Math/MathML}"
PACKAGE = "{http://www.imsglobal.org/xsd/imscp_v1p1}"

# Elements of the schema that the package uses, and what each must carry.
REQUIRED = {
    "assessmentTest": {"identifier", "title"},
    "testPart": {"identifier", "navigationMode", "submissionMode"},
    "assessmentSection": {"identifier", "title", "visible"},
    "assessmentItemRef": {"identifier", "href"},
    "selection": {"select"},
    "outcomeProcessing": set(),
    "testVariables": set(),
    "assessmentItem": {"identifier", "title", "adaptive", "timeDependent"},
    "responseDeclaration": {"identifier", "cardinality", "baseType"},
    "outcomeDeclaration": {"identifier", "cardinality", "baseType"},
    "correctResponse": set(),
    "defaultValue": set(),
    "value": set(),
    "mapping": {"defaultValue"},
    "mapEntry": {"mapKey", "mappedValue"},
    "itemBody": set(),
    "choiceInteraction": {"responseIdentifier", "shuffle", "maxChoices"},
    "orderInteraction": {"responseIdentifier", "shuffle"},
    "matchInteraction": {"responseIdentifier", "shuffle", "maxAssociations"},
    "textEntryInteraction": {"responseIdentifier"},
    "simpleChoice": {"identifier"},
    "simpleMatchSet": set(),
    "simpleAssociableChoice": {"identifier", "matchMax"},
    "responseProcessing": set(),
    "modalFeedback": {"outcomeIdentifier", "identifier", "showHide"},
    "equal": {"toleranceMode"},
    "index": {"n"},
    "patternMatch": {"pattern"},
    "baseValue": {"baseType"},
    "variable": {"identifier"},
    "correct": {"identifier"},
    "mapResponse": {"identifier"},
    "setOutcomeValue": {"identifier"},
    "img": {"src", "alt"},
}
RULES = [
    "responseCondition",
    "responseIf",
    "responseElseIf",
    "responseElse",
    "match",
    "member",
    "multiple",
    "isNull",
    "and",
    "or",
    "not",
    "lt",
    "lte",
    "gt",
    "gte",
    "sum",
]
RULES += ["divide", "subtract", "product", "max", "min", "integerToFloat", "containerSize", "null"]
# The HTML of the schema; label came with QTI 2.2's HTML 5.
HTML = [
    "a",
    "p",
    "div",
    "span",
    "pre",
    "code",
    "em",
    "strong",
    "ul",
    "ol",
    "li",
    "br",
    "sub",
    "sup",
    "table",
    "tbody",
    "thead",
    "tr",
    "td",
    "th",
    "blockquote",
]
SEQUENCES = {
    "assessmentItem": ["responseDeclaration", "outcomeDeclaration", "itemBody", "responseProcessing", "modalFeedback"],
    "assessmentTest": ["outcomeDeclaration", "testPart", "outcomeProcessing"],
    "responseDeclaration": ["correctResponse", "mapping"],
    "responseCondition": ["responseIf", "responseElseIf", "responseElse"],
}


@pytest.fixture(scope="module")
def files(bank: Bank) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(qti_package(bank, QTI21))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def trees(files: dict[str, bytes]) -> dict[str, ET.Element]:
    return {name: ET.fromstring(xml) for name, xml in files.items() if name.startswith("items/") or name == "test.xml"}


def test_every_element_is_one_of_the_schema_with_the_attributes_it_asks_for(trees: dict[str, ET.Element]) -> None:
    for name, tree in trees.items():
        for element in tree.iter():
            tag = str(element.tag)
            if tag.startswith(MATHML):
                continue
            assert tag.startswith(QTI), f"{name}: {tag}"
            local = tag.removeprefix(QTI)
            assert local in REQUIRED or local in RULES or local in HTML, f"{name}: {local}"
            assert REQUIRED.get(local, set()) <= set(element.keys()), f"{name}: {local}"
            own = [key for key in element.attrib if not key.startswith("{")]
            assert not [key for key in own if "-" in key], f"{name}: {local} {own}"


def test_children_stand_in_the_order_of_the_schema(trees: dict[str, ET.Element]) -> None:
    for name, tree in trees.items():
        for element in tree.iter():
            sequence = SEQUENCES.get(str(element.tag).removeprefix(QTI))
            if sequence:
                places = [sequence.index(str(child.tag).removeprefix(QTI)) for child in element]
                assert places == sorted(places), name


def test_text_that_looks_like_an_attribute_or_a_tag_stays_as_it_is(bank: Bank, trees: dict[str, ET.Element]) -> None:
    with zipfile.ZipFile(io.BytesIO(qti_package(bank, QTI3))) as archive:
        for name, tree in trees.items():
            third = "".join(ET.fromstring(archive.read(name)).itertext())
            assert re.sub(r"\s+", "", "".join(tree.itertext())) == re.sub(r"\s+", "", third), name


def test_the_manifest_names_every_file_as_one_of_qti_21(files: dict[str, bytes]) -> None:
    manifest = ET.fromstring(files["imsmanifest.xml"])
    assert manifest.findtext(f"{PACKAGE}metadata/{PACKAGE}schema") == "QTIv2.1 Package"
    named = [str(file.get("href")) for file in manifest.iter(f"{PACKAGE}file")]
    assert sorted(named) == sorted(set(files) - {"imsmanifest.xml"})
    types = {str(resource.get("type")) for resource in manifest.iter(f"{PACKAGE}resource")}
    assert types == {"imsqti_item_xmlv2p1", "imsqti_test_xmlv2p1", "webcontent"}


def test_the_command_writes_this_edition(small: Bank, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("qti21") / "quiz.zip"
    write_export(small, "qti21", file)
    assert file.read_bytes() == qti_package(small, QTI21)
