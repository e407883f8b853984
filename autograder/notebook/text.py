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
    """A small table shown in a notebook, with a sentence above and one below it. Columns without entries are left out."""

    head: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    foot: str = ""

    def __str__(self) -> str:
        cells = self._shown()
        widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))] if cells else []
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
        ]
        return "\n".join(part for part in (self.head, *lines, self.foot) if part).replace("`", "")

    def _shown(self) -> list[tuple[str, ...]]:
        filled = [i for i in range(len(self.columns)) if any(row[i] for row in self.rows)]
        return [tuple(row[i] for i in filled) for row in (self.columns, *self.rows)] if filled else []

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        def line(cells: tuple[str, ...], tag: str) -> str:
            return "<tr>" + "".join(f'<{tag} style="text-align:left">{code(c)}</{tag}>' for c in cells) + "</tr>"

        lines = [line(row, "td" if i else "th") for i, row in enumerate(self._shown())]
        table = f'<table style="margin:.3em 0;font-size:inherit">{"".join(lines)}</table>' if lines else ""
        html = f"<div><b>{code(self.head)}</b></div>{table}<div>{code(self.foot)}</div>"
        return {"text/plain": str(self), "text/html": html}
