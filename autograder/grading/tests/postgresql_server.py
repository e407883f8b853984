"""A real PostgreSQL server for tests, started from Debian's package by an ordinary user."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.conftest import need


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The URL of an empty PostgreSQL database."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    need(str(found[-1]) if found else None, "postgresql")
    programs = found[-1].parent
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="grading-postgresql-"))
    who = {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    if who:
        os.chown(folder, pwd.getpwnam("nobody").pw_uid, pwd.getpwnam("nobody").pw_gid)
    quiet = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **who}
    data = folder / "data"
    subprocess.run([programs / "initdb", "-D", data, "-U", "grader", "-A", "trust"], check=True, **quiet)  # type: ignore[call-overload]
    running = subprocess.Popen(  # type: ignore[call-overload]
        [programs / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", folder, "-F"], **quiet
    )
    ends = time.monotonic() + 60
    while subprocess.run([programs / "pg_isready", "-h", "127.0.0.1", "-p", str(port)], capture_output=True).returncode:
        assert time.monotonic() < ends
        time.sleep(0.2)
    yield f"postgresql://grader@127.0.0.1:{port}/postgres"
    running.terminate()
    running.wait(30)
    shutil.rmtree(folder, ignore_errors=True)
