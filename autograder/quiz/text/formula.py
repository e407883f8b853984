"""Formulas: LaTeX to MathML for pages, and from the same MathML to one line of plain text for terminals."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from functools import cache

import latex2mathml.converter

_NAMESPACE = "http://www.w3.org/1998/Math/MathML"

_SPACED = set("=≠≈≤≥<>+−-·⋅×→←∈≡∝÷±≪≫")
_SCRIPTED = ("msub", "msup", "msubsup", "munderover", "munder", "mfrac")
_FACTORS = (*_SCRIPTED, "mi", "mn", "msqrt")
_UPPER = {"⊤": "ᵀ", "T": "ᵀ", "-1": "⁻¹", "−1": "⁻¹", "2": "²", "3": "³", "n": "ⁿ"}


@cache
def _tree(latex: str) -> ET.Element:
    """The formula's MathML, words made whole: latex2mathml writes "model" as five variables."""
    try:
        written = latex2mathml.converter.convert(latex)
    except Exception as error:  # it raises many kinds, some of them without a message
        raise ValueError(f"the formula ${latex}$ cannot be read: {type(error).__name__} {error}".rstrip()) from error
    if "\\" in written:  # an unknown command is passed on as it is
        raise ValueError(f"the formula ${latex}$ cannot be read: it has a command that is not known")
    root = ET.fromstring(re.sub(r' xmlns="[^"]*"', "", written))
    root.attrib.clear()
    _join_words(root)
    return root


def _join_words(element: ET.Element) -> None:
    for child in element:
        _join_words(child)
        if child.tag == "mo" and child.text in ("∞", "⊤"):
            child.tag = "mi"  # as operators they would be given room
    if element.tag in ("msub", "msup", "msubsup"):
        for script in list(element)[1:]:
            # Two letters are two indices, W_ij; more are a word, d_model.
            if len(script) > 2 and all(part.tag == "mi" and not part.attrib for part in script):
                _merge(script, list(script))
    run: list[ET.Element] = []
    for child in [*element, ET.Element("end")]:
        if child.tag == "mi" and child.get("mathvariant") == "normal":
            run.append(child)
            continue
        if len(run) > 1:
            _merge(element, run)
        run = []


def _merge(parent: ET.Element, run: list[ET.Element]) -> None:
    """Make one identifier of several; one of more than one letter is set upright without being told."""
    run[0].text = "".join(part.text or "" for part in run)
    run[0].attrib.clear()
    for part in run[1:]:
        parent.remove(part)


def mathml(latex: str, *, display: bool = False) -> str:
    """The formula as a MathML element. Raises ValueError for LaTeX that cannot be read."""
    root = ET.Element("math", {"xmlns": _NAMESPACE, **({"display": "block"} if display else {})})
    root.extend(_tree(latex))
    return ET.tostring(root, encoding="unicode")


def plain_formula(latex: str) -> str:
    """The formula in one line, as in "softmax(QKᵀ/√d_k) V". Raises ValueError for LaTeX that cannot be read."""
    return re.sub(r"\s+", " ", _plain(_tree(latex))).strip()


def _plain(element: ET.Element) -> str:
    match element.tag, list(element):
        case "mfrac", [above, below]:
            return f"{_grouped(_plain(above))}/{_grouped(_plain(below))}"
        case "msqrt", _:
            return f"√{_grouped(_row(element))}"
        case "msub", [base, sub]:
            return f"{_plain(base)}_{_script(sub)}"
        case "msup", [base, power]:
            return _plain(base) + _power(power)
        case "msubsup", [base, sub, power]:
            return f"{_plain(base)}_{_script(sub)}{_power(power)}"
        case "munder", [base, under]:
            return f"{_plain(base)}_{_script(under)}"
        case "munderover", [base, under, over]:
            return f"{_plain(base)}_{_script(under)}{_power(over)}"
        case "mtable", rows:
            return "; ".join(", ".join(_plain(cell) for cell in row) for row in rows)
        case "mspace", _:
            return " "
        case "mtext", _:
            return (element.text or "").replace("\u00a0", " ")
    return (element.text or "").strip() + _row(element)


def _row(element: ET.Element) -> str:
    """Side by side: operators get room, and so do factors that would otherwise run into a script or a bracket."""
    made, previous = "", None
    for child in element:
        text = _plain(child)
        if child.tag == "mo" and text in _SPACED:
            unary = text in "+−" and (not made.strip() or made.rstrip()[-1] in _SPACED | set("([,"))
            text = text if unary else f" {text} "
        elif child.tag == "mo" and text == ",":
            text = ", "
        elif (
            made
            and child.tag in _FACTORS
            and (made[-1] in ")ᵀ²³" or (previous is not None and previous.tag in _SCRIPTED))
        ):
            text = f" {text}"
        made += text
        previous = child
    return made


def _script(element: ET.Element) -> str:
    return _grouped(_plain(element).replace(" ", ""))


def _grouped(text: str) -> str:
    """In brackets, unless it is one name, one number or in brackets already."""
    text = text.strip()
    simple = re.fullmatch(r"[\w.…√∞ᵀ]*|√?\([^()]*\)", text)
    return text if simple else f"({text})"


def _power(element: ET.Element) -> str:
    text = _plain(element).replace(" ", "")
    return _UPPER.get(text, f"^{_grouped(text)}")
