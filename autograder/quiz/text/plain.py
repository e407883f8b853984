"""Plain text: for spreadsheets, and for the places of a learning platform that take nothing else."""

from __future__ import annotations

from functools import cache

from .formula import plain_formula
from .parse import parse


@cache
def to_plain(markdown: str) -> str:
    """The text in one line without markup."""
    return " ".join(_blocks(markdown))


def to_plain_lines(markdown: str) -> str:
    """The text without markup, a line for each paragraph; code keeps its lines."""
    return "\n".join(_blocks(markdown))


def _blocks(markdown: str) -> list[str]:
    blocks: list[str] = []
    for token in parse(markdown):
        if token.type == "inline":
            blocks.append("".join(_inline(child.type, child.content) for child in token.children or []))
        elif token.type in ("fence", "code_block"):
            blocks.append(token.content.strip())
        elif token.type == "math_block":
            blocks.append(plain_formula(token.content.strip()))
    return blocks


def _inline(kind: str, content: str) -> str:
    if kind.startswith("math_inline"):
        return plain_formula(content)
    return " " if kind in ("softbreak", "hardbreak") else content
