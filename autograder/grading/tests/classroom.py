"""A small course in stock nbgrader's own style, and a class that does all kinds of things with it."""

from __future__ import annotations

from pathlib import Path

from autograder.grading.tests.make_course import (
    Cell,
    answer,
    check,
    code,
    essay,
    fill,
    make_course,
    released,
    setup,
    submit,
    text,
)

CELLS: list[Cell] = [
    text("# Problem set\n\nIf $a < b$, say so."),
    code("import numpy as np\nimport math"),
    setup("data", "rng = np.random.default_rng(0)\ndata = rng.normal(size=5)"),
    answer(
        "squares",
        "def squares(n):\n    ### BEGIN SOLUTION\n    if n < 1:\n        raise ValueError('n')\n"
        "    return [i ** 2 for i in range(1, n + 1)]\n    ### END SOLUTION",
    ),
    check("t_squares", "assert squares(1) == [1]\nassert squares(3) == [1, 4, 9]", 2),
    check(
        "t_error",
        "try:\n    squares(0)\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError('no error')\n"
        "### BEGIN HIDDEN TESTS\nassert squares(11)[-1] == 121\n### END HIDDEN TESTS",
        1,
    ),
    answer("mean", "def mean(x):\n    ### BEGIN SOLUTION\n    return np.mean(x)\n    ### END SOLUTION"),
    check("t_mean", "0.5 * math.isclose(mean(data), data.mean()) + 0.5 * (mean([1, 2]) == 1.5)", 1),
    check("t_draw", "np.testing.assert_allclose(mean(rng.normal(size=(4, 3))), 0, atol=10)", 2),
    essay("why", "Explain.", 3),
]
RIGHT = {
    "squares": (
        "def squares(n):\n    if n < 1:\n        raise ValueError('n')\n    return [i ** 2 for i in range(1, n + 1)]"
    ),
    "mean": "def mean(x):\n    return np.mean(x)",
    "why": "Because $a < b$.",
}
HONEST: dict[str, dict[str, str]] = {
    "right": RIGHT,
    "no_error": {**RIGHT, "squares": "def squares(n):\n    return [i ** 2 for i in range(1, n + 1)]"},
    "prints": {**RIGHT, "squares": "def squares(n):\n    print(n)\n    return [i for i in range(n)]"},
    "raising": {**RIGHT, "mean": "def mean(x):\n    return sum(x) / 0"},
    "half": {**RIGHT, "mean": "def mean(x):\n    return 1.5"},
    "warns": {**RIGHT, "mean": "def mean(x):\n    np.log(np.zeros(1))\n    return np.mean(x)"},
    "untouched": {},
    "syntax": {**RIGHT, "squares": "def squares(n:\n    return"},
    "draws": {**RIGHT, "mean": "rng.normal(size=3)\ndef mean(x):\n    return np.mean(x)"},
    "long": {**RIGHT, "squares": RIGHT["squares"] + "\nfor i in range(3000):\n    print(i)"},
}


def make_class(root: Path, config: str = "", honest: dict[str, dict[str, str]] | None = None) -> Path:
    """A course with one assignment, ps1, of one notebook, p1, and one submission for each way to answer."""
    make_course(root, {"ps1": {"p1": CELLS}}, config)
    handed_out = released(root, "ps1", "p1")
    for student, answers in (HONEST if honest is None else honest).items():
        submit(root, student, "ps1", "p1", fill(handed_out, answers))
    return root
