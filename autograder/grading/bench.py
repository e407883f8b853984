"""Measures the engine against stock nbgrader on the same submissions, and how its cost grows.

python -m autograder.grading.bench [COURSE_DIR] [--scale]
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]

from .tests.classroom import HONEST, make_class
from .tests.make_course import environment

STOCK, ENGINE, SCALE = 40, 400, 5000
_GRADE = """
import sys
from autograder.grading import grade
from autograder.grading.config import settings_of
from autograder.grading.course import Course
summary = grade(sys.argv[1], [sys.argv[2]], settings=settings_of(Course(sys.argv[1]).config))
print(summary.isolation, len(summary.records), len(summary.failed))
"""


@dataclass
class Measured:
    """One command: wall and CPU seconds, the highest memory of all its processes together, and what it printed."""

    wall: float
    cpu: float
    memory: int
    said: str


def measure(command: list[str], folder: Path) -> Measured:
    """Run a command and watch it."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment()
    )
    watch = _Memory(process.pid)
    said, _ = process.communicate()
    wall = time.monotonic() - started
    watch.stop()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        raise RuntimeError(f"{command} failed:\n{said[-2000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measured(wall, cpu, watch.highest, said.strip().rsplit("\n", 1)[-1])


class _Memory:
    """The highest sum of private memory of a process and everything below it."""

    def __init__(self, pid: int) -> None:
        self.highest, self.ended = 0, threading.Event()
        self.thread = threading.Thread(target=self._watch, args=(psutil.Process(pid),))
        self.thread.start()

    def _watch(self, root: psutil.Process) -> None:
        while not self.ended.wait(0.5):
            total = 0
            try:
                for process in [root, *root.children(recursive=True)]:
                    total += _own_memory(process.pid)
            except psutil.Error:
                continue
            self.highest = max(self.highest, total)

    def stop(self) -> None:
        """Stop watching."""
        self.ended.set()
        self.thread.join()


def _own_memory(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:")), 0)


def build(root: Path, course: Path | None, count: int) -> tuple[Path, str]:
    """A course with `count` submissions, repeating the class of `course` (or a small one of plain asserts)."""
    if course is None:
        made, assignment = make_class(root), "ps1"
        students = [root / "submitted" / name for name in HONEST]
    else:
        made = Path(shutil.copytree(course, root, ignore=shutil.ignore_patterns("autograded", "records", "feedback")))
        counts = {p.name: len(list(made.glob(f"submitted/*/{p.name}"))) for p in (made / "source").iterdir()}
        assignment = max(counts, key=lambda name: counts[name])
        students = [path.parent for path in sorted(made.glob(f"submitted/*/{assignment}"))]
    sources = [shutil.copytree(s / assignment, root / ".bench" / s.name) for s in students]
    shutil.rmtree(made / "submitted")
    for number in range(count):
        source = sources[number % len(sources)]
        shutil.copytree(source, made / "submitted" / f"s{number:05d}" / assignment)
    shutil.rmtree(root / ".bench")
    return made, assignment


def add_to_config(root: Path, text: str) -> None:
    """Append to a course's nbgrader_config.py."""
    with (root / "nbgrader_config.py").open("a") as file:
        file.write(f"\n{text}\n")


def engine(root: Path, assignment: str) -> Measured:
    """Everything `mha grade` does for one assignment, start-up included."""
    return measure([sys.executable, "-c", _GRADE, str(root), assignment], root)


def run(console: Callable[[str], Any] = print, course: Path | None = None) -> dict[str, float]:
    """Stock nbgrader on 40 submissions, nbgrader with the engine on 40, the engine on 400: prints the ratios."""
    with tempfile.TemporaryDirectory(prefix="grading-bench-") as place:
        folder = Path(place)
        small, assignment = build(folder / "small", course, STOCK)
        with_engine = Path(shutil.copytree(small, folder / "with_engine"))
        add_to_config(small, "get_config().pop('Autograde', None)")
        add_to_config(with_engine, "from autograder.grading import configure\nconfigure(get_config())")
        large, _ = build(folder / "large", course, ENGINE)
        autograde = [sys.executable, "-m", "nbgrader", "autograde", assignment]
        stock = measure(autograde, small)
        plugged = measure(autograde, with_engine)
        ours = engine(large, assignment)
    rows = (
        ("nbgrader autograde, stock", STOCK, stock),
        ("nbgrader autograde, engine", STOCK, plugged),
        (f"grade, isolation {ours.said.split()[0]}", ENGINE, ours),
    )
    console(f"{'':30} {'number':>6} {'wall s':>8} {'per second':>10} {'CPU ms each':>11} {'peak MB':>8} {'ratio':>6}")
    base = STOCK / stock.wall
    for name, count, one in rows:
        rate = count / one.wall
        console(
            f"{name:30} {count:6} {one.wall:8.1f} {rate:10.2f} {one.cpu / count * 1000:11.1f} "
            f"{one.memory / 1e6:8.0f} {rate / base:6.1f}"
        )
    return {"grade": ENGINE / ours.wall / base, "autograde": STOCK / plugged.wall / base}


def run_scale(console: Callable[[str], Any] = print, course: Path | None = None) -> float:
    """5,000 submissions against 400: prints wall and memory, and returns the wall time over proportional growth."""
    with tempfile.TemporaryDirectory(prefix="grading-bench-") as place:
        found = {}
        for count in (ENGINE, SCALE):
            root, assignment = build(Path(place) / str(count), course, count)
            found[count] = engine(root, assignment)
            console(f"{count:6} submissions: {found[count].wall:8.1f} s, peak {found[count].memory / 1e6:.0f} MB")
    growth = found[SCALE].wall / found[ENGINE].wall / (SCALE / ENGINE)
    console(f"{growth:.2f} times proportional growth")
    return growth


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    chosen = Path(arguments[0]).resolve() if arguments else None
    print(json.dumps({"cores": os.cpu_count()}))
    (run_scale if "--scale" in sys.argv else run)(print, chosen)
