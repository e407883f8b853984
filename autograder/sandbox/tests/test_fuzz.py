"""Damaged, huge, deeply nested and oddly encoded input: never a traceback, always marks."""

from __future__ import annotations

import json
from typing import Any

import nbformat
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.grading.marks import marks_of
from autograder.grading.tests.make_course import notebook
from autograder.sandbox.cells import Unreadable, finished, read, repair
from autograder.sandbox.jailed.shared import wire
from autograder.sandbox.outcome import Executed, unreadable
from autograder.sandbox.outputs import plain_text, safe_markdown, safe_outputs
from autograder.sandbox.settings import Settings
from autograder.sandbox.tests.play import play, source_of
from autograder.sandbox.tests.test_tampering import CELLS

SOURCE = source_of(CELLS)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
cell_values = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw", "heading"]) | json_values,
        "source": st.text() | st.lists(st.text()) | json_values,
        "metadata": json_values
        | st.fixed_dictionaries(
            {"nbgrader": json_values | st.fixed_dictionaries({"grade_id": st.sampled_from(["one", "t_one", "t_two"])})}
        ),
        "outputs": json_values,
        "attachments": json_values,
        "id": json_values,
    },
)
plain_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.complex_numbers(allow_nan=False),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=4)
        | st.frozensets(st.integers(), max_size=4)
    ),
    max_leaves=15,
)


def assert_survives(data: bytes) -> None:
    try:
        cells, _ = repair(read(data, SOURCE.named_by, 10**6, 500), SOURCE)
        made = finished(cells, SOURCE.kernelspec)
        graded = [cell for cell in cells if cell["metadata"]]
    except Unreadable as error:
        outcome = unreadable(SOURCE, str(error))
        made, graded = outcome.notebook, list(outcome.known)
    nbformat.validate(json.loads(made))
    known = tuple(json.loads(json.dumps(graded)))
    marks = marks_of(SOURCE, Executed(notebook=b"", known=known, cells=(), notes=())).marks
    assert set(marks) == {"t_one", "t_two", "words"}


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    assert_survives(data)


@given(json_values)
def test_any_json(value: Any) -> None:
    assert_survives(json.dumps(value).encode())


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(cell_values | json_values, max_size=6), st.sampled_from([4, 3, 2, "4", None]))
def test_any_cells(cells: list[Any], version: Any) -> None:
    assert_survives(json.dumps({"nbformat": version, "nbformat_minor": 4, "metadata": {}, "cells": cells}).encode())


@given(st.integers(0, 2000), st.integers(0, 255))
def test_one_damaged_byte(place: int, value: int) -> None:
    data = bytearray(json.dumps(notebook(CELLS)).encode())
    data[place % len(data)] = value
    assert_survives(bytes(data))


@given(st.text())
def test_any_text_is_made_safe(text: str) -> None:
    assert "\x1b" not in plain_text(text)
    assert "<s" not in safe_markdown(text + "<script>")


@given(json_values)
def test_any_outputs_are_made_valid(value: Any) -> None:
    outputs = safe_outputs(value)
    cell = {"cell_type": "code", "metadata": {}, "source": "", "outputs": outputs, "execution_count": None}
    assert nbformat.validator.isvalid(notebook([cell]))


@given(plain_values)
def test_plain_values_cross_the_line_unchanged(value: Any) -> None:
    assert wire.decode(wire.encode(value)) == value


@given(
    hnp.arrays(
        hnp.boolean_dtypes() | hnp.integer_dtypes() | hnp.floating_dtypes() | hnp.complex_number_dtypes(),
        hnp.array_shapes(min_side=0),
    )
)
def test_arrays_cross_the_line_unchanged(array: Any) -> None:
    back = wire.decode(wire.encode(array))
    assert back.dtype == array.dtype
    np.testing.assert_array_equal(back, array)


def outcome_of(message: bytes) -> str:
    """What became of a message; any error but a refusal gets out."""
    try:
        wire.decode(message)
    except (wire.Broken, wire.NotPlain):
        return "refused"
    return "read"


@given(st.binary(max_size=200))
def test_any_message_is_refused_or_read(data: bytes) -> None:
    assert outcome_of(data) in ("read", "refused")


@given(json_values)
def test_any_tree_is_refused_or_read(value: Any) -> None:
    text = json.dumps([value, [0]]).encode()
    assert outcome_of(len(text).to_bytes(4, "big") + text) in ("read", "refused")


@pytest.mark.parametrize(
    "node",
    [
        ["a", "O", [1], "C", 0],
        ["a", "<f8", [10**12], "C", 0],
        ["a", "<U0", [10**12], "C", 0],
        ["T", "eval"],
        ["N", "load"],
        ["ref", "os", "system"],
        ["nt", "x y", ["class"], [1]],
        ["a", "<f8", [-1], "C", 0],
    ],
)
def test_what_could_do_harm_is_refused(node: list[Any]) -> None:
    text = json.dumps([node, [0]]).encode()
    with pytest.raises((wire.Broken, wire.NotPlain)):
        wire.decode(len(text).to_bytes(4, "big") + text)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(cell_values | json_values, max_size=5))
def test_any_cells_get_marks_from_the_whole_engine(quick: Settings, cells: list[Any]) -> None:
    tree = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}
    played = play(CELLS, quick, sent=json.dumps(tree).encode())
    assert set(played.marks) == {"t_one", "t_two", "words"}
    nbformat.validate(played.notebook)
