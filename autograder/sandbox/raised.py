"""What the learner's code raised, as an exception of the test's process: Python's own class, or one that stands for it."""

from __future__ import annotations

import builtins
import contextlib
from typing import Any

import numpy as np

from .jailed.shared import wire


class LearnerError(RuntimeError):
    """The learner's code raised something that is no ordinary exception of Python's own."""


def _exceptions() -> dict[str, type[Exception]]:
    found = {
        f"builtins.{name}": kind
        for name, kind in vars(builtins).items()
        if isinstance(kind, type) and issubclass(kind, Exception)
    }
    found["numpy.linalg.LinAlgError"] = np.linalg.LinAlgError
    for name in ("AxisError", "DTypePromotionError", "TooHardError"):
        found[f"numpy.exceptions.{name}"] = getattr(np.exceptions, name)
    return found


_EXCEPTIONS = _exceptions()


class Own:
    """What the classes that stand for a learner's own exceptions have in common."""

    @classmethod
    def raised(cls, message: str, known: dict[str, Any]) -> Any:
        """One that the learner's code raised, with the attributes it had."""
        error = cls.__new__(cls)
        public = {name: value for name, value in known.items() if name.isidentifier() and not name.startswith("_")}
        vars(error).update(public, _said=message)
        return error

    def __str__(self) -> str:
        said = vars(self).get("_said")
        return super().__str__() if said is None else str(said)


def own_class(name: str, number: int, above: tuple[Any, ...], base: type[Exception]) -> type:
    """The class that stands for an exception class of the learner's, below those that stand for its bases."""
    if not all(isinstance(kind, type) and issubclass(kind, Own) for kind in above):
        raise wire.Broken("not a class")
    if issubclass(base, BaseExceptionGroup):
        base = Exception  # which can be made without knowing the exceptions in it
    for bases in ((*above, base), (Own, base)):
        with contextlib.suppress(TypeError):  # bases that cannot go together
            return type(_identifier(name), bases if above else (Own, base), {"_learner_number": number})
    raise wire.Broken("not a class")


def _identifier(name: str) -> str:
    return name if name.isidentifier() and len(name) < 100 else "LearnerError"


def base_of(kinds: list[str]) -> type[Exception]:
    return next((_EXCEPTIONS[kind] for kind in kinds if kind in _EXCEPTIONS), LearnerError)


def make_exception(kinds: list[str], message: str, args: Any) -> Exception:
    """An exception of the learner's type: Python's own if it is one, else a class of that name with the same base."""
    base = base_of(kinds)
    own = kinds[0].rpartition(".")[2] if kinds else ""
    if base is LearnerError:
        return LearnerError(f"{_identifier(own)}: {message}" if message else _identifier(own))
    if _EXCEPTIONS.get(kinds[0]) is base:
        if type(args) is tuple:
            with contextlib.suppress(Exception):
                return base(*args)
        with contextlib.suppress(Exception):
            return base(message)
        return LearnerError(f"{_identifier(own)}: {message}")
    kind: Any = type(_identifier(own), (base,), {"__init__": lambda self: None, "__str__": lambda self: message})
    made: Exception = kind()
    return made


def no_end_of_a_loop(op: str, error: BaseException) -> BaseException:
    """The error; where it would end a loop around the call in silence, as in `zip(map(f, xs), wanted)`, one that does not.

    Python itself does the same where a generator's own code raises StopIteration.
    """
    if op == "next" or not isinstance(error, StopIteration | StopAsyncIteration):
        return error
    instead = RuntimeError(f"the submitted code raised {type(error).__name__}")
    instead.learner_traceback = getattr(error, "learner_traceback", "")  # type: ignore[attr-defined]
    instead.__notes__ = list(getattr(error, "__notes__", []))
    return instead
