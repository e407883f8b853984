"""What a class understood, for its teacher, from the gradebook and the records; nothing is graded again.

people.py        who a learner is on the page: a name, or a pseudonym that stays the same
units.py         marks of the class per unit and over all, who is late, who handed in nothing, who has stopped
items.py         facility, discrimination, attempts and facets of each question, Cronbach's alpha of each unit
mistakes.py      which mistakes, in which question, by whom, with two answers and what to teach again
mended.py        which of them a learner no longer makes
similar.py pairs.py  submissions whose code agrees beyond what the exercise forces, side by side
understood.py    all of it, for one course directory
page.py sections.py plots.py html.py style.css   as a page
"""
