"""A submission has the system calls that are listed, with the arguments that are listed, and no others."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import replace

import pytest

from autograder.grading.tests.make_course import answer, check
from autograder.sandbox import IsolationUnavailable, Settings, jail
from autograder.sandbox.jailed import syscalls
from autograder.sandbox.tests.cases import cases
from autograder.sandbox.tests.play import play

CELLS = [answer("double", "raise NotImplementedError()"), check("t", "assert double(2) == 4", 1)]
WORKS = "\nprint('looked')\ndef double(x):\n    return 2 * x"
KERNEL = cases("kernel")
MODES = pytest.mark.parametrize("mode", ["nested", "once", "none"])

EVERY_NUMBER = """
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
for number in range(1024):
    for call in (number, number | 0x40000000):  # the second is the same call for x32
        if call in {allowed} or call in (335, 336):  # x86_64's uretprobe and uprobe pass every filter, and end us
            continue
        ctypes.set_errno(0)
        if libc.syscall(ctypes.c_long(call), 0, 0, 0, 0, 0, 0) != -1 or ctypes.get_errno() != errno.ENOSYS:
            print('FOUND', call, ctypes.get_errno())
"""


def shown_by(quick: Settings, mode: str, source: str) -> str:
    """What the learner's cell shows. It must come through, and leave the rest its mark."""
    if mode == "nested" and quick.isolation != "nested":
        pytest.skip("this machine refuses namespaces inside a jail")
    settings = replace(quick, isolation=mode).with_limits(cell_seconds=30)
    played = play(CELLS, settings, {"double": source + WORKS})
    assert played.marks == {"t": 1.0}, played.text("double")
    assert "looked" in played.text("double"), played.text("double")
    return played.text("double")


@MODES
@pytest.mark.parametrize("name", KERNEL)
def test_the_kernel_offers_no_way_out(quick: Settings, mode: str, name: str) -> None:
    assert "FOUND" not in (shown := shown_by(quick, mode, KERNEL[name][0])), shown


@MODES
def test_every_call_that_is_not_listed_is_unknown(quick: Settings, mode: str) -> None:
    machine = os.uname().machine
    chosen = {number for entry, _, _ in syscalls.CHOSEN for _, number in syscalls._entry(entry, machine)}
    allowed = {*syscalls.numbers(machine).values(), *chosen}
    assert "FOUND" not in (shown := shown_by(quick, mode, EVERY_NUMBER.format(allowed=sorted(allowed)))), shown


ORDINARY = cases("ordinary")


@MODES
@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_code_runs(quick: Settings, mode: str, name: str) -> None:
    shown = shown_by(quick, mode, ORDINARY[name][0])
    assert ORDINARY[name][1] in shown, shown


@pytest.mark.parametrize(
    ("machine", "header", "options"),
    [
        ("x86_64", "asm/unistd_64.h", ()),
        ("aarch64", "asm-generic/unistd.h", ("-D__BITS_PER_LONG=64", "-D__ARCH_WANT_NEW_STAT", "-D__ARCH_WANT_RENAMEAT",
                                             "-D__ARCH_WANT_SET_GET_RLIMIT")),
    ],
)  # fmt: skip
def test_the_numbers_are_those_of_the_kernels_headers(machine: str, header: str, options: tuple[str, ...]) -> None:
    if not shutil.which("gcc"):
        pytest.skip("needs gcc")
    done = subprocess.run(
        ["gcc", "-E", "-dM", *options, "-"], input=f"#include <{header}>", capture_output=True, text=True
    )
    if done.returncode:
        pytest.skip(f"needs {header}")
    text = re.sub(r"__NR3264_fstatat\b", "__NR3264_newfstatat", done.stdout)
    known = dict(re.findall(r"#define __NR(?:3264)?_(\w+) (\d+)", text))
    listed = syscalls.numbers(machine)
    assert len(listed) > 150
    listed |= {name: number for entry, _, _ in syscalls.CHOSEN for name, number in syscalls._entry(entry, machine)}
    assert {name: known.get(name) for name in listed} == {name: str(number) for name, number in listed.items()}


def test_a_filter_fits_and_denies_by_default() -> None:
    for machine in syscalls.ARCHITECTURES:
        steps = syscalls.program(machine)
        assert len(steps) // 8 < 4096
        assert steps.endswith((0x00050000 | 38).to_bytes(4, "little"))


def test_a_machine_without_a_list_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    system = os.uname()
    monkeypatch.setattr("os.uname", lambda: os.uname_result((*system[:4], "riscv64")))
    with pytest.raises(IsolationUnavailable, match="known for x86_64 and aarch64, and this is riscv64"):
        jail.Jails(Settings())
