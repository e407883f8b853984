"""What a question knows of the inside of its function: the stages, and a call in which no two sizes are the same."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .matching import Made
from .mistake import Mistake
from .seen import Call


@dataclass(frozen=True)
class Anatomy:
    """The stages of a question's function.

    example  draws a call in which all sizes differ, so that every axis can be told by its length
    sizes    what the letters stand for in a call: ``{"B": 2, "T_q": 5}``
    stages   the names of the stages, in their order
    values   those of them that may come late: they are needed only where the values are mixed
    follows  whether a stage, the second, is made of another, the first, or is that one
    right    what the stages make in a call, and what else is right on the way
    wrong    the same with one mistake each, only what differs: with these mistakes, by name, or with all
    at       the stage in which a mistake first shows, "" where it belongs to none
    topics   what each stage belongs to, as mistakes name it
    """

    example: Callable[[np.random.Generator], Call]
    sizes: Callable[[Call], Mapping[str, int]]
    stages: Sequence[str]
    values: Container[str]
    follows: Callable[[str, str], bool]
    right: Callable[[Call], Sequence[Made]]
    wrong: Callable[[Call, Container[str] | None], Iterable[Made]]
    at: Callable[[Mistake], str]
    topics: Mapping[str, str]
