"""QTI 2.1 out of QTI 3: what the exported items use is the same in both, under other names.

QTI 3 writes `qti-simple-choice` and `response-identifier` where QTI 2.1 writes `simpleChoice` and `responseIdentifier`. Two
things have no place in 2.1 and are unwrapped: the body inside a modal feedback, and HTML's label around a text field.
"""

from __future__ import annotations

import re

_NAMESPACE = "http://www.imsglobal.org/xsd/imsqti_v2p1"
_LOCATION = f"{_NAMESPACE} http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1p1.xsd"
_UNWRAPPED = re.compile(r"</?(?:qti-content-body|label)>")
_TAG = re.compile(r"<(/?)qti-([a-z-]+)([^<>]*)>")
_ATTRIBUTE = re.compile(r"""([\w:-]+)=("[^"]*"|'[^']*')""")


def to_qti21(xml: str) -> str:
    """An item or a test of `qti_items` or `qti_package` as QTI 2.1."""
    return _TAG.sub(_renamed, _UNWRAPPED.sub("", xml))


def _renamed(tag: re.Match[str]) -> str:
    return f"<{tag[1]}{_camel(tag[2])}{_ATTRIBUTE.sub(_attribute, tag[3])}>"


def _attribute(attribute: re.Match[str]) -> str:
    match attribute[1]:
        case "xmlns":
            return f'xmlns="{_NAMESPACE}"'
        case "xsi:schemaLocation":
            return f'xsi:schemaLocation="{_LOCATION}"'
        case name:
            return f"{_camel(name)}={attribute[2]}"


def _camel(name: str) -> str:
    first, *others = name.split("-")
    return first + "".join(other.capitalize() for other in others)
