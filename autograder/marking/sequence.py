"""Named steps run in any order on a state: what each one makes, and where one cannot go on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Step:
    """One step of a computation.

    name   what learners call it
    needs  what it takes from the state, by name
    makes  the name under which its result goes into the state; what stood there before is replaced
    run    computes the result; raises DoesNotFit where it finds its inputs in a form it cannot work on
    """

    name: str
    needs: tuple[str, ...]
    makes: str
    run: Callable[..., Any]


class DoesNotFit(ValueError):
    """A step's inputs are there, but not in a form it can work on. The message is the end of a sentence."""


@dataclass(frozen=True)
class Done:
    """A step that ran: what it took and what it made."""

    step: Step
    taken: tuple[Any, ...]
    made: Any


@dataclass(frozen=True)
class OrderRun:
    """What came of an order.

    done     the steps that ran, in their order
    state    everything there is after the last of them
    stopped  why the next one could not run, the end of a sentence whose subject is that step; empty where all ran
    """

    done: tuple[Done, ...]
    state: Mapping[str, Any]
    stopped: str = ""


@dataclass(frozen=True)
class Computation:
    """Steps to be put in order, and what they start from.

    start   draws what is there before the first step
    called  what a sentence calls the things that steps make
    """

    steps: tuple[Step, ...]
    start: Callable[[np.random.Generator], dict[str, Any]]
    called: Mapping[str, str]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(step.name for step in self.steps)

    def run(self, order: Sequence[str], start: Mapping[str, Any]) -> OrderRun:
        """Run the named steps one after the other, up to the first that cannot run. Every name must be known."""
        known = {step.name: step for step in self.steps}
        state = dict(start)
        done: list[Done] = []
        for step in (known[name] for name in order):
            lacking = next((need for need in step.needs if need not in state), None)
            if lacking is not None:
                what = self.called.get(lacking, lacking)
                return OrderRun(tuple(done), state, f"needs {what}, which no step before it makes")
            taken = tuple(state[need] for need in step.needs)
            try:
                made = step.run(*taken)
            except DoesNotFit as refusal:
                return OrderRun(tuple(done), state, str(refusal))
            state[step.makes] = made
            done.append(Done(step, taken, made))
        return OrderRun(tuple(done), state)
