"""Submissions whose code agrees beyond what the exercise forces: a list to look at, never a verdict.

An answer is taken apart into pieces: its statements, and every two that follow each other, as syntax trees. Comments, layout,
docstrings and the learner's names do not count: names are numbered in the order in which a piece uses them. A piece that
many of the class wrote is what the exercise asks for; what counts are pieces that hardly anybody has. The shipped solution
takes part like a learner. Names that Python or an import defines stay: `np.exp` is not `np.tanh`.

The idea of fingerprints, of which those that everybody has are left out, is that of Schleimer, Wilkerson and Aiken, "Winnowing"
(SIGMOD 2003).
"""

from __future__ import annotations

import ast
import builtins
import hashlib
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

# Pieces of code by question, hashed.
Pieces = Mapping[str, frozenset[bytes]]

# In a smaller class nothing is rare.
FEWEST = 10
# Nodes of a syntax tree below which a piece says nothing.
SMALLEST = 10
# A piece is rare if at most this share of the class has it, or these few.
RARE_SHARE, RARE = 0.03, 3
# Rare pieces in common from which a pair is shown, and the share of the shorter one's pieces that they must be.
ENOUGH, ENOUGH_SHARE = 4, 0.25
MOST_PAIRS = 100
SOLUTION = ""
# Where a statement holds others, or the parts of it that do.
BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
KNOWN = frozenset({"np", *dir(builtins)})


@dataclass(frozen=True)
class Alike:
    """Two submissions of a unit with code in common.

    one, other   learners' ids; `one` is SOLUTION for the solution that ships with the unit
    common       how many pieces both have that hardly anybody else has
    of           how many pieces the shorter submission has
    questions    where they are
    """

    unit: str
    one: str
    other: str
    common: int
    of: int
    questions: tuple[str, ...]


def alike(unit: str, answers: Mapping[str, Pieces]) -> list[Alike]:
    """Pairs of a unit's submissions, those with most in common first; nothing in a class too small to tell.

    answers  each learner's pieces, and the solution's under SOLUTION
    """
    learners = len(answers.keys() - {SOLUTION})
    if learners < FEWEST:
        return []
    who: dict[tuple[str, bytes], list[str]] = defaultdict(list)
    for one in sorted(answers):
        for question, pieces in answers[one].items():
            for piece in pieces:
                who[question, piece].append(one)
    common: dict[tuple[str, str], list[str]] = defaultdict(list)
    rare = max(RARE, int(RARE_SHARE * learners))
    for (question, _), having in who.items():
        if sum(one != SOLUTION for one in having) > rare:
            continue
        # Those who have a piece of the solution have it in common with the solution, not with each other.
        pairs = [(SOLUTION, one) for one in having[1:]] if having[0] == SOLUTION else combinations(having, 2)
        for pair in pairs:
            common[pair].append(question)
    lengths = {one: sum(map(len, found.values())) for one, found in answers.items()}
    found = [
        Alike(unit, one, other, len(where), of, tuple(sorted(set(where))))
        for (one, other), where in common.items()
        for of in [min(lengths[one], lengths[other])]
        if len(where) >= ENOUGH and len(where) >= ENOUGH_SHARE * of
    ]
    return sorted(found, key=lambda pair: (-pair.common, pair.one, pair.other))[:MOST_PAIRS]


def pieces(code: str) -> frozenset[bytes]:
    """The pieces of an answer; none where it is not Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a learner's "\d" is not our business
            tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    blocks = list(_blocks(tree))
    kept = _names_that_stay(one for block in blocks for one in block)
    found = set()
    for block in blocks:
        body = [one for one in block if not _says_nothing(one)]
        for some in [*((one,) for one in body), *pairwise(body)]:
            flat = _flat(some, kept)
            if len(flat) >= SMALLEST:
                found.add(hashlib.blake2b("\0".join(flat).encode("utf-8", "replace"), digest_size=8).digest())
    return frozenset(found)


def _blocks(tree: ast.AST) -> Iterator[list[ast.stmt]]:
    """Every block of statements."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        for name in BLOCKS:
            block = getattr(node, name, None)
            if isinstance(block, list):
                if block and isinstance(block[0], ast.stmt):
                    yield block
                waiting += block


def _says_nothing(one: ast.stmt) -> bool:
    if isinstance(one, ast.Expr):
        return isinstance(one.value, ast.Constant)
    return isinstance(one, ast.Raise) and "NotImplementedError" in ast.dump(one)


def _names_that_stay(statements: Iterable[ast.stmt]) -> frozenset[str]:
    imported = {
        (alias.asname or alias.name).partition(".")[0]
        for one in statements
        if isinstance(one, ast.Import | ast.ImportFrom)
        for alias in one.names
    }
    return KNOWN | imported


def _flat(some: Sequence[ast.stmt], kept: frozenset[str]) -> list[str]:
    """The nodes of statements from the top down, blocks inside left out, since they are pieces themselves."""
    numbers: dict[str, str] = {}
    flat: list[str] = []
    waiting: list[object] = list(reversed(some))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.AST):
            flat.append(type(node).__name__)
            for field, value in reversed(list(ast.iter_fields(node))):
                if field in BLOCKS and isinstance(value, list):
                    continue
                if field in ("annotation", "returns", "type_comment", "type_params", "ctx", "kind"):
                    continue
                named = field in ("id", "arg", "name") and not isinstance(node, ast.keyword | ast.alias)
                waiting.append(_Name(value) if named and isinstance(value, str) else value)
        elif isinstance(node, list):
            waiting.append("|")
            waiting.extend(reversed(node))
        elif isinstance(node, _Name):
            flat.append(node.text if node.text in kept else numbers.setdefault(node.text, f"${len(numbers)}"))
        elif node is not None:
            flat.append(repr(node))
    return flat


@dataclass(frozen=True)
class _Name:
    text: str
