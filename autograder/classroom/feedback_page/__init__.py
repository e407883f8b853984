"""The page a learner gets back, made by nbgrader's own GenerateFeedback through an exporter of ours.

answers.py   the executed notebook as answers: what was asked, the marks, the report, the learner's code
text.py      Markdown and formulas as HTML that loads nothing
page.py feedback.css   the page: what to do next, the reports, the notebook
exporter.py  what nbgrader_config.py names
"""
