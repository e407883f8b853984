"""Running an order of steps where a learner can watch: the shapes step by step, and what a swap does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..checks.steps import AFTER_HEADS, CAUSAL_HEAD, HEAD
from ..marking import Computation, OrderRun, result_agrees
from ..marking.compare import kind_of
from ..mistakes.stages import Array
from .show import show
from .text import Table

COMPUTATIONS = (CAUSAL_HEAD, AFTER_HEADS)
# The same numbers every time, so that the outputs of two orders can be compared.
SEED = 2
COLUMNS = ("", "step", "needs", "produces", "each row sums to")


def show_steps(steps: Any) -> None:
    """Run steps in the order given and show what each produces, up to the first that cannot run.

    steps  a list of names: of the steps of one head, or of those after the heads
    Anything but a list of known names is answered with a sentence.
    """
    if not isinstance(steps, list | tuple) or not all(isinstance(name, str) for name in steps):
        print(f"show_steps needs a list of names; it was given {kind_of(steps)}.")
        return
    order = [name.strip() for name in steps]
    computation = next((c for c in COMPUTATIONS if all(name in c.names for name in order)), None)
    if computation is None:
        print(_not_known(order))
        return
    start = computation.start(np.random.default_rng(SEED))
    run = _run(computation, order, start)
    given = ", ".join(f"{name} {value.shape}" for name, value in start.items())
    show(Table(f"Starts from {given}", COLUMNS, _rows(run), _end(run, order)))


def show_swap(first: str, second: str) -> None:
    """Print what happens to a head's output when two neighbouring steps are swapped."""
    for computation in (HEAD, CAUSAL_HEAD):
        if first in computation.names and second in computation.names and first != second:
            print(f"{first} and {second}: {_swapped(computation, first, second)}")
            return
    print(f"show_swap needs the names of two steps of a head; it was given {first!r:.40} and {second!r:.40}.")


def _swapped(computation: Computation, first: str, second: str) -> str:
    start = computation.start(np.random.default_rng(SEED))
    output = computation.run(computation.names, start).state["output"]  # (T, d_v)
    right = result_agrees("output")
    for order, swapped in _side_by_side(computation.names, first, second):
        if right(_run(computation, order, start), output):
            run = _run(computation, swapped, start)
            if run.stopped:
                lacking, _, _ = run.stopped.partition(",")
                return f"swapped, the order does not run: {swapped[len(run.done)]} {lacking}."
            if right(run, output):
                return "the output stays the same."
            gap = np.abs(run.state["output"] - output).max()
            how_much = f"by up to {gap:.3g}" if np.isfinite(gap) else "to numbers that are infinite or NaN"
            return f"the output changes, {how_much}."
    return "these two are not neighbours in any order that works."


def _side_by_side(names: tuple[str, ...], first: str, second: str) -> Iterator[tuple[list[str], list[str]]]:
    """Orders in which the two are neighbours, each with the one in which they have changed places."""
    for stays, moves in ((first, second), (second, first)):
        others = [name for name in names if name != moves]
        at = others.index(stays)
        before = [*others[:at], moves, stays, *others[at + 1 :]]
        behind = [*others[:at], stays, moves, *others[at + 1 :]]
        yield before, behind
        yield behind, before


def _run(computation: Computation, order: list[str], start: dict[str, Any]) -> OrderRun:
    with np.errstate(all="ignore"):
        return computation.run(order, start)


def _rows(run: OrderRun) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            str(place),
            f"`{done.step.name}`",
            ", ".join(done.step.needs),
            f"{done.step.makes} {done.made.shape}",
            _sums(done.made) if done.step.makes == "matrix" else "",
        )
        for place, done in enumerate(run.done, 1)
    )


def _sums(matrix: Array) -> str:
    sums = matrix.sum(axis=-1)
    low, high = f"{sums.min():.3g}", f"{sums.max():.3g}"
    return low if low == high else f"{low} up to {high}"


def _end(run: OrderRun, order: list[str]) -> str:
    if run.stopped:
        return f"Stops at step {len(run.done) + 1}: `{order[len(run.done)]}` {run.stopped}."
    if not order:
        return "There is no step in the list."
    name = "output" if "output" in run.state else "result"
    if name not in run.state:
        return "All of them run. There is no output yet."
    row = run.state[name].reshape(-1, run.state[name].shape[-1])[0]
    return f"All of them run. First row of the {name}: {', '.join(f'{value:.3f}' for value in row[:6])}"


def _not_known(order: list[str]) -> str:
    known = [name for c in COMPUTATIONS for name in c.names]
    unknown = [name for name in order if name not in known]
    if not unknown:
        return "Some of these steps belong to one head and some come after the heads: show them in two lists."
    return f"There is no step {unknown[0]!r}. The steps are: {', '.join(known)}."
