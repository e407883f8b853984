"""A course directory: made so that nbgrader's own commands work in it, graded, and read.

create.py settings.py                a new one: units, gradebook, nbgrader_config.py
room.py                              an existing one, opened
submission.py strangers.py           what was handed in, and whether it is this unit's
collect.py                           downloads from Moodle and Canvas, for nbgrader's zip_collect
engine.py hooks.py version.py        the grading engine, and what this course adds to it
grade.py regrade.py feedback.py      what is new, a class graded, and executed again before anything is written
gradebook.py record.py reports.py    what is known about a graded submission
results.py table.py export.py        marks and mistakes, for people and for spreadsheets
sample.py demo.py                    the class shipped with the course
"""
