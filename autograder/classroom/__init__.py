"""A course directory: made so that nbgrader's own commands work in it, graded, and read.

create.py settings.py secret.py      a new one: units, gradebook, nbgrader_config.py
room.py                              an existing one, opened
submission.py inspection.py          what was handed in, and whether it can be graded
collect.py                           downloads from Moodle and Canvas, for nbgrader's zip_collect
preprocess.py restore.py cells.py    what nbgrader runs on a submission beside its own steps
autograde.py                         the one place where submissions are executed
grade.py version.py regrade.py       what is new, a class graded, and graded again in a copy first
gradebook.py record.py reports.py    what is known about a graded submission
results.py table.py export.py        marks and mistakes, for people and for spreadsheets
sample.py demo.py                    the class shipped with the course
"""
