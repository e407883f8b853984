"""What the page remembers, and what a phone needs: due questions, first marks, second tries, links, files, room for fingers."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from autograder.quiz.page import write_page
from autograder.quiz.questions import Bank, NumberQuestion
from autograder.quiz.review import AGAIN, GOOD, ReviewRecord, reviewed
from autograder.quiz.values import shown, solve

from .answering import RIGHT, WRONG, with_mouse
from .test_page import PHONE, Watched, question_of, watched  # noqa: F401


@pytest.fixture(scope="module")
def site(small: Bank, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small course's page with its lessons, as files."""
    folder = tmp_path_factory.mktemp("site")
    write_page(small, folder)
    return folder


def opened(watched: Watched, site: Path, name: str = "") -> Any:  # noqa: F811
    return watched.open((site / "index.html").as_uri() + (f"#{name}&seed=3" if name else ""))


def opened_again(watched: Watched) -> Any:  # noqa: F811
    """The page in the same process, which knows what was just put into its storage; another may not yet."""
    watched.page.reload()
    watched.page.locator("h2").wait_for()
    return watched.page.locator(".mha-quiz")


def state(watched: Watched) -> Any:  # noqa: F811
    return json.loads(watched.page.evaluate("localStorage.getItem('mha-quiz')"))


def answer(watched: Watched, site: Path, small: Bank, name: str, given: Any) -> Any:  # noqa: F811
    root = opened(watched, site, name)
    with_mouse(watched.page, root, question_of(small, name), given, 3)
    return root


def test_an_answer_is_remembered_as_the_terminal_would(watched: Watched, site: Path, small: Bank) -> None:  # noqa: F811
    answer(watched, site, small, "tiny.scale", WRONG["tiny.scale"])
    kept = state(watched)["memory"]["tiny.scale"]
    today = date.fromisoformat(kept["last"])
    expected = reviewed(ReviewRecord(), AGAIN, False, today)
    assert (kept["asked"], kept["right"], kept["due"]) == (1, 0, str(expected.due))
    assert kept["stability"] == pytest.approx(expected.stability)


def test_the_rating_can_be_corrected(watched: Watched, site: Path, small: Bank) -> None:  # noqa: F811
    root = answer(watched, site, small, "tiny.scale", RIGHT["tiny.scale"])
    root.get_by_role("button", name="good", exact=True).click()
    kept = state(watched)["memory"]["tiny.scale"]
    expected = reviewed(ReviewRecord(), GOOD, True, date.fromisoformat(kept["last"]))
    assert (kept["asked"], kept["due"]) == (1, str(expected.due))
    assert root.locator('[data-rating="3"]').get_attribute("aria-pressed") == "true"


def test_due_today_shows_what_is_due_and_nothing_else(watched: Watched, site: Path) -> None:  # noqa: F811
    opened(watched, site)
    overdue = {"asked": 1, "right": 1, "last": "2020-01-01", "stability": 2.3, "difficulty": 2.1, "due": "2020-01-03"}
    later = {**overdue, "due": str(date.today() + timedelta(days=40))}
    kept = {"memory": {"tiny.bug": overdue, "tiny.shape": later, "elsewhere.gone": overdue}}
    watched.page.evaluate("kept => localStorage.setItem('mha-quiz', JSON.stringify(kept))", kept)
    root = opened_again(watched)
    assert "Due today (1)" in root.locator("label.show").inner_text()
    root.locator("label.show select").select_option("due")
    assert root.locator(".dot").count() == 1
    assert root.locator("form").get_attribute("data-question") == "tiny.bug"
    assert "elsewhere.gone" in state(watched)["memory"], "what belongs to other questions is not lost"


def test_what_is_due_is_asked_anew_and_counts_anew(watched: Watched, site: Path, small: Bank) -> None:  # noqa: F811
    answer(watched, site, small, "tiny.scale", WRONG["tiny.scale"])
    watched.page.evaluate(
        """() => {
          const kept = JSON.parse(localStorage.getItem('mha-quiz'));
          Object.assign(kept.memory['tiny.scale'], { last: '2020-01-01', due: '2020-01-02' });
          localStorage.setItem('mha-quiz', JSON.stringify({ ...kept, show: 'due' }));
          location.hash = '';
        }"""
    )
    root = opened_again(watched)
    assert "Due today (1)" in root.locator("label.show").inner_text()
    assert root.locator(".verdict").count() == 0, "the answer of last time is not on the screen"
    with_mouse(watched.page, root, question_of(small, "tiny.scale"), RIGHT["tiny.scale"], 4)
    assert "Your first answer counts" not in root.locator(".verdict").inner_text()
    assert "Due today (0)" in root.locator("label.show").inner_text()
    root.locator(".dot.right").first.wait_for()


