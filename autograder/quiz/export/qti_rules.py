"""The pieces of QTI 3 response processing that the items are made of."""

from __future__ import annotations

from .xml import el, text

RESPONSE = el("qti-variable", identifier="RESPONSE")


def base(base_type: str, value: str) -> str:
    """A constant."""
    return el("qti-base-value", text(value), base_type=base_type)


def number(value: float) -> str:
    """A constant of base type float."""
    return base("float", repr(value))


def integer(value: int) -> str:
    """A constant of base type integer."""
    return base("integer", str(value))


def variable(identifier: str) -> str:
    """The value of a variable."""
    return el("qti-variable", identifier=identifier)


def chosen(identifier: str) -> str:
    """Whether an identifier is among the responses."""
    return el("qti-member", base("identifier", identifier), RESPONSE)


def outcome(
    identifier: str,
    base_type: str,
    default: str | None = None,
    *,
    cardinality: str = "single",
    normal_maximum: str = "",
) -> str:
    """The declaration of an outcome variable."""
    value = el("qti-default-value", el("qti-value", text(default))) if default is not None else ""
    bound = {"normal_maximum": normal_maximum} if normal_maximum else {}
    return el(
        "qti-outcome-declaration", value, identifier=identifier, cardinality=cardinality, base_type=base_type, **bound
    )


def set_value(identifier: str, expression: str) -> str:
    """Give an outcome variable a value."""
    return el("qti-set-outcome-value", expression, identifier=identifier)


def add_feedback(identifier: str) -> str:
    """Have one more sentence shown."""
    return set_value("FEEDBACK", el("qti-multiple", variable("FEEDBACK"), base("identifier", identifier)))


def choose(*branches: tuple[str, str], otherwise: str = "") -> str:
    """The rules of the first branch whose condition holds."""
    (condition, rules), *rest = branches
    made = el("qti-response-if", condition, rules)
    made += "".join(el("qti-response-else-if", *branch) for branch in rest)
    return el("qti-response-condition", made, el("qti-response-else", otherwise) if otherwise else "")


def unless(condition: str, rules: str) -> str:
    """Rules for when a condition does not hold; one that is null does not."""
    return choose((condition, set_value("SCORE", variable("SCORE"))), otherwise=rules)
