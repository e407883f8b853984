"""Who a learner is in a report."""

from __future__ import annotations

import hmac
from collections.abc import Callable

from ...sandbox.outputs import one_line
from ..results import Learner

Called = Callable[[Learner], str]


def by_name(learner: Learner) -> str:
    """Name and id: two learners may have one name."""
    full = one_line(f"{learner.first_name} {learner.last_name}".strip(), 80)
    return f"{full} ({one_line(learner.id, 80)})" if full else one_line(learner.id, 80)


def by_pseudonym(secret: bytes) -> Called:
    """A name that nobody can trace without the course's secret, the same in every report of the course."""

    def called(learner: Learner) -> str:
        return "Learner " + hmac.new(secret, f"report\0{learner.id}".encode(), "sha256").hexdigest()[:8]

    return called
