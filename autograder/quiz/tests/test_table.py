"""The CSV table."""

from __future__ import annotations

import csv
import io
from collections import Counter

from autograder.quiz.export.table import COLUMNS, table
from autograder.quiz.questions import Bank, ChoiceQuestion, MatchQuestion, NumberQuestion, OrderingQuestion
from autograder.quiz.text.plain import to_plain


def test_every_question_and_variant_has_a_row_with_its_answer(bank: Bank) -> None:
    rows = list(csv.DictReader(io.StringIO(table(bank))))
    wanted = sum(len(question.variants) if isinstance(question, NumberQuestion) else 1 for question in bank.questions)
    assert len({row["id"] for row in rows}) == len(rows) == wanted
    for row in rows:
        assert set(row) == set(COLUMNS)
        assert all(row[column].strip() for column in COLUMNS if column != "options"), row["id"]
        assert "$" not in "".join(row.values())


def test_the_order_of_the_options_gives_no_answer_away(bank: Bank) -> None:
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(table(bank)))}
    places: Counter[int] = Counter()
    in_order = 0
    for question in bank.questions:
        options = rows.get(question.id, {}).get("options", "").split("\n")
        if isinstance(question, ChoiceQuestion):
            right = to_plain(next(choice.text for choice in question.choices if choice.right))
            places[options.index(right)] += 1
        if isinstance(question, OrderingQuestion):
            in_order += options[: len(question.steps)] == [to_plain(step.text) for step in question.steps]
    assert max(places.values()) < 0.4 * places.total()
    assert in_order == 0


def test_all_that_is_needed_to_answer_stands_in_the_question(bank: Bank) -> None:
    rows = {row["id"]: row["question"] for row in csv.DictReader(io.StringIO(table(bank)))}
    for question in bank.questions:
        asked = next(text for name, text in rows.items() if name.split("/")[0] == question.id)
        if question.picture:
            assert question.picture.description in asked
        if isinstance(question, MatchQuestion):
            assert all(f"- {to_plain(pair.left)}" in asked.split("\n") for pair in question.pairs)
        if "```python\n" in question.text:
            code = question.text.split("```python\n")[1].split("```")[0]
            assert code.strip() in asked, "code keeps its lines"
