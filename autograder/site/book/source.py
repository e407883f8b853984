"""What Sphinx reads: the course's Markdown with everything computed put in, and the pages that are computed as a whole."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from ...build.pictures import drawn
from ...course import Course, Unit
from ...quiz.questions import Bank
from ..glossary import Glossary
from . import glossary_page, landing
from .flowchart import draw_chart

FENCE = re.compile(r"^```mermaid\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PICTURE = re.compile(r"^!\[([^\]]*)\]\(pictures/(\w+)\.svg\)$", re.MULTILINE)
TITLE = re.compile(r"\A# .*\n")
OTHER_NOTEBOOK = re.compile(r"\]\(\.\./(\w+)/\w+\.ipynb\)")
PAGES = Path(__file__).with_name("pages")


def write_source(folder: Path, course: Course, glossary: Glossary, bank: Bank) -> None:
    """Write every page of the book as MyST Markdown into `folder`, which is replaced."""
    shutil.rmtree(folder, ignore_errors=True)
    for part in ("lessons", "notebooks"):
        (folder / part).mkdir(parents=True)
    pictures = {path.stem: picture.svg for path, picture in drawn(course).items()}
    for unit in course.units:
        _write(folder / "lessons" / f"{unit.name}.md", _lesson(unit, pictures, bank))
        _write(folder / "notebooks" / f"{unit.name}.md", _notebook(unit))
    for guide in sorted((course.root / "course").glob("guide*.md")):
        shutil.copyfile(guide, folder / guide.name)
    shutil.copytree(course.root / "course" / "pictures", folder / "pictures")  # those of the guides
    for page in PAGES.glob("*.md"):
        shutil.copyfile(page, folder / page.name)
    index = (course.root / "course" / "index.md").read_text(encoding="utf-8")
    index = index.replace("<!-- start -->", landing.start(course)).replace("<!-- path -->", landing.path(course))
    _write(folder / "index.md", index)
    _write(folder / "glossary.md", glossary_page.page(glossary, course))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _lesson(unit: Unit, pictures: Mapping[str, str], bank: Bank) -> str:
    """The lesson with its diagrams and pictures drawn, the ways to its notebook on top and its quiz at the end."""
    text = unit.lesson.read_text(encoding="utf-8")
    text = FENCE.sub(lambda found: raw(f'<div class="figure" tabindex="0">{draw_chart(found[1])}</div>'), text)
    text = PICTURE.sub(lambda found: raw(_figure(pictures[found[2]])), text)
    text = TITLE.sub(lambda found: found[0] + "\n" + raw(_ways(unit, "../")), text)
    return text + _quiz(unit, bank)


def _figure(svg: str) -> str:
    return f'<div class="figure" tabindex="0">{re.sub(chr(10), "", svg)}</div>'


def _ways(unit: Unit, root: str) -> str:
    lite = f"{root}lite/notebooks/index.html?path={unit.name}/{unit.exercise.name}"
    return (
        f'<ul class="ways" aria-label="The notebook of this unit">'
        f'<li><a class="start needs-server" href="{lite}">Open the notebook in your browser</a></li>'
        f'<li><a href="{root}notebooks/{unit.name}.html">Read it</a></li>'
        f'<li><a href="{root}notebooks/{unit.exercise.name}" download>Download it</a></li>'
        f'<li><a href="#quiz">Quiz</a></li>'
        f'<li><a href="{root}glossary.html?unit={unit.short}">Terms of this unit</a></li></ul>'
    )


def _quiz(unit: Unit, bank: Bank) -> str:
    """The place of the quiz. Each question's anchor stands there, so that a link to it arrives without a script, too."""
    anchors = "".join(f'<span id="{question.id}"></span>' for question in bank.questions if question.unit == unit.short)
    return "\n\n## Quiz\n\n" + raw(
        f'<link rel="stylesheet" href="../_static/quiz.css">{anchors}<section class="quiz-here" data-unit="{unit.short}" aria-label="Quiz">'
        f"<p>The quiz needs JavaScript. In a terminal: <code>mha quiz {unit.short}</code>.</p></section>"
        f'<script src="../_static/quiz/{unit.short}.js"></script><script src="../_static/quiz.js"></script>'
    )


def _notebook(unit: Unit) -> str:
    """The notebook to read: its text and its cells, as learners get them."""
    import nbformat

    notebook = nbformat.read(unit.exercise, as_version=4)
    parts = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source)
        elif cell.source:
            parts.append(f"```python\n{cell.source}\n```")
    text = OTHER_NOTEBOOK.sub(r"](\1.md)", "\n\n".join(parts))
    note = f"This is the notebook of [the lesson](../lessons/{unit.name}.md), to read. To fill it in, open it or download it."
    return TITLE.sub(
        lambda found: found[0] + "\n" + raw(_ways(unit, "../").replace('href="#quiz"', f'href="../lessons/{unit.name}.html#quiz"')) + f"\n{note}\n", text
    )  # fmt: skip


def raw(html: str) -> str:
    """HTML as MyST passes it on: in a fence of its own."""
    return f"\n````{{raw}} html\n{html}\n````\n"
