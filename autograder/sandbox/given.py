"""Which names the instructor's locked cells define. A test never takes such a name from the learner.

A test cell finds the learner's functions by their names. Without this list, a name that a locked cell defines, such as
`check`, would be looked up on the learner's side whenever the defining cell has not run: because it was moved, or
because it was made to raise first.
"""

from __future__ import annotations

import ast
import contextlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .cells import Given, SourceCell

_WORD = re.compile(r"[^\W\d]\w*")
# Functions whose text arguments are code, or hold code: IPython's magics become calls of the first two.
_RUN_TEXT = frozenset({"run_cell_magic", "run_line_magic", "exec", "eval"})
_DEPTH = 5


def given_names(original: Iterable[tuple[str | None, str]], cells: Iterable[SourceCell]) -> Given:
    """The names of one notebook's locked cells.

    original: the code cells of the instructor's own version, as (grade_id or None, source); may be empty.
    cells: what the gradebook knows of the notebook, in the instructor's order.

    A name that an unlocked cell of the instructor's defines too is one that tests are meant to read from the learner
    (`squares = counting(squares)` in a test); it stays the learner's until a locked cell has defined it. Imports are the
    exception: what a locked cell imports is never the learner's. A cell that its author runs unprotected runs on the
    learner's side, so its names are there. So are those of a setup cell's statement that runs the learner's code.
    """
    cells = list(cells)
    roles = {cell.name: cell.role for cell in cells}
    unlocked, locked, both = Bound(), Bound(), Bound()
    for source in [c.source for c in cells if c.role == "answer"] + [
        source for name, source in original if roles.get(name or "", "answer") == "answer"
    ]:
        unlocked.add(source)
    theirs = unlocked.names - unlocked.imported
    shortened = []
    for cell in cells:
        tree = parsed(cell.source) if cell.role == "setup" else None
        if tree is not None:
            ours, rest = _apart(tree.body, theirs)
            locked.add_tree(ast.Module(ours, []))
            both.add_tree(ast.Module(rest, []))
            if rest:
                shortened.append((cell.name, ast.unparse(ast.Module(ours, []))))
        elif cell.role in ("setup", "test"):
            locked.add(cell.source)
            theirs -= locked.names
    asked = (unlocked.names - locked.imported) | (both.names - locked.names)
    return Given(
        tuple(sorted(locked.names - asked)), tuple(sorted(asked)), tuple(sorted(locked.stars)), tuple(shortened)
    )


def test_defines(cells: Iterable[SourceCell], name: str) -> bool:
    """Whether a test cell defines the name and no other cell of the instructor's does."""
    tests, others = Bound(), Bound()
    for cell in cells:
        if cell.cell_type == "code":
            (tests if cell.role == "test" else others).add(cell.source)
    return name in tests.names - others.names


def _apart(statements: list[ast.stmt], theirs: set[str]) -> tuple[list[ast.stmt], list[ast.stmt]]:
    """A setup cell's statements: those that can run beside the tests, and those that run the learner's code.

    theirs: names that need the learner's side; it is brought up to date.
    """
    ours: list[ast.stmt] = []
    rest: list[ast.stmt] = []
    for statement in statements:
        bound = Bound()
        bound.add_tree(ast.Module([statement], []))
        now = any(_loads(node) in theirs for node in _at_top_level(statement))
        (rest if now else ours).append(statement)
        # A function that calls the learner's can be defined without them, but not be called without them.
        later = any(_loads(node) in theirs for node in ast.walk(statement))
        theirs.difference_update(bound.names)
        if now or later:
            theirs.update(bound.names)
    return ours, rest


def _loads(node: ast.AST) -> str | None:
    return node.id if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) else None


@dataclass
class Bound:
    """Collects the global names that cells define: all of them, those from imports, and modules imported with a star."""

    names: set[str] = field(default_factory=set)
    imported: set[str] = field(default_factory=set)
    stars: set[str] = field(default_factory=set)

    def add(self, source: str, depth: int = 0) -> None:
        """Add what a cell defines at its top level. Of a cell that cannot be read, every word counts as defined."""
        tree = parsed(source) if depth < _DEPTH else None
        if tree is None:
            self.names.update(map(_normal, _WORD.findall(source)))
            return
        self.add_tree(tree, depth)

    def add_tree(self, tree: ast.AST, depth: int = 0) -> None:
        """Add what statements define at the top level."""
        for node in _at_top_level(tree):
            self._add(node, depth)

    def _add(self, node: ast.AST, depth: int) -> None:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            self.names.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            self.names.add(node.name)
        elif isinstance(node, ast.Global):
            self.names.update(node.names)
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            self.names.add(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            self.names.add(node.rest)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            self._add_imports(node)
        elif isinstance(node, ast.Call):
            function = node.func
            called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            if called in _RUN_TEXT:
                self._add_texts(called, node.args, depth)
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            match node:  # globals()["name"] = value
                case ast.Subscript(ast.Call(ast.Name("globals" | "locals" | "vars")), ast.Constant(str(name))):
                    self.names.add(name)

    def _add_texts(self, called: str, arguments: list[ast.expr], depth: int) -> None:
        for position, text in enumerate(arguments):
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                self.add(text.value, depth + 1)
                if "magic" in called and position == 1:  # `%%capture output` defines a word of its line
                    self.names.update(map(_normal, _WORD.findall(text.value)))

    def _add_imports(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            if alias.name == "*":
                self.stars.add(str(getattr(node, "module", "") or ""))
                continue
            name = alias.asname or (alias.name.partition(".")[0] if isinstance(node, ast.Import) else alias.name)
            self.names.add(name)
            self.imported.add(name)


def parsed(source: str) -> ast.Module | None:
    """The syntax tree of a cell, its magics turned into calls as IPython turns them; None where there is none."""
    from IPython.core.inputtransformer2 import TransformerManager

    with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.parse(source)
    try:
        return ast.parse(str(TransformerManager().transform_cell(source)))
    except Exception:
        return None


def _at_top_level(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes whose names are global. Of a function or class body only `global` statements and what those name count;
    names in comprehensions and lambdas are their own, but a walrus in a comprehension is not.
    """
    todo: list[tuple[ast.AST, bool]] = [(tree, True)]
    while todo:
        node, outside = todo.pop()
        if outside or isinstance(node, ast.Global | ast.Call):
            yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            inside = [node.body] if isinstance(node, ast.Lambda) else node.body
            todo += [(child, outside and child not in inside) for child in ast.iter_child_nodes(node)]
        elif isinstance(node, ast.comprehension):
            # Its targets are local; where it iterates and what it asks can hold a walrus.
            todo += [(child, outside) for child in (node.iter, *node.ifs)]
        else:
            todo += [(child, outside) for child in ast.iter_child_nodes(node)]


def _normal(name: str) -> str:
    return unicodedata.normalize("NFKC", name)
