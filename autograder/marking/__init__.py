"""How an answer is marked: questions made of facets, calls, comparison, diagnosis and the report.

Knows arrays and functions; knows nothing of attention, of nbgrader or of where a learner's functions live.
"""

from .describe import Description, describe
from .functions import Case, Facet, FunctionQuestion
from .mistake import Mistake, Wrong
from .question import Question
from .report import FacetResult, Outcome, Report
from .several import SeveralFunctions
from .values import Entry, ValueQuestion

__all__ = [
    "Case",
    "Description",
    "Entry",
    "Facet",
    "FacetResult",
    "FunctionQuestion",
    "Mistake",
    "Outcome",
    "Question",
    "Report",
    "SeveralFunctions",
    "ValueQuestion",
    "Wrong",
    "describe",
]
