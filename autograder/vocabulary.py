"""Text to tokens and back, with a table of pieces: the longest piece that fits is taken, again and again.

Source: Wu et al. 2016, "Google's Neural Machine Translation System" (greedy longest match, as in WordPiece).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from .problem import Problem


class Vocabulary:
    """The pieces that text is cut into; the number of a token is its piece's place in the table.

    The first piece stands for the start of a text and is never text itself. A space belongs to the word after it, so
    " letter" is the word and "letter" the end of a longer one.
    """

    def __init__(self, pieces: Sequence[str]) -> None:
        self.pieces = tuple(pieces)
        self._numbers = {piece: number for number, piece in enumerate(self.pieces) if number}
        self._longest = max(map(len, self._numbers), default=0)

    def __len__(self) -> int:
        return len(self.pieces)

    def encode(self, text: str) -> NDArray[np.int64]:
        """The tokens (T,) of a text, after the start token.

        Capitals become small letters, and any run of blanks one space. Raises Problem for a character that no piece
        has, naming it and those there are.
        """
        text = " " + " ".join(text.lower().split())
        tokens, place = [0], 0
        while place < len(text):
            for length in range(self._longest, 0, -1):
                number = self._numbers.get(text[place : place + length])
                if number is not None:
                    break
            else:
                raise Problem(self._unknown(text))
            tokens.append(number)
            place += len(self.pieces[number])
        return np.array(tokens)

    def decode(self, tokens: Iterable[int]) -> str:
        """The text of tokens, without the start token and the space before the first word."""
        return "".join(self.pieces[token] for token in tokens if token).removeprefix(" ")

    def labels(self, tokens: Iterable[int]) -> list[str]:
        """The piece of each token as a label for a picture; one that goes on a word begins with a hyphen."""
        return [self._label(self.pieces[token]) for token in tokens]

    def _label(self, piece: str) -> str:
        if piece.startswith(" "):
            return piece.strip() or "space"
        return f"-{piece}" if piece.isalpha() else piece

    def _unknown(self, text: str) -> str:
        known = {piece for piece in self._numbers if len(piece) == 1}
        strange = ", ".join(repr(character) for character in sorted(set(text) - known))
        marks = " ".join(sorted(piece for piece in known if not piece.isalnum() and piece != " "))
        return f"This text has {strange}, which the model never saw. Use the letters a to z, spaces and {marks}"
