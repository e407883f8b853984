"""A course directory: made so that nbgrader's own commands work in it, graded, and read.

create.py                 a new one: configuration, units, gradebook
room.py                   an existing one, opened
submission.py inspection.py   what was handed in, and whether it can be graded
preprocess.py restore.py  what nbgrader runs on a submission beside its own steps
autograde.py grade.py     one submission; a class
record.py reports.py      what is known about a graded submission
results.py table.py export.py   marks and mistakes, for people and for spreadsheets
regrade.py                a whole class again, in a copy, before anything is written
sample.py demo.py         the class shipped with the course
"""
