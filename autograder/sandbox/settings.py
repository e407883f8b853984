"""What can be set: limits, isolation, and what stands in for the project on the learner's side."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

MB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What one submission may use. Times are in seconds of wall time, sizes in bytes.

    seconds: for each of its notebooks, all attempts together; a submission has that many times its notebooks.
    output_bytes: of what the learner's cells of a notebook show, all together.
    """

    cell_seconds: float = 30.0
    seconds: float = 240.0
    grace_seconds: float = 2.0
    memory_bytes: int = 2048 * MB
    processes: int = 64
    file_bytes: int = 64 * MB
    folder_bytes: int = 256 * MB
    notebook_bytes: int = 64 * MB
    output_bytes: int = 64 * MB
    submission_bytes: int = 128 * MB
    cells: int = 2_000
    restarts: int = 12

    def for_workspace(self) -> dict[str, Any]:
        """The limits that hold in the learner's process."""
        return {
            "seconds": self.seconds,
            "cpu_seconds": self.seconds,
            "memory_bytes": self.memory_bytes,
            "processes": self.processes,
            "file_bytes": self.file_bytes,
            "folder_bytes": self.folder_bytes,
        }


@dataclass(frozen=True)
class Settings:
    """How submissions are run.

    isolation: "auto" (nested namespaces, else one bubblewrap each, else refuse), "nested", "once" or "none".
    stand_ins: top-level modules that are replaced, on the learner's side, by one whose functions do nothing.
    absent: top-level modules that do not exist on the learner's side.
    distributions: installed distributions of which a learner sees nothing.
    hidden: folders and files of which a learner sees nothing, wherever they are.
    environment: variables that are set on both sides.
    """

    isolation: str = "auto"
    limits: Limits = field(default_factory=Limits)
    stand_ins: tuple[str, ...] = ("autograder",)
    absent: tuple[str, ...] = ("reference_impl",)
    distributions: tuple[str, ...] = ("mha-course",)
    hidden: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()

    def with_limits(self, **changes: Any) -> Settings:
        """The same settings with other limits."""
        return replace(self, limits=replace(self.limits, **changes))
