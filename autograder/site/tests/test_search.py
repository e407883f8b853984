"""What the search finds: the right entries, written whole, ranked in node, and shown by the box in a real browser."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from autograder import paths
from autograder.problem import Problem
from autograder.quiz.bank import load_bank
from autograder.quiz.text.plain import to_plain
from autograder.site import bundle as bundling
from autograder.site.bundle import bundle
from autograder.site.glossary import load_glossary
from autograder.site.search import KINDS, Addresses, SearchEntry, search_entries, write_search_index
from autograder.tests.browser import chromium, needs_chromium

needs_npm = pytest.mark.skipif(shutil.which("npm") is None, reason="needs npm and node on the PATH")
Groups = list[dict[str, Any]]


@pytest.fixture(scope="module")
def entries() -> tuple[SearchEntry, ...]:
    return search_entries()


def of_kind(entries: tuple[SearchEntry, ...], kind: str) -> list[SearchEntry]:
    return [entry for entry in entries if entry.kind == kind]


def test_the_entries_come_by_kind_and_each_has_an_address_of_its_own(entries: tuple[SearchEntry, ...]) -> None:
    assert list(dict.fromkeys(entry.kind for entry in entries)) == list(KINDS)
    assert len({entry.url for entry in entries}) == len(entries)
    assert all(entry.title and entry.place for entry in entries)


def test_every_term_question_and_section_can_be_found(entries: tuple[SearchEntry, ...]) -> None:
    terms, questions = load_glossary().terms, load_bank().questions
    assert [entry.title for entry in of_kind(entries, "term")] == [term.name for term in terms]
    assert len(of_kind(entries, "question")) == len(questions)
    urls = {entry.url for entry in of_kind(entries, "lesson")}
    assert {"lessons/01_one_head.html#why-the-scale", "lessons/05_output_projection.html#the-shape-of-w_o"} <= urls
    assert "guide_grading.html#isolation" in {entry.url for entry in of_kind(entries, "guide")}


def test_a_section_is_found_by_the_words_of_its_terms(entries: tuple[SearchEntry, ...]) -> None:
    section = next(entry for entry in entries if entry.url.endswith("01_one_head.html#why-the-scale"))
    assert {"scale", "why divide", "sqrt(d_k)"} <= set(section.keywords.split("; "))
    elsewhere = next(entry for entry in entries if entry.url.endswith("01_one_head.html#softmax"))
    assert "why divide" not in elsewhere.keywords


def test_texts_are_plain(entries: tuple[SearchEntry, ...]) -> None:
    for entry in entries:
        for text in (entry.title, entry.place, entry.text):
            assert not {"$", "|", "\n"} & set(text), entry
            assert "```" not in text
            assert "flowchart" not in text
            assert "<!--" not in text
    scale = next(entry for entry in entries if entry.title == "Why the scale")
    assert "in proportion to √d_k" in scale.text
    assert "weights w · slopes w · (1 − w); as they are · 8, 4, 0, −4 · 0.982, 0.018, 0.000, 0.000" in scale.text


def test_no_question_gives_its_answer_away(entries: tuple[SearchEntry, ...]) -> None:
    by_title = {entry.title: entry for entry in of_kind(entries, "question")}
    assert all(entry.text == "" for entry in by_title.values())
    for question in load_bank().questions:
        explanation = to_plain(question.explanation.partition(".")[0])
        assert not any(explanation in str(asdict(entry)) for entry in by_title.values())


def test_sizes_are_put_into_the_questions(entries: tuple[SearchEntry, ...]) -> None:
    titles = [entry.title for entry in of_kind(entries, "question")]
    assert not [title for title in titles if "{H}" in title or "{d_model}" in title]


def test_addresses_are_the_books_to_choose() -> None:
    chosen = Addresses(term="terms/{id}/", question="quiz/{name}.html?ask={id}")
    urls = {entry.url for entry in search_entries(addresses=chosen)}
    assert "terms/causal-mask/" in urls
    assert "quiz/01_one_head.html?ask=one_head.roles" in urls


def test_a_lesson_that_is_missing_is_a_problem(tmp_path: Path) -> None:
    shutil.copytree(paths.root() / "course", tmp_path / "course", ignore=shutil.ignore_patterns("sample_class"))
    unit = "  - {name: 99_missing, title: Missing, minutes: 1, prerequisites: [], points: 1}\n"
    with (tmp_path / "course" / "course.yaml").open("a", encoding="utf-8") as manifest:
        manifest.write(unit)
    with pytest.raises(Problem, match=r"99_missing\.md cannot be searched"):
        search_entries(tmp_path)


def test_the_index_holds_the_entries(entries: tuple[SearchEntry, ...], tmp_path: Path) -> None:
    path = write_search_index(tmp_path)
    before, _, data = path.read_text(encoding="utf-8").partition(" = ")
    assert before == "globalThis.mhaSearchEntries"
    assert json.loads(data.rstrip("\n").removesuffix(";")) == [asdict(entry) for entry in entries]


def test_the_script_is_one_file_with_the_licences_of_its_libraries(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    assert text.startswith("/*!\nminisearch\n")
    assert "Luca Ongaro" in text
    assert "Titus Wormer" in text
    assert text.count("Permission is hereby granted") == 2
    assert sorted(path.name for path in script.parent.iterdir()) == ["search_box.js"]


def test_without_npm_the_problem_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bundling, "WEB", tmp_path)
    (tmp_path / "package-lock.json").write_text("{}", encoding="utf-8")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Problem, match="need npm, which is not installed"):
        bundle("search_box.js", tmp_path / "out.js")


@needs_npm
def test_a_script_that_cannot_be_bundled_is_a_problem(script: Path, tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"(?s)esbuild could not make.*no_such_file\.js"):
        bundle("no_such_file.js", tmp_path / "out.js")


# The first result of a kind for what a learner may type.
FOUND = [
    ("why divide by sqrt(d_k)", "lesson", "Why the scale"),
    ("why divide by sqrt(d_k)", "term", "scale"),
    ("why divide by sqrt(d_k)", "question", "Why does a head divide its scores by √d_k?"),
    ("√d_k", "lesson", "Why the scale"),
    ("dividing the scores", "term", "scale"),
    ("what is a head", "term", "attention head"),
    ("head", "term", "attention head"),
    ("queries", "term", "query"),
    ("QKᵀ", "lesson", "Scores"),
    ("kv cache", "term", "key/value cache"),
    ("kv cache", "lesson", "What the cache holds"),
    ("decode with a cache", "lesson", "Decoding with a cache"),
    ("masked padding", "term", "padding mask"),
    ("MQA", "term", "multi-query attention"),
    ("rope", "term", "rotary positions"),
    ("c_attn", "term", "fused projection"),
    ("shape of w_o", "lesson", "The shape of W_o"),
    ("softmx", "lesson", "Softmax"),
    ("indu", "term", "induction head"),
    ("NaNs", "term", "NaN"),
    ("768 / 12", "term", "width of a head"),
    ("split heads reshape", "lesson", "Splitting and concatenating"),
    ("two sequences encoder decoder", "term", "cross-attention"),
    ("lower triangle", "term", "causal mask"),
    ("postgresql", "guide", "With PostgreSQL"),
    ("moodle", "guide", "Moodle"),
    ("back up", "guide", "Back up"),
]


@pytest.fixture(scope="module")
def answers(entries: tuple[SearchEntry, ...], script: Path) -> dict[str, Groups]:
    queries = [*dict.fromkeys(query for query, _, _ in FOUND), "", "   ", "the of is", "xyzzyq", "<b>mask</b>", "("]
    given = {"entries": [asdict(entry) for entry in entries], "queries": queries}
    done = subprocess.run(
        ["node", str(Path(__file__).with_name("search_answers.mjs"))],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(zip(queries, json.loads(done.stdout), strict=True))


@pytest.mark.parametrize(("query", "kind", "title"), FOUND)
def test_a_query_finds_what_is_looked_for(answers: dict[str, Groups], query: str, kind: str, title: str) -> None:
    firsts = {group["kind"]: group["results"][0]["title"] for group in answers[query]}
    assert firsts.get(kind) == title


def test_groups_come_in_order_with_at_most_five_results_best_first(answers: dict[str, Groups]) -> None:
    for groups in answers.values():
        kinds = [group["kind"] for group in groups]
        assert kinds == [kind for kind in KINDS if kind in kinds]
        for group in groups:
            scores = [result["score"] for result in group["results"]]
            assert 0 < len(scores) <= 5
            assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("query", ["", "   ", "the of is", "xyzzyq", "("])
def test_a_query_without_a_word_that_occurs_finds_nothing(answers: dict[str, Groups], query: str) -> None:
    assert answers[query] == []


def test_an_excerpt_is_short_and_marks_the_words_found(answers: dict[str, Groups]) -> None:
    lesson = answers["why divide by sqrt(d_k)"][0]["results"][0]
    hits = [piece["text"].lower() for piece in lesson["excerpt"] if piece["hit"]]
    assert "d_k" in hits
    assert all(
        sum(len(piece["text"]) for piece in result["excerpt"]) <= 165
        for groups in answers.values()
        for group in groups
        for result in group["results"]
    )


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("npm") is None:
        pytest.skip("needs npm")
    return bundle("search_box.js", tmp_path_factory.mktemp("script") / "search_box.js")


PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A page</title>
<link rel="stylesheet" href="../search.css"><div data-search="../"></div><main><p tabindex="0" id="ground">Text</p></main>
<script src="../search_box.js"></script></html>"""


