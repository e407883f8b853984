"""Debian's Firefox, driven over WebDriver BiDi, which it speaks by itself: no driver beside it is needed."""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import websocket

FIREFOX = shutil.which("firefox-esr")


class Firefox:
    """One tab."""

    def __init__(self, socket: websocket.WebSocket) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._ask("session.new", capabilities={})
        self._tab = self._ask("browsingContext.create", type="tab")["context"]

    def _ask(self, method: str, **parameters: Any) -> Any:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == number:
                assert answer["type"] == "success", answer
                return answer["result"]

    def goto(self, address: str) -> None:
        self._ask("browsingContext.navigate", context=self._tab, url=address, wait="complete")

    def evaluate(self, expression: str) -> Any:
        """The value of an expression that gives a string, a number or a boolean."""
        done = self._ask("script.evaluate", expression=expression, target={"context": self._tab}, awaitPromise=True)
        assert done["type"] == "success", done
        return done["result"].get("value")

    def wait_for(self, expression: str, seconds: float = 120) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.evaluate(expression):
                return
            time.sleep(0.3)
        raise TimeoutError(f"{expression} did not come true. The page says: {self.evaluate('document.body.innerText')}")

    def click(self, expression: str) -> None:
        """Click in the middle of the element that an expression gives."""
        place = f"(({expression}).getBoundingClientRect())"
        x, y = (
            round(float(self.evaluate(f"{place}.{a} + {place}.{b} / 2"))) for a, b in (("x", "width"), ("y", "height"))
        )
        pointer = [
            {"type": "pointerMove", "x": x, "y": y},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self._ask(
            "input.performActions", context=self._tab, actions=[{"type": "pointer", "id": "mouse", "actions": pointer}]
        )


@contextlib.contextmanager
def firefox() -> Iterator[Firefox]:
    """A headless Firefox with a profile of its own. Ends with the block."""
    with tempfile.TemporaryDirectory() as profile:
        log = Path(profile, "log")
        command = [str(FIREFOX), "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"]
        with log.open("w") as out:
            running = subprocess.Popen(command, stdout=out, stderr=out)
        try:
            socket = websocket.create_connection(f"{_address(log, running)}/session", suppress_origin=True, timeout=120)
            with contextlib.closing(socket):
                yield Firefox(socket)
        finally:
            running.terminate()
            running.wait(20)


def _address(log: Path, running: subprocess.Popen[bytes], seconds: float = 60) -> str:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = re.search(r"WebDriver BiDi listening on (ws://\S+)", log.read_text(errors="replace"))
        if found:
            return found[1]
        assert running.poll() is None, log.read_text(errors="replace")
        time.sleep(0.2)
    raise TimeoutError(f"Firefox did not listen within {seconds} seconds: {log.read_text(errors='replace')}")
