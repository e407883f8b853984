"""Jane Austen's six novels, read from Debian's package r-cran-janeaustenr and put into plain lower-case text.

Fetch the package with `apt-get download r-cran-janeaustenr` and unpack it with `dpkg-deb -x FILE.deb FOLDER`. The novels
lie in FOLDER/usr/lib/R/site-library/janeaustenr/data, in R's own format for lazily loaded data: an index (Rdata.rdx) that
says where in Rdata.rdb each book begins and how long it is, every piece compressed with zlib.
"""

from __future__ import annotations

import re
import warnings
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import rdata

# A line of its own that names a part of a book, not a sentence of it.
HEADING = re.compile(r"(chapter|volume|letter)\s+([ivxlc]+|\d+)\.?|the end|finis|end of volume.*")
UNWANTED = re.compile(r"[^a-z .,;:!?'()-]")
EITHER_HEADER = 32 + 15  # of zlib or of gzip: R packs the index as one and the books as the other


def novels(folder: Path) -> dict[str, str]:
    """The text of each novel by its name in the package, `emma` to `sensesensibility`, in the order of their names.

    Raises FileNotFoundError where the folder does not hold Rdata.rdx and Rdata.rdb.
    """
    index = _read_r((folder / "Rdata.rdx").read_bytes())
    pieces = (folder / "Rdata.rdb").read_bytes()
    books = {}
    for name, (start, length) in sorted(index["variables"].items()):
        compressed = pieces[start + 4 : start + length]  # four bytes say how long the piece is when unpacked
        books[str(name)] = plain(str(line) for line in _read_r(compressed))
    return books


def plain(lines: Iterable[str]) -> str:
    """Lines of a printed book as running text: lower case, one space between words, letters and the usual marks but no quotation marks."""
    paragraphs = re.split(r"\n\s*\n", "\n".join(line.strip().lower() for line in lines))
    kept = (" ".join(paragraph.split()) for paragraph in paragraphs if not HEADING.fullmatch(paragraph.strip()))
    text = " ".join(paragraph for paragraph in kept if paragraph)
    return " ".join(UNWANTED.sub("", text).split())


def _read_r(compressed: bytes) -> Any:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Unknown file type")  # the bytes have no name that could say it
        return rdata.conversion.convert(rdata.parser.parse_data(zlib.decompress(compressed, wbits=EITHER_HEADER)))
