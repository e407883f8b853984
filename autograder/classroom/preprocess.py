"""What nbgrader runs on a submission beside its own steps, named in nbgrader_config.py.

They work the same for `nbgrader autograde`, for formgrader's Autograde button and for `mha grade`.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import Execute, NbGraderPreprocessor
from nbgrader.utils import compute_checksum, is_grade

from ..checks import OWN_CHECKS
from ..notebook.marks import GRADED
from .cells import ASKS, KnownCell, known_cells
from .restore import restore
from .secret import course_secret, seed

Resources = dict[str, Any]


class RestoreCells(NbGraderPreprocessor):  # type: ignore[misc]
    """Puts back what a submission lost of the notebook handed out; see `restore`."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        course, names = self.parent.parent.coursedir, resources["nbgrader"]
        unit, notebook = names["assignment"], names["notebook"]
        released = Path(course.format_path(course.release_directory, ".", unit), f"{notebook}.ipynb")
        with Gradebook(names["db_url"], course.course_id) as gradebook:
            known = known_cells(gradebook, unit, notebook, released)
            restore(nb, known)
            self._renew_checksums(gradebook, unit, notebook, nb, known)
        return nb, resources

    def _renew_checksums(
        self, gradebook: Any, unit: str, notebook: str, nb: NotebookNode, known: tuple[KnownCell, ...]
    ) -> None:
        """Points changed in the gradebook itself change nbgrader's checksum, on which OverwriteCells insists."""
        points = {cell.name: cell for cell in known if cell.graded and cell.locked}
        for cell in nb.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name in points:
                given = NotebookNode({**cell, "source": points[name].source, "cell_type": points[name].kind})
                checksum = compute_checksum(given)
                if checksum != points[name].checksum:
                    gradebook.find_source_cell(name, notebook, unit).checksum = checksum
                    gradebook.db.commit()


class ExecuteChecks(Execute):  # type: ignore[misc]
    """nbgrader's Execute; the kernel's environment also says how many points each check has, and the seed."""

    def preprocess(self, nb: NotebookNode, resources: Resources, km: Any = None) -> tuple[NotebookNode, Resources]:
        course, names = self.parent.parent.coursedir, resources["nbgrader"]
        learner, unit, notebook = names["student"], names["assignment"], names["notebook"]
        submitted = Path(course.format_path(course.submitted_directory, learner, unit), f"{notebook}.ipynb")
        root = Path(course.root)
        told = {
            "points": _points(nb),
            "seed": seed(course_secret(root), learner, unit, notebook, submitted.read_bytes()),
        }
        self._env = {**os.environ, GRADED: json.dumps(told), OWN_CHECKS: str(root / "checks")}
        done: tuple[NotebookNode, Resources] = super().preprocess(nb, resources, km)
        return done

    def start_new_kernel(self, **kwargs: Any) -> None:
        # What a kernel writes past Jupyter, to its own stderr, would run through the terminal of whoever grades.
        super().start_new_kernel(env=self._env, stderr=subprocess.DEVNULL, **kwargs)


def _points(nb: NotebookNode) -> dict[str, float]:
    """The points of every graded cell by its grade_id, and by the question it asks: ``extra.bias`` and ``check_bias``.

    An instructor may give a cell any grade_id; the last of these names is the one that the course's own cells have.
    """
    cells = [(cell.metadata["nbgrader"], cell.source) for cell in nb.cells if is_grade(cell)]
    points = {marks["grade_id"]: float(marks["points"]) for marks, _ in cells}
    for marks, source in cells:
        for unit, name in ASKS.findall(source):
            points[f"{unit}.{name}"] = float(marks["points"])
            points.setdefault(f"check_{name}", float(marks["points"]))
    return points
