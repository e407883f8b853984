"""Marks and feedback for other systems.

questions.py     marks per question, as CSV
ledger.py        marks per unit and in total, with what the mistakes say
lms.py           the gradebook files of Canvas and Moodle: how they name learners and units
gradebook.py     those files, new or filled in from one that was downloaded
workbook.py      all of it as a workbook for a spreadsheet
feedback_zip.py  feedback pages, named as the platform named the files it let us download
"""
