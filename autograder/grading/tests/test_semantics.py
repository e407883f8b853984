"""What a test cell can do with a learner's code on the other side of the line."""

from __future__ import annotations

import pytest

from autograder.grading.settings import Settings
from autograder.grading.tests.make_course import Cell, answer, check, code, setup
from autograder.grading.tests.play import play

NUMPY = code("import numpy as np")

PASSES: dict[str, tuple[str, str]] = {
    "plain values": ("x = 3\nname = 'Ada'\nflags = {'a': [1, (2, None)], 2: {3}}", "assert x == 3 and name == 'Ada'\nassert flags == {'a': [1, (2, None)], 2: {3}}"),
    "arrays keep dtype, shape and order": ("a = np.arange(6, dtype='float32').reshape(2, 3).T", "assert a.dtype == np.float32 and a.shape == (3, 2) and a.flags.f_contiguous\nassert np.array_equal(a, np.arange(6).reshape(2, 3).T)"),
    "numpy scalars stay numpy scalars": ("def f():\n    return np.float32(2)", "assert type(f()) is np.float32"),
    "big integers": ("import math\ndef f(n):\n    return math.factorial(n)", "import math\nassert f(3000) == math.factorial(3000)"),
    "special floats": ("def f():\n    return [float('inf'), -0.0, 2j]", "import math\na, b, c = f()\nassert a == math.inf and math.copysign(1, b) == -1 and c == 2j"),
    "named tuples": ("from collections import namedtuple\nPoint = namedtuple('Point', 'x y')\np = Point(1, 2)", "assert p.x == 1 and p == (1, 2)"),
    "keyword arguments and defaults": ("def f(a, b=2, *, c=3):\n    return a + b + c", "assert f(1) == 6 and f(1, c=0) == 3"),
    "signature": ("def f(a, b=2, *rest):\n    return a", "import inspect\nassert list(inspect.signature(f).parameters) == ['a', 'b', 'rest']\nassert f.__name__ == 'f'"),
    "in-place changes of a list": ("def f(xs):\n    xs.append(4)\n    xs.sort(reverse=True)", "xs = [1, 3]\nassert f(xs) is None\nassert xs == [4, 3, 1]"),
    "in-place changes of an array": ("def f(a):\n    a *= 2", "a = np.ones(3)\nview = a[:2]\nf(a)\nassert np.array_equal(view, [2, 2])"),
    "in-place changes of nested values": ("def f(d):\n    d['a'].append(1)", "inner = []\nd = {'a': inner}\nf(d)\nassert d == {'a': [1]}"),
    "an argument returned is the same object": ("def f(xs):\n    return xs", "xs = [1]\nassert f(xs) is xs"),
    "a copy returned is another object": ("def f(xs):\n    return list(xs)", "xs = [1]\nassert f(xs) is not xs and f(xs) == xs"),
    "callbacks": ("def apply(g, x):\n    return g(g(x))", "calls = []\ndef g(x):\n    calls.append(x)\n    return x + 1\nassert apply(g, 1) == 3 and calls == [1, 2]"),
    "callbacks get arrays": ("def apply(g, x):\n    return g(x).sum()", "assert apply(lambda a: a * 2, np.ones(3)) == 6"),
    "callbacks that raise": ("def apply(g):\n    try:\n        g()\n    except KeyError:\n        return 'caught'", "def g():\n    raise KeyError('k')\nassert apply(g) == 'caught'"),
    "a callback may call back": ("def outer(g):\n    return g(inner)\ndef inner(x):\n    return x * 10", "assert outer(lambda h: h(4)) == 40"),
    "a function of NumPy as argument": ("def apply(g, x):\n    return g(x)", "assert apply(np.exp, 0.0) == 1.0 and apply(len, [1, 2]) == 2"),
    "functions that return functions": ("def adder(n):\n    def add(x):\n        return x + n\n    return add", "add = adder(3)\nassert add(4) == 7 and add.__name__ == 'add'"),
    "generators": ("def count(n):\n    for i in range(n):\n        yield i", "assert list(count(3)) == [0, 1, 2]\ng = count(1)\nnext(g)\ntry:\n    next(g)\n    assert False\nexcept StopIteration:\n    pass"),
    "classes": ("class Stack:\n    def __init__(self):\n        self.items = []\n    def push(self, x):\n        self.items.append(x)\n    def __len__(self):\n        return len(self.items)\n    def __getitem__(self, i):\n        return self.items[i]", "s = Stack()\ns.push(5)\nassert s.items == [5] and len(s) == 1 and s[0] == 5\nassert isinstance(s, Stack)\ns.items = [1, 2]\nassert len(s) == 2\nassert [x for x in s] == [1, 2]"),
    "operators of a class": ("class V:\n    def __init__(self, x):\n        self.x = x\n    def __add__(self, other):\n        return V(self.x + other.x)\n    def __rmul__(self, k):\n        return V(k * self.x)\n    def __repr__(self):\n        return f'V({self.x})'", "assert (V(1) + V(2)).x == 3\nassert repr(2 * V(4)) == 'V(8)'"),
    "context managers": ("class C:\n    def __enter__(self):\n        return 5\n    def __exit__(self, *a):\n        pass", "with C() as v:\n    assert v == 5"),
    "an object's array": ("class A:\n    def __array__(self, dtype=None, copy=None):\n        return np.ones(2)\na = A()", "assert np.allclose(a, [1, 1])"),
    "exceptions keep their type and message": ("def f(x):\n    if x < 0:\n        raise ValueError('negative: %d' % x)", "try:\n    f(-1)\n    assert False\nexcept ValueError as error:\n    assert str(error) == 'negative: -1'"),
    "exceptions keep their arguments": ("def f(d):\n    return d['k']", "try:\n    f({})\n    assert False\nexcept KeyError as error:\n    assert error.args == ('k',)"),
    "own exceptions by their base": ("class Bad(ValueError):\n    pass\ndef f():\n    raise Bad('no')", "try:\n    f()\n    assert False\nexcept ValueError as error:\n    assert type(error).__name__ == 'Bad'"),
    "own exceptions by their name": ("class Bad(Exception):\n    pass\ndef f():\n    raise Bad('no')", "try:\n    f()\n    assert False\nexcept Exception as error:\n    assert str(error) == 'no'"),
    "NotImplementedError": ("def f():\n    raise NotImplementedError", "try:\n    f()\n    assert False\nexcept NotImplementedError:\n    pass"),
    "LinAlgError": ("def f():\n    return np.linalg.inv(np.zeros((2, 2)))", "try:\n    f()\n    assert False\nexcept np.linalg.LinAlgError:\n    pass"),
    "SystemExit does not end the test": ("def f():\n    raise SystemExit(0)", "try:\n    f()\n    assert False\nexcept RuntimeError as error:\n    assert 'SystemExit' in str(error)"),
    "random state goes over": ("def f():\n    return np.random.rand(3)", "np.random.seed(7)\nx = f()\nnp.random.seed(7)\nassert np.array_equal(x, np.random.rand(3))"),
    "Python's random state goes over": ("import random\ndef f():\n    return random.random()", "import random\nrandom.seed(7)\nx = f()\nrandom.seed(7)\nassert x == random.random()"),
    "a random generator as argument": ("def f(rng):\n    return rng.normal(size=3)", "assert np.array_equal(f(np.random.default_rng(1)), np.random.default_rng(1).normal(size=3))"),
    "what a call prints can be captured": ("def f():\n    print('hello')", "import io, contextlib\nout = io.StringIO()\nwith contextlib.redirect_stdout(out):\n    f()\nassert out.getvalue() == 'hello\\n'"),
    "warnings can be caught": ("import warnings\ndef f():\n    warnings.warn('careful')\n    return 1", "import warnings\nwith warnings.catch_warnings(record=True) as caught:\n    warnings.simplefilter('always')\n    assert f() == 1\nassert str(caught[0].message) == 'careful'"),
    "NumPy's error state goes over": ("def f(x):\n    return np.log(x)", "with np.errstate(divide='raise'):\n    try:\n        f(np.zeros(1))\n        assert False\n    except FloatingPointError:\n        pass\nwith np.errstate(all='ignore'):\n    assert f(np.zeros(1))[0] == -np.inf"),
    "global state between calls": ("n = 0\ndef f():\n    global n\n    n += 1\n    return n", "f()\nassert f() == 2 and n == 2"),
    "private names": ("def _helper():\n    return 4", "assert _helper() == 4"),
    "identity of objects": ("class E:\n    pass\nRED = E()\ndef f():\n    return RED", "assert f() is RED"),
    "a name that is not there": ("pass", "try:\n    nowhere\n    assert False\nexcept NameError:\n    pass"),
    "dictionary access to globals": ("def f():\n    return 1", "import sys\nfound = sys._getframe(0).f_globals\nassert 'f' in found and found['f']() == 1 and found.get('f')() == 1 and found.get('g') is None"),
    "a helper of the test uses learner's names": ("def f(x):\n    return 2 * x", "def helper(x):\n    return f(x) + 1\nassert helper(3) == 7"),
    "deep copies": ("class B:\n    def __init__(self):\n        self.v = [1]\nb = B()", "import copy\nc = copy.deepcopy(b)\nc.v = [2]\nassert b.v == [1] and c.v == [2]"),
}  # fmt: skip


