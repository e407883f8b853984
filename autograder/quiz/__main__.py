"""`python -m autograder.quiz`: the same as `mha quiz`."""

from .cli import main

main()
