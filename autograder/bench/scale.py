"""How the cost of grading grows: 5,000 submissions beside 400. It takes minutes, so it runs only when named."""

from __future__ import annotations

import tempfile
from pathlib import Path

from rich.console import Console

from .classes import isolation, make_class, mha_grade
from .processes import Used, use_of

FEW, MANY = 400, 5000
GROWTH = 1.15


def run(console: Console) -> None:
    """Print wall time and memory of both, and how far the time is from proportion."""
    shut_in = isolation()
    used: dict[int, Used] = {}
    with tempfile.TemporaryDirectory(prefix="grading-bench-") as place:
        for size in (FEW, MANY):
            root = make_class(Path(place) / str(size), size)
            used[size] = use_of(mha_grade(root, shut_in), root)
            console.print(f"{size:5} submissions: {used[size].wall:.1f} s, peak {used[size].memory / 1e6:.0f} MB")
    growth = used[MANY].wall / used[FEW].wall / (MANY / FEW)
    verdict = "met" if growth <= GROWTH else "NOT met"
    console.print(f"{growth:.2f} times what is proportional, at most {GROWTH}: {verdict}")
