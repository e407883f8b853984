"""Moodle XML, as Moodle 4.4 and later import it; the ordering type came into Moodle itself with 4.4.

Where Moodle's types are narrower than the bank's: a number's configurations are questions of their own in a category, from
which a quiz draws one; in an order, what does not belong is left out and steps that may run in any order stand in one box;
a bug becomes a choice of lines, and a shape a short answer with its usual spellings. Where Moodle cannot tell which
mistake was made, its feedback for answers that are not right names them all.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator

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
from ..sentences import GENERAL, explanation
from ..text.html import as_latex, to_html, to_inline_html
from ..text.plain import to_plain
from ..values import shown, solve
from .shared import configuration_name, sentences_on_mistakes, spellings, stages
from .xml import el, listing_html, text

_TOP = "$course$/top/Multi-head attention"


def moodle_xml(bank: Bank) -> str:
    """All questions, in a category for each unit."""
    parts: list[str] = []
    for place, unit in enumerate(bank.units, start=1):
        own = [question for question in bank.questions if question.unit == unit.name]
        if not own:
            continue
        category = f"{_TOP}/{place} {unit.title.replace('/', '//')}"
        single = [question for question in own if not isinstance(question, NumberQuestion)]
        parts += [_category(category), *(_question(bank, question) for question in single)]
        for question in own:
            if isinstance(question, NumberQuestion):
                parts.append(_category(f"{category}/{question.id}"))
                parts += [_number(bank, question, variant) for variant in range(len(question.variants))]
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + el("quiz", "\n", "\n".join(parts), "\n") + "\n"


def _category(path: str) -> str:
    return el(
        "question", el("category", el("text", text(path))), el("info", el("text"), format="html"), type="category"
    )


def _html(name: str, html: str) -> str:
    return el(name, el("text", text(html)), format="html")


def _head(
    bank: Bank, question: AnyQuestion, type_: str, html: str, explained: str, parts: Iterable[str], name: str = ""
) -> str:
    read = el("p", text(f"Read: {reading(bank, question.read)}"))
    tags = (question.concept, f"difficulty {question.difficulty}")
    name = name or question.id
    return el(
        "question",
        el("name", el("text", text(name))),
        _question_text(question, html),
        _html("generalfeedback", explained + read),
        el("defaultgrade", "1"),
        el("penalty", "0.3333333"),
        el("hidden", "0"),
        el("idnumber", text(name)),
        *parts,
        el("tags", *(el("tag", el("text", text(tag))) for tag in tags)),
        type=type_,
    )


def _question_text(question: AnyQuestion, html: str) -> str:
    """The text, and the picture as a file of its own, which Moodle keeps with the question."""
    picture = question.picture
    if not picture:
        return _html("questiontext", html)
    image = el("p", el("img", src=f"@@PLUGINFILE@@/{picture.path.name}", alt=picture.description))
    content = base64.b64encode(picture.svg.encode()).decode()
    file = el("file", content, name=picture.path.name, path="/", encoding="base64")
    return el("questiontext", el("text", text(html + image)), file, format="html")


def _question(bank: Bank, question: AnyQuestion) -> str:
    html, explained = to_html(question.text, as_latex), to_html(explanation(question), as_latex)
    match question:
        case ChoiceQuestion() | SeveralQuestion():
            missed = [choice.why for choice in question.choices if choice.right and choice.why]
            if missed:
                explained += el("ul", *(el("li", to_inline_html(why, as_latex)) for why in missed))
            return _head(bank, question, "multichoice", html, explained, _choices(question))
        case OrderingQuestion():
            notes = [_LEFT_OUT] if question.distractors else []
            notes += [_TOGETHER] if len(set(stages(question))) < len(question.steps) else []
            notes_html = "".join(el("p", text(note)) for note in notes)
            return _head(bank, question, "ordering", html + notes_html, explained, _ordering(question))
        case MatchQuestion():
            return _head(bank, question, "matching", html, explained, _matching(question))
        case ShapeQuestion():
            letters = el("p", to_inline_html(question.letters, as_latex)) if question.letters else ""
            hint = el("p", text(_SPELLINGS))
            return _head(bank, question, "shortanswer", html + letters + hint, explained, _spellings(question))
        case BugQuestion():
            listing = listing_html(question.listing)
            return _head(bank, question, "multichoice", html + listing, explained, _lines(question))
        case NumberQuestion():
            raise TypeError("a number question is exported variant by variant")


def _answer(fraction: float, answer: str, why: str | None, *extra: str, html: bool = False) -> str:
    """An answer with its share in percent, which Moodle compares with a list of shares in five decimals."""
    feedback = _html("feedback", to_inline_html(why, as_latex) if why else "")
    share = f"{fraction:.5f}".rstrip("0").rstrip(".")
    return el(
        "answer",
        el("text", text(answer)),
        *extra,
        feedback,
        fraction=share,
        format="html" if html else "moodle_auto_format",
    )


def _verdicts(mistakes: Iterable[str] = ()) -> Iterator[str]:
    """Feedback for the answer as a whole; `mistakes` are sentences for answers that are not right."""
    items = "".join(el("li", to_inline_html(sentence, as_latex)) for sentence in mistakes)
    said = el("p", "What may have gone wrong:") + el("ul", items) if items else ""
    yield _html("correctfeedback", "Right.")
    yield _html("partiallycorrectfeedback", el("p", "Partly right.") + said)
    yield _html("incorrectfeedback", el("p", "Not right.") + said)


def _choices(question: ChoiceQuestion | SeveralQuestion) -> Iterator[str]:
    share = 100 / sum(choice.right for choice in question.choices)
    single = isinstance(question, ChoiceQuestion)
    yield el("single", "true" if single else "false")
    yield el("shuffleanswers", "true")
    yield el("answernumbering", "abc")
    yield el("showstandardinstruction", "0" if single else "1")
    yield from _verdicts()
    for choice in question.choices:
        fraction = share if choice.right else 0 if single else -share
        why = None if choice.right else choice.why
        yield _answer(fraction, to_inline_html(choice.text, as_latex), why, html=True)


def _lines(question: BugQuestion) -> Iterator[str]:
    yield el("single", "true")
    yield el("shuffleanswers", "false")
    yield el("answernumbering", "none")
    yield el("showstandardinstruction", "0")
    yield from _verdicts()
    for number in question.code_lines:
        line = f"line {number}: {el('code', text(question.listing[number - 1].strip()))}"
        yield _answer(100 if number == question.line else 0, line, question.others.get(number), html=True)


def _number(bank: Bank, question: NumberQuestion, variant: int) -> str:
    solved = solve(question, variant)
    unit = f"Type a decimal number, such as 0.375, not a fraction{f', in {question.counted_in}' if question.counted_in else ''}."

    def parts() -> Iterator[str]:
        yield _answer(100, shown_exactly(solved.answer), None, _tolerance(solved.answer))
        for value, why in solved.wrong:
            yield _answer(0, shown_exactly(value), why, _tolerance(value))
        yield _answer(0, "*", GENERAL["other_number"], el("tolerance", "0"))
        yield el("unitgradingtype", "0")
        yield el("unitpenalty", "0.1")
        yield el("showunits", "3")
        yield el("unitsleft", "0")

    html, explained = to_html(solved.text, as_latex), to_html(solved.explanation, as_latex)
    return _head(
        bank,
        question,
        "numerical",
        html + el("p", text(unit)),
        explained,
        parts(),
        configuration_name(question, variant),
    )


def shown_exactly(number: float) -> str:
    """A number with all the digits it needs."""
    return str(number) if isinstance(number, int) else repr(number)


def _tolerance(number: float) -> str:
    return el("tolerance", "0" if float(number).is_integer() else shown(abs(number) * 0.005))


def _ordering(question: OrderingQuestion) -> Iterator[str]:
    yield el("layouttype", "VERTICAL")
    yield el("selecttype", "ALL")
    yield el("selectcount", str(len(set(stages(question)))))
    yield el("gradingtype", "RELATIVE_ALL_PREVIOUS_AND_NEXT")
    yield el("showgrading", "SHOW")
    yield el("numberingstyle", "none")
    yield from _verdicts(sentences_on_mistakes(question))
    yield el("shownumcorrect", "1")
    places = stages(question)
    for place in sorted(set(places)):
        together = [step.text for step, stage in zip(question.steps, places, strict=True) if stage == place]
        yield _answer(place, "<br/>".join(to_inline_html(step, as_latex) for step in together), None, html=True)


_TOGETHER = "Steps in one box may run in any order among themselves; each stands as early as it can."
_LEFT_OUT = "What does not belong has been left out here: put all of these in order."
_SPELLINGS = (
    "Write a shape as in (2, 5), with or without brackets and spaces, and a product with * or ·, as in (B, T, H*d_k). "
    "Other spellings of the same shape are not recognised here."
)


def _matching(question: MatchQuestion) -> Iterator[str]:
    yield el("shuffleanswers", "true")
    yield from _verdicts(sentences_on_mistakes(question))
    yield el("shownumcorrect")
    for pair in question.pairs:
        yield _subquestion(to_inline_html(pair.left, as_latex), to_plain(question.rights[pair.right].text))
    for right in question.rights:
        if right.why is not None:
            yield _subquestion("", to_plain(right.text))


def _subquestion(html: str, answer: str) -> str:
    """One row of a matching question; a right side alone is one that belongs to no row."""
    return el("subquestion", el("text", text(html)), el("answer", el("text", text(answer))), format="html")


def _spellings(question: ShapeQuestion) -> Iterator[str]:
    """Moodle compares short answers letter by letter, so the usual ways to write a shape are all listed."""
    yield el("usecase", "0")
    for shape in (question.answer, *question.equal):
        yield from (_answer(100, spelling, None) for spelling in spellings(shape, _TIMES))
    for known in question.wrong:
        yield from (_answer(0, spelling, known.why) for spelling in spellings(known.shape, _TIMES))


_TIMES = ("\\*", "·", " \\* ", " · ")
"""A bare "*" is a wildcard."""
