"""The glossary loads whole, and each rule of it reports its mistake with file, term, what was given and what to do."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from autograder.problem import Problem
from autograder.site.glossary import DIFFICULTIES, DOMAINS, INDUSTRIES, Glossary, GlossaryError, load_glossary

Raw = dict[str, Any]

# What course.yaml and the lessons teach, in the words a learner would look up.
CURRICULUM = """
attention head; query; key; value; score; weight; softmax; scale; dot product; projection; weight matrix; weighted sum;
scaled dot-product attention; mask; causal; causal mask; causal head; padding mask; broadcasting; minus infinity;
autoregressive; cache; KV cache; decoding; greedy; sampling; temperature; perplexity; loss; logits; unembedding;
batch; token; embedding; position encoding; rotary positions; vocabulary; axis; sequence length;
d_model; d_k; d_v; d_out; number of heads; width of a head; parameter count; multi-head attention; own projections;
shared projections; fused projection; sub-space; splitting into heads; reshape; concatenation; W_o; output projection;
row of W_o; sum over heads; switching off a head; self-attention; cross-attention; order of the steps;
attention pattern; previous-token head; induction head; uniform attention; first-token pattern;
multi-query attention; grouped-query attention; FlashAttention; blockwise softmax; cache size; quadratic cost;
residual stream; layer norm; transformer; log-ratio; row sum; saturation; NaN; leak from the future; symptom
"""


@pytest.fixture(scope="module")
def glossary() -> Glossary:
    return load_glossary()


def names(text: str) -> list[str]:
    return [name.strip() for name in text.replace("\n", " ").split(";")]


@pytest.mark.parametrize("name", names(CURRICULUM))
def test_each_idea_of_the_curriculum_has_a_term(glossary: Glossary, name: str) -> None:
    spellings = glossary.by_spelling()
    assert name.casefold() in spellings or f"attention {name.casefold()}" in spellings


def test_after_is_the_inverse_of_before(glossary: Glossary) -> None:
    before = {(term.id, other) for term in glossary.terms for other in term.before}
    after = {(other, term.id) for term in glossary.terms for other in term.after}
    assert before
    assert before == after


def test_related_goes_both_ways(glossary: Glossary) -> None:
    pairs = {(term.id, other) for term in glossary.terms for other in term.related}
    assert pairs == {(other, one) for one, other in pairs}
    assert {one for one, _ in pairs} == {term.id for term in glossary.terms}


def test_every_domain_industry_and_difficulty_is_used(glossary: Glossary) -> None:
    assert {domain for term in glossary.terms for domain in term.domains} == set(DOMAINS)
    assert {industry for term in glossary.terms for industry in term.industries} == set(INDUSTRIES)
    assert {term.difficulty for term in glossary.terms} == set(DIFFICULTIES)


def test_no_sentence_about_an_industry_stands_twice(glossary: Glossary) -> None:
    said = [use for term in glossary.terms for use in term.industries.values()]
    assert len(said) == len(set(said))


def test_terms_stand_from_a_to_z_under_their_letters(glossary: Glossary) -> None:
    letters = glossary.by_letter()
    listed = [term for terms in letters.values() for term in terms]
    assert list(letters) == sorted(letters)
    assert [term.name for term in listed] == sorted((term.name for term in glossary.terms), key=str.casefold)
    assert all(term.name[0].upper() == letter for letter, terms in letters.items() for term in terms)


def test_every_lesson_teaches_terms(glossary: Glossary) -> None:
    units = {section.unit for term in glossary.terms for section in term.lessons}
    assert {"one_head", "causal_head", "multi_head_attention"} <= units
    assert glossary.term("scale") in glossary.taught_in("one_head")
    assert glossary.term("scale") not in glossary.taught_in("output_projection")


# A glossary of two terms, to be broken in one place at a time.

QUERY: Raw = {
    "id": "query",
    "name": "query",
    "also": ["queries"],
    "definition": "A query says what a token looks for.",
    "explanation": "It is $q = x W_q$.",
    "matters": "It decides where a token looks.",
    "related": ["score"],
    "before": [],
    "domains": ["attention"],
    "industries": {"search": "A question asks a text."},
    "difficulty": "beginner",
    "keywords": ["q", "asking"],
    "lessons": ["tiny#the-idea"],
}
SCORE: Raw = {**QUERY, "id": "score", "name": "score", "also": [], "related": []}

Write = Callable[[list[Raw]], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    course = tmp_path / "course"
    (course / "lessons").mkdir(parents=True)
    (course / "glossary").mkdir()
    (course / "lessons" / "01_tiny.md").write_text("# Tiny\n\n## The idea\n\nIt is small.\n", encoding="utf-8")
    unit = {"name": "01_tiny", "title": "Tiny", "minutes": 1, "prerequisites": [], "points": 1}
    (course / "course.yaml").write_text(yaml.safe_dump({"title": "Tiny", "units": [unit]}), encoding="utf-8")

    def written(terms: list[Raw]) -> Path:
        document = {"theme": "Tiny", "about": "Two terms.", "terms": terms}
        (course / "glossary" / "tiny.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
        return tmp_path

    return written


def problems(root: Path) -> list[str]:
    with pytest.raises(GlossaryError) as caught:
        load_glossary(root)
    assert all(line.startswith("course/glossary") and line.endswith(".") for line in caught.value.problems)
    return caught.value.problems


def test_the_small_glossary_is_right(write: Write) -> None:
    loaded = load_glossary(write([QUERY, SCORE]))
    assert [term.id for term in loaded.terms] == ["query", "score"]
    assert loaded.term("score").related == ("query",)
    assert loaded.term("query").lessons[0].heading == "The idea"


BROKEN: dict[str, tuple[Raw, tuple[str, ...]]] = {
    "not a text": ({"matters": 3}, ("'matters' is 3", "must be a text")),
    "id with capitals": ({"id": "Query"}, ("'id' is 'Query'", "lower-case")),
    "the same keyword twice": ({"keywords": ["q", "q"]}, ("'keywords' is ['q', 'q']", "two words")),
    "no industry": ({"industries": {}}, ("'industries' is {}", "at least one industry")),
    "a list kept twice": ({"after": ["score"]}, ("'after' is worked out", "remove it here")),
    "an unknown field": ({"befor": []}, ("'befor' is not a field", "before")),
    "two sentences": ({"definition": "One. Two."}, ("'definition' is 'One. Two.'", "exactly one sentence")),
    "no full stop": ({"definition": "A query"}, ("'definition' is 'A query'", "full stop")),
    "a long definition": ({"definition": "word " * 40 + "end."}, ("has 41 words", "40 at most")),
    "no formula": ({"explanation": "It asks."}, ("'explanation' has no formula", "between dollar signs")),
    "a broken formula": ({"explanation": r"$\frak{$"}, ("in 'explanation'", "LaTeX as the lessons do")),
    "a broken formula in an industry": (
        {"industries": {"search": r"$\frak{$."}},
        ("in 'industries.search'", "LaTeX as the lessons do"),
    ),
    "an unknown domain": ({"domains": ["magic"]}, ("'magic' is not a domain", "linear algebra")),
    "an unknown industry": ({"industries": {"magic": "Yes."}}, ("'magic' is not an industry", "speech recognition")),
    "an industry without a sentence": ({"industries": {"search": "yes"}}, ("'industries.search' is 'yes'", "how")),
    "an unknown difficulty": ({"difficulty": "hard"}, ("'hard' is not a difficulty", "beginner")),
    "an unknown unit": ({"lessons": ["huge#the-idea"]}, ("'huge#the-idea'", "no unit 'huge'", "tiny")),
    "an unknown section": ({"lessons": ["tiny#the-end"]}, ("no section 'the-end'", "the-idea")),
    "an unknown related term": ({"related": ["answer"]}, ("'related' names 'answer'", "no such term")),
    "an unknown term before": ({"before": ["answer"]}, ("'before' names 'answer'", "no such term")),
    "itself": ({"before": ["query"]}, ("'before' names the term itself", "remove it")),
    "a link of two kinds": ({"before": ["score"]}, ("'related' names 'score'", "'before' links already")),
    "somebody else's spelling": ({"also": ["Score"]}, ("belongs to the term", "remove one of them")),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_mistake_in_a_term_is_reported(write: Write, name: str) -> None:
    change, words = BROKEN[name]
    found = problems(write([QUERY | change, SCORE]))
    # Of two terms that claim one spelling, the later one is told.
    label = "score" if name == "somebody else's spelling" else change.get("id", "query")
    place = f"course/glossary/tiny.yaml, term {label}: "
    assert [line for line in found if line.startswith(place) and all(word in line for word in words)], found


def test_a_lesson_that_is_missing_is_reported(write: Write) -> None:
    root = write([QUERY, SCORE])
    (root / "course" / "lessons" / "01_tiny.md").unlink()
    assert all("look whether the lesson is there" in line for line in problems(root))


def test_a_missing_field_is_named_with_its_meaning(write: Write) -> None:
    for field in QUERY.keys() - {"id"}:
        term = copy.deepcopy(QUERY)
        del term[field]
        found = problems(write([term, SCORE]))
        assert len(found) == 1
        assert f"tiny.yaml, term query: the field '{field}' is missing; add it: " in found[0]


def test_a_circle_among_prerequisites_is_reported_with_its_terms(write: Write) -> None:
    one, other = QUERY | {"related": [], "before": ["score"]}, SCORE | {"before": ["query"]}
    found = [line for line in problems(write([one, other])) if "circle" in line]
    assert len(found) == 1
    assert "query comes before score" in found[0]
    assert "score comes before query" in found[0]


def test_a_pair_of_related_terms_is_kept_once(write: Write) -> None:
    found = problems(write([QUERY, SCORE | {"related": ["query"]}]))
    assert found == [
        "course/glossary/tiny.yaml, term score: 'related' names 'query', which names this term already; "
        "keep one of the two."
    ]


def test_a_term_without_a_related_one_is_reported(write: Write) -> None:
    assert any("term score: 'related' is empty" in line for line in problems(write([QUERY | {"related": []}, SCORE])))


def test_a_term_may_not_be_easier_than_what_comes_before_it(write: Write) -> None:
    hard = SCORE | {"difficulty": "advanced"}
    found = problems(write([QUERY | {"related": [], "before": ["score"]}, hard]))
    assert any("it is 'beginner' but 'before' names 'score', which is 'advanced'" in line for line in found)


def test_an_id_is_used_once(write: Write) -> None:
    assert any("the id 'query' is already used" in line for line in problems(write([QUERY, SCORE, QUERY])))


def test_every_mistake_of_a_file_is_reported_at_once(write: Write) -> None:
    found = problems(write([QUERY | {"domains": ["magic"]}, SCORE | {"difficulty": "hard"}]))
    assert ["magic" in line for line in found] == [True, False]
    assert ["hard" in line for line in found] == [False, True]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("terms: [", "not YAML"),
        ("\x00", "not YAML"),
        ("- a", "the file holds list"),
        ("theme: A\nabout: B", "the file holds theme, about; it must hold exactly theme, about, terms"),
        ("theme: 3\nabout: B\nterms: [{}]", "'theme' is 3"),
        ("theme: A\nabout: B\nterms: []", "at least one term"),
        ("theme: A\nabout: B\nterms: [query]", "term number 1: a term is a mapping"),
    ],
)
def test_a_file_that_is_no_theme_is_reported(write: Write, text: str, words: str) -> None:
    root = write([QUERY, SCORE])
    (root / "course" / "glossary" / "tiny.yaml").write_text(text, encoding="utf-8")
    assert any(words in line for line in problems(root))


def test_text_that_is_not_utf_8_is_reported(write: Write) -> None:
    root = write([QUERY, SCORE])
    (root / "course" / "glossary" / "tiny.yaml").write_bytes(b"\xff\xfe\xff")
    assert "write it as UTF-8" in problems(root)[0]


def test_a_course_without_a_glossary_is_reported(write: Write) -> None:
    root = write([QUERY, SCORE])
    (root / "course" / "glossary" / "tiny.yaml").unlink()
    assert problems(root) == ["course/glossary: there is no YAML file; add one with the fields theme, about and terms."]


def test_a_mistake_is_a_problem_that_the_user_can_put_right(write: Write) -> None:
    with pytest.raises(Problem, match="The glossary has mistakes:"):
        load_glossary(write([QUERY | {"difficulty": "hard"}, SCORE]))
