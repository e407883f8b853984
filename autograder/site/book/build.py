"""`make book`: write the sources, bundle the scripts, run Sphinx, and leave the site in one folder."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from ... import course as manifest
from ...problem import Problem
from ...quiz.bank import load_bank
from ...quiz.cards import page_data
from ...quiz.module import es_module, style_sheet
from ...quiz.questions import Bank
from ...quiz.text.html import to_html, to_inline_html
from ..bundle import WEB, bundle, fetch_libraries
from ..glossary import Glossary, Term, load_glossary
from ..search import write_search_index
from .model_data import model_data
from .source import write_source

HERE = Path(__file__).parent
SCRIPTS = {"site.js": "site.js", "search_box.js": "search.js", "glossary.js": "glossary.js", "graph.js": "graph.js",
           "graph_3d.js": "graph_3d.js", "explorer_page.js": "explorer.js"}  # fmt: skip
FONT = "node_modules/@fontsource/stix-two-math"


def build(output: Path) -> None:
    """Build the book into `output`. What else lies there, such as the notebooks under lite/, stays.

    Raises Problem, with what went wrong, where a part cannot be built.
    """
    course, glossary, bank = manifest.read(), load_glossary(), load_bank()
    with tempfile.TemporaryDirectory() as work:
        source = Path(work, "source")
        write_source(source, course, glossary, bank)
        _static(source / "static", glossary, bank)
        shutil.copytree(HERE / "templates", source / "templates")
        shutil.copyfile(HERE / "conf.py", source / "conf.py")
        made = Path(work, "made")
        _sphinx(source, made, Path(work, "doctrees"))
        _mend(made)
        write_search_index(made)
        for unit in course.units:
            shutil.copyfile(unit.exercise, made / "notebooks" / unit.exercise.name)
        for unwanted in (".buildinfo", "objects.inv", "searchindex.js", "search.html"):  # our own search stands in
            (made / unwanted).unlink(missing_ok=True)
        shutil.rmtree(made / "_sources", ignore_errors=True)
        _replace(made, output)


def _sphinx(source: Path, made: Path, doctrees: Path) -> None:
    from sphinx.cmd.build import build_main

    arguments = ["--quiet", "--fail-on-warning", "--keep-going", "-d", str(doctrees), str(source), str(made)]
    if build_main(arguments):
        raise Problem("Sphinx could not build the book; what it reported stands above.")


# What the theme and Sphinx write that a screen reader stumbles over, or that leads to pages which are not there.
MENDED = (
    ('class="caption" role="heading"', 'class="caption" role="heading" aria-level="2"'),
    ('<aside class="sidebar-drawer">', '<aside class="sidebar-drawer" aria-label="Pages">'),
    ('<aside class="toc-drawer">', '<aside class="toc-drawer" aria-label="On this page">'),
    ('<aside class="toc-drawer no-toc">', '<aside class="toc-drawer no-toc" aria-label="On this page">'),
    ('<th class="head"><p></p></th>', "<td></td>"),
    ('<link rel="search" title="Search" href="search.html">', ""),
    ('<link rel="search" title="Search" href="../search.html">', ""),
)


def _mend(made: Path) -> None:
    for page in made.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        for old, new in MENDED:
            text = text.replace(old, new)
        page.write_text(text, encoding="utf-8")


def _static(folder: Path, glossary: Glossary, bank: Bank) -> None:
    """Scripts, style sheets, the font of formulas, and the data that scripts read."""
    (folder / "quiz").mkdir(parents=True)
    for entry, name in SCRIPTS.items():
        bundle(entry, folder / name)
    for name in ("site.css", "search.css", "favicon.svg"):
        shutil.copyfile(WEB / name, folder / name)
    fetch_libraries()
    for name, target in (
        (f"{FONT}/files/stix-two-math-latin-400-normal.woff2", "stix-two-math.woff2"),
        (f"{FONT}/LICENSE", "stix-two-math.txt"),
    ):
        shutil.copyfile(WEB / name, folder / target)
    quiz = folder / "quiz_module.js"
    quiz.write_text(f"{es_module()}\n{(WEB / 'quiz_here.js').read_text(encoding='utf-8')}", encoding="utf-8")
    bundle(str(quiz.resolve()), folder / "quiz.js")
    quiz.unlink()
    (folder / "quiz.css").write_text(style_sheet(), encoding="utf-8")
    for unit in bank.units:
        own = tuple(one for one in bank.questions if one.unit == unit.name)
        data = page_data(replace(bank, questions=own), lessons="./")  # the quiz stands at the end of a lesson's page
        _script(folder / "quiz" / f"{unit.name}.js", "mhaQuiz", data)
    _script(folder / "graph_terms.js", "mhaTerms", graph_terms(glossary))
    _script(folder / "trained_model.js", "mhaModel", model_data())


def graph_terms(glossary: Glossary) -> list[dict[str, object]]:
    """The terms as the graph's page needs them."""
    themes = {theme.name: theme.title for theme in glossary.themes}
    return [
        {
            "id": term.id,
            "name": term.name,
            "definition": to_inline_html(term.definition),
            "explanation": to_html(term.explanation),
            "matters": to_inline_html(term.matters),
            "theme": themes[term.theme],
            "before": term.before,
            "related": term.related,
            "domains": term.domains,
            "industries": list(term.industries),
            "difficulty": term.difficulty,
            "words": " ".join((term.name, *term.also, *term.keywords)).casefold(),
            "lessons": [[course_name, heading] for course_name, heading in _sections(term)],
        }
        for term in glossary.terms
    ]


def _sections(term: Term) -> list[tuple[str, str]]:
    names = {unit.short: unit.name for unit in manifest.read().units}
    return [(f"lessons/{names[one.unit]}.html#{one.anchor}", one.heading) for one in term.lessons]


def _script(path: Path, name: str, value: object) -> None:
    """Data as a script that sets a global name: a page opened from a disk may not fetch a file."""
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    path.write_text(f"globalThis.{name} = {data};\n", encoding="utf-8")


def _replace(made: Path, output: Path) -> None:
    """Put the book in place of an older one, and leave what is not the book's."""
    output.mkdir(parents=True, exist_ok=True)
    for old in output.iterdir():
        if old.name != "lite":
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    for new in made.iterdir():
        shutil.move(str(new), output / new.name)
