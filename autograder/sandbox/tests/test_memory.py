"""Memory that a submission holds counts, however it is held; where it cannot be counted, it counts as too much."""

from __future__ import annotations

import math
import mmap
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.grading.tests.make_course import answer, check
from autograder.sandbox import Settings, cgroup
from autograder.sandbox.jailed import memory
from autograder.sandbox.tests.cases import cases
from autograder.sandbox.tests.play import play

MB = 1024 * 1024
MEMORY = cases("memory")
CELLS = [answer("a", "pass"), check("t", "assert True", 1)]


# Without a jail a submission that root grades runs as root, and root can read every program.
UNREADABLE = "a program that nobody may read"


@pytest.mark.parametrize(
    ("name", "mode"),
    [(n, m) for n in MEMORY for m in ("nested", "once", "none") if (n, m) != (UNREADABLE, "none")],
)
def test_it_is_stopped(quick: Settings, mode: str, name: str) -> None:
    if mode == "nested" and quick.isolation != "nested":
        pytest.skip("this machine refuses namespaces inside a jail")
    settings = replace(quick, isolation=mode).with_limits(cell_seconds=20, processes=4000 if mode == "none" else 40)
    played = play(CELLS, settings, {"a": MEMORY[name][0]})
    assert "it used more than 381 MB of memory" in played.text("a"), played.text("a")
    assert played.marks == {"t": 1.0}


@contextmanager
def running(source: str) -> Iterator[str]:
    """A process that runs the source, says "ready", and waits; its number."""
    process = subprocess.Popen(
        [sys.executable, "-c", source + "\nprint('ready', flush=True)\nimport time\ntime.sleep(100)"],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    try:
        yield str(process.pid)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture
def proc() -> Iterator[int]:
    place = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
    yield place
    os.close(place)


def test_private_and_shared_memory_count_once(proc: int) -> None:
    with running("import mmap\na = mmap.mmap(-1, 50 << 20)\na.write(bytes(50 << 20))\nb = bytearray(30 << 20)") as one:
        assert 75 * MB < memory.held(proc, [one], ()) < 120 * MB


def test_sockets_count_for_what_they_may_keep(proc: int) -> None:
    with running("import socket\nkept = [socket.socketpair() for _ in range(50)]") as one:
        assert memory.held(proc, [one], ()) > 100 * memory.BUFFER_BYTES


def test_a_process_that_has_ended_counts_nothing(proc: int) -> None:
    with running("") as one:
        assert memory.held(proc, [one], ()) > 0
    assert memory.held(proc, [one], ()) == 0


def test_a_child_that_nobody_has_asked_about_counts_nothing(proc: int) -> None:
    """Also for an ordinary user, from whom the kernel hides what such a process had open."""
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    try:
        counter = os.fork()
        if counter == 0:
            if os.geteuid() == 0:
                os.setresuid(65534, 65534, 65534)
            os._exit(0 if memory.held(proc, [str(child)], ()) == 0 else 1)
        assert os.waitpid(counter, 0)[1] == 0
    finally:
        os.waitpid(child, 0)


def test_what_cannot_be_read_counts_without_end(proc: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*_: object, **__: object) -> int:
        raise PermissionError

    with running("") as one:
        with monkeypatch.context() as patch:
            patch.setattr(memory, "_read", closed)
            assert memory.held(proc, [one], ()) == math.inf
        with monkeypatch.context() as patch:
            patch.setattr(memory, "_buffers", closed)
            assert memory.held(proc, [one], ()) == math.inf
    assert memory.held(proc, [], ["/not/there"]) == math.inf


def test_a_kernel_without_shares_counts_all_pages(proc: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_exists", lambda proc, path: False)
    with running("b = bytearray(30 << 20)") as one:
        assert memory.held(proc, [one], ()) > 30 * MB


def test_files_in_memory_count(proc: int) -> None:
    before = memory.held(proc, [], ["/dev/shm"])
    path = Path(f"/dev/shm/grading-test-{os.getpid()}")
    path.write_bytes(bytes(5 * MB))
    try:
        assert memory.held(proc, [], ["/dev/shm"]) - before >= 5 * MB
    finally:
        path.unlink()


def test_the_kernels_own_limit_ends_what_goes_over_it() -> None:
    group = cgroup.memory_group(100 * MB)
    if group is None:
        pytest.skip("no control group can be made here")
    try:
        pid = os.fork()
        if pid == 0:
            os.write(group.members, b"0")
            kept = mmap.mmap(-1, 300 * MB)
            for place in range(0, len(kept), mmap.PAGESIZE):
                kept[place] = 1
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -9
        assert "oom_kill 1" in os.pread(group.events, 4096, 0).decode()
    finally:
        group.remove()
    assert not group.folder.exists()


def test_groups_of_a_process_that_is_gone_are_removed() -> None:
    group = cgroup.memory_group(100 * MB)
    if group is None:
        pytest.skip("no control group can be made here")
    left = group.folder.with_name(f"grading-{2**22 + 1}-0")
    left.mkdir()
    other = cgroup.memory_group(100 * MB)
    assert other
    assert not left.exists()
    assert group.folder.exists()
    for made in (group, other):
        made.remove()


def test_without_control_groups_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cgroup, "_mounted", lambda: iter([("cgroup2", [], Path("/not/there"))]))
    assert cgroup.memory_group(100 * MB) is None


def test_a_second_generation_group_is_made_where_its_parent_hands_memory_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cgroup.subtree_control").write_text("cpu memory\n")
    monkeypatch.setattr(cgroup, "_mounted", lambda: iter([("cgroup2", [], tmp_path / "mine" / "deeper")]))
    places = list(cgroup._places())
    assert [(place, events) for place, _, events in places] == [(tmp_path, "memory.events")]
    assert places[0][1]["memory.max"] == "{limit}"
