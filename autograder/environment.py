"""The environment variables that this project sets or reads, by what they are for."""

from __future__ import annotations

# Set while a test cell runs: JSON with the points that are given for the cell, and the seed of this submission's inputs.
GRADED_CELL = "AUTOGRADER_SUBMISSION"
# A folder with an instructor's own checks.
OWN_CHECKS = "AUTOGRADER_CHECKS"
# 1: a command that stops by an error shows where it arose.
DEBUG = "MHA_DEBUG"
# 1: a workspace shows why it could not run.
DEBUG_WORKSPACE = "GRADING_DEBUG"
