"""QTI 1.2 as Canvas imports it: each item says its kind in Canvas' own words, in the metadata that its importer reads.

What Canvas has no kind for goes as the nearest that marks right answers right: a listing as a choice of lines, an order as
a match of steps and their earliest places, a shape as a short answer with its usual spellings. A number's configurations
make a group from which one is drawn. Canvas keeps its own rules for partial marks.
"""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterable

from ..questions import (
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
from ..reading import reading
from ..sentences import explanation
from ..text.html import as_latex, to_html, to_inline_html
from ..text.plain import to_plain
from ..values import solve
from .shared import configuration_name, sentences_on_mistakes, spellings, stages
from .xml import el, listing_html, text

_QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
_PACKAGE = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_EPOCH = (2026, 1, 1, 0, 0, 0)
_BECOMES = {
    "bug": "multiple choice, a choice for each line",
    "order": "matching, each step with its earliest place",
    "shape": "short answer, with its usual spellings",
}
_PLACES = (
    "Give each step the earliest place it can have: 1 where it needs nothing before it, otherwise one more than the last "
    "step it needs. Several steps may have the same place."
)


def what_changed(bank: Bank) -> list[str]:
    """A sentence with a count for each kind that Canvas has not."""
    counts = Counter(question.kind for question in bank.questions)
    names = {"bug": "listings", "order": "orders", "shape": "shapes"}
    return [f"{counts[kind]} {names[kind]} became {how}." for kind, how in _BECOMES.items() if counts[kind]]


def qti12_package(bank: Bank) -> bytes:
    """The zip file. The same bank gives the same bytes."""
    files = {"mha-quiz/mha-quiz.xml": qti12_assessment(bank)}
    files |= {f"mha-quiz/{q.picture.path.name}": q.picture.svg for q in bank.questions if q.picture}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in {"imsmanifest.xml": _manifest(list(files)), **files}.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, content)
    return made.getvalue()


def _manifest(files: list[str]) -> str:
    metadata = el("metadata", el("schema", "IMS Content"), el("schemaversion", "1.1.3"))
    resource = el(
        "resource",
        *(el("file", href=name) for name in files),
        identifier="mha-quiz",
        type="imsqti_xmlv1p2",
        href=files[0],
    )
    return _XML + el(
        "manifest",
        metadata,
        el("organizations"),
        el("resources", resource),
        xmlns=_PACKAGE,
        identifier="mha-quiz-package",
    )


def qti12_assessment(bank: Bank) -> str:
    """The assessment with all items; a group for each number."""
    parts = [
        _group(question, bank) if isinstance(question, NumberQuestion) else _item(question, bank)
        for question in bank.questions
    ]
    section = el("section", *parts, ident="root_section")
    assessment = el("assessment", section, ident="mha-quiz", title="Multi-head attention")
    return _XML + el("questestinterop", assessment, xmlns=_QTI)


def _group(question: NumberQuestion, bank: Bank) -> str:
    points = el("selection_extension", el("points_per_item", "1"))
    select = el("selection_ordering", el("selection", el("selection_number", "1"), points))
    items = (_number(question, variant, bank) for variant in range(len(question.variants)))
    return el("section", select, *items, ident=_ident(question.id), title=question.id)


