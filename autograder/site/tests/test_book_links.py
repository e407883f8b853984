"""Every link of the built book leads to a page, and to a place on it; nothing on a page lies off the site."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest

from .server import SITE

PAGES = sorted(path for path in SITE.rglob("*.html") if "lite" not in path.relative_to(SITE).parts)
pytestmark = pytest.mark.skipif(not PAGES, reason="needs `make book` first")
LOADED = {("script", "src"), ("link", "href"), ("img", "src"), ("iframe", "src")}


class Reader(HTMLParser):
    """The addresses a page names, the places on it, and how many titles of the first level it has."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.places: set[str] = set()
        self.titles = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.titles += tag == "h1"
        for name, value in attributes:
            if value and name == "id":
                self.places.add(value)
            elif value and (tag, name) in LOADED:
                self.loads.append(value)
            elif value and (tag, name) == ("a", "href"):
                self.links.append(value)


@cache
def read_page(path: Path) -> Reader:
    reader = Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    return reader


def _missing(page: Path, address: str) -> str | None:
    """What is wrong with an address on a page, or None."""
    where, place = urldefrag(address)
    target = page if not where else page.parent / unquote(where.partition("?")[0])
    target = target.resolve()
    if not target.is_file():
        return None if "lite" in target.parts and not (SITE / "lite").is_dir() else f"{address}: no such file"
    if place and target.suffix == ".html" and unquote(place) not in read_page(target).places:
        return f"{address}: no such place"
    return None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(SITE).as_posix())
def test_every_link_leads_somewhere_and_everything_loaded_is_on_the_site(page: Path) -> None:
    reader = read_page(page)
    assert reader.titles == 1
    assert [address for address in reader.loads if re.match(r"(?i)(https?:)?//", address)] == []
    near = [a for a in [*reader.links, *reader.loads] if not re.match(r"(?i)[a-z]+:|//", a)]
    assert [wrong for address in near if (wrong := _missing(page, address))] == []


def test_what_the_search_finds_is_there() -> None:
    text = (SITE / "search_index.js").read_text(encoding="utf-8")
    addresses = re.findall(r'"url":"([^"]+)"', text)
    assert len(addresses) > 200
    assert [wrong for address in addresses if (wrong := _missing(SITE / "index.html", address))] == []


def test_the_book_is_light() -> None:
    size = sum(path.stat().st_size for path in SITE.rglob("*") if path.is_file() and "lite" not in path.parts)
    assert size < 15_000_000


def test_no_stylesheet_or_page_of_ours_names_an_address_to_load() -> None:
    for path in SITE.glob("_static/**/*.css"):
        assert not re.search(r"url\(\s*[\"']?(https?:)?//", path.read_text(encoding="utf-8")), path
