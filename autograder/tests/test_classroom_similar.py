"""Similar submissions: what counts as the same code, what the exercise forces, and who is shown."""

from __future__ import annotations

from autograder.classroom.report.similar import FEWEST, SOLUTION, alike, pieces

ONE = """
def head(x, w):
    '''One head.'''
    scores = np.einsum("td,de->te", x, w)  # scores
    largest = scores.max(axis=-1, keepdims=True)
    e = np.exp(scores - largest)
    if x.ndim == 3:
        e = e.swapaxes(0, 1) * 1.0
    return e / e.sum(axis=-1, keepdims=True)
"""
RENAMED = """
def head(tokens, weight):

    s = np.einsum("td,de->te", tokens, weight)
    top = s.max(axis=-1, keepdims=True)
    out = np.exp(s - top)
    if tokens.ndim == 3:
        out = out.swapaxes(0, 1) * 1.0
    return (out /
        out.sum(axis=-1, keepdims=True))
"""


def other(n: int) -> str:
    """An answer of somebody's own, with one line that the exercise forces."""
    return (
        f"def head(x, w):\n    scores = np.dot(x, w) * {n} + x.shape[{n}]\n    forced = np.sqrt(x.shape[-1]) * scores.shape[-1]\n"
        f"    return np.tanh(scores[{n}:]).sum({n}) - forced.max({n})\n"
    )


def a_class(**more: str) -> dict[str, dict[str, frozenset[bytes]]]:
    codes = {f"l{n}": other(n) for n in range(20)} | more
    return {who: {"one_head.head": pieces(code)} for who, code in codes.items()}


def test_names_comments_docstrings_and_layout_do_not_count() -> None:
    assert pieces(ONE) == pieces(RENAMED) != frozenset()


def test_another_function_number_or_keyword_is_another_piece() -> None:
    for old, new in (
        ("np.exp", "np.tanh"),
        ("axis=-1", "axis=-2"),
        ("keepdims", "initial"),
        ("scores - largest", "largest - scores"),
    ):
        assert pieces(ONE) != pieces(ONE.replace(old, new))


def test_what_is_no_python_has_no_pieces() -> None:
    assert pieces("def head(:") == pieces("\0") == pieces("") == pieces("(" * 5000) == frozenset()
    assert pieces('raise NotImplementedError("Write head, then run this cell, please.")') == frozenset()


def test_two_of_the_same_code_are_found_and_the_rest_of_the_class_is_not() -> None:
    (pair,) = alike("01_one_head", a_class(ada=ONE, bob=RENAMED))
    assert (pair.one, pair.other, pair.questions) == ("ada", "bob", ("one_head.head",))
    assert (pair.common, pair.of) == (10, 11)  # all but the line that names the function


def test_the_shipped_solution_is_recognised_and_pairs_each_with_itself_only() -> None:
    found = alike("01_one_head", a_class(ada=ONE, bob=RENAMED) | {SOLUTION: {"one_head.head": pieces(ONE)}})
    assert [(pair.one, pair.other) for pair in found] == [(SOLUTION, "ada"), (SOLUTION, "bob")]


def test_what_many_wrote_is_what_the_exercise_forces() -> None:
    assert alike("01_one_head", a_class(**{f"same{n}": ONE for n in range(5)})) == []


def test_nothing_is_shown_of_a_class_too_small_to_tell() -> None:
    few = {f"l{n}": {"q": pieces(ONE)} for n in range(2)} | {
        f"o{n}": {"q": pieces(other(n))} for n in range(FEWEST - 3)
    }
    assert len(few) == FEWEST - 1
    assert alike("01_one_head", few) == []
    assert len(alike("01_one_head", few | {"last": {"q": pieces(other(9))}})) == 1
