"""Feedback pages as one zip for a platform's bulk upload, each named like the file that the learner handed in there.

Canvas and Moodle find the learner by the numbers in a file's name, which differ for every assignment: they come from the
download that `nbgrader zip_collect` has unpacked.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from ...problem import Problem
from ..collect import LmsCollector, is_meant
from ..directory import CourseDirectory
from ..results import Learner


def feedback_zip(directory: CourseDirectory, unit: str, learners: list[Learner], target: Path) -> tuple[int, list[str]]:
    """Write the zip of a unit: how many pages it holds, and the ids of learners with a page and no file in the download.

    Raises Problem where nothing was downloaded for the unit.
    """
    downloaded = directory.root / "downloaded" / unit / "extracted"
    files = {path: found for path in sorted(downloaded.rglob("*.ipynb")) if (found := _match(directory, path))}
    if not files:
        raise Problem(
            f"{downloaded} holds no download, which has the names that the platform wants. Put the platform's zip into "
            f"{downloaded.parent / 'archive'} and run: nbgrader zip_collect {unit}"
        )
    without, written = [], 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for learner in learners:
            pages = sorted(directory.feedback(learner.id, unit).glob("*.html"))
            path = _theirs(files, learner)
            if pages and path is None:
                without.append(learner.id)
            elif path is not None:
                handed_in = PurePosixPath(
                    *path.relative_to(downloaded).parts[1:]
                )  # the first is the archive's own folder
                start = handed_in.name.removesuffix(f"{files[path]['file_id']}.ipynb")
                for page in pages:
                    packed.write(page, str(handed_in.with_name(f"{start}{page.name}")))
                    written += 1
    return written, without


def _match(directory: CourseDirectory, path: Path) -> Mapping[str, str | None] | None:
    patterns = LmsCollector(config=directory.course.config).patterns
    return next((match.groupdict() for pattern in patterns if (match := re.match(pattern, str(path)))), None)


def _theirs(files: Mapping[Path, Mapping[str, str | None]], learner: Learner) -> Path | None:
    """A learner's file, of several copies the numbered one; None where several participants have the learner's name."""
    name = f"{learner.first_name} {learner.last_name}".strip().casefold()
    theirs = {path: found for path, found in files.items() if is_meant(found, name, learner.lms_user_id or None)}
    if len({found.get("participant") for found in theirs.values()}) > 1:
        return None
    return max(theirs, key=lambda path: (len(path.name), path), default=None)
