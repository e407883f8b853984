"""The engine's settings in nbgrader_config.py, and the few lines that make nbgrader use it.

from autograder.grading import configure
configure(get_config())
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from traitlets import Bool, Enum, Float, Int, List, Type, Unicode, Union
from traitlets.config import Configurable

from ..own_python import leave_working_folder
from ..sandbox.settings import MB, Limits, Settings
from .hooks import Hooks


class GradingEngine(Configurable):  # type: ignore[misc]
    """c.GradingEngine: how submissions are run."""

    isolation = Enum(
        ["auto", "nested", "once", "none"], "auto", help="how submissions are shut in; none is for code that is trusted"
    ).tag(config=True)
    cell_seconds = Float(30.0, help="wall time of one cell; default: Execute.timeout if that is set, else 30").tag(
        config=True
    )
    submission_seconds = Float(240.0, help="wall time of one notebook, restarts included").tag(config=True)
    memory_mb = Int(2048, help="memory of one submission, all its processes together").tag(config=True)
    processes = Int(64, help="processes and threads of one submission").tag(config=True)
    folder_mb = Int(256, help="what one submission may write to disk").tag(config=True)
    stand_ins = List(Unicode(), ["autograder"], help="modules whose functions do nothing on the learner's side").tag(
        config=True
    )
    absent = List(Unicode(), ["reference_impl"], help="modules that are not there on the learner's side").tag(
        config=True
    )
    distributions = List(
        Unicode(), ["mha-course"], help="installed distributions that are not there on the learner's side"
    ).tag(config=True)
    hidden = List(Unicode(), help="folders and files that a learner's code must not see").tag(config=True)
    unprotected = Union(
        [Bool(), List(Unicode())], default_value=False,
        help="assignments whose test cells run beside the learner's code, where they can be tampered with; True for all",
    ).tag(config=True)  # fmt: skip
    jobs = Int(0, help="submissions at a time; 0 for one per core").tag(config=True)
    hooks = Type(Hooks, Hooks, help="what this course adds to grading, see autograder.grading.hooks").tag(config=True)

    def leaves_unprotected(self, assignment: str) -> bool:
        """Whether the test cells of an assignment run beside the learner's code."""
        return self.unprotected if isinstance(self.unprotected, bool) else assignment in self.unprotected

    def settings(self) -> Settings:
        """These traits as Settings."""
        cell_seconds = self.cell_seconds
        if "cell_seconds" not in self.config.GradingEngine and self.config.Execute.get("timeout"):
            cell_seconds = float(self.config.Execute.timeout)
        limits = Limits(
            cell_seconds=cell_seconds,
            seconds=max(self.submission_seconds, cell_seconds),
            memory_bytes=self.memory_mb * MB,
            processes=self.processes,
            folder_bytes=self.folder_mb * MB,
        )
        return Settings(
            isolation=self.isolation, limits=limits, stand_ins=tuple(self.stand_ins), absent=tuple(self.absent),
            distributions=tuple(self.distributions), hidden=tuple(self.hidden),
            environment=(("NBGRADER_EXECUTION", "autograde"),),
        )  # fmt: skip


def settings_of(config: Any) -> Settings:
    """The engine's settings in a course's configuration."""
    return GradingEngine(config=config).settings()


def configure(config: Any) -> None:
    """Let `nbgrader autograde` and formgrader's Autograde button run submissions through the engine."""
    leave_working_folder()  # nbgrader's commands have put it first on the path
    if Path("nbgrader_config.py").is_file():
        sys.path.append(os.getcwd())  # a course, for plugins beside its configuration
    config.Autograde.exporter_class = "autograder.grading.exporter.EngineExporter"
    config.Autograde.sanitize_preprocessors = []
    config.Autograde.autograde_preprocessors = ["autograder.grading.exporter.SaveMarks"]