def _item(question: AnyQuestion, bank: Bank) -> str:
    html = to_html(question.text, as_latex)
    match question:
        case ChoiceQuestion() | SeveralQuestion():
            options = {
                f"c{index}": to_inline_html(choice.text, as_latex) for index, choice in enumerate(question.choices)
            }
            right = {f"c{index}" for index, choice in enumerate(question.choices) if choice.right}
            why = {f"c{index}": choice.why for index, choice in enumerate(question.choices) if choice.why}
            if isinstance(question, ChoiceQuestion):
                return _choice(question, bank, html, options, right, why)
            return _several(question, bank, html, options, right, why)
        case BugQuestion():
            options = {
                f"l{number}": f"line {number}: {el('code', text(question.listing[number - 1].strip()))}"
                for number in question.code_lines
            }
            why = {f"l{number}": said for number, said in question.others.items()}
            return _choice(question, bank, html + listing_html(question.listing), options, {f"l{question.line}"}, why)
        case MatchQuestion():
            rows = [(to_plain(pair.left), f"r{pair.right}") for pair in question.pairs]
            rights = {f"r{item}": to_plain(right.text) for item, right in enumerate(question.rights)}
            return _match(question, bank, html, rows, rights)
        case OrderingQuestion():
            places = stages(question)
            rows = [(to_plain(step.text), f"p{place}") for step, place in zip(question.steps, places, strict=True)]
            rows += [(to_plain(distractor.text), "none") for distractor in question.distractors]
            rights = {f"p{place}": str(place) for place in sorted(set(places))}
            rights |= {"none": "does not belong"} if question.distractors else {}
            return _match(question, bank, html + el("p", text(_PLACES)), rows, rights)
        case ShapeQuestion():
            return _shape(question, bank, html)
        case NumberQuestion():
            raise TypeError("a number question is exported configuration by configuration")


def _choice(
    question: AnyQuestion, bank: Bank, html: str, options: dict[str, str], right: set[str], why: dict[str, str]
) -> str:
    said = [_condition(_equals(name), feedback=f"{name}_fb", goes_on=True) for name in why]
    marks = [_condition(_equals(name), set_score=100) for name in right]
    feedback = {f"{name}_fb": to_inline_html(sentence, as_latex) for name, sentence in why.items()}
    lid = _response(options, "Single", shuffle=not isinstance(question, BugQuestion))
    return _wrapped(question, bank, "multiple_choice_question", html, [lid], [*said, *marks], feedback)


def _several(
    question: SeveralQuestion, bank: Bank, html: str, options: dict[str, str], right: set[str], why: dict[str, str]
) -> str:
    wanted = "".join(_equals(name) if name in right else el("not", _equals(name)) for name in options)
    said = [_condition(_equals(name), feedback=f"{name}_fb", goes_on=True) for name in why if name not in right]
    marks = [_condition(el("and", wanted), set_score=100)]
    feedback = {f"{name}_fb": to_inline_html(said, as_latex) for name, said in why.items() if name not in right}
    missed = [f"**{choice.text}:** {choice.why}" for choice in question.choices if choice.right and choice.why]
    lid = _response(options, "Multiple", shuffle=True)
    return _wrapped(question, bank, "multiple_answers_question", html, [lid], [*said, *marks], feedback, missed)


def _match(
    question: MatchQuestion | OrderingQuestion,
    bank: Bank,
    html: str,
    rows: list[tuple[str, str]],
    rights: dict[str, str],
) -> str:
    share = f"{100 / len(rows):.2f}"
    lids = [
        el(
            "response_lid",
            _material(text(left), "text/plain"),
            el("render_choice", *(_label(name, text(right), "text/plain") for name, right in rights.items())),
            ident=f"response_{row}",
        )
        for row, (left, _) in enumerate(rows)
    ]
    marks = [
        el(
            "respcondition",
            el("conditionvar", el("varequal", right, respident=f"response_{row}")),
            el("setvar", share, varname="SCORE", action="Add"),
        )
        for row, (_, right) in enumerate(rows)
    ]
    mistakes = list(sentences_on_mistakes(question))
    return _wrapped(question, bank, "matching_question", html, lids, marks, {}, mistakes)


def _shape(question: ShapeQuestion, bank: Bank, html: str) -> str:
    hint = "Write a shape as in (2, 5), and a product with *, as in (B, T, H*d_k)."
    letters = el("p", to_inline_html(question.letters, as_latex)) if question.letters else ""
    right = [spelling for shape in (question.answer, *question.equal) for spelling in spellings(shape)]
    marks = [_condition("".join(_equals(text(spelling)) for spelling in right), set_score=100)]
    mistakes = [f"`{known.shape}`: {known.why}" for known in question.wrong]
    body = html + letters + el("p", text(hint))
    return _wrapped(question, bank, "short_answer_question", body, [_blank()], marks, {}, mistakes)


