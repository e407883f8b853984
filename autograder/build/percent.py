"""Reading a jupytext percent script with nothing but the standard library, so that worked solutions show in a browser too.

jupytext is not imported because what it imports is compiled and does not run there. It remains the measure: a test
compares what both make of every script.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field

HEADER = re.compile(r"^# %%(?P<rest>.*)$", re.MULTILINE)
KIND = re.compile(r"\s*(?:\[(?P<kind>\w+)\])?(?P<options>.*)")
OPTION = re.compile(r"""\s*(?P<name>\w+)=(?P<value>"[^"]*"|'[^']*'|\w+)""")


@dataclass(frozen=True)
class RawCell:
    """A cell as it stands: `kind` is what stands in brackets in its header, "code" where nothing does."""

    kind: str
    source: str
    options: dict[str, object] = field(default_factory=dict)


def read_percent(text: str) -> list[RawCell]:
    """The cells of a percent script, in order. What stands above the first header belongs to none.

    An option that cannot be read is kept under the name of its own text, for the caller to refuse.
    """
    headers = list(HEADER.finditer(text))
    ends = [*(header.start() for header in headers[1:]), len(text)]
    return [_cell(header["rest"], text[header.end() : end]) for header, end in zip(headers, ends, strict=True)]


def _cell(rest: str, body: str) -> RawCell:
    match = KIND.fullmatch(rest)
    kind, written = (match["kind"], match["options"]) if match else (None, rest)
    source = body.strip("\n")
    if kind is not None:
        source = "\n".join(line.removeprefix("#").removeprefix(" ") for line in source.splitlines())
    return RawCell(kind or "code", source, _options(written))


def _options(written: str) -> dict[str, object]:
    found: dict[str, object] = {}
    at = 0
    while match := OPTION.match(written, at):
        found[match["name"]] = _value(match["value"])
        at = match.end()
    if rest := written[at:].strip():
        found[rest] = None
    return found


def _value(written: str) -> object:
    if written in ("true", "false"):
        return written == "true"
    try:
        return ast.literal_eval(written)
    except (SyntaxError, ValueError):
        return written
