"""What is known of one call of a question's function: the letters, and the stages with and without mistakes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np

from .anatomy import Anatomy
from .letters import axes_of
from .matching import Made, Matcher
from .seen import Call


class Known:
    """Each part is made when it is needed.

    names  of the mistakes to look for; None for all
    """

    def __init__(self, anatomy: Anatomy, call: Call, names: Sequence[str] | None = None) -> None:
        self.anatomy, self.call, self.names = anatomy, call, names
        self.order = {stage: i for i, stage in enumerate(anatomy.stages)}

    @cached_property
    def sizes(self) -> Mapping[str, int]:
        """What the letters stand for."""
        return self.anatomy.sizes(self.call)

    @cached_property
    def stages(self) -> Sequence[Made]:
        """What the right computation makes, in its order."""
        return self.anatomy.right(self.call)

    @cached_property
    def last(self) -> str:
        """The stage that the function returns."""
        return next((made.stage for made in reversed(self.stages) if made.stage), "")

    @cached_property
    def right(self) -> Matcher:
        """Finds what is right: a stage, something on the way, or an argument."""
        return Matcher((*self.stages, *self._inputs()))

    @cached_property
    def wrong(self) -> Matcher:
        """Finds what one of the mistakes makes of a stage."""
        return Matcher(self.anatomy.wrong(self.call, self.names))

    def _inputs(self) -> Iterator[Made]:
        for value in (*self.call.args, *self.call.kwargs.values()):
            value = list(value.values()) if isinstance(value, dict) else value
            for array in value if isinstance(value, list | tuple) else [value]:
                if isinstance(array, np.ndarray) and array.ndim:
                    yield Made("", array, axes_of(array.shape, self.sizes))
