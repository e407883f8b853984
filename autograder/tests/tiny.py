"""A course of two throwaway units, for tests of what surrounds a unit: the builder, the classroom, the commands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import nbformat

from autograder import course
from autograder.classroom.directory import CourseDirectory
from autograder.grading import Graded, HandedIn, Run
from autograder.sandbox import Settings

MANIFEST = """\
title: A tiny course
units:
  - name: 01_tiny_sum
    title: A sum
    minutes: 5
    prerequisites: []
    points: 10
  - name: 02_tiny_mean
    title: A mean
    minutes: 5
    prerequisites: [01_tiny_sum]
    points: 10
"""

SUM_SCRIPT = '''\
"""Design note. Goal: add two arrays. Not taught here: anything else."""

# %% [markdown] id="the-idea"
# # A sum
#
# Adding, element by element: $c = a + b$.

# %% given="setup"
import numpy as np

from autograder import check

# %% [markdown] id="your-turn"
# Return the sum of `a` and `b`.


# %% solution="add"
def add(a, b):
    """The sum of two arrays of the same shape."""
    ### BEGIN SOLUTION
    return a + b
    ### END SOLUTION
    raise NotImplementedError("Write add, then run this cell.")


# %% check="add"
check("tiny_sum.add")

# %% solution="width"
width = ...
### BEGIN SOLUTION
width = 64
### END SOLUTION

# %% check="width"
check("tiny_sum.width")

# %% id="try-it"
np.arange(3)
'''

MEAN_SCRIPT = '''\
"""Design note."""

# %% [markdown] id="the-idea"
# # A mean

# %% given="setup"
from autograder import check

# %% solution="half"
half = ...
### BEGIN SOLUTION
half = 0.5
### END SOLUTION

# %% check="half"
check("tiny_mean.half")
'''

SUM_CHECKS = '''\
"""Unit 1 of the tiny course."""

import numpy as np

from autograder.marking import Case, Entry, Facet, FunctionQuestion, Mistake, ValueQuestion, Wrong

DIFFERENCE = Mistake("difference", "tiny", "That is the difference.")
HEADS = Mistake("number_of_heads", "tiny", "That is the number of heads.")

QUESTIONS = (
    FunctionQuestion(
        id="tiny_sum.add",
        title="A sum",
        points=6.0,
        read="tiny_sum#the-idea",
        name="add",
        reference=lambda a, b: a + b,
        facets=(
            Facet("vectors", 0.5, lambda rng: [Case((rng.normal(size=3), rng.normal(size=3)))]),
            Facet("matrices", 0.5, lambda rng: [Case((rng.normal(size=(3, 2)), rng.normal(size=(3, 2))))]),
        ),
        wrongs=lambda: [Wrong((DIFFERENCE,), lambda a, b: a - b)],
    ),
    ValueQuestion(
        id="tiny_sum.width",
        title="The width of a head",
        points=4.0,
        read="tiny_sum#the-idea",
        entries=(Entry("the width", 1.0, ("width",), lambda: 64, ((12, HEADS),)),),
    ),
)
'''

MEAN_CHECKS = '''\
"""Unit 2 of the tiny course."""

from autograder.marking import Entry, ValueQuestion

QUESTIONS = (
    ValueQuestion(
        id="tiny_mean.half",
        title="A half",
        points=10.0,
        read="tiny_mean#the-idea",
        entries=(Entry("the half", 1.0, ("half",), lambda: 0.5),),
    ),
)
'''

CLASS = """\
due: 2026-03-01 12:00:00 UTC
learners:
  - {id: ada, first_name: Ada, last_name: Lovelace, lms_user_id: "901", note: everything right}
  - {id: bob, first_name: Bob, last_name: Bell, lms_user_id: "902", note: subtracts; handed in late}
  - {id: eve, first_name: Eve, last_name: Ex, lms_user_id: "903", note: a damaged file}
  - {id: tim, first_name: Tim, last_name: Tay, lms_user_id: "904", note: did not try}
"""
ADA_SUM = """\
# Right, in another style.

# %% add
def add(a, b):
    return b + a

# %% width
width = 8 * 8

# %% try-it
add(1, 2)
"""


def write_course(root: Path) -> course.Course:
    """Write the tiny course below `root` and read it. Its checks lie in root/checks."""
    files = {
        "course/course.yaml": MANIFEST,
        "course/lessons/01_tiny_sum.md": "# A sum\n",
        "course/lessons/02_tiny_mean.md": "# A mean\n",
        "course/hints/tiny_sum.yaml": "{}\n",
        "course/hints/tiny_mean.yaml": "{}\n",
        "solutions/01_tiny_sum.py": SUM_SCRIPT,
        "solutions/02_tiny_mean.py": MEAN_SCRIPT,
        "checks/tiny_sum.py": SUM_CHECKS,
        "checks/tiny_mean.py": MEAN_CHECKS,
        "course/sample_class/class.yaml": CLASS,
        "course/sample_class/ada/01_tiny_sum.py": ADA_SUM,
        "course/sample_class/ada/02_tiny_mean.py": "# %% half\nhalf = 1 / 2\n",
        "course/sample_class/bob/01_tiny_sum.py": "# %% add\ndef add(a, b):\n    return a - b\n",
        "course/sample_class/bob/timestamp.txt": "2026-03-02 12:00:00 UTC\n",
        "course/sample_class/eve/01_tiny_sum.ipynb": '{"cells": [',
        "course/sample_class/tim/01_tiny_sum.py": "# Handed in as it was given out.\n",
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return course.read(root)


RIGHT = {"add": "def add(a, b):\n    return b + a", "width": "width = 64"}
SUBTRACTS = {"add": "def add(a, b):\n    return a - b", "width": "width = 64"}
UNIT = "01_tiny_sum"


def exercise(directory: CourseDirectory, answers: Mapping[str, str], unit: str = UNIT) -> Any:
    """The released notebook with these answers, source by grade_id."""
    notebook = nbformat.read(directory.released(unit) / f"{unit.partition('_')[2]}.ipynb", as_version=4)
    for cell in notebook.cells:
        cell.source = answers.get(cell.id, cell.source)
    return notebook


def hand_in(
    directory: CourseDirectory, learner: str, answers: Mapping[str, str] | Any | bytes, unit: str = UNIT
) -> Path:
    """Put a submission under submitted/: answers by grade_id, a notebook, or the bytes of any file. Returns the file."""
    path = directory.submitted(learner, unit) / f"{unit.partition('_')[2]}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not isinstance(answers, bytes):
        notebook = answers if "cells" in answers else exercise(directory, answers, unit)
        answers = nbformat.writes(notebook).encode()
    path.write_bytes(answers)
    return path


def run_of(directory: CourseDirectory) -> Run:
    """Grades in this directory, one submission at a time. Isolation is the sandbox's own business, and tested there."""
    return Run(directory.course, Settings(isolation="none"), jobs=1)


def new_in(directory: CourseDirectory, units: Iterable[str]) -> list[HandedIn]:
    """What would be graded now."""
    run = run_of(directory)
    return run.new(run.all(units))


def grade(directory: CourseDirectory) -> list[Graded]:
    """Grade what is new in all units."""
    run = run_of(directory)
    return list(run.write(run.execute(run.new(run.all(directory.units)))))
