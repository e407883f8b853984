"""The exceptions that NumPy learners meet, and what each means: rules on the real messages, most telling first."""

from __future__ import annotations

from .failed import Rule
from .failures_of_arrays import OF_FORM, OF_PLACES
from .failures_of_python import OF_VALUES, none

# NumPy's own words on `@` with None say nothing of None; `view` and joins come before what their messages would mean elsewhere.
FAILURES: tuple[Rule, ...] = (none, *OF_FORM, *OF_PLACES, *OF_VALUES)
