"""What each question's id means, kept so that it never comes to mean something else.

QuizProgress, links and gradebooks refer to questions by id. meanings.json holds, for each id, a hash of the question's text and
right answer; a test compares it with the bank.

    python -m autograder.quiz.meanings                 add ids that are new
    python -m autograder.quiz.meanings --accept ID     the wording of ID changed, its meaning did not
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from ..problem import Problem
from .bank import load_bank
from .questions import AnyQuestion, Bank, BugQuestion, NumberQuestion
from .sentences import right_answer

FILE = Path(__file__).with_name("meanings.json")


def meaning(question: AnyQuestion) -> str:
    """A hash of the question's kind, text and right answer; spaces, case and explanations do not count."""
    parts = [question.kind, question.text]
    if isinstance(question, NumberQuestion):
        parts += [question.answer, question.counted_in or ""]
    else:
        parts += sorted(right_answer(question))
    if isinstance(question, BugQuestion):
        parts += question.listing
    plain = "\n".join("".join(part.lower().split()) for part in parts)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def known_meanings() -> dict[str, str]:
    """The committed list."""
    known: dict[str, str] = json.loads(FILE.read_text(encoding="utf-8"))
    return known


def changed(bank: Bank, known: dict[str, str]) -> list[str]:
    """Sentences on ids that mean something else than they did, and on ids that are gone."""
    now = {question.id: meaning(question) for question in bank.questions}
    said = [f"{name} no longer asks what it did." for name in now if name in known and known[name] != now[name]]
    return said + [f"{name} is gone from the bank." for name in known if name not in now]


def main(arguments: Sequence[str] | None = None) -> int:
    """Add new ids, and those given with --accept; 1 where others changed."""
    parser = argparse.ArgumentParser(prog="python -m autograder.quiz.meanings", description="Keep the meanings of ids.")
    parser.add_argument(
        "--accept", nargs="+", default=[], metavar="ID", help="ids that changed in wording alone, or went"
    )
    accepted = parser.parse_args(arguments).accept
    try:
        bank = load_bank()
    except Problem as error:
        print(error, file=sys.stderr)
        return 1
    known = known_meanings() if FILE.exists() else {}
    now = {question.id: meaning(question) for question in bank.questions}
    kept = {name: known.get(name, now.get(name, "")) for name in {*known, *now}}
    for name in accepted:
        if name in now:
            kept[name] = now[name]
        elif kept.pop(name, None) is None:
            print(f"There is no question '{name}'.", file=sys.stderr)
            return 1
    FILE.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    left = changed(bank, kept)
    for sentence in left:
        print(f"{sentence} Give it a new id, or say that only the wording changed: --accept ID", file=sys.stderr)
    print(f"{len(set(now) - set(known))} ids added; {len(kept)} in {FILE.name}.")
    return 1 if left else 0


if __name__ == "__main__":
    raise SystemExit(main())
