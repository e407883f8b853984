"""Reading the bank of questions from course/quiz: YAML, checked by a schema, turned into questions."""

from .load import load_bank

__all__ = ["load_bank"]
