"""Modules that notebooks import and a submission does not need: stand-ins that do nothing, or none at all."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import types
from collections.abc import Sequence
from typing import Any


class StandIn(types.ModuleType):
    """A module whose every attribute is a function that does nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _nothing


def _nothing(*args: Any, **kwargs: Any) -> None:
    return None


class StandInFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds stand-ins for the names given, and nothing for those that must be absent.

    A convenience for honest notebooks. It guards nothing: what must not be imported is not in the jail.
    """

    def __init__(self, stand_ins: Sequence[str], absent: Sequence[str]) -> None:
        self.stand_ins, self.absent = frozenset(stand_ins), frozenset(absent)

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        root = fullname.partition(".")[0]
        if root in self.absent:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
        if root in self.stand_ins:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: Any) -> types.ModuleType:
        return StandIn(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        pass
