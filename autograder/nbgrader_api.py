"""Opening nbgrader's own Python interface on a course directory."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any


def open_api(root: Path, config: Any) -> Any:
    """nbgrader's NbGraderAPI on the course directory `root`, with this traitlets configuration and no other.

    Only errors are logged; what else nbgrader says comes back in the result of each call.
    """
    from nbgrader.apps import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    _find_alembic()
    own = Config()
    own.CourseDirectory.root = str(root.resolve())
    config = Config(config)
    config.merge(own)
    return NbGraderAPI(coursedir=CourseDirectory(config=config), config=config, log_level="CRITICAL")


def _find_alembic() -> None:
    """Put this environment's commands on the path: nbgrader runs `alembic` by name when it makes a gradebook."""
    commands = str(Path(sys.executable).parent)
    if commands not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([commands, os.environ.get("PATH", "")]).rstrip(os.pathsep)
