"""How an answer is marked: questions made of facets, calls, orders of steps, comparison, diagnosis and the report.

Knows arrays and functions; knows nothing of attention, of nbgrader or of where a learner's functions live.
"""

from .by_hand import HandQuestion
from .cases import Case, Facet
from .counted import CountedQuestion
from .describe import Description, describe
from .functions import FunctionQuestion
from .mistake import Conduct, Mistake, Wrong
from .orders import OrderFacet, OrderQuestion, Slip, result_agrees
from .question import Question
from .report import FacetResult, Outcome, Report
from .sequence import Computation, DoesNotFit, OrderRun, Step
from .several import SeveralFunctions
from .statements import StatementQuestion
from .values import Entry, ValueQuestion

__all__ = [
    "Case",
    "Computation",
    "Conduct",
    "CountedQuestion",
    "Description",
    "DoesNotFit",
    "Entry",
    "Facet",
    "FacetResult",
    "FunctionQuestion",
    "HandQuestion",
    "Mistake",
    "OrderFacet",
    "OrderQuestion",
    "OrderRun",
    "Outcome",
    "Question",
    "Report",
    "SeveralFunctions",
    "Slip",
    "StatementQuestion",
    "Step",
    "ValueQuestion",
    "Wrong",
    "describe",
    "result_agrees",
]