def test_due_today_counts_what_the_other_filters_let_through(watched: Watched, site: Path) -> None:  # noqa: F811
    opened(watched, site)
    overdue = {"asked": 1, "right": 1, "last": "2020-01-01", "stability": 2.3, "difficulty": 2.1, "due": "2020-01-03"}
    kept = {"memory": {"tiny.bug": overdue, "tiny.scale": overdue}}
    watched.page.evaluate("kept => localStorage.setItem('mha-quiz', JSON.stringify(kept))", kept)
    root = opened_again(watched)
    assert "Due today (2)" in root.locator("label.show").inner_text()
    root.locator("label.difficulty select").select_option("3")
    assert "Due today (1)" in root.locator("label.show").inner_text()


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("tiny.scale", 17),
        ("tiny.softmax", {"0": True}),
        ("tiny.width", ["64"]),
        ("tiny.steps", [0, 99]),
        ("tiny.letters", [0, 99, 1]),
        ("tiny.shape", 3),
        ("tiny.bug", "5"),
    ],
)
def test_a_stored_answer_that_does_not_fit_its_question_is_left_out_and_the_others_stay(
    watched: Watched,  # noqa: F811
    site: Path,
    small: Bank,
    name: str,
    stored: object,
) -> None:
    fitting = "tiny.scale" if name != "tiny.scale" else "tiny.bug"
    answer(watched, site, small, fitting, WRONG[fitting])
    kept = state(watched)
    odd_mark = {"score": 0, "notes": [["why", 40], ["pair", 41]], "readable": True}
    kept["done"][name] = {"answer": stored, "seed": 1, "mark": odd_mark, "first": odd_mark, "rating": 9}
    watched.page.evaluate(
        "kept => { localStorage.setItem('mha-quiz', JSON.stringify(kept)); location.hash = ''; }", kept | {"at": name}
    )
    root = opened_again(watched)
    assert root.locator("form").get_attribute("data-question") == name
    assert root.get_by_role("button", name="Check").is_visible()
    assert root.locator(".dot.wrong").count() == 1


def test_answers_of_the_first_edition_are_taken_over(watched: Watched, site: Path) -> None:  # noqa: F811
    opened(watched, site)
    old = {
        "done": {"tiny.scale": {"answer": 1, "seed": 1, "mark": {"score": 0, "notes": [["why", 1]], "readable": True}}}
    }
    watched.page.evaluate("old => localStorage.setItem('mha-quiz', JSON.stringify(old))", old)
    root = opened_again(watched)
    root.locator(".dot.wrong").first.wait_for()
    assert root.locator(".dot.wrong").count() == 1
    assert state(watched)["memory"]["tiny.scale"]["asked"] == 1


def test_trying_again_keeps_the_first_mark(watched: Watched, site: Path, small: Bank) -> None:  # noqa: F811
    root = answer(watched, site, small, "tiny.scale", WRONG["tiny.scale"])
    root.get_by_role("button", name="Try again").click()
    with_mouse(watched.page, root, question_of(small, "tiny.scale"), RIGHT["tiny.scale"], 3)
    assert "Your first answer counts: not right." in root.locator(".verdict").inner_text()
    root.locator(".dot.wrong").first.wait_for()
    assert root.locator(".dot.wrong").count() == 1
    root.get_by_role("button", name="Summary").click()
    assert "0 of 1 marks" in root.locator(".stage").inner_text()


def test_a_wrong_number_gets_its_hint_and_a_second_try_for_half_the_mark(
    watched: Watched,  # noqa: F811
    site: Path,
    small: Bank,
) -> None:
    question = question_of(small, "tiny.width")
    assert isinstance(question, NumberQuestion)
    root = opened(watched, site, "tiny.width")
    said = root.locator(".question").inner_text()
    variant = next(
        v
        for v in range(len(question.variants))
        if f"d_model = {question.variants[v]['d_model']} and H = {question.variants[v]['H']} " in said
    )
    root.locator("input.typed").fill(str(question.variants[variant]["d_model"]))
    root.get_by_role("button", name="Check").click()
    assert "is the width of the whole model" in root.locator(".feedback").inner_text()
    assert root.locator(".verdict").count() == 0, "the answer is not shown yet"
    root.locator("input.typed").fill(shown(solve(question, variant).answer))
    root.get_by_role("button", name="Check").click()
    assert "Partly right (50%)" in root.locator(".verdict").inner_text()


