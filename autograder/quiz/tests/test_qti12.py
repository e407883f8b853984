"""QTI 1.2 for Canvas: the rules that Canvas' two importers (its qti_exporter, and the gem `qti`) read an item by."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter

import pytest

from autograder.quiz.export.qti12 import qti12_package, what_changed
from autograder.quiz.export.shared import sentences_on_mistakes, stages
from autograder.quiz.marking.shape import read_shape
from autograder.quiz.questions import (
    AnyQuestion,
    Bank,
    BugQuestion,
    ChoiceQuestion,
    MatchQuestion,
    NumberQuestion,
    OrderingQuestion,
    SeveralQuestion,
    ShapeQuestion,
)
from autograder.quiz.values import solve

QTI = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"
KINDS = {
    ChoiceQuestion: "multiple_choice_question",
    BugQuestion: "multiple_choice_question",
    SeveralQuestion: "multiple_answers_question",
    NumberQuestion: "numerical_question",
    MatchQuestion: "matching_question",
    OrderingQuestion: "matching_question",
    ShapeQuestion: "short_answer_question",
}
# The order of children in the schema ims_qtiasiv1p2.
SEQUENCES = {
    "item": ["itemmetadata", "presentation", "resprocessing", "itemfeedback"],
    "respcondition": ["conditionvar", "setvar", "displayfeedback"],
    "resprocessing": ["outcomes", "respcondition"],
    "section": ["selection_ordering", "item", "section"],
    "presentation": ["material", "response_lid", "response_str"],
}


@pytest.fixture(scope="module")
def package(bank: Bank) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(qti12_package(bank))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def root(package: dict[str, bytes]) -> ET.Element:
    return ET.fromstring(package["mha-quiz/mha-quiz.xml"])


@pytest.fixture(scope="module")
def items(root: ET.Element) -> dict[str, ET.Element]:
    return {str(item.get("title")): item for item in root.iter(f"{QTI}item")}


def of(items: dict[str, ET.Element], question: AnyQuestion) -> ET.Element:
    return next(item for title, item in items.items() if title.split("/")[0] == question.id)


def test_the_manifest_names_every_file(package: dict[str, bytes], bank: Bank) -> None:
    manifest = ET.fromstring(package["imsmanifest.xml"])
    named = {element.get("href") for element in manifest.iter() if element.tag.endswith("}file")}
    assert named == set(package) - {"imsmanifest.xml"}
    pictures = {f"mha-quiz/{question.picture.path.name}" for question in bank.questions if question.picture}
    assert pictures == named - {"mha-quiz/mha-quiz.xml"}


def test_children_stand_in_the_order_of_the_schema(root: ET.Element) -> None:
    for tag, sequence in SEQUENCES.items():
        for element in root.iter(QTI + tag):
            places = [sequence.index(child.tag.removeprefix(QTI)) for child in element]
            if tag != "section":
                assert places == sorted(places), ET.tostring(element, encoding="unicode")[:300]


def test_every_item_says_its_kind_and_has_an_ident_of_its_own(items: dict[str, ET.Element], bank: Bank) -> None:
    idents = Counter(str(item.get("ident")) for item in items.values())
    assert max(idents.values()) == 1
    for question in bank.questions:
        fields = [(field[0].text, field[1].text) for field in of(items, question).iter(f"{QTI}qtimetadatafield")]
        assert ("question_type", KINDS[type(question)]) in fields, question.id


def test_an_importer_finds_exactly_one_kind_of_interaction(items: dict[str, ET.Element]) -> None:
    """As the gem decides: several response_lid are a match, one is a choice, a render_fib is typed."""
    for title, item in items.items():
        lids, blanks = list(item.iter(f"{QTI}response_lid")), list(item.iter(f"{QTI}render_fib"))
        assert bool(lids) != bool(blanks), title
        assert len(blanks) <= 1
        assert not list(item.iter(f"{QTI}other")), "'other' makes a typed answer a string without answers"
        kind = next(f[1].text for f in item.iter(f"{QTI}qtimetadatafield") if f[0].text == "question_type")
        assert (kind == "matching_question") == (len(lids) > 1), title
        assert (kind == "numerical_question") == any(blank.get("fibtype") == "Decimal" for blank in blanks), title


def test_one_choice_earns_all_and_every_wrong_one_has_its_sentence(items: dict[str, ET.Element], bank: Bank) -> None:
    for question in bank.questions:
        if not isinstance(question, ChoiceQuestion | BugQuestion):
            continue
        item = of(items, question)
        scoring = [c for c in item.iter(f"{QTI}respcondition") if c.find(f"{QTI}setvar") is not None]
        assert [c.findtext(f"{QTI}setvar") for c in scoring] == ["100"]
        right = scoring[0].find(f".//{QTI}varequal")
        assert right is not None
        if isinstance(question, BugQuestion):
            assert right.text == f"l{question.line}"
        else:
            assert question.choices[int(str(right.text)[1:])].right
        labels = {str(label.get("ident")) for label in item.iter(f"{QTI}response_label")}
        told = {str(f.get("ident")).removesuffix("_fb") for f in item.iter(f"{QTI}itemfeedback")}
        assert labels - told == {right.text}, question.id


def test_several_name_what_must_and_what_must_not_be_chosen(items: dict[str, ET.Element], bank: Bank) -> None:
    for question in bank.questions:
        if isinstance(question, SeveralQuestion):
            both = of(items, question).find(f".//{QTI}and")
            assert both is not None
            wanted = {int(str(v.text)[1:]) for v in both.findall(f"{QTI}varequal")}
            assert wanted == {index for index, choice in enumerate(question.choices) if choice.right}
            refused = {int(str(v.text)[1:]) for v in both.findall(f"{QTI}not/{QTI}varequal")}
            assert wanted | refused == set(range(len(question.choices)))


def test_matches_and_orders_add_up_and_say_what_may_go_wrong(items: dict[str, ET.Element], bank: Bank) -> None:
    for question in bank.questions:
        if not isinstance(question, MatchQuestion | OrderingQuestion):
            continue
        item = of(items, question)
        shares = [float(str(v.text)) for v in item.iter(f"{QTI}setvar")]
        assert sum(shares) == pytest.approx(100, abs=0.1)
        right = [str(v.text) for v in item.iter(f"{QTI}varequal")]
        if isinstance(question, MatchQuestion):
            assert right == [f"r{pair.right}" for pair in question.pairs]
        else:
            places = [f"p{place}" for place in stages(question)]
            assert right == places + ["none"] * len(question.distractors)
        feedback = {str(f.get("ident")): "".join(f.itertext()) for f in item.iter(f"{QTI}itemfeedback")}
        assert feedback["general_incorrect_fb"].count("<li>") == len(list(sentences_on_mistakes(question)))


def test_numbers_form_groups_of_which_one_is_drawn(root: ET.Element, bank: Bank) -> None:
    groups = {str(s.get("title")): s for s in root.iter(f"{QTI}section") if s.get("title")}
    numbers = [question for question in bank.questions if isinstance(question, NumberQuestion)]
    assert set(groups) == {question.id for question in numbers}
    for question in numbers:
        own = groups[question.id]
        assert own.findtext(f".//{QTI}selection_number") == "1"
        for variant, item in enumerate(own.findall(f"{QTI}item")):
            scoring = next(c for c in item.iter(f"{QTI}respcondition") if c.find(f"{QTI}setvar") is not None)
            answer = solve(question, variant).answer
            assert float(str(scoring.findtext(f".//{QTI}varequal"))) == pytest.approx(answer)
            exact = scoring.findtext(f".//{QTI}varequal")
            least, most = scoring.findtext(f".//{QTI}vargte"), scoring.findtext(f".//{QTI}varlte")
            assert exact is not None
            assert least is not None
            assert most is not None, "the gem knows no number without bounds"
            if float(answer).is_integer():
                assert exact == least == most, "the gem's exact match: three times the same text"
            else:
                assert float(least) < answer < float(most)
                assert exact not in (least, most), "the gem's margin of error"


def test_a_match_tells_its_right_sides_apart_by_their_text(items: dict[str, ET.Element], bank: Bank) -> None:
    """The gem keeps the text of a right side, not its ident."""
    for question in bank.questions:
        if isinstance(question, MatchQuestion | OrderingQuestion):
            texts: dict[str, set[str]] = {}
            for label in of(items, question).iter(f"{QTI}response_label"):
                texts.setdefault("".join(label.itertext()).strip(), set()).add(str(label.get("ident")))
            assert all(len(idents) == 1 for idents in texts.values()), question.id


def test_shapes_list_their_spellings(items: dict[str, ET.Element], bank: Bank) -> None:
    for question in bank.questions:
        if isinstance(question, ShapeQuestion):
            listed = {read_shape(str(v.text)) for v in of(items, question).iter(f"{QTI}varequal")}
            assert listed == {read_shape(shape) for shape in (question.answer, *question.equal)}


def test_what_has_no_kind_of_its_own_is_listed_with_a_count(bank: Bank) -> None:
    said = what_changed(bank)
    assert len(said) == 3
    bugs = sum(isinstance(question, BugQuestion) for question in bank.questions)
    assert f"{bugs} listings became multiple choice, a choice for each line." in said


def test_the_same_bank_makes_the_same_bytes(bank: Bank) -> None:
    assert qti12_package(bank) == qti12_package(bank)
