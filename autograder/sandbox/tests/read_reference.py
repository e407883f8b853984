"""Run by the Python of an installed course: plays a submission that looks for the reference in every way, and prints what came of it.

python -P read_reference.py WANTED    (a JSON list of [size, sha256] of the project's files)
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

ATTACK = """
import hashlib, importlib, os, sys

wanted = {tuple(pair) for pair in WANTED}
sizes = {size for size, _ in wanted}
libraries = {"/usr/lib/" + name for name in os.listdir("/usr/lib") if not name.startswith("python")}
names = {"reference_impl", "autograder", "mha", "mha_course-0.1.0.dist-info", "solutions"}
seen = 0
for folder, folders, files in os.walk("/"):
    if folder in {"/proc", "/sys", "/line", "/usr/share", "/usr/include", *libraries}:
        folders.clear()
        continue
    if os.path.basename(folder) in ("site-packages", "dist-packages"):
        sys.path.insert(0, folder)
        sys.path.insert(0, folder.replace("/lib/", "/lib64/"))
    for name in names & {*folders, *files}:
        path = os.path.join(folder, name)
        if os.path.isdir(path) or os.path.getsize(path):
            print("FOUND by name", path)
    for name in files:
        path = os.path.join(folder, name)
        try:
            seen += 1
            if os.stat(path).st_size in sizes:
                with open(path, "rb") as file:
                    data = file.read()
                if (len(data), hashlib.sha256(data).hexdigest()) in wanted:
                    print("FOUND by content", path)
        except OSError:
            pass
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__name__ != "StandInFinder"]
for name in ("autograder.paths", "reference_impl"):
    for known in [known for known in sys.modules if known.partition(".")[0] == name.partition(".")[0]]:
        del sys.modules[known]
    try:
        print("FOUND by import", importlib.import_module(name))
    except ImportError:
        pass
import IPython, matplotlib, numpy
print("looked at", seen, "files; libraries work")

def softmax(x):
    import reference_impl
    return reference_impl.softmax(x)
"""


def main() -> None:
    from autograder.grading.tests.make_course import answer, check
    from autograder.sandbox.settings import Settings
    from autograder.sandbox.tests.play import play

    cells = [
        answer("honest", "from autograder import check\nprint(check('one_head.scores'))"),
        answer("look", ""),
        check("t", "import numpy as np\nassert np.allclose(softmax(np.zeros(2)), 0.5)", 10),
    ]
    settings = Settings().with_limits(cell_seconds=100, seconds=200)
    played = play(cells, settings, {"look": ATTACK.replace("WANTED", Path(sys.argv[1]).read_text())})
    told = {"marks": played.marks, "said": played.text("look"), "honest": played.text("honest")}
    print(json.dumps({**told, "prefix": sys.prefix, "run by": os.path.realpath(sys.executable)}))


if __name__ == "__main__":
    main()