def test_what_was_missed_comes_once_more_before_the_summary(watched: Watched, site: Path, small: Bank) -> None:  # noqa: F811
    root = opened(watched, site)
    for _ in range(len(small.questions)):
        name = root.locator("form").get_attribute("data-question")
        with_mouse(
            watched.page,
            root,
            question_of(small, name),
            WRONG[name] if name == "tiny.bug" else "1" if name == "tiny.width" else RIGHT[name],
            1,
        )
        if name == "tiny.width":
            root.get_by_role("button", name="Check").click()
        root.locator(".next").click()
    assert "Once more" in root.locator(".meta").inner_text()
    for _ in range(2):
        assert root.locator("form").get_attribute("data-question") in ("tiny.bug", "tiny.width")
        root.locator(".next").click()
    assert "Summary" in root.locator("h2").inner_text()


def test_the_terminals_file_is_saved_and_opened(watched: Watched, site: Path, small: Bank, tmp_path: Path) -> None:  # noqa: F811
    from autograder.quiz.progress import QuizProgress

    progress = QuizProgress(tmp_path / "quiz_progress.json")
    progress.record("tiny.shape", GOOD, True, date(2026, 1, 5))
    root = answer(watched, site, small, "tiny.scale", RIGHT["tiny.scale"])
    root.get_by_role("button", name="Summary").click()
    root.locator("input[type=file]").set_input_files(str(progress.path))
    watched.page.wait_for_function("JSON.parse(localStorage.getItem('mha-quiz')).memory['tiny.shape']")
    with watched.page.expect_download() as saved:
        root.get_by_role("button", name="Save the file").click()
    saved.value.save_as(tmp_path / "from_page.json")
    both = QuizProgress(tmp_path / "from_page.json")
    assert both.notices == []
    assert set(both.records) == {"tiny.shape", "tiny.scale"}
    assert both.records["tiny.shape"] == progress.records["tiny.shape"]
    for content, said in (
        ("{", "not JSON"),
        ('{"version": 7}', "not a progress file of this edition"),
        ('{"version": 2, "questions": {"a": 3}}', "damaged"),
    ):
        (tmp_path / "odd.json").write_text(content)
        root.locator("input[type=file]").set_input_files(str(tmp_path / "odd.json"))
        root.get_by_text(said).wait_for()


def test_the_link_is_copied_and_says_so(browser: Any, site: Path) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = Watched(context)
    root = opened(page, site, "tiny.shape")
    root.get_by_role("link", name="Link to this question").click()
    root.get_by_role("link", name="Link copied").wait_for()
    assert page.page.evaluate("navigator.clipboard.readText()").endswith("#tiny.shape&seed=3")
    context.close()


def test_the_section_to_read_is_one_click_away(watched: Watched, site: Path, small: Bank) -> None:  # noqa: F811
    root = answer(watched, site, small, "tiny.scale", WRONG["tiny.scale"])
    link = root.locator(".read a")
    assert link.inner_text() == "Lesson 1, A tiny unit: Why the scale"
    path, _, anchor = str(link.get_attribute("href")).partition("#")
    assert f'id="{anchor}"' in (site / path).read_text(encoding="utf-8")


def test_on_a_phone_the_verdict_comes_into_view_and_fingers_have_room(browser: Any, site: Path, small: Bank) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    page = Watched(context)
    for name in ("tiny.softmax", "tiny.bug", "tiny.letters", "tiny.steps"):
        root = opened(page, site, name)
        small_targets = page.page.evaluate(
            """() => [...document.querySelectorAll('.mha-quiz :is(button, select, a, label.option, summary)')]
              .filter((one) => one.getClientRects().length && Math.min(one.offsetHeight, 44) < 44 && !one.closest('.hidden'))
              .map((one) => one.outerHTML.slice(0, 80))"""
        )
        assert small_targets == [], name
        if name in ("tiny.softmax", "tiny.bug"):
            for value in WRONG[name] if isinstance(WRONG[name], list) else [WRONG[name]]:
                root.locator(f'.option:has(input[value="{value}"])').click()
            root.get_by_role("button", name="Check").click()
            top = page.page.evaluate("document.querySelector('.verdict h3').getBoundingClientRect().top")
            assert 0 <= top < PHONE["height"] - 40, f"{name}: the verdict is at {top}"
            assert page.page.evaluate(
                "[...document.querySelectorAll('.option')].some((one) => one.getBoundingClientRect().bottom > 0 && one.getBoundingClientRect().top < innerHeight)"
            )
    context.close()


def test_units_carry_their_number_and_a_bugs_lines_theirs(watched: Watched, site: Path) -> None:  # noqa: F811
    root = opened(watched, site, "tiny.bug")
    assert root.locator(".listing kbd").all_inner_texts() == ["1", "2", "3", "5", "6"], "the fourth line is blank"
    watched.page.keyboard.press("5")
    assert root.locator(".option input:checked").get_attribute("value") == "5"