@pytest.fixture
def site(script: Path, tmp_path: Path) -> Path:
    """A small site on the disk: a page below its root, and the page of the glossary that results lead to."""
    made = tmp_path / "site"
    (made / "lessons").mkdir(parents=True)
    shutil.copy(script, made)
    shutil.copy(bundling.WEB / "search.css", made)
    write_search_index(made)
    (made / "lessons" / "page.html").write_text(PAGE, encoding="utf-8")
    (made / "glossary.html").write_text(PAGE, encoding="utf-8")
    return made


@pytest.fixture
def page(site: Path) -> Iterator[Any]:
    """The page below the root, opened from the disk."""
    with chromium() as browser:
        opened = browser.new_page(viewport={"width": 390, "height": 800})
        errors: list[str] = []
        opened.on("pageerror", lambda error: errors.append(str(error)))
        opened.goto((site / "lessons" / "page.html").as_uri())
        yield opened
        assert errors == []


@needs_chromium
@needs_npm
def test_the_box_finds_groups_and_leads_to_them_by_keyboard_alone(page: Any) -> None:
    page.keyboard.press("/")
    page.keyboard.type("why divide by sqrt(d_k)")
    page.get_by_role("heading", name="Lessons").wait_for()
    assert page.get_by_role("heading").all_text_contents() == ["Lessons", "Glossary", "Quiz questions"]
    assert "results" in page.get_by_role("status").text_content()

    page.keyboard.press("ArrowDown")
    focused = page.locator(":focus")
    assert focused.text_content() == "Why the scale"
    assert focused.get_attribute("href") == "../lessons/01_one_head.html#why-the-scale"
    page.keyboard.press("ArrowDown")
    assert page.locator(":focus").text_content() != "Why the scale"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.locator(":focus").get_attribute("type") == "search"

    page.keyboard.press("Escape")
    assert page.get_by_role("heading").count() == 0
    assert page.get_by_role("searchbox").input_value() == "why divide by sqrt(d_k)"
    page.keyboard.press("Escape")
    assert page.get_by_role("searchbox").input_value() == ""

    page.keyboard.type("rope")
    page.get_by_role("link", name="rotary positions", exact=True).wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/glossary.html#rotary-positions")


