"""The learner's side of the line: the only part of this package that is visible inside the jail.

It imports the standard library, IPython and (where installed) NumPy, and nothing else of this project.
"""
