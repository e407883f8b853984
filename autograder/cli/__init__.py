"""The command `mha`: one module per command, whose work is done elsewhere."""

from .main import main

__all__ = ["main"]
