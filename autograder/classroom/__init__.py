"""A course directory: made so that nbgrader's own commands work in it, graded, and read.

create.py settings.py                a new one: units, gradebook, nbgrader_config.py
directory.py                         an existing one, opened; a grading run in it
collect.py strays.py                 downloads from Moodle and Canvas; notebooks that lie where nothing looks for them
hooks.py other_units.py version.py   what this course adds to grading: what marks depend on, whose notebook it is
extensions.py policy.py              dates of single learners; what late work costs, and what counts in the end
reports.py                           what the checks found, read from the executed cells
regrade.py feedback.py               everything executed again before anything is written; nbgrader's feedback pages
results.py table.py                  marks and mistakes, for people
export/                              the same for spreadsheets, Canvas and Moodle
own_page.py page.css                 the frame and the styles of the two pages that follow
feedback_page/                       what a learner gets back
report/                              what the class understood, as a page, JSON and CSV
sample.py demo.py                    the class shipped with the course
"""
