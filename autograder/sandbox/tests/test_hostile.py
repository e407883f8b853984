"""Every kind of attack of a submission's code: it earns nothing, harms nothing, and costs its own question only."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from autograder.grading.tests.make_course import answer, check, code
from autograder.sandbox.settings import Settings
from autograder.sandbox.tests.cases import cases
from autograder.sandbox.tests.play import Played, play

CELLS = [
    code("import numpy as np"),
    answer("double", "def double(x):\n    raise NotImplementedError()"),
    check("t_double", "assert np.allclose(double(np.arange(3.0)), [0, 2, 4])\nassert double(3) == 6", 2),
    answer("total", "def total(xs):\n    raise NotImplementedError()"),
    check("t_total", "secret_number = 4711\nassert total([1, secret_number]) == 4712", 2),
    check("t_again", "1.5 if total((4, 5)) == 9 else 0.25", 2),
]
HONEST = "def total(xs):\n    return sum(xs)"
SPARED = {"t_double": 0.0, "t_total": 2.0, "t_again": 1.5}


@pytest.fixture(autouse=True)
def harmless(quick: Settings, tmp_path: Path, unchanged: Callable[[Path], None]) -> Iterator[None]:
    """Nothing of an attack is left: no process, no file, no changed environment."""
    course = tmp_path / "course"
    (course / "source").mkdir(parents=True)
    (course / "gradebook.db").write_bytes(b"marks")
    unchanged(course)
    play(CELLS, quick)  # The worker is running now.
    before = descendants()
    yield
    ends = time.monotonic() + 5
    while left := descendants() - before:
        assert time.monotonic() < ends, [p.cmdline() for p in left if p.is_running()]
        time.sleep(0.05)


def descendants() -> set[psutil.Process]:
    """Every process below this one: what a submission starts stays there, whoever its parent was."""
    return set(psutil.Process().children(recursive=True))


def attack(quick: Settings, source: str, honest: str = HONEST) -> Played:
    return play(CELLS, quick, {"double": source, "total": honest})


# Each gets no mark for what it attacks, and the rest of the notebook is marked as ever.
NO_MARK = cases("no_mark")


@pytest.mark.parametrize("name", NO_MARK)
def test_it_earns_nothing_and_the_rest_is_marked(quick: Settings, name: str) -> None:
    played = attack(quick, NO_MARK[name][0])
    own_total = {
        "changes how cells run",
        "hides behind many names",
        "names that are no strings",
        "deletes its shell",
        "traces",
        "raises a signal later",
        "an audit hook that refuses everything later",
        "empties the modules",
    }
    if name in own_total:
        assert played.marks["t_double"] == 0.0
    else:
        assert played.marks == SPARED, played.text("t_double")
    assert len(played.outcome.notebook) < 3_000_000


# These end the learner's process: that cell is left out, the others run again.
ENDS = cases("ends")


@pytest.mark.parametrize("name", ENDS)
def test_it_costs_that_question_only(quick: Settings, name: str) -> None:
    played = attack(quick, ENDS[name][0])
    assert played.marks == SPARED, played.notebook
    assert played.record("t_double").outcome in ("stopped", "timeout", "error")
    assert played.text("t_double")


def test_a_cell_that_ends_the_process_is_left_out(quick: Settings) -> None:
    played = attack(quick, "import os\nos._exit(1)")
    assert played.marks == SPARED
    assert "ended the Python process (exit status 1)" in played.text("double")
    assert played.result.restarts == 1


def test_a_cell_that_loops_is_interrupted_and_the_rest_runs(quick: Settings) -> None:
    played = attack(quick, "while True: pass")
    assert played.marks == SPARED
    assert "not finished after 3 seconds" in played.text("double")
    assert played.result.restarts == 0


def test_many_culprits_end_in_words_not_for_ever(quick: Settings) -> None:
    cells = [answer(f"a{i}", "import os\nos._exit(1)") for i in range(30)] + [check("t", "1.0", 1)]
    played = play(cells, quick)
    assert played.marks == {"t": 0.0}
    assert "had to be stopped" in played.text("t")


# Each prints what it found; none of it is there.
FINDS_NOTHING = cases("finds_nothing")

FORGES = cases("forges")


@pytest.mark.parametrize("name", FINDS_NOTHING)
def test_there_is_nothing_to_find(quick: Settings, name: str) -> None:
    played = attack(quick, FINDS_NOTHING[name][0] + "\nprint('looked')")
    assert "looked" in played.text("double"), played.text("double")
    assert "FOUND" not in played.text("double"), played.text("double")
    assert played.marks == SPARED


def test_there_is_no_network(quick: Settings) -> None:
    server = socket.create_server(("127.0.0.1", 0))
    got: list[object] = []
    threading.Thread(target=lambda: got.append(server.accept()), daemon=True).start()
    port = server.getsockname()[1]
    name = f"\0grading-test-{os.getpid()}"
    unix = socket.socket(socket.AF_UNIX)
    unix.bind(name)
    unix.listen()
    source = (
        "import socket\n"
        f"for family, address in ((socket.AF_INET, ('127.0.0.1', {port})), (socket.AF_UNIX, {name!r}),"
        " (socket.AF_INET, ('1.1.1.1', 53))):\n"
        "    try:\n        s = socket.socket(family)\n        s.settimeout(1)\n        s.connect(address)\n        print('CONNECTED', address)\n"
        "    except OSError as e:\n        print('refused', type(e).__name__)\n"
    )
    text = attack(quick, source).text("double")
    server.close()
    unix.close()
    assert text.count("refused") == 3
    assert not got


def test_nothing_passes_from_one_submission_to_the_next(quick: Settings) -> None:
    leave = (
        "import os, ctypes\nfor place in ('/tmp', '/dev/shm', '.', os.environ['HOME']):\n"
        "    open(place + '/left', 'w').write('left')\n"
        "libc = ctypes.CDLL(None)\nprint('segment', libc.shmget(4711, 4096, 0o1666) >= 0)\n"
        "import numpy\nnumpy.left = 1"
    )
    look = (
        "import os, ctypes, numpy\nplaces = ('/tmp', '/dev/shm', '.', os.environ['HOME'])\n"
        "print([os.path.exists(p + '/left') for p in places])\n"
        "print(ctypes.CDLL(None).shmget(4711, 4096, 0o666), hasattr(numpy, 'left'))"
    )
    assert "segment False" in attack(quick, leave).text("double")
    text = attack(quick, look).text("double")
    assert "[False, False, False, False]" in text
    assert "-1 False" in text


def test_forged_answers_do_not_know_the_expected_value(quick: Settings) -> None:
    played = attack(quick, FORGES["answers of its own"][0])
    assert played.marks["t_double"] == played.marks["t_total"] == 0.0
    assert played.marks["t_again"] in (0.0, 0.25)


def test_what_ran_before_too_many_culprits_keeps_its_marks(quick: Settings) -> None:
    bad = [answer(f"a{i}", "import os\nos._exit(1)") for i in range(30)]
    played = play([check("before", "1.0", 1), *bad, check("after", "1.0", 1)], quick)
    assert played.marks == {"before": 1.0, "after": 0.0}
