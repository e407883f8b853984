"""The example that is followed by hand is the same in lessons and notebooks, and its numbers are the reference's."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import reference_impl as ref
from autograder import course, paths
from autograder import followed_example as example
from autograder.build import __main__ as command
from autograder.build import tables
from autograder.build.script import read_script, worked
from autograder.problem import Problem

from .support import solved

pytestmark = pytest.mark.skipif(not paths.in_repository(), reason="the lessons' scripts are in the repository")

COURSE = course.read()
FOLLOWED = ("one_head", "several_heads", "head_dimensions", "output_projection", "causal_head", "multi_head_attention")
FUSED = [np.concatenate(matrices, axis=-1) for matrices in (example.W_Q, example.W_K, example.W_V)]


def lesson_of(tmp_path: Path, unit: str) -> course.Course:
    """A course of one unit, with a copy of its lesson and of the script for its tables."""
    shipped = COURSE.unit(unit)
    lessons = tmp_path / "course" / "lessons"
    (lessons / "tables").mkdir(parents=True)
    shutil.copyfile(shipped.lesson, lessons / shipped.lesson.name)
    script = shipped.lesson.parent / "tables" / f"{unit}.py"
    shutil.copyfile(script, lessons / "tables" / script.name)
    return replace(COURSE, root=tmp_path, units=(replace(shipped, root=tmp_path),))


def run_solutions(unit: str) -> None:
    """Run a unit's notebook with every solution in it."""
    names: dict[str, object] = {"__name__": f"notebook_{unit}"}
    for cell in read_script(COURSE.unit(unit)).cells:
        if not cell.markdown and cell.kind != "check":
            source = worked(cell.source) if cell.kind == "solution" else cell.source
            exec(compile(source, f"<{unit}>", "exec"), names)


@pytest.mark.parametrize("unit", FOLLOWED)
def test_a_table_with_another_number_is_found_and_mended(unit: str, tmp_path: Path) -> None:
    copy = lesson_of(tmp_path, unit)
    lesson = copy.units[0].lesson
    text = lesson.read_text(encoding="utf-8")
    assert tables.differences(copy) == []
    place = list(tables.PLACE.finditer(text))[-1]
    digit = re.search(r"\d", text[place.start(2) :])
    assert digit is not None
    at = place.start(2) + digit.start()
    lesson.write_text(text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1 :], encoding="utf-8")
    (said,) = tables.differences(copy)
    assert f"the table {place[1]!r} is not what its script computes" in said
    assert tables.write(copy) == [lesson]
    assert lesson.read_text(encoding="utf-8") == text


def test_the_build_fails_where_a_shipped_table_differs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tables.differences(COURSE) == []
    monkeypatch.setitem(example.__dict__, "X", 2 * example.X)
    assert command.main(["--check"]) == 1
    assert "01_one_head.md: the table 'tokens' is not what its script computes" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<!-- table: scores -->\nNo end.\n", "has no `<!-- end -->`"),
        ("<!-- table: score -->\n<!-- end -->\n", "no script computes the table 'score'. There are: scores"),
        ("Nothing.\n", "has no place for the table 'scores'"),
    ],
)
def test_a_place_that_does_not_fit_is_told(text: str, message: str) -> None:
    with pytest.raises(Problem, match=re.escape(message)):
        tables.filled(text, {"scores": "| 1 |"}, "01_one_head.md")


def test_the_heads_and_the_layer_are_the_references() -> None:
    for causal in (False, True):
        mask = ref.causal_mask(len(example.X)) if causal else None
        for h in range(example.NUM_HEADS):
            want, weights = ref.attention_head(
                example.X, example.W_Q[h], example.W_K[h], example.W_V[h], mask=mask, return_weights=True
            )
            np.testing.assert_allclose(example.head(h, causal).output, want)
            np.testing.assert_allclose(example.head(h, causal).weights, weights)
        want = ref.multi_head_attention(example.X, *FUSED, example.W_O, example.NUM_HEADS, mask=mask)
        np.testing.assert_allclose(example.layer(causal), want)
    np.testing.assert_allclose(sum(example.contribution(h) for h in range(example.NUM_HEADS)), example.layer())


def test_it_is_the_cat_and_it_sat() -> None:
    found = [example.TOKENS[example.head(h).weights[2].argmax()] for h in range(2)]
    assert found == ["cat", "sat"]
    assert min(example.head(h).weights[2].max() for h in range(2)) > 0.7


def test_what_is_written_with_a_cache_is_what_the_causal_head_chooses() -> None:
    steps = example.write("cat", 4)
    assert [step.chosen for step in steps] == ["sat", "it", "slept", "it"]
    assert [step.token for step in steps[1:]] == [step.chosen for step in steps[:-1]]
    read = example.EMBEDDING[[example.VOCABULARY.index(step.token) for step in steps]]
    causal = example.head(1, causal=True, x=read)
    np.testing.assert_allclose([step.output for step in steps], causal.output)
    np.testing.assert_allclose([step.logits for step in steps], causal.output @ example.UNEMBEDDING)


def test_the_notebooks_start_from_the_same_numbers() -> None:
    same = np.testing.assert_array_equal
    followed = ("one_head", "several_heads", "causal_head", "multi_head_attention")
    one, several, causal, whole = (solved(unit) for unit in followed)
    same(one["x"], example.X)
    same([one["w_q"], one["w_k"], one["w_v"]], [w[0] for w in (example.W_Q, example.W_K, example.W_V)])
    same(several["small_x"], example.X)
    for name, matrices in (("q", example.W_Q), ("k", example.W_K), ("v", example.W_V)):
        same(several[f"small_w_{name}"], matrices)
    same(causal["embedding"], example.EMBEDDING)
    same([causal["w_q"], causal["w_k"], causal["w_v"]], [w[1] for w in (example.W_Q, example.W_K, example.W_V)])
    same(causal["unembedding"], example.UNEMBEDDING)
    assert causal["vocabulary"] == list(example.VOCABULARY)
    same(whole["x"][0], example.X)
    same([whole["w_q"], whole["w_k"], whole["w_v"]], FUSED)
    same(whole["w_o"], example.W_O)
    heads = [example.head(h).output for h in range(2)]
    same(solved("output_projection")["small_w_o"], example.W_O)
    np.testing.assert_allclose(solved("output_projection")["small_heads"], heads, atol=5e-5)
    np.testing.assert_allclose(solved("head_dimensions")["heads_of_unit_3"], heads, atol=5e-5)


@pytest.mark.parametrize("unit", FOLLOWED)
def test_every_example_in_a_notebook_is_what_its_solution_prints(unit: str, capsys: pytest.CaptureFixture[str]) -> None:
    promised: list[str] = []
    for cell in read_script(COURSE.unit(unit)).cells:
        _, _, shown = cell.source.partition("\nExample: ")
        promised += re.findall(r"`(\[.*?\])`", shown, re.DOTALL)
    run_solutions(unit)
    printed = capsys.readouterr().out
    assert promised
    for numbers in promised:
        assert numbers in printed


def test_two_layers_count_what_the_lesson_says(capsys: pytest.CaptureFixture[str]) -> None:
    run_solutions("causal_head")
    printed = capsys.readouterr().out
    assert "scores without a cache: {'lower': 171700, 'upper': 5050}" in printed
    assert "scores with a cache:    {'lower': 5050, 'upper': 5050}" in printed
    assert "the same outputs:       True" in printed
    lesson = COURSE.unit("causal_head").lesson.read_text(encoding="utf-8")
    assert "| every layer below it | 171,700 | 5,050 |" in lesson
