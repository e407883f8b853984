"""Moodle XML: the elements that Moodle's importer reads, for each type of question, and nothing it would refuse."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ET
from collections import Counter

import pytest

from autograder.quiz.export.moodle import moodle_xml
from autograder.quiz.export.shared import configuration_name, sentences_on_mistakes, spellings
from autograder.quiz.marking.shape import read_shape
from autograder.quiz.questions import (
    Bank,
    BugQuestion,
    MatchQuestion,
    NumberQuestion,
    OrderingQuestion,
    SeveralQuestion,
    ShapeQuestion,
)
from autograder.quiz.text.html import as_latex, to_inline_html
from autograder.quiz.values import agrees, solve

# Moodle takes a share only where it stands in its own list (question_bank::fraction_options_full).
SHARES = [
    100,
    90,
    83.33333,
    80,
    75,
    70,
    66.66667,
    60,
    50,
    40,
    33.33333,
    30,
    25,
    20,
    16.66667,
    14.28571,
    12.5,
    11.11111,
    10,
    5,
    0,
]

COMMON = ["name", "questiontext", "generalfeedback", "defaultgrade", "penalty", "hidden", "idnumber"]
VERDICTS = ["correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"]
OWN = {
    "multichoice": ["single", "shuffleanswers", "answernumbering", "showstandardinstruction", *VERDICTS],
    "numerical": ["unitgradingtype", "unitpenalty", "showunits", "unitsleft"],
    "ordering": ["layouttype", "selecttype", "selectcount", "gradingtype", "showgrading", "numberingstyle", *VERDICTS],
    "matching": ["shuffleanswers", "shownumcorrect", *VERDICTS],
    "shortanswer": ["usecase"],
}


@pytest.fixture(scope="module")
def questions(bank: Bank) -> list[ET.Element]:
    return list(ET.fromstring(moodle_xml(bank)))


@pytest.fixture(scope="module")
def by_id(questions: list[ET.Element]) -> dict[str, ET.Element]:
    return {said(question, "idnumber"): question for question in questions if question.get("type") != "category"}


def said(element: ET.Element, path: str) -> str:
    found = element.find(path)
    assert found is not None, f"{path} is missing"
    return found.text or ""


def test_every_question_and_variant_is_there_once(
    by_id: dict[str, ET.Element], questions: list[ET.Element], bank: Bank
) -> None:
    wanted = []
    for question in bank.questions:
        if isinstance(question, NumberQuestion):
            wanted += [configuration_name(question, variant) for variant in range(len(question.variants))]
        else:
            wanted.append(question.id)
    assert sorted(by_id) == sorted(wanted)
    assert len(by_id) == sum(question.get("type") != "category" for question in questions)


def test_each_type_has_the_elements_its_importer_reads(by_id: dict[str, ET.Element]) -> None:
    assert {question.get("type") for question in by_id.values()} == set(OWN)
    for name, question in by_id.items():
        present = Counter(child.tag for child in question)
        for element in [*COMMON, *OWN[str(question.get("type"))], "tags"]:
            assert present[element] == 1, f"{name}: {element}"
        for element in ("questiontext", "generalfeedback"):
            found = question.find(element)
            assert found is not None
            assert found.get("format") == "html"
            assert said(found, "text").strip(), f"{name}: {element} is empty"


def test_shares_are_those_moodle_knows(by_id: dict[str, ET.Element]) -> None:
    for name, question in by_id.items():
        if question.get("type") == "ordering":
            continue
        for answer in question.iter("answer"):
            if answer.get("fraction"):
                assert abs(float(str(answer.get("fraction")))) in SHARES, name


def test_choices_give_full_marks_for_what_is_right_alone(by_id: dict[str, ET.Element], bank: Bank) -> None:
    for question in bank.questions:
        made = by_id.get(question.id)
        if made is None or made.get("type") != "multichoice":
            continue
        shares = [float(str(answer.get("fraction"))) for answer in made.findall("answer")]
        assert sum(share for share in shares if share > 0) == pytest.approx(100, abs=0.001), question.id
        several = isinstance(question, SeveralQuestion)
        # A wrong tick costs what a right one earns; of single choices a wrong one costs nothing.
        assert {share for share in shares if share <= 0} <= ({-max(shares)} if several else {0.0}), question.id
        assert said(made, "single") == ("false" if several else "true")
        for answer in made.findall("answer"):
            if float(str(answer.get("fraction"))) <= 0:
                assert said(answer, "feedback/text").strip(), f"{question.id}: a wrong choice without its sentence"
        if isinstance(question, BugQuestion):
            assert said(made, "shuffleanswers") == "false"


def test_numbers_stand_in_a_category_of_their_own_with_their_known_mistakes(
    questions: list[ET.Element], bank: Bank
) -> None:
    known = {question.id: question for question in bank.questions if isinstance(question, NumberQuestion)}
    category = ""
    for made in questions:
        if made.get("type") == "category":
            category = said(made, "category/text")
            assert re.fullmatch(r"\$course\$/top/Multi-head attention/\d+ [^/]+(/[a-z_]+\.[a-z0-9_]+)?", category)
        if made.get("type") != "numerical":
            continue
        name, _, _ = said(made, "idnumber").partition("/")
        assert category.endswith(f"/{name}")
        names = [configuration_name(known[name], variant) for variant in range(len(known[name].variants))]
        solved = solve(known[name], names.index(said(made, "idnumber")))
        assert "Type a decimal number" in said(made, "questiontext/text"), "fractions are not read by Moodle"
        *answers, rest = [
            (float(str(answer.get("fraction"))), said(answer, "text"), answer) for answer in made.findall("answer")
        ]
        assert rest[:2] == (0, "*")
        assert [float(text) for _, text, _ in answers] == pytest.approx(
            [solved.answer, *(value for value, _ in solved.wrong)]
        )
        assert [share for share, _, _ in answers] == [100] + [0] * len(solved.wrong)
        for (share, text, answer), (value, why) in zip(answers[1:], solved.wrong, strict=True):
            assert (share, agrees(float(text), value)) == (0, True)
            assert why
            assert said(answer, "feedback/text")
            assert float(said(answer, "tolerance")) <= 0.006 * abs(value)


def test_orders_hold_each_step_once_so_that_only_one_order_of_boxes_is_right(
    by_id: dict[str, ET.Element], bank: Bank
) -> None:
    """Steps that may change places stand in one box, so that no valid order is marked wrong."""
    for question in bank.questions:
        if not isinstance(question, OrderingQuestion):
            continue
        made = by_id[question.id]
        assert made.get("type") == "ordering"
        boxes = [said(answer, "text").split("<br/>") for answer in made.findall("answer")]
        assert sum(len(box) for box in boxes) == len(question.steps), "what does not belong is left out"
        assert said(made, "selectcount") == str(len(boxes))
        assert len(boxes) >= 2
        place = {step: number for number, box in enumerate(boxes) for step in box}
        texts = [to_inline_html(step.text, as_latex) for step in question.steps]
        for step, own in zip(question.steps, texts, strict=True):
            assert all(place[texts[needed]] < place[own] for needed in step.after)
            if step.after:
                assert max(place[texts[needed]] for needed in step.after) == place[own] - 1, "as early as it can"
        if question.distractors:
            assert "has been left out" in said(made, "questiontext/text")


def test_what_may_have_gone_wrong_in_an_order_or_a_match_is_said(by_id: dict[str, ET.Element], bank: Bank) -> None:
    for question in bank.questions:
        if isinstance(question, OrderingQuestion | MatchQuestion):
            sentences = [to_inline_html(sentence, as_latex) for sentence in sentences_on_mistakes(question)]
            assert sentences
            for feedback in ("partiallycorrectfeedback", "incorrectfeedback"):
                words = said(by_id[question.id], f"{feedback}/text")
                assert all(sentence in words for sentence in sentences), question.id


def test_names_and_idnumbers_are_stable_and_short_enough_for_moodle(by_id: dict[str, ET.Element]) -> None:
    for name, question in by_id.items():
        assert said(question, "name/text") == name
        assert len(name) <= 100, "Moodle's column for an ID number"
        assert "/1" not in name or "=" in name, "no configuration is known by its place in a list"


def test_pictures_come_as_files_of_the_question(by_id: dict[str, ET.Element], bank: Bank) -> None:
    for question in bank.questions:
        if question.picture:
            element = by_id[question.id].find("questiontext")
            assert element is not None
            assert f'src="@@PLUGINFILE@@/{question.picture.path.name}"' in said(element, "text")
            file = element.find("file")
            assert file is not None
            assert (file.get("path"), file.get("encoding")) == ("/", "base64")
            assert base64.b64decode(file.text or "").decode() == question.picture.svg


def test_matches_have_plain_right_sides_and_spare_ones_without_a_left(by_id: dict[str, ET.Element], bank: Bank) -> None:
    for question in bank.questions:
        if isinstance(question, MatchQuestion):
            rows = [(said(sub, "text"), said(sub, "answer/text")) for sub in by_id[question.id].findall("subquestion")]
            assert sum(not left for left, _ in rows) == sum(right.why is not None for right in question.rights)
            for _, right in rows:
                assert right
                assert not re.search(r"[<>$\\]|\\\(", right), f"{question.id}: {right!r} is not plain"


def test_nothing_raises_a_notice_which_would_end_the_import(by_id: dict[str, ET.Element]) -> None:
    """The rules that the types keep when a question is saved: after a notice Moodle leaves out all questions that follow."""
    for name, made in by_id.items():
        type_ = made.get("type")
        answers = [said(answer, "text").strip() for answer in made.findall("answer")]
        shares = [float(answer.get("fraction", "0")) for answer in made.findall("answer")]
        assert all(answers), f"{name}: a blank answer is dropped"
        if type_ == "multichoice":
            assert len(answers) >= 2, f"{name}: notenoughanswers"
            assert len(set(answers)) == len(answers), name
        if type_ == "shortanswer":
            assert max(shares) == 100, f"{name}: fractionsnomax"
        if type_ == "numerical":
            assert max(shares) == 100, f"{name}: fractionsnomax"
            assert answers[-1] == "*"
            numbers = [*answers[:-1], *(said(answer, "tolerance") for answer in made.findall("answer"))]
            assert all(re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d+)?", number) for number in numbers), (
                f"{name}: invalidnumericanswer"
            )
        if type_ == "ordering":
            assert len(answers) >= 2, f"{name}: ordering_notenoughanswers"
        if type_ == "matching":
            rows = [
                (said(row, "text").strip(), said(row, "answer/text").strip()) for row in made.findall("subquestion")
            ]
            assert len(rows) >= 3, f"{name}: notenoughanswers"
            assert sum(bool(left) for left, _ in rows) >= 2, name
            # PHP takes "0" for empty.
            assert all(right not in ("", "0") for _, right in rows), f"{name}: nomatchinganswer"


def test_no_id_number_stands_twice_in_a_category_where_moodle_would_drop_it(questions: list[ET.Element]) -> None:
    seen: set[tuple[str, str]] = set()
    category = ""
    for made in questions:
        if made.get("type") == "category":
            category = said(made, "category/text")
        else:
            assert (category, said(made, "idnumber")) not in seen
            seen.add((category, said(made, "idnumber")))


def test_shapes_list_their_spellings(by_id: dict[str, ET.Element], bank: Bank) -> None:
    for question in bank.questions:
        if isinstance(question, ShapeQuestion):
            answers = by_id[question.id].findall("answer")
            full = [said(answer, "text") for answer in answers if answer.get("fraction") == "100"]
            right = {read_shape(shape) for shape in (question.answer, *question.equal)}
            assert {read_shape(shape.replace("\\*", "*")) for shape in full} == right
            assert all("*" not in shape.replace("\\*", "") for shape in full), "a bare * matches anything"
    assert {"B,T,H*d_k", "(B, T, d_k*H)", "[B, T, H · d_k]"} <= set(spellings("(B, T, H·d_k)"))


def test_formulas_are_left_to_the_platform(by_id: dict[str, ET.Element]) -> None:
    everything = "".join(ET.tostring(question, encoding="unicode") for question in by_id.values())
    assert "<math" not in everything
    assert "&lt;math" not in everything
    assert r"\(" in everything
