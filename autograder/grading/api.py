"""Opening nbgrader's own Python interface on a course directory."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any

# The last line of a traceback in nbgrader's log.
RAISED = re.compile(r"^\s+((?:\w+\.)*[A-Z]\w*(?:Error|Exception|GradebookEntry): .+)$", re.MULTILINE)


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
    return NbGraderAPI(coursedir=CourseDirectory(config=config), config=config, log_level="ERROR")


def why_not(result: dict[str, Any]) -> str:
    """Nothing, or why a call of nbgrader's interface failed: the last error that it logged, in a line."""
    if result["success"]:
        return ""
    last: str = result["error"].strip().splitlines()[-1]
    if last.startswith("KeyboardInterrupt"):  # nbgrader catches even that
        raise KeyboardInterrupt
    raised = RAISED.findall(result.get("log", ""))
    return raised[-1] if raised else last


def _find_alembic() -> None:
    """Put this environment's commands on the path: nbgrader runs `alembic` by name when it makes a gradebook."""
    commands = str(Path(sys.executable).parent)
    if commands not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([commands, os.environ.get("PATH", "")]).rstrip(os.pathsep)
