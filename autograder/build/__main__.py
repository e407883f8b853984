"""`python -m autograder.build [--check] [UNIT …]`: regenerate exercises/ from solutions/ and what lessons
compute, or fail where they differ.

`python -m autograder.build new-unit 11_name` lays out the files of a new unit.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from .. import course as manifest
from ..problem import Problem
from . import exercises, pictures, tables


def main(arguments: Sequence[str] | None = None, root: Path | None = None) -> int:
    """Returns the exit code. `root` is the folder that holds solutions/; the repository by default."""
    parser = argparse.ArgumentParser(prog="python -m autograder.build", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail where a file differs")
    parser.add_argument("units", nargs="*", metavar="UNIT", help="only these units (default: all)")
    given = sys.argv[1:] if arguments is None else arguments
    try:
        if given[:1] == ["new-unit"]:
            from .new_unit import main as new_unit

            return new_unit(given[1:])
        options = parser.parse_args(given)
        course = manifest.read(root)
        units = course.select(options.units)
        if not options.check:
            for path in exercises.write(unit for unit in units if options.units or unit.script.is_file()):
                print(f"wrote {path.relative_to(course.root).as_posix()}")
            for path in pictures.write(course):
                print(f"drew {path.relative_to(course.root).as_posix()}")
            for path in tables.write(course):
                print(f"filled in {path.relative_to(course.root).as_posix()}")
        found = [] if options.units else course.problems()
        if options.check:
            found += exercises.differences(course, (u for u in units if u.script.is_file()))
            found += pictures.differences(course)
            found += tables.differences(course)
    except Problem as problem:
        found = [str(problem)]
    for line in found:
        print(line, file=sys.stderr)
    if any("exercises/" in line for line in found) and "--check" in given:
        print("Run `make build`, look at what changed, and commit it.", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
