"""What crosses the line is bounded by what it costs, and what has to be stopped costs its own cell."""

from __future__ import annotations

import json
import multiprocessing
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from autograder.grading.marks import marks_of
from autograder.grading.tests.make_course import answer, check, fill, notebook
from autograder.sandbox.attempt import End, Transcript, run_notebook
from autograder.sandbox.cells import SourceNotebook
from autograder.sandbox.jail import Workspace
from autograder.sandbox.jailed.shared import wire
from autograder.sandbox.jailed.shared.shell import Shell
from autograder.sandbox.names import Names
from autograder.sandbox.outcome import CellOutcome
from autograder.sandbox.packing import pack_assignment, pack_submission
from autograder.sandbox.pool import execute
from autograder.sandbox.runner import Runner
from autograder.sandbox.settings import Limits, Settings
from autograder.sandbox.tests.play import play, source_of

MERSENNE = 2**61 - 1  # integers that differ by it have the same hash


def message(node: Any, *blobs: bytes) -> bytes:
    """A frame that a hostile process could write: no encoder looked at it."""
    text = json.dumps([node, [len(blob) for blob in blobs]], separators=(",", ":")).encode()
    return b"".join([len(text).to_bytes(4, "big"), text, *blobs])


# Each is small, or may cross as bytes, and would be dear to read or to work with.
DEAR: dict[str, bytes] = {
    "a range": message(["r", 0, 10**12, 1]),
    "a range downwards": message(["r", 10**12, 0, -1]),
    "a range beyond a machine's words": message(["r", 0, ["i", hex(1 << 5000)], 1]),
    "an exponent": message(["dec", "1e999999999"]),
    "an exponent below zero": message(["dec", "1e-999999999"]),
    "digits of a decimal": message(["dec", "1" * 20_000]),
    "an integer": message(["i", "0x" + "f" * 300_000]),
    "a fraction": message(["fr", ["i", hex(1 << 30_000)], 3]),
    "integers with one hash": message(["s", [["i", hex(n * MERSENNE)] for n in range(1, 1000)]]),
    "keys with one hash": message(["d", [["i", hex(n * MERSENNE)] for n in range(1, 1000)], [0] * 999]),
    "complex numbers with one hash": message(["fs", [["c", -1000003 * n, n] for n in range(1, 1000)]]),
    "long tuples with one hash": message(["s", [["t", [n * MERSENNE] + [0] * 1000] for n in range(1, 60)]]),
    "depth": message(json.loads('["l",[' * 150 + "]]" * 150)),
    "empty lists": message(["l", [["l", []]] * 3_000_000]),
    "one buffer for many arrays": message(["l", [["a", "|u1", [1000], "C", 0]] * 100], bytes(1000)),
    "a long axis without items": message(["a", "<f8", [0, 10**12], "C", 0], b""),
    "a wide type without items": message(["a", "|S2000000000", [0], "C", 0], b""),
    "a type with fields": message(["a", "i4,f8", [1], "C", 0], bytes(12)),
    "a type with a shape": message(["a", "(1000000,)f8", [0], "C", 0], b""),
    "a type with objects": message(["a", "|O", [1], "C", 0], bytes(8)),
    "truth values that are neither": message(["a", "|b1", [2], "C", 0], b"\x02\xff"),
    "characters that do not exist": message(["a", "<U1", [1], "C", 0], b"\xff\xff\xff\xff"),
    "a class with many fields": message(["nt", "T", [f"x{n}" for n in range(1000)], [0] * 1000]),
    "a class with a long name": message(["nt", "T" * 100_000, ["x"], [0]]),
    "a time zone that is a file": message(
        ["se", ["ri", 0, 1, 1, None], ["zone", ["a", "<M8[ns]", [1], "C", 0], "dateutil//etc/hostname"], None], bytes(8)
    ),
}


@pytest.mark.parametrize("name", DEAR)
def test_what_costs_too_much_is_refused(name: str) -> None:
    with pytest.raises((wire.NotPlain, wire.Broken)):
        wire.decode(DEAR[name])


