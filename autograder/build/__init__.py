"""From the solution scripts to every notebook: what nbgrader needs, what learners fill in, and worked solutions.

solutions/<unit>.py  ->  script.py  ->  notebook.py  ->  source notebook  ->  release.py (nbgrader)  ->  exercises/
"""

from .notebook import solved_notebook, source_notebook, to_bytes
from .script import Cell, Script, read_script, worked

__all__ = ["Cell", "Script", "read_script", "solved_notebook", "source_notebook", "to_bytes", "worked"]
