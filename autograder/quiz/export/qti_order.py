"""Orders in QTI 3: any order that respects what each step needs is right, and partial marks are the quiz's own.

POS_n holds the place at which step n was put, 0 where it was left out; all else follows from these numbers.
"""

from __future__ import annotations

from ..questions import OrderingQuestion
from ..sentences import labelled_sentence, sentence
from ..text.html import to_inline_html
from .qti_rules import RESPONSE, add_feedback, base, choose, chosen, integer, number, outcome, set_value, variable
from .xml import el


def order_body(question: OrderingQuestion) -> str:
    """The interaction: steps are taken from one list into another, so that some may be left out."""
    offered = {f"S{item}": step.text for item, step in enumerate(question.steps)}
    offered |= {f"D{item}": distractor.text for item, distractor in enumerate(question.distractors)}
    choices = (el("qti-simple-choice", to_inline_html(said), identifier=name) for name, said in offered.items())
    return el(
        "qti-order-interaction",
        *choices,
        class_="qti-choices-left",
        response_identifier="RESPONSE",
        shuffle="true",
        orientation="vertical",
        min_choices=1,
        max_choices=len(offered),
    )


def order_processing(question: OrderingQuestion) -> tuple[str, dict[str, str], str]:
    """The rules, the sentences by identifier, and the outcome variables the rules need."""
    steps, distractors = question.steps, question.distractors
    needy = sum(bool(step.after) for step in steps)
    last = len(steps) + len(distractors) + 1
    rules: list[str] = []
    for item in range(len(steps)):
        for place in range(1, last):
            here = el("qti-match", el("qti-index", RESPONSE, n=f"N_{place}"), base("identifier", f"S{item}"))
            rules.append(choose((here, set_value(f"POS_{item}", integer(place)))))
    for item, step in enumerate(steps):
        if step.after:
            fits = el("qti-and", *(_before(needed, item) for needed in step.after))
            one_more = set_value("FITTING", el("qti-sum", variable("FITTING"), number(1)))
            sooner = el("qti-lt", variable(f"POS_{item}"), variable("FIRST"))
            lacking = choose(
                (
                    sooner,
                    set_value("FIRST", variable(f"POS_{item}"))
                    + set_value("LACKING", base("identifier", f"LACKS{item}")),
                )
            )
            rules.append(choose((_placed(item), choose((fits, one_more), otherwise=lacking))))
    for item in range(len(distractors)):
        one_less = set_value("FITTING", el("qti-sum", variable("FITTING"), number(-1)))
        rules.append(choose((chosen(f"D{item}"), one_less + add_feedback(f"DISTRACTOR{item}"))))
    for item in reversed(range(len(steps))):
        out = el("qti-equal", variable(f"POS_{item}"), integer(0), tolerance_mode="exact")
        rules.append(choose((out, set_value("LEFT", base("identifier", f"OUT{item}")))))
    none_lacking = el("qti-is-null", variable("LACKING"))
    none_left = el("qti-is-null", variable("LEFT"))
    said = el("qti-multiple", variable("FEEDBACK"), variable("LACKING"))
    said_out = el("qti-multiple", variable("FEEDBACK"), variable("LEFT"))
    rules.append(
        choose(
            (el("qti-not", none_lacking), set_value("FEEDBACK", said)),
            (el("qti-not", none_left), set_value("FEEDBACK", said_out)),
        )
    )
    share = el("qti-divide", variable("FITTING"), number(needy))
    rules.append(set_value("SCORE", el("qti-max", share, number(0))))
    sentences = {
        f"LACKS{item}": labelled_sentence(question, ("lacks", item)) for item, step in enumerate(steps) if step.lacks
    }
    sentences |= {
        f"DISTRACTOR{item}": labelled_sentence(question, ("distractor", item)) for item in range(len(distractors))
    }
    sentences |= {f"OUT{item}": sentence(question, ("left_out", item)) for item in range(len(steps))}
    # A place is named by a constant: players are not all able to read "n" as a number.
    outcomes = [outcome(f"N_{place}", "integer", str(place)) for place in range(1, last)]
    outcomes += [outcome(f"POS_{item}", "integer", "0") for item in range(len(steps))]
    outcomes += [
        outcome("FITTING", "float", "0"),
        outcome("FIRST", "integer", str(last)),
    ]
    outcomes += [outcome("LACKING", "identifier"), outcome("LEFT", "identifier")]
    return "".join(rules), sentences, "".join(outcomes)


def _placed(item: int) -> str:
    return el("qti-gt", variable(f"POS_{item}"), integer(0))


def _before(needed: int, item: int) -> str:
    return el("qti-and", _placed(needed), el("qti-lt", variable(f"POS_{needed}"), variable(f"POS_{item}")))
