"""The notebooks in a learner's own folder, and JupyterLab on it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn
from urllib.parse import quote

from .course import Course
from .own_python import own_python
from .problem import Problem

START = "START HERE.md"
SETTINGS = Path(__file__).with_name("jupyter_settings")


def default_folder(solutions: bool = False) -> Path:
    """Where a learner's notebooks are kept when no folder is named."""
    import platformdirs

    name = "multi-head-attention-solutions" if solutions else "multi-head-attention"
    return platformdirs.user_documents_path() / name


def copy_exercises(course: Course, folder: Path) -> tuple[list[Path], list[Path]]:
    """Copy every notebook and lesson that is not there yet. Returns what was copied and what was left as it was."""
    lessons = course.root / "course" / "lessons"
    return _copy(
        folder,
        [(Path(START), start_here(course).encode())]
        + [(Path(unit.name, unit.exercise.name), unit.exercise.read_bytes()) for unit in course.units]
        + [
            (Path("lessons", path.relative_to(lessons)), path.read_bytes())
            for path in sorted(lessons.rglob("*"))
            if path.suffix in (".md", ".svg")  # not the scripts that draw the pictures
        ],
    )


def start_here(course: Course) -> str:
    """The page that JupyterLab opens: how to work, and every unit with its lesson and its notebook."""
    rows = [
        f"| {number} | {unit.title} | {unit.minutes} | [lesson](lessons/{unit.lesson.name}) "
        f"| [notebook]({unit.name}/{unit.exercise.name}) |"
        for number, unit in enumerate(course.units, 1)
    ]
    return "\n".join(
        (
            f"# {course.title}",
            "",
            "Read a lesson, then open its notebook. Fill in a cell, run it, and run the `check` below it: the report",
            "explains what it saw and, where it can, the likely cause. Check as often as you like. Below each check",
            "stands a cell for hints and for the worked solution.",
            "",
            "| | unit | minutes | | |",
            "|---|---|---|---|---|",
            *rows,
            "",
            "The last cells of a notebook show how far you have come and lead to the next unit. Your progress is kept in",
            "`mha-progress.json` in this folder and sent nowhere. In a terminal, `mha progress` shows the same, and",
            "`mha watch .` checks a notebook whenever you save it.",
            "",
        )
    )


def copy_solutions(course: Course, folder: Path) -> tuple[list[Path], list[Path]]:
    """The worked solutions as notebooks, likewise."""
    from .build.notebook import solved_notebook, to_bytes
    from .build.script import read_script

    return _copy(
        folder,
        ((Path(unit.name, unit.exercise.name), to_bytes(solved_notebook(read_script(unit)))) for unit in course.units),
    )


def open_lab(folder: Path) -> NoReturn:
    """Become JupyterLab, in that folder. Does not come back."""
    command = own_python("-m", "jupyterlab")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # as in a container; without it Jupyter only says that it will not start
    if (folder / START).is_file():
        command.append(f"--LabApp.default_url=/lab/tree/{quote(START)}")
    # Jupyter reads these settings beside the user's own: lessons open as pages, and a learner sees no instructor's tools.
    own = [str(SETTINGS), *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    environment = {**os.environ, "JUPYTER_CONFIG_PATH": os.pathsep.join(own)}
    os.chdir(folder)  # nbgrader's extensions look for a course directory where the server was started
    if os.name == "posix":
        os.execve(sys.executable, command, environment)  # so that Ctrl-C is Jupyter's to answer
    sys.exit(subprocess.run(command, env=environment).returncode)


def _copy(folder: Path, files: Iterable[tuple[Path, bytes]]) -> tuple[list[Path], list[Path]]:
    if folder.exists() and not folder.is_dir():
        raise Problem(f"{folder} is a file. Give another folder.")
    copied, kept = [], []
    try:
        for name, data in files:
            target = folder / name
            if target.exists():
                kept.append(target)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
                copied.append(target)
    except (FileExistsError, NotADirectoryError) as error:
        raise Problem(f"{error.filename} is a file where a folder is needed. Give another folder.") from None
    except OSError as error:
        raise Problem(f"{error.filename} cannot be written: {error.strerror}. Give another folder.") from None
    return copied, kept
