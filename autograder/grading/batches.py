"""Results in the groups in which they are written."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from .graded import Graded

BATCH = 64
BATCH_SECONDS = 1.0


def batches(graded: Iterable[Graded]) -> Iterator[list[Graded]]:
    """Groups of results: as many as come within about a second, at most BATCH."""
    batch: list[Graded] = []
    since = time.monotonic()
    for one in graded:
        batch.append(one)
        if len(batch) >= BATCH or time.monotonic() - since > BATCH_SECONDS:
            yield batch
            batch, since = [], time.monotonic()
    if batch:
        yield batch
