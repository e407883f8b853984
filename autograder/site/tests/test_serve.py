"""`mha book`: serves a built site, and says how to build one where there is none."""

from __future__ import annotations

import threading
import urllib.request
from pathlib import Path

import pytest

from autograder.cli.main import main
from autograder.site.serve import server


def test_a_folder_is_served_and_a_new_version_is_seen_at_once(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("one")
    with server(tmp_path) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        with urllib.request.urlopen(f"http://127.0.0.1:{serving.server_port}/") as answer:
            assert (answer.read(), answer.headers["Cache-Control"]) == (b"one", "no-cache")
        serving.shutdown()


def test_without_a_book_it_says_how_to_build_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["mha", "book", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "Build it with `make book`" in capsys.readouterr().err
