"""The glossary: the terms of course/glossary, checked, with every link between them.

    from autograder.site.glossary import load_glossary
    glossary = load_glossary()
    glossary.term("query").definition

One file of course/glossary holds one theme. What a term's fields mean, and the lists that domains, industries and
difficulties are chosen from, is in schema.py; what must agree between terms is in rules.py.
"""

from .load import GlossaryError, load_glossary
from .schema import DIFFICULTIES, DOMAINS, INDUSTRIES
from .terms import Glossary, Section, Term, Theme

__all__ = [
    "DIFFICULTIES",
    "DOMAINS",
    "INDUSTRIES",
    "Glossary",
    "GlossaryError",
    "Section",
    "Term",
    "Theme",
    "load_glossary",
]
