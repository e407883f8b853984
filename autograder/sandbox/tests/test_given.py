"""A name that a locked cell defines is never the learner's, wherever the submission puts that cell."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from autograder.grading.tests.make_course import answer, check, code, fill, notebook, setup, text
from autograder.sandbox.cells import SourceCell
from autograder.sandbox.given import Bound, given_names
from autograder.sandbox.order import in_order
from autograder.sandbox.settings import Settings
from autograder.sandbox.tests.play import Played, play
from autograder.sandbox.tests.test_tampering import Tree, cell_of, meta

DEFINES: dict[str, str] = {
    "an import": "import helper",
    "an import of a part": "import helper.part",
    "an import under another name": "import x as helper",
    "an import from": "from x import y as helper",
    "an assignment": "helper = 1",
    "one of several": "(a, [helper, *b]) = 1, [2, 3]",
    "a starred target": "a, *helper = 1, 2",
    "an annotation": "helper: int = 1",
    "an addition": "helper += 1",
    "a walrus": "print(helper := 1)",
    "a walrus in a comprehension": "[helper := i for i in range(3)]",
    "a walrus in a comprehension's condition": "[i for i in range(3) if (helper := i)]",
    "a walrus in a default": "def f(x=(helper := 1)):\n    pass",
    "a walrus in a decorator": "@(helper := print)\ndef f():\n    pass",
    "a walrus in a base class": "class C((helper := object)):\n    pass",
    "a loop": "for helper in []:\n    pass",
    "a with": "with open('x') as helper:\n    pass",
    "a function": "def helper():\n    pass",
    "a coroutine": "async def helper():\n    pass",
    "a class": "class helper:\n    pass",
    "an except": "try:\n    pass\nexcept ValueError as helper:\n    pass",
    "only if": "if False:\n    helper = 1",
    "only else": "while False:\n    pass\nelse:\n    helper = 1",
    "a match": "match 1:\n    case helper:\n        pass",
    "a match of a star": "match 1:\n    case [*helper]:\n        pass",
    "a match of the rest": "match 1:\n    case {**helper}:\n        pass",
    "a match under a name": "match 1:\n    case int() as helper:\n        pass",
    "a global": "def f():\n    global helper\n    helper = 1\nf()",
    "a global in a method": "class C:\n    def f(self):\n        global helper\n        helper = 1",
    "the namespace": "globals()['helper'] = 1",
    "text that is run": "exec('helper = 1')",
    "beside a magic": "%matplotlib inline\nhelper = 1",
    "the output of a command": "helper = !ls",
    "a magic's value": "helper = %pwd",
    "below a cell magic": "%%time\nhelper = 1",
    "below two cell magics": "%%capture\n%%time\nhelper = 1",
    "within a line magic": "%time helper = 1",
    "a cell magic's word": "%%capture helper\nprint()",
    "other letters for the same": "ｈｅｌｐｅｒ = 1",
    "a cell that cannot be read": "helper = (",
    "other letters in what cannot be read": "ｈｅｌｐｅｒ = (",
}


@pytest.mark.parametrize("name", DEFINES)
def test_what_a_cell_defines_is_found(name: str) -> None:
    bound = Bound()
    bound.add(DEFINES[name])
    assert "helper" in bound.names


@pytest.mark.parametrize(
    "source",
    ["helper", "helper()", "helper.x = 1", "helper[0] = 1", "def f(helper):\n    helper = 1", "lambda helper: 1",
     "[helper for helper in []]", "class C:\n    helper = 1", "del helper", "print(helper=1)"],
)  # fmt: skip
def test_what_a_cell_only_uses_is_not_given(source: str) -> None:
    bound = Bound()
    bound.add(source)
    assert "helper" not in bound.names


def known(name: str, source: str, kind: str) -> SourceCell:
    return SourceCell(name, "code", source, kind, kind != "answer", 1.0, {})


def test_what_the_solution_defines_too_is_read_from_the_learner_until_a_test_defines_it() -> None:
    cells = [known("a", "def f(): ...\nimport np", "answer"), known("t", "f = count(f)\nimport np\ng = 1", "test")]
    given = given_names([(None, "free = 1")], [*cells, known("u", "free = free + 1", "test")])
    assert given.names == ("g", "np")
    assert set(given.asked) == {"f", "free"}


def test_the_least_is_called_moved() -> None:
    assert in_order([1, 2, 3, 0], [1, 1, 1, 1]) == {1, 2, 3}
    assert in_order([1, 0], [1, 5]) == {0}
    assert in_order([], []) == set()


CELLS = [
    text("# Title"),
    setup("given", "def mark(right):\n    return 2.0 * bool(right)"),
    answer("one", "def one():\n    raise NotImplementedError()"),
    check("t_one", "mark(one() == 1)", 2),
    answer("two", "def two():\n    raise NotImplementedError()"),
    check("t_two", "value = two()\nassert value != 0\nhelper = lambda right: 2.0 * bool(right)", 2),
    check("t_helper", "helper(two() == 2)", 2),
]
WRONG = "def mark(right):\n    return 2.0\nhelper = bool_ = two = one = mark = lambda *a: 2.0\ndef two():\n    return 0"
EVIL = {"one": WRONG.replace("two = one", "one"), "two": "def two():\n    return 0\nmark = helper = lambda *a: 2.0"}
Change = Callable[[Tree], Any]


def take(tree: Tree, name: str) -> dict[str, Any]:
    cell = cell_of(tree, name)
    tree["cells"].remove(cell)
    return cell


def move(name: str, to: int) -> Change:
    return lambda tree: tree["cells"].insert(to, take(tree, name))


def double(name: str, to: int) -> Change:
    return lambda tree: tree["cells"].insert(to, copy.deepcopy(cell_of(tree, name)))


def everything(*changes: Change) -> Change:
    return lambda tree: [change(tree) for change in changes]


def split(tree: Tree) -> None:
    cell = cell_of(tree, "given")
    cell["source"], rest = cell["source"].split("\n")
    tree["cells"].append({**copy.deepcopy(cell), "source": rest})


def exchange(one: str, other: str) -> Change:
    def do(tree: Tree) -> None:
        meta(tree, one)["grade_id"], meta(tree, other)["grade_id"] = other, one

    return do


MOVED: dict[str, Change] = {
    "untouched": lambda t: None,
    "setup last": move("given", 99),
    "setup doubled at the end": double("given", 99),
    "setup three times": everything(double("given", 99), double("given", 0), double("given", 4)),
    "setup between": move("given", 4),
    "setup as text at the end": everything(move("given", 99), lambda t: cell_of(t, "given").update(cell_type="raw")),
    "setup within text": lambda t: (
        cell_of(t, "given").update(cell_type="markdown", source="%%markdown\ndef mark(right):\n    return 9"),
        move("given", 99)(t),
    ),
    "setup retyped and moved": everything(
        move("given", 99), lambda t: cell_of(t, "given").update(source="%%script false\n")
    ),
    "setup split": split,
    "setup renamed": lambda t: meta(t, "given").update(grade_id="other"),
    "setup locked no more": everything(move("given", 99), lambda t: meta(t, "given").update(locked=False)),
    "setup and a test exchange their names": exchange("given", "t_helper"),
    "the helper's test last": move("t_two", 99),
    "the helper's test doubled": double("t_two", 99),
    "the user first": move("t_helper", 0),
    "tests in reverse": everything(move("t_one", 99), move("t_two", 6), move("t_helper", 0)),
    "all upside down": lambda t: t["cells"].reverse(),
    "two tests exchange their names": exchange("t_two", "t_helper"),
    "the helper's test deleted": lambda t: take(t, "t_two"),
    "setup deleted": lambda t: take(t, "given"),
}


@pytest.mark.parametrize("name", MOVED)
def test_no_mark_is_had_by_moving_given_cells(quick: Settings, name: str) -> None:
    tree = fill(notebook(CELLS), EVIL)
    tree["cells"].insert(0, code("mark = helper = lambda right: 2.0"))
    MOVED[name](tree)
    played = play(CELLS, quick, sent=tree)
    assert played.marks == {"t_one": 0.0, "t_two": 0.0, "t_helper": 0.0}, played.notebook


@pytest.mark.parametrize("name", MOVED)
def test_no_mark_is_lost_by_moving_given_cells(quick: Settings, name: str) -> None:
    tree = fill(notebook(CELLS), {"one": "def one():\n    return 1", "two": "def two():\n    return 2"})
    if name == "all upside down":
        tree["cells"][2], tree["cells"][4] = tree["cells"][4], tree["cells"][2]
    MOVED[name](tree)
    played = play(CELLS, quick, sent=tree)
    assert played.marks == {"t_one": 2.0, "t_two": 2.0, "t_helper": 2.0}, played.notebook
    order = [n for c in played.notebook["cells"] if (n := c["metadata"].get("nbgrader", {}).get("grade_id"))]
    assert [n for n in order if n not in ("one", "two")] == ["given", "t_one", "t_two", "t_helper"]
    if name == "setup last":
        assert list(played.outcome.notes) == [
            "has given cells in another place: given; they were run where the instructor has them"
        ]


def test_an_answer_that_its_learner_moved_stays_there(quick: Settings) -> None:
    tree = fill(notebook(CELLS), {"one": "def one():\n    return two() - 1", "two": "def two():\n    return 2\ntwo()"})
    tree["cells"].insert(2, take(tree, "two"))
    tree["cells"].insert(3, code("extra = two()"))
    played = play(CELLS, quick, sent=tree)
    assert played.marks == {"t_one": 2.0, "t_two": 2.0, "t_helper": 2.0}
    assert list(played.outcome.notes) == []
    sources = [c["source"] for c in played.notebook["cells"]]
    assert sources.index("extra = two()") == 3


LATE: dict[str, str] = {
    "raises before it defines": "assert f() == 1\nhelper = lambda *a: 2.0",
    "only if": "if f() == 1:\n    helper = lambda *a: 2.0",
    "deleted again": "helper = lambda *a: 0.0\ndel helper",
    "an except that is over": "try:\n    f(1, 2)\nexcept TypeError as helper:\n    pass",
    "a loop over nothing": "for helper in f():\n    pass",
    "within a cell magic": "%%time\nassert f() == 1\nhelper = lambda *a: 2.0",
    "a global in a function": "def make():\n    global helper\n    helper = 1\nassert f() == 1\nmake()",
    "a star": "assert f() == 1\nfrom posixpath import *",
    "a star of what cannot be imported": "assert f() == 1\nfrom nowhere_at_all import *",
    "cannot be parsed": "helper = (",
}


@pytest.mark.parametrize("name", LATE)
def test_a_test_that_did_not_define_its_helper_hands_its_name_to_nobody(quick: Settings, name: str) -> None:
    helper = "basename" if "posixpath" in LATE[name] else "helper"
    cells = [
        answer("f", f"def f(*a):\n    return ()\ndef {helper}(*a):\n    return 2.0"),
        check("t", LATE[name], 2),
        check("u", f"{helper}(f())", 2),
        check("v", f"def inner():\n    return {helper}(f()) + 0\ninner()", 2),
        check("w", f"assert not '{helper}' in globals()\nassert globals().get('{helper}') is None", 2),
    ]
    given_out = [answer("f", "def f(*a):\n    ..."), *cells[1:]]
    played = play(given_out, quick, sent=notebook(cells))
    assert (played.marks["u"], played.marks["v"], played.marks["w"]) == (0.0, 0.0, 2.0)
    assert f"`{helper}` is defined by a given cell" in played.text("u")


COUNTS = "calls = []\noriginal = squares\ndef squares(n):\n    calls.append(n)\n    return original(n)\nassert squares(2) == 4"


def test_a_test_that_wraps_the_learners_function_still_reads_it(quick: Settings) -> None:
    cells = [
        answer("a", "def squares(n):\n    return n * n"),
        check("first", "assert squares(3) == 9", 1),
        check("counts", COUNTS, 1),
        check("after", "assert squares(4) == 16\nassert calls == [2, 4]", 1),
    ]
    assert play(cells, quick).marks == {"first": 1.0, "counts": 1.0, "after": 1.0}


def test_what_setup_makes_of_the_learners_code_is_the_learners_and_the_rest_is_not(quick: Settings) -> None:
    cells = [
        answer("a", "def f():\n    return 1\ndef mark(x):\n    return 2.0\nhalf = mark"),
        setup(
            "s",
            "first = f()\ndef twice():\n    return 2 * f()\nsecond = twice() + first\n"
            "def mark(x):\n    return 0.0\nimport math as half",
        ),
        check("t", "assert first == 1 and second == 3 and twice() == 2", 1),
        check("u", "mark(1)", 2),
        check("v", "assert half.pi > 3", 1),
    ]
    out = [answer("a", "def f():\n    ..."), *cells[1:]]
    assert play(out, quick, sent=notebook(cells)).marks == {"t": 1.0, "u": 0.0, "v": 1.0}


def own(quick: Settings, f: str, test: str) -> Played:
    return play([answer("f", "def f(*a):\n    ..."), check("t", test, 2)], quick, {"f": f})


FORGED: dict[str, tuple[str, str]] = {
    "the learner's call": ("def f():\n    return 2.0", "f()"),
    "a small integer": ("def f():\n    return 2", "f()"),
    "kept in a variable": ("def f():\n    return 1.5", "score = f()\nscore"),
    "from a helper of the test": ("def f():\n    return 1.5", "def helper():\n    return f()\nhelper()"),
    "a large integer": ("def f():\n    return 10 ** 6", "score = f()\nscore"),
    "a variable": ("score = 2\ndef f():\n    pass", "score"),
    "a part": ("def f():\n    return [2]", "f()[0]"),
    "an attribute": ("class f:\n    points = 2", "f.points"),
    "a method": ("class f:\n    def score(self):\n        return 1", "f().score()"),
    "an object that shows a number": ("class f:\n    def __repr__(self):\n        return '2.0'", "f()"),
    "a choice": ("def f():\n    return 2", "f() if True else 0"),
    "an or": ("def f():\n    return 2", "0 or f()"),
    "a walrus": ("def f():\n    return 2", "(x := f())"),
    "under another name": ("def f():\n    return 2", "g = f\ng()"),
    "below a magic": ("def f():\n    return 2", "%precision 3\nf()"),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_number_of_the_learners_is_no_score(quick: Settings, name: str) -> None:
    played = own(quick, *FORGED[name])
    assert played.marks["t"] == 0.0
    assert "which is no score" in played.text("t")
    assert "NoScore" in played.record("t").error


# The learner chooses the types with which a test calculates its score; nbgrader takes what is no number for full points.
CHOSEN: dict[str, tuple[str, str, float]] = {
    "NumPy's number": ("import numpy as np\ndef f():\n    return np.float64(7)", "1.0 * (f() == 6)", 0.0),
    "half of NumPy's number": ("import numpy as np\ndef f():\n    return np.int64(6)", "0.5 * (f() == 6)", 0.5),
    "an array": ("import numpy as np\ndef f():\n    return np.array([7])", "1.0 * (f() == 6)", 0.0),
    "an array without axes": ("import numpy as np\ndef f():\n    return np.array(7)", "1.0 * (f() == 6)", 0.0),
    "an array in a sum": (
        "import numpy as np\ndef f():\n    return np.array([7, 7])", "score = 0.0\nscore += f() == 6\nscore", 0.0,
    ),
    "an object": ("class f:\n    def __rmul__(self, x):\n        return self\n    def __repr__(self):\n        return 'x'", "0.5 * f()", 0.0),
    "a text": ("def f():\n    return 'a'", "2 * f()", 0.0),
    "an empty list": ("def f():\n    return []", "2 * f()", 0.0),
    "a long number": ("import numpy as np\ndef f():\n    return np.longdouble(8)", "2 - abs(f() - 6)", 0.0),
    "a span of time": ("import numpy as np\ndef f():\n    return np.timedelta64(1, 's')", "2 * f()", 0.0),
    "spans of time": ("import numpy as np\ndef f():\n    return np.array([1, 2], 'm8[s]')", "2 * f()[0]", 0.0),
    "a complex number": ("def f():\n    return 1j", "2 * f()", 0.0),
    "far below nothing": ("def f():\n    return 100", "2 - abs(f() - 6)", 0.0),
    "minus infinity": ("def f():\n    return float('-inf')", "2 * f()", 0.0),
    "a NumPy mean of the test's": ("def f():\n    return 1", "import numpy as np\nnp.mean([f() == 1, f() == 2])", 0.5),
    "text that a test shows": ("def f():\n    return 1", "'all ' + 'well'", 2.0),
    "a comparison": ("def f():\n    return 1", "f() == 1", 2.0),
}  # fmt: skip


@pytest.mark.parametrize("name", CHOSEN)
def test_no_type_makes_a_score_of_what_is_none(quick: Settings, name: str) -> None:
    source, test, mark = CHOSEN[name]
    played = own(quick, source, test)
    assert played.marks["t"] == mark, played.outputs("t")


EARNED: dict[str, tuple[str, str, float]] = {
    "a test's own number that the learner returned too": ("def f():\n    return 1", "x = f()\n1 if x == 1 else 0", 1.0),
    "counted by the test": ("def f():\n    return 1", "score = 0\nif f() == 1:\n    score += 1\nscore", 1.0),
    "worked out from the learner's": ("def f():\n    return 0.5", "2 * f()", 1.0),
    "a list at the end": ("def f():\n    return [1, 2]", "assert f() == [1, 2]\nf()", 2.0),
    "an object at the end": ("class f:\n    pass", "assert f\nf()", 2.0),
    "a module of the learner's": ("import math\ndef f():\n    return 1", "math.sqrt(f())", 1.0),
    "nothing at the end": ("def f():\n    return None", "f()", 2.0),
}


@pytest.mark.parametrize("name", EARNED)
def test_what_a_test_works_out_counts_as_before(quick: Settings, name: str) -> None:
    source, test, mark = EARNED[name]
    assert own(quick, source, test).marks["t"] == mark
