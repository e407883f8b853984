"""Marking: pure functions from a question and an answer to a mark. web/marking.js marks in the same way.

Both are run over the same test vectors, so a change here is a change there.
"""

from .dispatch import mark
from .mark import Mark, Note

__all__ = ["Mark", "Note", "mark"]
