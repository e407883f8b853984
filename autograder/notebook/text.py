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
