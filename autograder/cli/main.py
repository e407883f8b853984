"""The command line as a whole, and how it ends when something is wrong."""

from __future__ import annotations

import errno
import os
import sys

from ..environment import DEBUG
from ..own_python import leave_working_folder
from ..problem import Problem

# What to do where the operating system refuses, by the number of its error.
ADVICE = {
    errno.EACCES: "Give another place, or change its permissions.",
    errno.EPERM: "Give another place, or change its permissions.",
    errno.EROFS: "Give a place that can be written.",
    errno.ENOENT: "Give a place in a folder that exists.",
    errno.EISDIR: "Give the name of a file.",
    errno.EEXIST: "Give the name of a folder.",
    errno.ENOTDIR: "Give the name of a folder.",
    errno.ENOSPC: "Make room, or give a place on another disk.",
}


def main() -> None:
    """Run `mha`. A user's mistake ends in one sentence on stderr and exit code 2; MHA_DEBUG=1 shows where it arose."""
    leave_working_folder()
    try:
        _dispatch(sys.argv[1:])
    except Problem as problem:
        _end(str(problem), 2, problem)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        advice = f". {ADVICE[error.errno]}" if error.errno in ADVICE else ""
        _end(f"{where}{error.strerror or error}{advice}", 2, error)
    except Exception as error:  # ours: said in a sentence too, with the way to the whole story
        _end(f"stopped by an error of its own, {type(error).__name__}: {error}. {DEBUG}=1 shows where.", 1, error)


def _dispatch(arguments: list[str]) -> None:
    if arguments[:1] == ["quiz"]:  # goes past typer, whose imports take longer than the quiz's first question may
        from ..quiz.cli import run

        run(arguments[1:])
    else:
        from .app import app

        app(prog_name="mha")


def _end(message: str, code: int, error: Exception) -> None:
    if os.environ.get(DEBUG):
        raise error
    # It may hold the name of a file that somebody else chose.
    print("mha: " + "".join(c if c.isprintable() or c == "\n" else "?" for c in message), file=sys.stderr)
    sys.exit(code)
