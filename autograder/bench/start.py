"""How long the commands of a learner take to start, beside what Jupyter needs before a kernel runs its first cell."""

from __future__ import annotations

import subprocess
from functools import partial

from rich.console import Console

from ..own_python import own_python
from .measure import Measured, best_seconds, print_table

KERNEL = "import numpy, ipykernel.kernelapp"
# What each has imported when it begins to do what it was asked for.
STARTS = {
    "mha check": "import autograder.cli.app\n"
    "from pathlib import Path\n"
    "from autograder.course import read\n"
    "from autograder.notebook.running import client_of, read_notebook\n"
    "client_of(read_notebook(read().units[0].exercise), Path(), 1)",
    "mha quiz": "import autograder.cli.main, autograder.quiz.cli\n"
    "from rich.console import Console\n"
    "from autograder.quiz.bank import load_bank\n"
    "from autograder.quiz.progress import QuizProgress\n"
    "from autograder.quiz.terminal import keys, session\n"
    "load_bank()",
    "import autograder": "from autograder import check",
}
TARGET = 1.5
BUDGET = 30  # seconds


def run(console: Console) -> None:
    """Print the start of each command over NumPy's and ipykernel's own import; a bare Python's start is taken away."""
    starts = [partial(_start, code) for code in ("pass", KERNEL, *STARTS.values())]
    bare, kernel, *times = best_seconds(*starts, budget=BUDGET)
    rows = [
        Measured(
            what,
            (time - bare) / (kernel - bare),
            "x",
            f"{1000 * (time - bare):.0f} / {1000 * (kernel - bare):.0f} ms",
            TARGET,
        )
        for what, time in zip(STARTS, times, strict=True)
    ]
    print_table(console, "Starting, over the import of NumPy and ipykernel", rows)


def _start(code: str) -> None:
    subprocess.run(own_python("-c", code), check=True)