@needs_chromium
@needs_npm
def test_the_box_works_with_a_mouse_and_closes_when_it_is_left(page: Any) -> None:
    box = page.get_by_role("searchbox", name="Search")
    box.click()
    page.keyboard.type("xyzzyq")
    page.get_by_text('Nothing found for "xyzzyq".').wait_for()
    box.fill("<img src=x onerror=alert(1)>")
    assert page.locator("img").count() == 0
    box.fill("induction head")
    page.get_by_role("link", name="induction head", exact=True).wait_for()
    page.locator("#ground").click()
    assert page.get_by_role("link").count() == 0
    box.click()
    page.get_by_role("link", name="induction head", exact=True).click()
    page.wait_for_url("**/glossary.html#induction-head")


@needs_chromium
@needs_npm
def test_without_its_index_the_box_says_so(page: Any, site: Path) -> None:
    from playwright.sync_api import expect

    (site / "search_index.js").unlink()
    page.get_by_role("searchbox").fill("mask")
    expect(page.get_by_text("The search could not be loaded.")).to_be_visible()
    expect(page.get_by_role("link")).to_have_count(0)


@needs_chromium
@needs_npm
def test_the_box_fits_a_phone_and_passes_axe(page: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page.get_by_role("searchbox").fill("mask")
    page.get_by_role("heading", name="Lessons").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # A page's own headings are not there in this small one.
    options = {"rules": {"page-has-heading-one": {"enabled": False}, "region": {"enabled": False}}}
    found = Axe().run(page, options=options).response["violations"]
    assert [violation["id"] for violation in found] == []
