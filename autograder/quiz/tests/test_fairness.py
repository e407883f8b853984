"""Nothing but the subject gives an answer away: the questions of the bank are read, not only counted."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import pytest

from autograder.quiz.asked import draw_question
from autograder.quiz.questions import (
    Bank,
    BugQuestion,
    ChoiceQuestion,
    NumberQuestion,
    SeveralQuestion,
)
from autograder.quiz.sentences import explanation
from autograder.quiz.text.plain import to_plain
from autograder.quiz.values import solve


@pytest.fixture(scope="module")
def choices(bank: Bank) -> list[ChoiceQuestion]:
    return [question for question in bank.questions if isinstance(question, ChoiceQuestion)]


@pytest.fixture(scope="module")
def several(bank: Bank) -> list[SeveralQuestion]:
    return [question for question in bank.questions if isinstance(question, SeveralQuestion)]


@pytest.fixture(scope="module")
def bugs(bank: Bank) -> list[BugQuestion]:
    return [question for question in bank.questions if isinstance(question, BugQuestion)]


def test_right_answers_are_not_given_away_by_their_place(choices: list[ChoiceQuestion]) -> None:
    """As shown for one seed after another, the right choice stands as often at each of the places."""
    places: dict[int, Counter[int]] = {}
    for question in choices:
        right = next(index for index, choice in enumerate(question.choices) if choice.right)
        for seed in range(1, 41):
            place = draw_question(question, seed).offered.index(right)
            places.setdefault(len(question.choices), Counter())[place] += 1
    for count, seen in places.items():
        expected = seen.total() / count
        assert all(0.75 * expected < seen[place] < 1.25 * expected for place in range(count)), f"{count}: {seen}"


def test_nor_by_their_place_in_the_file_which_some_platforms_keep(
    choices: list[ChoiceQuestion], several: list[SeveralQuestion]
) -> None:
    first_four = Counter(
        index for question in choices for index, choice in enumerate(question.choices[:4]) if choice.right
    )
    assert all(0.17 < first_four[place] / len(choices) < 0.34 for place in range(4)), first_four
    for place in range(5):
        right = [question.choices[place].right for question in several if len(question.choices) > place]
        assert 0.3 < sum(right) / len(right) < 0.7, f"choice {place} of several: {sum(right)} of {len(right)}"


def test_nor_by_their_length(choices: list[ChoiceQuestion]) -> None:
    longest = shortest = 0
    for question in choices:
        right = next(len(to_plain(choice.text)) for choice in question.choices if choice.right)
        wrong = [len(to_plain(choice.text)) for choice in question.choices if not choice.right]
        longest += right > max(wrong)
        shortest += right < min(wrong)
        assert right < 1.5 * max(wrong) + 4, f"{question.id}: the right choice is by far the longest"
        assert right > min(wrong) / 1.5 - 4, f"{question.id}: the right choice is by far the shortest"
    assert longest / len(choices) < 0.3
    assert shortest / len(choices) < 0.3


def test_nor_by_a_word_or_a_phrase(choices: list[ChoiceQuestion]) -> None:
    """No word, and no two words in a row, that stand in many choices stand in right ones more often than not."""
    seen: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for question in choices:
        for choice in question.choices:
            words = re.findall(r"[a-z']+", to_plain(choice.text).lower())
            found = {*words, *(f"{one} {two}" for one, two in pairwise(words))}
            seen.update(found)
            right.update(found if choice.right else ())
    telling = {phrase: (right[phrase], count) for phrase, count in seen.items() if count >= 6}
    assert len(telling) > 50
    assert [phrase for phrase, (good, count) in telling.items() if good / count > 0.5] == []


def test_nor_by_how_many_are_right(several: list[SeveralQuestion]) -> None:
    counts = Counter(sum(choice.right for choice in question.choices) for question in several)
    assert len(counts) >= 4, counts
    assert min(counts.values()) >= 2, counts
    assert max(counts.values()) <= len(several) / 2, counts


def test_nor_by_the_line_of_a_bug(bugs: list[BugQuestion]) -> None:
    places = [question.code_lines.index(question.line) / (len(question.code_lines) - 1) for question in bugs]
    early, late = sum(place < 0.4 for place in places), sum(place > 0.6 for place in places)
    assert early >= len(bugs) / 4
    assert late >= len(bugs) / 4
    assert sum(place == 1 for place in places) <= 2, "the last line is not the bug"


def test_every_bug_shows_its_corrected_line_after_the_answer(bugs: list[BugQuestion]) -> None:
    for question in bugs:
        assert question.corrected in explanation(question), question.id


def test_a_listing_without_a_bug_is_among_those_to_be_judged(choices: list[ChoiceQuestion]) -> None:
    innocent = [
        question
        for question in choices
        if "```python" in question.text
        and any(choice.right and re.search(r"\b(no|none)\b", choice.text, re.IGNORECASE) for choice in question.choices)
    ]
    assert len(innocent) >= 2


def test_numbers_are_drawn_from_at_least_twenty_configurations_that_can_all_be_solved(bank: Bank) -> None:
    for question in bank.questions:
        if isinstance(question, NumberQuestion):
            variants = question.variants
            assert len(variants) >= 20, f"{question.id} has {len(variants)}"
            texts = {solve(question, variant).text for variant in range(len(variants))}
            assert len(texts) == len(variants), f"{question.id}: two configurations ask the same"


def test_at_least_ten_questions_show_a_picture_that_is_also_described(bank: Bank) -> None:
    pictures = [question.picture for question in bank.questions if question.picture]
    assert len({picture.path for picture in pictures}) >= 10
    for picture in pictures:
        assert picture.svg.startswith("<svg")
        assert "row" in picture.description
