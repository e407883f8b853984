"""The glossary's page: every term from A to Z with all that is known of it, and filters that stand in the address."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from ...course import Course
from ...quiz.text.html import to_html, to_inline_html
from ..glossary import DIFFICULTIES, DOMAINS, INDUSTRIES, Glossary, Term


def page(glossary: Glossary, course: Course) -> str:
    """The page as MyST Markdown: a title, a sentence, and HTML."""
    letters = glossary.by_letter()
    body = "".join(
        f'<section class="letter"><h2 id="letter-{letter.lower()}">{letter}</h2>'
        f"{''.join(_term(term, glossary, course) for term in terms)}</section>"
        for letter, terms in letters.items()
    )
    return (
        f"# Glossary\n\n{len(glossary.terms)} terms of the field. The filters can be combined, and the address keeps them, so "
        "that a view can be linked. [The graph](graph.md) shows how the terms connect.\n\n"
        f"````{{raw}} html\n{_filters(course)}{_letters(letters)}"
        f'<p id="glossary-count" role="status"></p>{body}<script src="_static/glossary.js"></script>\n````\n'
    )


def _filters(course: Course) -> str:
    units = {unit.short: f"{number}. {unit.title}" for number, unit in enumerate(course.units, 1)}
    menus = "".join(
        _menu(name, label, choices)
        for name, label, choices in (
            ("domain", "Domain", {name: name for name in DOMAINS}),
            ("industry", "Industry", {name: name for name in INDUSTRIES}),
            ("difficulty", "Difficulty", {name: name for name in DIFFICULTIES}),
            ("unit", "Unit", units),
        )
    )
    return f'<form class="filters-here" id="glossary-filters">{menus}<button type="reset">Show all</button></form>'


def _menu(name: str, label: str, choices: dict[str, str]) -> str:
    options = "".join(f'<option value="{escape(value)}">{escape(text)}</option>' for value, text in choices.items())
    return f'<label>{label} <select name="{name}"><option value="">Any</option>{options}</select></label>'


def _letters(letters: Iterable[str]) -> str:
    links = "".join(f'<li><a href="#letter-{letter.lower()}">{letter}</a></li>' for letter in letters)
    return f'<nav class="letters" aria-label="Letters"><ul>{links}</ul></nav>'


def _term(term: Term, glossary: Glossary, course: Course) -> str:
    units = " ".join(dict.fromkeys(section.unit for section in term.lessons))
    facts = [
        ("Know first", _terms(term.before, glossary)),
        ("Learn next", _terms(term.after, glossary)),
        ("Related", _terms(term.related, glossary)),
        ("Lessons", ", ".join(_section(term, i, course) for i in range(len(term.lessons)))),
        ("Domains", escape(", ".join(term.domains))),
        ("Difficulty", escape(term.difficulty)),
    ]
    listed = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts if value)
    used = "".join(f"<li><b>{escape(name)}</b>: {to_inline_html(said)}</li>" for name, said in term.industries.items())
    also = f'<p class="also">Also: {escape(", ".join(term.also))}</p>' if term.also else ""
    return (
        f'<article class="term-entry" id="{term.id}" data-domain="{escape("|".join(term.domains))}" '
        f'data-industry="{escape("|".join(term.industries))}" data-difficulty="{term.difficulty}" '
        f'data-unit="{units.replace(" ", "|")}">'
        f'<h3>{escape(term.name)} <a class="headerlink" href="#{term.id}" aria-label="Link to {escape(term.name)}">#</a></h3>'
        f'<div class="definition">{to_html(term.definition)}</div>{also}{to_html(term.explanation)}'
        f'<p class="why"><b>Why it matters.</b> {to_inline_html(term.matters)}</p>'
        f'{f"<details><summary>Where it is used</summary><ul>{used}</ul></details>" if used else ""}'
        f'<dl class="facts">{listed}</dl>'
        f'<p class="to-graph"><a href="graph.html?term={term.id}">See it in the graph</a></p></article>'
    )  # fmt: skip


def _terms(ids: Iterable[str], glossary: Glossary) -> str:
    return ", ".join(f'<a href="#{id}">{escape(glossary.term(id).name)}</a>' for id in ids)


def _section(term: Term, place: int, course: Course) -> str:
    section = term.lessons[place]
    name = course.unit(section.unit).name
    number = [unit.short for unit in course.units].index(section.unit) + 1
    return f'<a href="lessons/{name}.html#{section.anchor}">{number}, {escape(section.heading)}</a>'
