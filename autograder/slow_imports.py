"""Importing nbformat, nbclient and nbgrader without what takes them the longest and is not needed here."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_addresses() -> Iterator[None]:
    """Leave out jsonschema's grammar of web addresses, which it can do without: two of the three seconds that importing
    takes go into building it, and a notebook's format asks for no address.
    """
    grammar = "rfc3987_syntax"
    if grammar in sys.modules:
        yield
        return
    sys.modules[grammar] = None  # type: ignore[assignment]  # how Python is told that a module cannot be imported
    try:
        yield
    finally:
        del sys.modules[grammar]
