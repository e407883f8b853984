"""The one place where an error costs a submission and not the run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from ..problem import Problem
from ..sandbox.outputs import one_line
from .course import CourseError
from .folders import Refused

T = TypeVar("T")


def attempt(step: Callable[[], T], otherwise: Callable[[str], T]) -> T:
    """What `step` gives. Where it raises, what `otherwise` makes of the reason, in words.

    Everything that is done for one submission goes through here, reading, marking and writing. Only what concerns the
    whole course passes: a Problem, and what is no Exception.
    """
    try:
        return step()
    except Problem:
        raise
    except Refused as error:
        return otherwise(str(error))
    except Exception as error:
        return otherwise(one_line(f"{type(error).__name__}: {error}"))


@contextmanager
def in_words() -> Iterator[None]:
    """A file system that stops the run is told in a sentence for the person who grades."""
    try:
        yield
    except OSError as error:
        raise CourseError(
            f"Grading stopped: {error.strerror or error}: {error.filename}. What was graded before is kept; put it "
            "right and run this again."
        ) from error
