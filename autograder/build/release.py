"""From source notebooks to what learners get, by nbgrader's own generate_assignment in a course directory made for it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from ..course import Unit
from ..grading.api import open_api, why_not
from ..problem import Problem

# What takes a solution's place. nbgrader has one text for all of them, so it fits a body to write (the given line after it
# raises), a `...` to replace, and a list or a function above it to change.
CODE_STUB = "# YOUR CODE: here, or in the lines above"


def released(sources: Mapping[Unit, bytes]) -> dict[Unit, bytes]:
    """The exercise notebooks that nbgrader generates from these source notebooks.

    Raises Problem with nbgrader's own words where it refuses.
    """
    from traitlets.config import Config

    config = Config()
    config.ClearSolutions.code_stub = {"python": CODE_STUB}
    # nbgrader's own `generate_assignment --no-db`: making a gradebook takes longer than all units together.
    config.GenerateAssignment.no_database = True
    config.SaveCells.enabled = False
    made = {}
    with tempfile.TemporaryDirectory() as folder:
        api = open_api(Path(folder), config)
        for unit, source in sources.items():
            notebook = Path(folder, "source", unit.name, f"{unit.short}.ipynb")
            notebook.parent.mkdir(parents=True)
            notebook.write_bytes(source)
            refused = why_not(api.generate_assignment(unit.name))
            if refused:
                raise Problem(f"nbgrader could not generate {unit.name}: {refused}")
            made[unit] = Path(folder, "release", unit.name, f"{unit.short}.ipynb").read_bytes()
    return made
