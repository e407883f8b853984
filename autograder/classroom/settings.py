"""The nbgrader_config.py of a course directory: how it is written and how it is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..build.release import CODE_STUB
from ..problem import Problem

NAME = "nbgrader_config.py"


def text() -> str:
    """The configuration that a new course directory gets."""
    return Path(__file__).with_name("nbgrader_config.txt").read_text("utf-8").replace("@CODE_STUB@", f'"{CODE_STUB}"')


def load(root: Path) -> Any:
    """The configuration of a course directory, with the user's own nbgrader_config.py below it, as nbgrader reads them.

    Raises Problem where a file cannot be read or fails.
    """
    from jupyter_core.paths import jupyter_config_path
    from traitlets.config import Config, PyFileConfigLoader

    config = Config()
    for folder in (*reversed(jupyter_config_path()), str(root)):
        if Path(folder, NAME).is_file():
            try:
                config.merge(PyFileConfigLoader(NAME, path=folder).load_config())
            except Exception as error:  # it is a program: anything can go wrong in it
                raise Problem(f"{Path(folder, NAME)} fails: {type(error).__name__}: {error}. Mend it there.") from error
    return config
