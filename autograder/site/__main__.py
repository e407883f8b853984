"""`python -m autograder.site book|lite`: build the book in build/site, or the notebooks that run in the browser in build/site/lite."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from .. import paths
from ..problem import Problem


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m autograder.site", description=__doc__)
    parser.add_argument("part", choices=["book", "lite"])
    parser.add_argument("--output", type=Path, default=paths.root() / "build" / "site")
    options = parser.parse_args(arguments)
    try:
        if options.part == "book":
            from .book.build import build as build_book

            build_book(options.output)
            print(options.output / "index.html")
        else:
            from .lite.build import build as build_lite

            build_lite(options.output / "lite", paths.root() / "build" / "lite-venv")
            print(options.output / "lite" / "index.html")
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
