"""From the solution scripts to every notebook: what nbgrader needs, what learners fill in, and worked solutions.

solutions/<unit>.py  ->  script.py  ->  notebook.py  ->  source notebook  ->  release.py (nbgrader)  ->  exercises/
new_unit.py, unit/       the files of a new unit, each with an example
pictures.py              the lessons' pictures, computed anew
tables.py                the lessons' tables, computed anew

Import from those modules: `solution` in a learner's notebook needs script.py only, and not what writes notebooks.
"""
