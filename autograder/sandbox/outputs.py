"""What a learner sent or showed, made safe to look at: text and pictures stay, what could act is defused."""

from __future__ import annotations

import base64
import binascii
import contextlib
import html
import json
import re
from typing import Any

from .markup import clean_html, render_markdown, render_typed

_CONTROL = re.compile(
    r"\x1b\[[0-9;]*m"  # colours
    r"|\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\])?"  # other terminal escapes
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f]"
)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_INVISIBLE = re.compile("[\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_MARKUP = ("text/html", "text/markdown", "text/latex")
_PICTURES = {"image/png": (b"\x89PNG\r\n\x1a\n",), "image/jpeg": (b"\xff\xd8\xff",)}
# Where a spreadsheet would begin a cell, also one that divides cells at semicolons, and what it takes for a formula there.
_FORMULA = re.compile(r"(^|;)(\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")
MAX_PICTURE = 8_000_000
MAX_HTML = 2_000_000
MAX_CELL = 10_000_000
# What this project's own checks say of an answer, as data.
REPORT = "application/vnd.mha.report+json"


def plain_text(text: object, colours: bool = False) -> str:
    """`text` without terminal escapes, control characters and marks that reorder it. Colours may stay."""
    cleaned = _CONTROL.sub(lambda m: m[0] if m[0] == "\r" or (colours and _COLOUR.fullmatch(m[0])) else "", str(text))
    return _INVISIBLE.sub("\ufffd", cleaned)


def one_line(text: object, length: int = 300) -> str:
    """`text` as one short line, for a table, a log or a terminal."""
    line = " ".join(plain_text(text).split())
    return line if len(line) <= length else line[: length - 1] + "…"


def csv_cell(text: object, length: int = 300) -> str:
    """`text` such that a spreadsheet does not take it for a formula."""
    return _FORMULA.sub(r"\1\2'", one_line(text, length))


def safe_html(fragment: str) -> str:
    """HTML that shows what it showed, and does nothing."""
    return plain_text(clean_html(plain_text(fragment)))  # twice: entities may have stood for control characters


def safe_markdown(source: str, attachments: dict[str, dict[str, str]] | None = None) -> str:
    """Markdown as HTML on one line that does nothing, whichever Markdown parser it meets; see markup."""
    return plain_text(render_markdown(plain_text(source), attachments))


def safe_typed(source: str) -> str:
    """Text as HTML on one line that shows it as it was typed."""
    return plain_text(render_typed(plain_text(source)))


def safe_attachments(attachments: Any) -> dict[str, dict[str, str]]:
    """The pictures among a markdown cell's attachments."""
    kept = {}
    if isinstance(attachments, dict):
        for name, data in list(attachments.items())[:20]:
            pictures = _pictures(data) if isinstance(data, dict) else {}
            if pictures and isinstance(name, str) and re.fullmatch(r"[\w .()-]{1,100}", name):
                kept[name] = pictures
    return kept


def safe_outputs(outputs: Any, data: tuple[str, ...] = (), limit: int = MAX_CELL) -> list[dict[str, Any]]:
    """Outputs of any cell as a valid list of notebook outputs: text, pictures, and HTML that does nothing.

    data  kinds of JSON that are kept too: no page shows them
    Beyond the limit only results and errors stay, without what they show: marks come from them.
    """
    kept: list[dict[str, Any]] = []
    cut = False
    for output in outputs if isinstance(outputs, list) else []:
        safe = _safe_output(output, data if limit > 0 else None) if isinstance(output, dict) else None
        if safe is None:
            continue
        limit -= _cost_of(safe)
        if limit >= 0 and len(kept) <= 1000:
            kept.append(safe)
            continue
        if not cut:
            kept.append({"output_type": "stream", "name": "stdout", "text": "[The rest of the output was cut.]\n"})
        cut = True
        if safe["output_type"] == "execute_result":
            kept.append({**safe, "data": {"text/plain": safe["data"].get("text/plain", "")[:1000]}})
        elif safe["output_type"] == "error":
            kept.append({**safe, "evalue": safe["evalue"][:1000], "traceback": []})
        if len(kept) > 1100:
            break
    return kept


def cost_of(outputs: list[dict[str, Any]]) -> int:
    """What safe outputs count for."""
    return sum(map(_cost_of, outputs))


def _cost_of(output: dict[str, Any]) -> int:
    return sum(_cost(value) for value in output.get("data", output).values())


def _cost(value: Any) -> int:
    text = str(value)
    return len(text) + 500 * text.count("</")  # nested tags take time


def _safe_output(output: dict[str, Any], data: tuple[str, ...] | None) -> dict[str, Any] | None:
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return {"output_type": "stream", "name": name, "text": plain_text(output.get("text", ""), colours=True)}
    if kind == "error":
        lines = output.get("traceback", [])
        return {
            "output_type": "error",
            "ename": one_line(output.get("ename", ""), 200),
            "evalue": plain_text(output.get("evalue", "")),
            "traceback": [plain_text(line, colours=True) for line in (lines if isinstance(lines, list) else [])],
        }
    if kind in ("display_data", "execute_result") and isinstance(output.get("data"), dict):
        safe = {"output_type": kind, "data": _safe_data(output["data"], data), "metadata": {}}
        if kind == "execute_result":
            count = output.get("execution_count")
            safe["execution_count"] = count if type(count) is int else None
        return safe
    return None


def _safe_data(sent: dict[str, Any], data: tuple[str, ...] | None) -> dict[str, Any]:
    kept: dict[str, Any] = dict(_pictures(sent) if data is not None else {})
    if isinstance(text := sent.get("text/plain"), str):
        kept["text/plain"] = plain_text(text, colours=True)
    if data is not None and (shown := _markup(sent)):
        kept["text/html"] = shown
    for kind in data or ():
        with contextlib.suppress(TypeError, ValueError, RecursionError):
            kept |= {kind: json.loads(json.dumps(sent[kind]))} if kind in sent else {}
    done = {*kept, *(_MARKUP if "text/html" in kept else ())}
    left = sorted(one_line(key, 40) for key in sent if isinstance(key, str) and key not in done)
    if (left or not kept) and "text/plain" not in kept:
        kept["text/plain"] = f"[Not shown while graded: {', '.join(left[:5]) or 'nothing'}]"
    return kept


def _markup(sent: dict[str, Any]) -> str:
    """What an output shows as HTML, Markdown or TeX, as one fragment of HTML."""
    kind = next((kind for kind in _MARKUP if isinstance(sent.get(kind), str)), "")
    if not kind or len(sent[kind]) > MAX_HTML:
        return ""
    if kind == "text/markdown":
        return safe_markdown(sent[kind])
    return safe_html(sent[kind] if kind == "text/html" else html.escape(sent[kind]))


def _pictures(data: dict[str, Any]) -> dict[str, str]:
    kept = {}
    for kind, starts in _PICTURES.items():
        text = data.get(kind)
        if isinstance(text, str) and len(text) < MAX_PICTURE:
            try:
                raw = base64.b64decode("".join(text.split()), validate=True)
            except (binascii.Error, ValueError):
                continue
            if raw.startswith(starts):
                kept[kind] = base64.b64encode(raw).decode()
    return kept


def error_output(name: str, message: str) -> dict[str, Any]:
    """A notebook's error output without a traceback."""
    return {"output_type": "error", "ename": name, "evalue": message, "traceback": [f"{name}: {message}"]}
