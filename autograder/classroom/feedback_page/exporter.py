"""What makes nbgrader's GenerateFeedback write our page."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import Exporter
from traitlets import Unicode

from .page import page


class FeedbackExporter(Exporter):  # type: ignore[misc]
    """c.FeedbackExporter: an executed notebook as the page its learner gets."""

    lessons = Unicode(
        "",
        help="address of the folder with the lessons' pages, as https://example.org/book/lessons; without it they are only named",
    ).tag(config=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.file_extension = ".html"

    def from_notebook_node(self, nb: Any, resources: Any = None, **kwargs: Any) -> tuple[str, Any]:
        """The page. nbgrader's GetGrades has put marks and comments into the cells."""
        nb, resources = super().from_notebook_node(nb, resources, **kwargs)
        return page(nb.cells, resources["nbgrader"], self.lessons), resources
