"""Runs a learner's function once and notes what it computes on the way: `record`.

Knows Python's frames and NumPy's arrays, nothing of what the function is for, and imports nothing else of this project: the
same files run in a learner's own notebook and, while a class is graded, on the learner's side of the line.

tracer.py       the frames of the learner's own code, and the arrays that appear in them
expressions.py  the parts of a line that can be computed once more without doing anything else
failure.py      where an exception came from, and what met there
"""

from .tracer import record

__all__ = ["record"]
