"""The one exception for what a user can put right."""

from __future__ import annotations


class Problem(Exception):
    """Something a user can put right. The message says what was wrong, with what was given, and what to do."""
