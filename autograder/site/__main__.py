"""`python -m autograder.site [lite]`: build the site in build/site, or its notebooks alone."""

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
    parser.add_argument("part", choices=["lite"])
    parser.add_argument("--output", type=Path, default=paths.root() / "build" / "site")
    options = parser.parse_args(arguments)
    from .lite.build import build

    try:
        build(options.output / "lite", paths.root() / "build" / "lite-venv")
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    print(options.output / "lite" / "index.html")
    return 0


if __name__ == "__main__":
    sys.exit(main())
