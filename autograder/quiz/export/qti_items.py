"""QTI 3 items: one for each question, one for each variant of a number. Marks and sentences are the quiz's own.

Response processing spells out what the marking package does, partial marks included, in the standard's expressions.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..questions import (
    AnyQuestion,
    BugQuestion,
    ChoiceQuestion,
    MatchQuestion,
    NumberQuestion,
    OrderingQuestion,
    SeveralQuestion,
    ShapeQuestion,
)
from ..sentences import GENERAL, explanation, labelled_sentence, sentence
from ..text.html import to_html, to_inline_html
from ..values import solve
from .qti_order import order_body, order_processing
from .qti_rules import RESPONSE, add_feedback, choose, chosen, number, outcome, set_value, unless, variable
from .qti_shape import shape_pattern
from .xml import el, listing_html, text

_SCHEMA = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
_LOCATION = f"{_SCHEMA} https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd"


@dataclass(slots=True)
class _Parts:
    """What differs between kinds: the response, the interaction, the rules, and the sentences by their identifiers."""

    declaration: str
    interaction: str
    processing: str
    sentences: dict[str, str] = field(default_factory=dict)
    outcomes: str = ""


def qti_item(question: AnyQuestion, identifier: str, variant: int = 0) -> str:
    """The XML of an assessment item."""
    asked = solve(question, variant).text if isinstance(question, NumberQuestion) else question.text
    parts = _parts(question, variant)
    feedback = {name: el("p", to_inline_html(said)) for name, said in parts.sentences.items()}
    feedback["EXPLANATION"] = to_html(explanation(question, variant))
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + el(
        "qti-assessment-item",
        parts.declaration,
        outcome("SCORE", "float", "0", normal_maximum="1"),
        outcome("MAXSCORE", "float", "1"),
        outcome("FEEDBACK", "identifier", cardinality="multiple"),
        parts.outcomes,
        el("qti-item-body", el("div", to_html(asked)), _picture(question), parts.interaction),
        el("qti-response-processing", add_feedback("EXPLANATION"), parts.processing),
        *(_modal(name, html) for name, html in feedback.items()),
        **{
            "xmlns": _SCHEMA,
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": _LOCATION,
            "identifier": identifier,
            "title": f"{question.concept}: {question.id}",
            "adaptive": "false",
            "time-dependent": "false",
            "xml:lang": "en",
        },
    )


def _picture(question: AnyQuestion) -> str:
    """The picture, by its place in the package."""
    picture = question.picture
    return el("p", el("img", src=f"../images/{picture.path.name}", alt=picture.description)) if picture else ""


def _modal(identifier: str, html: str) -> str:
    body = el("qti-content-body", html)
    return el("qti-modal-feedback", body, outcome_identifier="FEEDBACK", identifier=identifier, show_hide="show")


def _response(cardinality: str, base_type: str, right: list[str], mapping: str = "") -> str:
    correct = el("qti-correct-response", *(el("qti-value", text(value)) for value in right))
    return el(
        "qti-response-declaration",
        correct,
        mapping,
        identifier="RESPONSE",
        cardinality=cardinality,
        base_type=base_type,
    )


def _mapping(shares: dict[str, float]) -> str:
    entries = (el("qti-map-entry", map_key=key, mapped_value=repr(share)) for key, share in shares.items())
    return el("qti-mapping", *entries, default_value="0", lower_bound="0", upper_bound="1")


def _parts(question: AnyQuestion, variant: int) -> _Parts:
    match question:
        case ChoiceQuestion():
            return _choice(question)
        case SeveralQuestion():
            return _several(question)
        case NumberQuestion():
            return _number(question, variant)
        case OrderingQuestion():
            right = [f"S{item}" for item in range(len(question.steps))]
            processing, sentences, outcomes = order_processing(question)
            declaration = _response("ordered", "identifier", right)
            return _Parts(declaration, order_body(question), processing, sentences, outcomes)
        case MatchQuestion():
            return _match(question)
        case ShapeQuestion():
            return _shape(question)
        case BugQuestion():
            return _bug(question)


def _options(options: dict[str, str], *, most: int, shuffle: bool) -> str:
    made = (el("qti-simple-choice", html, identifier=name) for name, html in options.items())
    return el(
        "qti-choice-interaction", *made, response_identifier="RESPONSE", max_choices=most, shuffle=str(shuffle).lower()
    )


def _single(options: dict[str, str], right: str, sentences: dict[str, str], *, shuffle: bool) -> _Parts:
    """One of several; the identifier of what was chosen is also that of its sentence."""
    is_right = el("qti-match", RESPONSE, el("qti-correct", identifier="RESPONSE"))
    said = el("qti-multiple", variable("FEEDBACK"), RESPONSE)
    return _Parts(
        _response("single", "identifier", [right]),
        _options(options, most=1, shuffle=shuffle),
        choose((is_right, set_value("SCORE", number(1))))
        + unless(el("qti-is-null", RESPONSE), set_value("FEEDBACK", said)),
        sentences,
    )


def _choice(question: ChoiceQuestion) -> _Parts:
    options = {f"C{index}": to_inline_html(choice.text) for index, choice in enumerate(question.choices)}
    right = next(f"C{index}" for index, choice in enumerate(question.choices) if choice.right)
    why = {f"C{index}": choice.why for index, choice in enumerate(question.choices) if choice.why}
    return _single(options, right, why, shuffle=True)


def _bug(question: BugQuestion) -> _Parts:
    # Spaces at the start of a line carry meaning, and a choice would lose them; so the listing stands above as well.
    lines = {
        f"L{number}": f"{number}: {el('code', text(question.listing[number - 1].strip()))}"
        for number in question.code_lines
    }
    made = _single(lines, f"L{question.line}", {f"L{n}": why for n, why in question.others.items()}, shuffle=False)
    made.interaction = listing_html(question.listing) + made.interaction
    return made


def _several(question: SeveralQuestion) -> _Parts:
    share = 1 / sum(choice.right for choice in question.choices)
    names = {f"C{index}": choice for index, choice in enumerate(question.choices)}
    rules = [set_value("SCORE", el("qti-map-response", identifier="RESPONSE"))]
    for name, choice in names.items():
        rules.append(
            unless(chosen(name), add_feedback(name)) if choice.right else choose((chosen(name), add_feedback(name)))
        )
    return _Parts(
        _response(
            "multiple",
            "identifier",
            [name for name, choice in names.items() if choice.right],
            _mapping({name: share if choice.right else -share for name, choice in names.items()}),
        ),
        _options({name: to_inline_html(choice.text) for name, choice in names.items()}, most=0, shuffle=True),
        "".join(rules),
        {
            name: labelled_sentence(question, ("missed" if choice.right else "why", index))
            for index, (name, choice) in enumerate(names.items())
        },
    )


def _typed(hint: str) -> str:
    field = el("qti-text-entry-interaction", response_identifier="RESPONSE", expected_length=20)
    return el("p", el("label", text(hint), " ", field))


def _number(question: NumberQuestion, variant: int) -> _Parts:
    solved = solve(question, variant)

    def equals(value: float) -> str:
        if float(value).is_integer():
            return el("qti-equal", RESPONSE, number(value), tolerance_mode="exact")
        width = repr(abs(value) * 0.005)
        return el("qti-equal", RESPONSE, number(value), tolerance_mode="absolute", tolerance=f"{width} {width}")

    known = [(equals(value), add_feedback(f"K{index}")) for index, (value, _) in enumerate(solved.wrong)]
    rules = choose((equals(solved.answer), set_value("SCORE", number(1))), *known, otherwise=add_feedback("OTHER"))
    hint = f"Your number of {question.counted_in}:" if question.counted_in else "Your number:"
    return _Parts(
        _response("single", "float", [repr(solved.answer)]),
        _typed(hint),
        rules,
        {f"K{index}": why for index, (_, why) in enumerate(solved.wrong)} | {"OTHER": GENERAL["other_number"]},
    )


def _shape(question: ShapeQuestion) -> _Parts:
    def fits(shape: str) -> str:
        return el("qti-pattern-match", RESPONSE, pattern=shape_pattern(shape))

    right = [fits(shape) for shape in (question.answer, *question.equal)]
    known = [(fits(wrong.shape), add_feedback(f"K{index}")) for index, wrong in enumerate(question.wrong)]
    letters = el("p", to_inline_html(question.letters)) if question.letters else ""
    return _Parts(
        _response("single", "string", [question.answer]),
        letters + _typed("Your shape, such as (2, 5):"),
        choose((el("qti-or", *right), set_value("SCORE", number(1))), *known),
        {f"K{index}": wrong.why for index, wrong in enumerate(question.wrong)},
    )


def _match(question: MatchQuestion) -> _Parts:
    share = 1 / len(question.pairs)
    right = [f"L{left} R{pair.right}" for left, pair in enumerate(question.pairs)]
    rules = [set_value("SCORE", el("qti-map-response", identifier="RESPONSE"))]
    said: dict[str, str] = {}
    for left, pair in enumerate(question.pairs):
        matched = {
            item: el("qti-member", variable(f"L{left}_R{item}"), RESPONSE) for item in range(len(question.rights))
        }
        others = []
        for item, spare in enumerate(question.rights):
            if item != pair.right:
                name = f"PAIR{left}" if spare.why is None else f"SPARE{item}"
                said[name] = labelled_sentence(question, ("pair", left) if spare.why is None else ("spare", item))
                others.append((matched[item], add_feedback(name)))
        said[f"OPEN{left}"] = sentence(question, ("open", left))
        rules.append(
            choose(
                (matched[pair.right], set_value("SCORE", variable("SCORE"))),
                *others,
                otherwise=add_feedback(f"OPEN{left}"),
            )
        )
    lefts = (
        el("qti-simple-associable-choice", to_inline_html(pair.left), identifier=f"L{left}", match_max=1)
        for left, pair in enumerate(question.pairs)
    )
    rights = (
        el(
            "qti-simple-associable-choice",
            to_inline_html(side.text),
            identifier=f"R{item}",
            match_max=len(question.pairs),
        )
        for item, side in enumerate(question.rights)
    )
    interaction = el(
        "qti-match-interaction",
        el("qti-simple-match-set", *lefts),
        el("qti-simple-match-set", *rights),
        class_="qti-match-tabular",
        response_identifier="RESPONSE",
        max_associations=len(question.pairs),
        shuffle="true",
    )
    # Pairs to compare with are constants: players are not all able to read a pair inside an expression.
    pairs = (
        outcome(f"L{left}_R{item}", "directedPair", f"L{left} R{item}")
        for left in range(len(question.pairs))
        for item in range(len(question.rights))
    )
    mapping = _mapping(dict.fromkeys(right, share))
    return _Parts(
        _response("multiple", "directedPair", right, mapping), interaction, "".join(rules), said, "".join(pairs)
    )
