"""A QTI package: the items, a test with a section for each unit, and the manifest, in one zip file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from ..questions import AnyQuestion, Bank, NumberQuestion
from .qti21 import to_qti21
from .qti_items import qti_item
from .xml import el, text

_TEST = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
_EPOCH = (2026, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Edition:
    """What the editions of QTI write differently; `write` turns the XML of QTI 3 into that of the edition."""

    schema: str
    version: str
    namespace: str
    suffix: str
    write: Callable[[str], str]


QTI3 = Edition("QTI Package", "3.0.0", "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1", "xmlv3p0", str)
QTI21 = Edition("QTIv2.1 Package", "1.0.0", "http://www.imsglobal.org/xsd/imscp_v1p1", "xmlv2p1", to_qti21)


def qti_package(bank: Bank, edition: Edition = QTI3) -> bytes:
    """The zip file. The same bank gives the same bytes."""
    files = {f"items/{name}.xml": edition.write(xml) for name, xml in qti_items(bank).items()}
    files["test.xml"] = edition.write(_test(bank))
    images = {name: f"images/{q.picture.path.name}" for q in bank.questions if q.picture for name in item_names(q)}
    files |= {f"images/{q.picture.path.name}": q.picture.svg for q in bank.questions if q.picture}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in {"imsmanifest.xml": _manifest(edition, list(files), images), **files}.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, content)
    return made.getvalue()


def item_names(question: AnyQuestion) -> list[str]:
    """The identifiers of a question's items, one for each variant."""
    name = question.id.replace(".", "-")
    if isinstance(question, NumberQuestion):
        return [f"{name}-{variant + 1}" for variant in range(len(question.variants))]
    return [name]


def qti_items(bank: Bank) -> dict[str, str]:
    """The XML of every item by its identifier."""
    return {
        name: qti_item(question, name, variant)
        for question in bank.questions
        for variant, name in enumerate(item_names(question))
    }


def _test(bank: Bank) -> str:
    sections = []
    for unit in bank.units:
        own = [question for question in bank.questions if question.unit == unit.name]
        if own:
            parts = (_reference(question) for question in own)
            sections.append(
                el("qti-assessment-section", *parts, identifier=f"unit-{unit.name}", title=unit.title, visible="true")
            )
    part = el("qti-test-part", *sections, identifier="quiz", navigation_mode="nonlinear", submission_mode="individual")
    total = el("qti-sum", el("qti-test-variables", variable_identifier="SCORE"))
    outcome = el("qti-outcome-declaration", identifier="SCORE", cardinality="single", base_type="float")
    processing = el("qti-outcome-processing", el("qti-set-outcome-value", total, identifier="SCORE"))
    return _XML + el(
        "qti-assessment-test",
        outcome,
        part,
        processing,
        xmlns=_TEST,
        identifier="mha-quiz",
        title="Multi-head attention",
    )


def _reference(question: AnyQuestion) -> str:
    """A question in the test; of several variants one is drawn."""
    names = item_names(question)
    references = [el("qti-assessment-item-ref", identifier=f"ref-{name}", href=f"items/{name}.xml") for name in names]
    if len(names) == 1:
        return references[0]
    return el(
        "qti-assessment-section",
        el("qti-selection", select=1),
        *references,
        identifier=f"variants-{question.id.replace('.', '-')}",
        title=question.concept,
        visible="false",
    )


def _manifest(edition: Edition, files: list[str], images: dict[str, str]) -> str:
    """The manifest; `images` gives the picture of each item that has one."""
    items = [name for name in files if name.startswith("items/")]
    resources = [_resource(name, f"imsqti_item_{edition.suffix}", images.get(_identifier(name))) for name in items]
    resources += [_resource(name, "webcontent") for name in files if name.startswith("images/")]
    needs = (el("dependency", identifierref=_identifier(name)) for name in items)
    test = el("file", href="test.xml") + "".join(needs)
    resources.append(el("resource", test, identifier="test", type=f"imsqti_test_{edition.suffix}", href="test.xml"))
    metadata = el("metadata", el("schema", text(edition.schema)), el("schemaversion", edition.version))
    return _XML + el(
        "manifest",
        metadata,
        el("organizations"),
        el("resources", *resources),
        xmlns=edition.namespace,
        identifier="mha-quiz-package",
    )


def _resource(name: str, type_: str, image: str | None = None) -> str:
    needs = el("dependency", identifierref=_identifier(image)) if image else ""
    return el("resource", el("file", href=name), needs, identifier=_identifier(name), type=type_, href=name)


def _identifier(name: str) -> str:
    return name.removeprefix("items/").removesuffix(".xml").replace("/", "-").removesuffix(".svg")


_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
