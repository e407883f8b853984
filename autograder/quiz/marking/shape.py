"""Reading a typed shape such as "(B, H, T, d_k)", whatever its spaces, brackets and spelling."""

from __future__ import annotations

import re
import unicodedata

Shape = tuple[str, ...]

_ONE_SPELLING = {
    "batch": "b",
    "batch_size": "b",
    "seq": "t",
    "seq_len": "t",
    "tokens": "t",
    "n_tokens": "t",
    "heads": "h",
    "n_heads": "h",
    "num_heads": "h",
    "tau": "h",
    "τ": "h",
    "dk": "d_k",
    "dv": "d_v",
    "dout": "d_out",
    "dmodel": "d_model",
    "tq": "t_q",
    "tk": "t_k",
}
_TOKEN = re.compile(r"\s*(?:([a-zτ]+(?:_[a-z0-9]+)*)|([0-9]{1,12})|([-+*/]))")


def read_shape(written: str) -> Shape | None:
    """The axes of a shape, each in one spelling: "( 8·64, dk)" is ("512", "d_k"). None where it cannot be read.

    An axis is a sum of products and quotients of names and whole numbers. A lone word or number is no shape: "T" may be a slip
    of the finger, "(T,)" is not.
    """
    text = unicodedata.normalize("NFKC", written).lower().strip()
    text = text.replace(r"\cdot", "*").replace(r"\times", "*")
    text = re.sub(r"[·⋅×∙]", "*", re.sub(r"[${}\\]", "", text)).replace("−", "-").strip()
    if len(text) >= 2 and text[0] + text[-1] in ("()", "[]"):
        text = text[1:-1].strip()
    elif "," not in text:
        return None
    parts = text.removesuffix(",").split(",")
    axes = [_read_axis(part) for part in parts]
    return tuple(axis for axis in axes if axis is not None) if None not in axes else None


def _read_axis(text: str) -> str | None:
    """One axis in one spelling, terms and factors sorted, or None."""
    tokens: list[str] = []
    text = text.rstrip()
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if not found:
            return None
        tokens.append(found[0].strip())
        position = found.end()
    constant, terms = 0, []
    sign, product, expects = 1, _Product(), True
    for token in [*tokens, "+"]:
        if token in "+-":
            if expects:
                return None
            number, names = product.result(sign)
            if names:
                terms.append(names)
            else:
                constant += number
            sign, product, expects = (1 if token == "+" else -1), _Product(), True
        elif token in "*/":
            if expects:
                return None
            product.divides, expects = token == "/", True
        else:
            if not product.take(token):
                return None
            expects = False
    return "+".join(sorted(terms) + ([str(constant)] if constant or not terms else []))


class _Product:
    """One term of an axis while it is being read: a whole number, names above and names below the line."""

    def __init__(self) -> None:
        self.above, self.below = 1, 1
        self.names: list[str] = []
        self.under: list[str] = []
        self.divides = False

    def take(self, token: str) -> bool:
        """Multiply or divide by a name or a number; False for a division by zero."""
        if token.isdigit():
            if self.divides and int(token) == 0:
                return False
            if self.divides:
                self.below *= int(token)
            else:
                self.above *= int(token)
        else:
            (self.under if self.divides else self.names).append(_ONE_SPELLING.get(token, token))
        self.divides = False
        return True

    def result(self, sign: int) -> tuple[int, str]:
        """A number where the term is a whole number; otherwise its one spelling."""
        whole = self.above % self.below == 0
        above, below = (self.above // self.below, 1) if whole else (self.above, self.below)
        if not self.names and not self.under and whole:
            return sign * above, ""
        under = sorted(self.under) + ([str(below)] if below != 1 else [])
        factors = ([str(sign * above)] if sign * above != 1 or not self.names else []) + sorted(self.names)
        return 0, "*".join(factors) + "".join(f"/{name}" for name in under)
