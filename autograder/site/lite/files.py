"""What a notebook in the browser imports: the course without its grading, and pure Python packages of this environment."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata
from pathlib import Path, PurePosixPath

from ... import paths

PACKAGES = PurePosixPath("lib/python3.11/site-packages")
# What `check`, `hint`, `solution`, pictures and `quiz` import beside NumPy and IPython, which the kernel brings.
DISTRIBUTIONS = (
    "pyyaml", "fastjsonschema", "markdown-it-py", "mdurl", "mdit-py-plugins", "latex2mathml", "platformdirs",
    "anywidget", "psygnal", "ipywidgets", "comm", "typing_extensions", "mypy_extensions",
)  # fmt: skip
LEFT_OUT = {"bench", "classroom", "cli", "grading", "sandbox", "site", "tests", "__pycache__"}
DATA = {".py", ".json", ".yaml", ".js", ".css", ".html", ".svg", ".txt", ".md", ".npz", ".typed"}


def kernel_files() -> dict[str, bytes]:
    """Path in the kernel's file system -> content."""
    found: dict[str, bytes] = {}
    for distribution in DISTRIBUTIONS:
        found.update(_distribution(distribution))
    package = paths.PACKAGE
    for top in (package, package.parent / "reference_impl"):
        for path in _below(top):
            found[str(PACKAGES / top.name / path)] = (top / path).read_bytes()
    root = paths.root()
    for folder in ("course", "solutions"):
        for path in _below(root / folder):
            found[str(PACKAGES / "autograder/_files" / folder / path)] = (root / folder / path).read_bytes()
    return found


def _distribution(name: str) -> Iterator[tuple[str, bytes]]:
    """The Python files of an installed package. Its compiled parts stay behind: each of these works without them."""
    for file in metadata.files(name) or ():
        if file.suffix in DATA and ".." not in file.parts and not {"tests", "__pycache__"} & set(file.parts):
            yield str(PACKAGES / file), Path(str(file.locate())).read_bytes()
    record = metadata.distribution(name)
    folder = f"{record.name.replace('-', '_').lower()}-{record.version}.dist-info"
    yield (
        str(PACKAGES / folder / "METADATA"),
        f"Metadata-Version: 2.1\nName: {record.name}\nVersion: {record.version}\n".encode(),
    )


def _below(top: Path) -> Iterator[Path]:
    for path in sorted(top.rglob("*")):
        part = path.relative_to(top)
        if path.is_file() and path.suffix in DATA and not (LEFT_OUT | {"sample_class", "_files"}) & set(part.parts):
            yield part
