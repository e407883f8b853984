"""The table of pieces that text is cut into, learned from the text: characters, then the most frequent pairs, joined.

Source: Sennrich et al. 2016, "Neural Machine Translation of Rare Words with Subword Units" (byte-pair encoding).
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

START = "<start>"
WORD = re.compile(r" ?[a-z]+|[^a-z]")


def learn_pieces(text: str, size: int) -> list[str]:
    """The `size` pieces for the text: the start token, every character, and joined pairs, the most frequent first.

    No piece reaches over the end of a word; the space before a word belongs to it. Equal counts are settled by the
    alphabet, so that the same text gives the same table.
    """
    words = Counter(WORD.findall(text))
    split = {word: tuple(word) for word in words}
    pieces = [START, *sorted(set(text))]
    pairs: Counter[tuple[str, str]] = Counter()
    places: dict[tuple[str, str], set[str]] = {}
    for word, parts in split.items():
        for pair in pairwise(parts):
            pairs[pair] += words[word]
            places.setdefault(pair, set()).add(word)
    while len(pieces) < size:
        first, second = max(pairs, key=lambda pair: (pairs[pair], pair))
        pieces.append(first + second)
        for word in places[first, second].copy():
            before, after = split[word], _join(split[word], first, second)
            for pair in pairwise(before):
                pairs[pair] -= words[word]
                places[pair].discard(word)
            for pair in pairwise(after):
                pairs[pair] += words[word]
                places.setdefault(pair, set()).add(word)
            split[word] = after
        del pairs[first, second]
    return pieces


def _join(parts: tuple[str, ...], first: str, second: str) -> tuple[str, ...]:
    joined: list[str] = []
    for part in parts:
        if joined and joined[-1] == first and part == second:
            joined[-1] = first + second
        else:
            joined.append(part)
    return tuple(joined)
