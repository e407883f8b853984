"""From the solution scripts to every notebook: what nbgrader needs, what learners fill in, and worked solutions.

solutions/<unit>.py  ->  script.py  ->  notebook.py  ->  source notebook  ->  release.py (nbgrader)  ->  exercises/

Import from those modules: `solution` in a learner's notebook needs script.py only, and not what writes notebooks.
"""
