"""How long feedback pages take: for a class that was graded, beside the grading and beside nbgrader's own pages."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from ..own_python import own_python
from .classes import UNIT, add_to_config, isolation, make_class, mha_grade
from .processes import use_of

STOCK, ALL = 40, 400


def run(console: Console) -> None:
    """Print seconds for each submission; start-up is included."""
    shut_in = isolation()
    pages = own_python("-m", "autograder.bench.feedback")
    with tempfile.TemporaryDirectory(prefix="feedback-bench-") as place:
        root = make_class(Path(place) / "all", ALL)
        grading = use_of(mha_grade(root, shut_in), root).wall / ALL
        ours = use_of([*pages, root], root).wall / ALL
        small = make_class(Path(place) / "small", STOCK)
        use_of(mha_grade(small, shut_in), small)
        stock = Path(shutil.copytree(small, Path(place) / "stock"))
        add_to_config(stock, "c.pop('GenerateFeedback')")
        theirs = use_of([*pages, stock], stock).wall / STOCK
    verdict = "met" if ours <= grading else "NOT met"
    console.print(
        f"{ALL} submissions: grading {1000 * grading:.0f} ms each, feedback pages {1000 * ours:.0f} ms each; no longer: {verdict}"
    )
    console.print(
        f"nbgrader's own pages ({STOCK} submissions): {1000 * theirs:.0f} ms each, {theirs / ours:.1f} times ours"
    )


def make_pages(root: Path) -> None:
    """Feedback pages of everybody in a course directory. Raises RuntimeError where one could not be made."""
    from ..classroom.directory import CourseDirectory
    from ..classroom.feedback import generate_feedback
    from ..grading import HandedIn

    directory = CourseDirectory.open(root)
    todo = [
        HandedIn(path.parent.name, UNIT)
        for path in sorted(directory.autograded("*", UNIT).parent.parent.glob(f"*/{UNIT}"))
    ]
    for one, why in generate_feedback(directory, todo):
        if why:
            raise RuntimeError(f"{one.learner}: {why}")


if __name__ == "__main__":
    make_pages(Path(sys.argv[1]))
