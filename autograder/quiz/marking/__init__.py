"""Marking: pure functions from a question and an answer to a mark. web/marking.js marks in the same way.

Both are run over the same test vectors, so a change here is a change there.
"""

from .answers import AnswerMark, Note, mark

__all__ = ["AnswerMark", "Note", "mark"]
