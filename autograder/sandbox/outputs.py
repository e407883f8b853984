"""What a learner sent or showed, made safe to look at: text and pictures stay, what could act is defused."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

_CONTROL = re.compile(
    r"\x1b\[[0-9;]*m"  # colours
    r"|\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\])?"  # other terminal escapes
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f]"
)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_INVISIBLE = re.compile("[\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_SCHEME = re.compile(r"(?i)\b(javascript|vbscript|livescript|data)\s*:")
_LINK = re.compile(r"\]\((?!\s{0,9}<?\s{0,9}(?:https?://|mailto:|#|attachment:))")
_REFERENCE = re.compile(r"(?m)^(\s{0,3}\[[^\]\n]*\]):")
_IMAGE = re.compile(r"!\[(?![^\]\n]{0,200}\]\(\s{0,9}attachment:)")  # bounded: a line of nothing but ![ takes no time
_PICTURES = {"image/png": (b"\x89PNG\r\n\x1a\n",), "image/jpeg": (b"\xff\xd8\xff",)}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
MAX_PICTURE = 8_000_000


def plain_text(text: object, colours: bool = False) -> str:
    """`text` without terminal escapes, control characters and marks that reorder it. Colours may stay."""
    cleaned = _CONTROL.sub(lambda m: m[0] if m[0] == "\r" or (colours and _COLOUR.fullmatch(m[0])) else "", str(text))
    return _INVISIBLE.sub("\ufffd", cleaned)


def one_line(text: object, length: int = 300) -> str:
    """`text` as one short line, for a table, a log or a terminal."""
    line = " ".join(plain_text(text).split())
    return line if len(line) <= length else line[: length - 1] + "…"


def csv_cell(text: object) -> str:
    """`text` such that a spreadsheet does not take it for a formula."""
    line = one_line(text)
    return "'" + line if line.startswith(_FORMULA) else line


def safe_markdown(source: str) -> str:
    """Markdown whose HTML, scripts and remote pictures do nothing; formulas and plain links stay as they are."""
    source = plain_text(source)
    source = source.replace("&#", "& #")
    source = _TAG.sub("< ", source)
    source = _IMAGE.sub("[", source)
    source = _SCHEME.sub(r"\1 :", source)
    source = _LINK.sub("] (", source)
    return _REFERENCE.sub(r"\1 :", source)


def safe_attachments(attachments: Any) -> dict[str, dict[str, str]]:
    """The pictures among a markdown cell's attachments."""
    kept = {}
    if isinstance(attachments, dict):
        for name, data in list(attachments.items())[:20]:
            pictures = _pictures(data) if isinstance(data, dict) else {}
            if pictures and isinstance(name, str) and re.fullmatch(r"[\w .()-]{1,100}", name):
                kept[name] = pictures
    return kept


def safe_outputs(outputs: Any, limit: int = 10_000_000) -> list[dict[str, Any]]:
    """A learner's outputs as a valid list of notebook outputs, with text and pictures only."""
    kept: list[dict[str, Any]] = []
    for output in outputs if isinstance(outputs, list) else []:
        safe = _safe_output(output) if isinstance(output, dict) else None
        if safe is None:
            continue
        limit -= sum(len(str(value)) for value in safe.get("data", safe).values())
        if limit < 0 or len(kept) > 1000:
            kept.append({"output_type": "stream", "name": "stdout", "text": "[The rest of the output was cut.]\n"})
            break
        kept.append(safe)
    return kept


def _safe_output(output: dict[str, Any]) -> dict[str, Any] | None:
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
        safe = {"output_type": kind, "data": _safe_data(output["data"]), "metadata": {}}
        if kind == "execute_result":
            count = output.get("execution_count")
            safe["execution_count"] = count if type(count) is int else None
        return safe
    return None


def _safe_data(data: dict[str, Any]) -> dict[str, str]:
    kept = _pictures(data)
    if isinstance(text := data.get("text/plain"), str):
        kept["text/plain"] = plain_text(text, colours=True)
    left = sorted(one_line(key, 40) for key in data if isinstance(key, str) and key not in kept)
    if left and "text/plain" not in kept:
        kept["text/plain"] = f"[Not shown while graded: {', '.join(left[:5])}]"
    return kept


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