@pytest.mark.parametrize(
    "value",
    [
        list(range(100_000)),
        {2**n for n in range(3000)},
        {2.0**n for n in range(-900, 900)},
        {(n, str(n)): None for n in range(20_000)},
        [[] for _ in range(300_000)],
        3**20_000,
        range(3_000_000),
        np.zeros((0, 5)),
        "\U0001f600" * 100_000,
    ],
    ids=lambda value: str(type(value)),
)
def test_what_honest_code_returns_may_cross(value: Any) -> None:
    back = wire.decode(wire.encode(value))
    assert np.array_equal(back, value) if isinstance(value, np.ndarray) else back == value


def test_an_honest_sender_learns_why() -> None:
    for value in (range(10**10), 1 << 2_000_000, [[]] * 2_900_000, np.zeros((0, 10**12))):
        with pytest.raises(wire.NotPlain, match=r"may cross|more than"):
            wire.encode(value)


STUCK = {"f": "def f():\n    return 10**11", "g": "def g():\n    return 2"}
CELLS = [
    answer("f", ""),
    check("t_before", "0.5", 1),
    check("t_f", "import itertools\nsum(itertools.repeat(0, f()))", 1),  # C code that looks at no signal
    answer("g", ""),
    check("t_g", "assert g() == 2", 1),
]


def test_a_test_that_hangs_in_c_costs_its_own_mark(quick: Settings) -> None:
    played = play(CELLS, quick.with_limits(cell_seconds=1), STUCK)
    assert played.marks == {"t_before": 0.5, "t_f": 0.0, "t_g": 1.0}
    assert played.record("t_f").outcome == CellOutcome.STOPPED
    assert "did not end within 1 seconds" in played.text("t_f")


def test_what_a_submission_lets_the_test_compute_has_the_same_limit(quick: Settings) -> None:
    """1.2 GB in the tests' process, asked for by the submission, where a submission may hold 0.4."""
    cells = [answer("f", ""), check("t", "import numpy as np\nf(lambda x: np.outer(x, x))", 1), check("u", "1.0", 1)]
    played = play(cells, quick, {"f": "import numpy as np\ndef f(outer):\n    outer(np.ones(12_000))"})
    assert played.marks == {"t": 0.0, "u": 1.0}
    assert "Unable to allocate" in played.text("t")


def test_an_error_of_ours_gives_no_mark_and_no_false_reason(quick: Settings) -> None:
    """The tests' process is killed by its own test cell, as the kernel would where memory is short."""
    cells = [check("t", "import os\nos.kill(os.getpid(), 9)", 1), check("u", "1.0", 1)]
    played = play(cells, quick)
    assert played.marks == {"t": None, "u": None}
    assert "ended early (signal 9)" in played.outcome.error
    assert played.result.failed == played.outcome.error
    assert played.outcome.notes == ()


def test_an_error_of_ours_costs_no_other_notebook(quick: Settings) -> None:
    killed = source_of([check("t", "import os\nos.kill(os.getpid(), 9)", 1)], "killed")
    whole = source_of([check("u", "1.0", 1)], "whole")
    empty = json.dumps(notebook([])).encode()
    sent = pack_submission({"killed": empty, "whole": empty}, {})
    result = execute(pack_assignment([killed, whole], {}), sent, "seed", quick)
    assert result.failed == ""
    assert marks_of(whole, result.notebooks["whole"]).marks["u"].score == 1.0
    mark = marks_of(killed, result.notebooks["killed"]).marks["t"]
    assert mark.score is None
    assert "signal 9" in mark.note


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def ends_at(
    clock: Clock, seconds: float, given: list[float]
) -> Callable[[Transcript, dict[int, str], float, bool], End]:
    """An attempt in which each answer that is not left out ends it, after so many seconds."""

    def attempt(transcript: Transcript, stopped: dict[int, str], ends: float, watch: bool) -> End:
        given.append(ends - clock())
        transcript.begun([{**cell, "outputs": []} for cell in SENT], [])
        for index in range(len(SENT)):
            if index in stopped:
                continue
            transcript.cell_begins(index)
            if SENT[index]["role"] == "answer":
                clock.now += seconds
                return End("cell", "this cell was stopped", index)
            transcript.cell_ended(index, [], None, "test", "ok", 0.0)
        return End("done")

    return attempt


