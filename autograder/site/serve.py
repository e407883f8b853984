"""A web server for the built site on this machine: files, with the headers that the guide names."""

from __future__ import annotations

import functools
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class _Files(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")  # a book that was built anew is seen at once
        super().end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Requests are nobody's business."""


def server(folder: Path, port: int = 0) -> ThreadingHTTPServer:
    """A server of a folder's files, for this machine only; port 0 takes a free one. It serves once `serve_forever` runs."""
    return ThreadingHTTPServer(("127.0.0.1", port), functools.partial(_Files, directory=str(folder)))
