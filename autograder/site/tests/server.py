"""A plain web server for the built site, as any static host would be, and a list of what went wrong on its pages."""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Error, Page, Request, Response

from autograder import paths

SITE = paths.root() / "build" / "site"


class Handler(SimpleHTTPRequestHandler):
    """Files of a folder; `instead` holds contents that stand in for some of them, by their path in the address."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments: object, instead: Mapping[str, bytes], **named: object) -> None:
        self.instead = instead
        super().__init__(*arguments, **named)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        content = self.instead.get(self.path.partition("?")[0])
        if content is None:
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments: object) -> None:
        pass


@contextlib.contextmanager
def serving(folder: Path, instead: Mapping[str, bytes] | None = None) -> Iterator[str]:
    """Serve a folder on a free port; yields its address, without a slash at the end."""
    handler = functools.partial(Handler, directory=str(folder), instead=instead or {})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@dataclass
class Complaints:
    """What a page complained of: errors in the console, addresses that are not there or lie off the site."""

    address: str
    allowed: tuple[str, ...] = ()
    found: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", self._error)
        page.on("request", self._request)
        page.on("response", self._response)

    def _error(self, error: Error) -> None:
        self.found.append(f"error: {error}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(text in message.text for text in self.allowed):
            self.found.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:", "about:")):
            self.found.append(f"off the site: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.found.append(f"{response.status}: {response.url}")
