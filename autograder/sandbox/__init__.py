"""Runs notebooks whose cells are not trusted: bytes go in, a Result comes out.

It knows cells, processes and arrays; neither nbgrader nor attention. In the order in which a submission passes through:

settings.py                     limits, isolation, and what must not be visible
packing.py                      an assignment, a submission and a result as bytes
pool.py cluster.py              execute(): a worker process of this machine, or of a Dask cluster
worker.py                       takes submissions one after another; a fresh runner for each notebook
attempt.py                      a notebook in as many attempts as it takes, within one budget of time
cells.py                        a submitted notebook, read and put right
jail.py                         a warm process inside bubblewrap
bubblewrap.py lay_out.py        how it gets there: what is visible, laid out as one tree before bubblewrap starts
visible.py wanted.py            what may be visible, and what must not be
jailed/                         everything that is visible inside, and nothing else
  zygote.py stand_ins.py        forks one workspace per notebook; modules that a notebook imports and does not need there
  keeper.py walls.py            watches that workspace; its namespaces, limits and system calls
  session.py                    runs the learner's cells, answers the test cells' calls, and notes on request what a function
                                computes on the way: autograder/recording, which stands inside as /line/recording
  shared/                       what both sides use: wire.py (frames of plain data), costs.py (what a value may cost),
                                tables.py (pandas), shell.py (IPython without a kernel)
runner.py                       trusted: runs the test cells, and sends the learner's cells over the line
line.py arguments.py raised.py  the runner's end of the line: requests, what is passed, what the learner's code raised
names.py randomness.py          the learner's names, and the random numbers, as test cells see them
outputs.py                      what cells show, made safe to look at
outcome.py                      what became of each cell
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .cluster import cluster_executor
    from .jail import IsolationUnavailable
    from .packing import Result
    from .pool import close_workers, execute, isolation_of, local_executor
    from .settings import Limits, Settings

__all__ = [
    "IsolationUnavailable",
    "Limits",
    "Result",
    "Settings",
    "close_workers",
    "cluster_executor",
    "execute",
    "isolation_of",
    "local_executor",
]

# A process on the learner's side imports this package too: names are looked up when they are first used.
_HOMES = {
    "cluster": ["cluster_executor"],
    "jail": ["IsolationUnavailable"],
    "packing": ["Result"],
    "pool": ["close_workers", "execute", "isolation_of", "local_executor"],
    "settings": ["Limits", "Settings"],
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(importlib.import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