@pytest.mark.parametrize("name", PASSES)
def test_honest_code_passes(quick: Settings, name: str) -> None:
    given, test = PASSES[name]
    cells = [NUMPY, answer("a", given), check("t", test, 2)]
    played = play(cells, quick)
    assert played.marks == {"t": 2.0}, played.text("t")


FAILS: dict[str, tuple[str, str, str]] = {
    "a wrong value": ("def f():\n    return 2", "assert f() == 3", "AssertionError"),
    "a changed built-in": ("abs = lambda x: 0\nlen = lambda x: 3\nx = [1]", "assert len(x) == 3", "AssertionError"),
    "an object in a comparison": ("class A:\n    def __eq__(self, o):\n        return True\nx = A()", "assert x == 5", "no plain data"),
    "an object asked whether it is true": ("class A:\n    def __bool__(self):\n        return True\nx = A()", "assert x", "no plain data"),
    "an object in a list": ("class A:\n    def __eq__(self, o):\n        return True\nx = [A()]", "assert x == [5]", "no plain data"),
    "an object of the test's as argument": ("def f(x):\n    return 1", "class T: pass\nf(T())", "cannot be given"),
    "text of the learner's error": ("def f():\n    return {}['missing key']", "f()", "return {}['missing key']"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAILS)
def test_wrong_code_fails_and_says_why(quick: Settings, name: str) -> None:
    given, test, message = FAILS[name]
    played = play([answer("a", given), check("t", test, 2)], quick)
    assert played.marks == {"t": 0.0}
    assert message in played.text("t")


def test_partial_credit_is_nbgraders(quick: Settings) -> None:
    cells = [
        answer("a", "x = 1"),
        check("half", "0.5 * x", 2),
        check("numpy", "import numpy as np\nnp.float64(0.5)", 2),
        check("stderr", "import sys\nprint('!', file=sys.stderr)", 2),
        check("prints", "print(x)", 2),
        check("above", "5.0", 2),
        check("nan", "float('nan')", 2),
    ]
    marks = play(cells, quick).marks
    assert marks == {"half": 0.5, "numpy": 2.0, "stderr": 0.0, "prints": 2.0, "above": 2.0, "nan": 0.0}


def test_setup_runs_on_both_sides(quick: Settings) -> None:
    cells = [
        setup("s", "import numpy as np\nrng = np.random.default_rng(0)\nlimit = 3"),
        answer("a", "mine = rng.normal(size=2)\ndef f():\n    return limit"),
        check("t", "assert f() == limit == 3\nassert np.array_equal(mine, rng.normal(size=2))", 1),
    ]
    assert play(cells, quick).marks == {"t": 1.0}


def test_setup_that_uses_the_learners_code_runs_on_their_side_only(quick: Settings) -> None:
    cells = [
        answer("a", "calls = 0\ndef f():\n    global calls\n    calls += 1\n    return calls"),
        setup("s", "first = f()"),
        check("t", "assert first == 1 and f() == 2", 1),
    ]
    assert play(cells, quick).marks == {"t": 1.0}


def test_what_a_call_prints_lands_in_the_test_cell(quick: Settings) -> None:
    played = play(
        [answer("a", "def f():\n    print('from f')\n    return 1"), check("t", "print('a')\nf()\nprint('b')", 1)],
        quick,
    )
    assert played.outputs("t") == [{"output_type": "stream", "name": "stdout", "text": "a\nfrom f\nb\n"}]


def test_a_warning_costs_the_mark_as_in_stock(quick: Settings) -> None:
    cells = [NUMPY, answer("a", "def f():\n    return np.log(np.zeros(1))"), check("t", "f()\nNone", 1)]
    played = play(cells, quick)
    assert played.marks == {"t": 0.0}
    assert "divide by zero" in played.text("t")


def test_an_unprotected_test_runs_with_the_learners_code_and_is_recorded(quick: Settings) -> None:
    given = "class P:\n    def __init__(self, x):\n        self.x = x\n    def __eq__(self, o):\n        return self.x == o.x"
    played = play([answer("a", given), check("t", "# grading: unprotected\nassert P(1) == P(1)", 1)], quick)
    assert played.marks == {"t": 1.0}
    assert played.record("t")["role"] == "unprotected"


def test_a_test_that_cannot_work_is_recorded_as_such(quick: Settings) -> None:
    played = play([answer("a", "class P: pass"), check("t", "assert P() == 1", 1)], quick)
    assert played.record("t")["outcome"] == "not plain data"


def test_the_same_seed_gives_the_same_notebook(quick: Settings) -> None:
    cells: list[Cell] = [
        NUMPY,
        answer("a", "print(np.random.rand(), {'b', 'a', 'c'})"),
        check("t", "import os, json, random\nprint(random.random(), os.environ['AUTOGRADER_SUBMISSION'])", 1),
    ]
    first, second = play(cells, quick), play(cells, quick)
    assert first.outcome["executed"] == second.outcome["executed"]
    assert play(cells, quick, seed="other").outcome["executed"] != first.outcome["executed"]


def test_tests_know_points_and_seed_and_the_learner_does_not(quick: Settings) -> None:
    test = "import json, os\ntold = json.loads(os.environ['AUTOGRADER_SUBMISSION'])\nassert told['points'] == {'t': 3.0} and len(told['seed']) == 64"
    played = play([answer("a", "import os\nprint('AUTOGRADER_SUBMISSION' in os.environ)"), check("t", test, 3)], quick)
    assert played.marks == {"t": 3.0}
    assert played.text("a").startswith("False")


def test_the_stand_in_does_nothing_and_the_reference_is_absent(quick: Settings) -> None:
    given = "from autograder import check, hint\nimport autograder.checks\nprint(check('x'), hint())\ntry:\n    import reference_impl\nexcept ModuleNotFoundError as e:\n    print('absent')"
    assert play([answer("a", given), check("t", "1.0", 1)], quick).text("a").startswith("None None\nabsent")


CELLS: dict[str, tuple[str, str]] = {
    "last expression": ("[1, 2]", "[1, 2]"),
    "output in order": ("import sys\nprint('a')\nprint('b', file=sys.stderr)\nprint('c')", "a\n"),
    "traceback": ("def g():\n    return 1 / 0\ng()", "in g"),
    "syntax error": ("x = (", "SyntaxError"),
    "figure": ("%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2]);", "iVBOR"),
    "timeit": ("%timeit -n1 -r1 1 + 1", "per loop"),
    "async": ("import asyncio\nawait asyncio.sleep(0)\n5", "5"),
    "display": ("display(3)", "3"),
    "input": ("input('name? ')", "input() is not offered"),
    "shell command": ("!ls", "not offered"),
    "bash cell": ("%%bash\nls", "not offered"),
    "exit": ("raise SystemExit", "SystemExit"),
}  # fmt: skip


@pytest.mark.parametrize("name", CELLS)
def test_cells_behave_as_in_a_notebook(quick: Settings, name: str) -> None:
    source, shown = CELLS[name]
    played = play([answer("a", source), answer("b", "z = 4"), check("t", "assert z == 4", 1)], quick)
    assert shown in played.text("a")
    assert played.marks == {"t": 1.0}


def test_the_submissions_files_are_there_and_the_instructors_win(quick: Settings) -> None:
    given = "print(open('data.txt').read(), open('own/mine.txt').read())"
    played = play(
        [answer("a", given), check("t", "assert open('data.txt').read() == 'true'", 1)],
        quick,
        files={"data.txt": b"false", "own/mine.txt": b"hello", "numpy.py": b"raise SystemExit"},
        given={"data.txt": b"true"},
    )
    assert played.text("a").startswith("true hello")
    assert played.marks == {"t": 1.0}
