"""The CSV table."""

from __future__ import annotations

import csv
import io

from autograder.quiz.export.table import COLUMNS, table
from autograder.quiz.questions import Bank, NumberQuestion


def test_every_question_and_variant_has_a_row_with_its_answer(bank: Bank) -> None:
    rows = list(csv.DictReader(io.StringIO(table(bank))))
    wanted = sum(len(question.variants) if isinstance(question, NumberQuestion) else 1 for question in bank.questions)
    assert len({row["id"] for row in rows}) == len(rows) == wanted
    for row in rows:
        assert set(row) == set(COLUMNS)
        assert all(row[column].strip() for column in COLUMNS if column != "options"), row["id"]
        assert "$" not in "".join(row.values())
