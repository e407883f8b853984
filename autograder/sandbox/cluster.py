"""A Dask cluster as a concurrent.futures.Executor."""

from __future__ import annotations

from concurrent.futures import Executor
from typing import Any


def cluster_executor(address: str) -> Executor:
    """Runs submissions on the Dask cluster whose scheduler is at `address`.

    A submission whose worker is lost is run again elsewhere. Every worker machine needs this package installed, and
    bubblewrap where submissions are to be shut in. Raises RuntimeError when `distributed` is not installed.
    """
    try:
        from distributed import Client
    except ImportError:
        raise RuntimeError(
            "--cluster needs Dask: install the `cluster` extra (pip install 'mha-course[cluster]')."
        ) from None
    client = Client(address, set_as_default=False)
    executor: Any = client.get_executor(pure=False, retries=5)
    end = executor.shutdown

    def shutdown(wait: bool = True, **options: Any) -> None:
        """Also leave the cluster: a client that stays would go on looking for a scheduler that is gone."""
        end(wait=wait, **options)
        client.close()

    executor.shutdown = shutdown
    return executor  # type: ignore[no-any-return]
