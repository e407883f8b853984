"""The one module that the page and the notebook get: everything in it, and the scheduler as its package file says."""

from __future__ import annotations

import json
import re

from autograder.quiz.module import WEB, es_module

VENDOR = WEB / "vendor"


def test_every_script_is_part_of_the_module_and_no_import_is_left() -> None:
    made = es_module()
    for path in sorted(WEB.glob("*.js")):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first in made, path.name
    assert not re.search(r"^import ", made, re.MULTILINE)


def test_the_bundled_scheduler_is_the_version_that_is_locked_and_has_its_licence_beside_it() -> None:
    bundle = (VENDOR / "ts-fsrs.js").read_text(encoding="utf-8")
    wanted = json.loads((VENDOR / "package.json").read_text())["devDependencies"]["ts-fsrs"]
    locked = json.loads((VENDOR / "package-lock.json").read_text())["packages"]["node_modules/ts-fsrs"]["version"]
    assert wanted == locked
    assert bundle.startswith(f"/* ts-fsrs {locked}, MIT License")
    assert "MIT License" in (VENDOR / "LICENSE.ts-fsrs").read_text()
    for name in ("ts-fsrs.js", "package-lock.json"):
        assert "registry." not in (VENDOR / name).read_text(encoding="utf-8"), "no address of a registry"
