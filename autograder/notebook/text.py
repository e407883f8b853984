"""A short text shown in a notebook: a head, a body, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from ..marking.render import code


@dataclass(frozen=True)
class Note:
    head: str
    body: str
    more: str = ""

    def __str__(self) -> str:
        return "\n".join(part for part in (f"{self.head}: {self.body}", self.more) if part).replace("`", "")

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        html = (
            '<div style="border-left:4px solid #4a6fa5;padding:.3em .8em;max-width:50em;line-height:1.45">'
            f"<div><b>{escape(self.head)}.</b> {code(self.body)}</div><div>{code(self.more)}</div></div>"
        )
        return {"text/plain": str(self), "text/html": html}


@dataclass(frozen=True)
class Table:
    """A small table shown in a notebook, with a sentence above and one below it."""

    head: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    foot: str = ""

    def __str__(self) -> str:
        cells = [self.columns, *self.rows]
        widths = [max(len(row[i]) for row in cells) for i in range(len(self.columns))]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
        ]
        return "\n".join(part for part in (self.head, *lines, self.foot) if part).replace("`", "")

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        def line(cells: tuple[str, ...], tag: str) -> str:
            return "<tr>" + "".join(f'<{tag} style="text-align:left">{code(c)}</{tag}>' for c in cells) + "</tr>"

        body = "".join(line(row, "td") for row in self.rows)
        html = (
            f"<div><b>{code(self.head)}</b></div>"
            f'<table style="margin:.3em 0;font-size:inherit">{line(self.columns, "th")}{body}</table>'
            f"<div>{code(self.foot)}</div>"
        )
        return {"text/plain": str(self), "text/html": html}