def _number(question: NumberQuestion, variant: int, bank: Bank) -> str:
    solved = solve(question, variant)
    unit = f" in {question.counted_in}" if question.counted_in else ""
    html = to_html(solved.text, as_latex) + el("p", text(f"Type a decimal number{unit}, such as 0.375."))

    def equals(value: float) -> str:
        """A number with its bounds, which are the number itself where it must be exact: the importer asks for all three."""
        width = 0 if float(value).is_integer() else abs(value) * 0.005
        least = el("vargte", f"{value - width!r}", respident="response1")
        most = el("varlte", f"{value + width!r}", respident="response1")
        return el("or", _equals(f"{value!r}"), el("and", least, most))

    said = [_condition(equals(value), feedback=f"k{index}_fb") for index, (value, _) in enumerate(solved.wrong)]
    marks = [_condition(equals(solved.answer), set_score=100)]
    feedback = {f"k{index}_fb": to_inline_html(why, as_latex) for index, (_, why) in enumerate(solved.wrong)}
    name = configuration_name(question, variant)
    blank = _blank(fibtype="Decimal")
    explained = to_html(solved.explanation, as_latex)
    return _wrapped(
        question, bank, "numerical_question", html, [blank], [*marks, *said], feedback, name=name, explained=explained
    )


def _wrapped(
    question: AnyQuestion,
    bank: Bank,
    kind: str,
    html: str,
    responses: Iterable[str],
    conditions: Iterable[str],
    feedback: dict[str, str],
    mistakes: Iterable[str] = (),
    *,
    name: str = "",
    explained: str = "",
) -> str:
    """An item. `mistakes` are sentences for answers that are not right, where Canvas cannot tell which one was made."""
    name = name or question.id
    fields = (("question_type", kind), ("points_possible", "1"))
    metadata = (el("qtimetadatafield", el("fieldlabel", key), el("fieldentry", value)) for key, value in fields)
    picture = question.picture
    image = el("p", el("img", src=picture.path.name, alt=picture.description)) if picture else ""
    body = el("presentation", _material(el("div", html + image)), *responses)
    outcomes = el("outcomes", el("decvar", maxvalue=100, minvalue=0, varname="SCORE", vartype="Decimal"))
    listed = "".join(el("li", to_inline_html(said, as_latex)) for said in mistakes)
    said = {**feedback}
    if listed:
        said["general_incorrect_fb"] = el("p", "What may have gone wrong:") + el("ul", listed)
    read = el("p", text(f"Read: {reading(bank, question.read)}"))
    said["general_fb"] = (explained or to_html(explanation(question), as_latex)) + read
    return el(
        "item",
        el("itemmetadata", el("qtimetadata", *metadata)),
        body,
        el("resprocessing", outcomes, *conditions),
        *(el("itemfeedback", el("flow_mat", _material(content)), ident=ident) for ident, content in said.items()),
        ident=_ident(name),
        title=name,
    )


def _ident(name: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in name)


def _material(content: str, kind: str = "text/html") -> str:
    """HTML is given as escaped text, as Canvas writes it itself."""
    return el("material", el("mattext", text(content) if kind == "text/html" else content, texttype=kind))


def _label(name: str, content: str, kind: str = "text/html") -> str:
    return el("response_label", _material(content, kind), ident=name)


def _response(options: dict[str, str], cardinality: str, *, shuffle: bool) -> str:
    labels = (_label(name, html) for name, html in options.items())
    choices = el("render_choice", *labels, **({"shuffle": "Yes"} if shuffle else {}))
    return el("response_lid", choices, ident="response1", rcardinality=cardinality)


def _blank(**kind: str) -> str:
    field = el("render_fib", el("response_label", ident="answer1"), **kind)
    return el("response_str", field, ident="response1", rcardinality="Single")


def _equals(value: str) -> str:
    return el("varequal", value, respident="response1")


def _condition(condition: str, *, set_score: int | None = None, feedback: str = "", goes_on: bool = False) -> str:
    score = el("setvar", str(set_score), action="Set", varname="SCORE") if set_score is not None else ""
    shown = el("displayfeedback", feedbacktype="Response", linkrefid=feedback) if feedback else ""
    return el("respcondition", el("conditionvar", condition), score, shown, continue_="Yes" if goes_on else "No")