SOURCE: SourceNotebook = source_of([check("before", "1.0", 1), *(answer(f"a{n}", "") for n in range(8))])
SENT: list[dict[str, Any]] = [
    {"cell_type": "code", "metadata": {}, "source": "x", "role": c.role, "name": c.name, "points": c.points}
    for c in SOURCE.cells
]


def test_all_attempts_share_one_budget() -> None:
    clock, given = Clock(), []
    executed, restarts = run_notebook(SOURCE, Limits(seconds=40, restarts=100), ends_at(clock, 15, given), clock)
    assert given == [40, 25, 10]
    assert restarts == 3
    assert clock.now == 45
    outcomes = [cell.outcome for cell in executed.cells]
    assert outcomes == ["ok", *["stopped"] * 3, *["not run"] * 5]
    assert "used up its 40 seconds" in executed.cells[-1].error


def test_the_last_attempt_counts_as_far_as_it_got() -> None:
    clock, given = Clock(), []
    executed, restarts = run_notebook(SOURCE, Limits(seconds=40, restarts=2), ends_at(clock, 1, given), clock)
    assert restarts == len(given) == 2
    assert [cell.outcome for cell in executed.cells] == ["ok", *["stopped"] * 2, *["not run"] * 6]
    assert "had to be stopped 2 times" in executed.cells[-1].error


@contextmanager
def workspace(says: bytes) -> Iterator[tuple[Workspace, socket.socket]]:
    """A workspace of which the learner's end is ours, and has said so much."""
    line, theirs = socket.socketpair()
    orders, keeper = socket.socketpair()
    theirs.sendall(says)
    with line, theirs, orders, keeper:
        yield Workspace(line, orders), theirs


def run_in(place: Workspace, ends: float, stopped: dict[int, str]) -> tuple[End, list[tuple[Any, ...]]]:
    """A runner's work, in a process of its own as always: it makes itself at home with a shell and an environment."""
    ours, theirs = multiprocessing.Pipe(duplex=False)

    def work() -> None:
        told: list[tuple[Any, ...]] = []
        limits = Limits()
        runner = Runner(
            Shell.instance(), Names(), limits, "seed", stopped, ends, True, lambda *event: told.append(event)
        )
        sent = json.dumps(fill(notebook([check("t", "1.0", 1)]), {})).encode()
        theirs.send((runner.run(source_of([check("t", "1.0", 1)]), sent, place), told))

    process = multiprocessing.get_context("fork").Process(target=work)
    process.start()
    assert ours.poll(60)
    result: tuple[End, list[tuple[Any, ...]]] = ours.recv()
    process.join()
    return result


def test_a_learners_process_that_ended_before_it_was_ready_is_our_failure() -> None:
    with workspace(b"") as (place, theirs):
        theirs.close()
        end, _ = run_in(place, time.monotonic() + 30, {})
    assert end == End("failed", "the process for the learner's cells ended before it was ready")


def test_a_learners_process_that_is_not_ready_in_time_is_our_failure() -> None:
    with workspace(b"") as (place, _):
        end, _ = run_in(place, time.monotonic() - 1, {})
    assert end == End("failed", "the process for the learner's cells was not ready after 240 seconds")


def test_where_earlier_attempts_used_up_the_time_the_cells_say_so() -> None:
    with workspace(b"") as (place, _):
        end, told = run_in(place, time.monotonic() - 1, {7: "this cell was stopped"})
    assert end == End("done")
    (ended,) = [event for event in told if event[0] == "cell_ended"]
    assert "used up its 240 seconds" in str(ended)
