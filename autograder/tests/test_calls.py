"""Calling a learner's function: everything it does is seen, and nothing of it gets out."""

from __future__ import annotations

import sys
import warnings
from typing import Any

import numpy as np
import pytest

from autograder.marking.calls import call, observe


def test_what_a_function_prints_and_warns_does_not_get_out(capsys: pytest.CaptureFixture[str]) -> None:
    def loud(x: Any) -> Any:
        print("here I am")
        print("and here", file=sys.stderr)
        warnings.warn("careful", stacklevel=1)
        return np.exp(x)

    seen = observe(loud, (np.array([1000.0]),), {})
    assert np.isinf(seen.value[0])
    assert "here I am" in seen.printed
    assert "and here" in seen.printed
    assert capsys.readouterr() == ("", "")


def test_a_function_works_on_copies_of_the_arguments() -> None:
    x = np.ones(3)

    def spoil(a: Any) -> None:
        a[:] = 7

    seen = observe(spoil, (x,), {})
    assert seen.changed == ("0",)
    assert x.tolist() == [1, 1, 1]


def test_changed_keyword_arguments_are_named() -> None:
    def spoil(*, mask: Any) -> None:
        mask[0] = False

    seen = call(spoil, (), {"mask": np.ones(2, dtype=bool)}, before=((), {"mask": np.ones(2, dtype=bool)}))
    assert seen.changed == ("mask",)


@pytest.mark.parametrize("error", [ValueError("no"), SystemExit(3), RecursionError("deep"), MemoryError()])
def test_an_error_is_written_down_and_not_passed_on(error: BaseException) -> None:
    def fail() -> None:
        raise error

    seen = observe(fail, (), {})
    assert seen.raised
    assert type(error).__name__ in seen.trace()


def test_a_keyboard_interrupt_still_stops_the_cell() -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        observe(stop, (), {})


def test_a_trace_shows_the_learners_lines_and_not_the_graders() -> None:
    def inner() -> None:
        raise ZeroDivisionError("by zero")

    trace = observe(lambda: inner(), (), {}).trace()
    assert "inner" in trace
    assert "ZeroDivisionError: by zero" in trace
    assert "calls.py" not in trace
    assert "value = function" not in trace


def test_an_unwritten_function_is_recognised() -> None:
    def todo() -> None:
        raise NotImplementedError("write me")

    assert observe(todo, (), {}).unwritten
