"""The learner's functions and values, as a test cell sees them under their own names."""

from __future__ import annotations

import builtins
import importlib
import inspect
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, TypeVar

from .cells import Given
from .jailed.shared.wire import NotPlain

T = TypeVar("T")
Request = Callable[..., Any]

# Asking for these would make other libraries take a learner's object for something it may only claim to be.
_PLAIN_DUNDERS = frozenset(
    {"__name__", "__qualname__", "__doc__", "__module__", "__annotations__", "__dict__", "__defaults__"}
)


def _is_protocol(name: str) -> bool:
    """Whether libraries ask for this name to find out how a value is shown, converted or taken: `_repr_html_`,
    `_ipython_display_`, `__rich__`, `__array_interface__`, pandas' `_typ`. What a handle answered, the learner would have
    said in the instructor's name.
    """
    return (name.startswith("_") and name.endswith("_")) or name in ("_typ", "_as_mpl_axes", "_make_mime_bundle")


class Handle:
    """A learner's object that is no plain data. Calls and attributes go through; comparing or testing it does not."""

    def __init__(self, request: Request, number: int, kind: str, type_name: str, name: str) -> None:
        object.__setattr__(self, "_handle", (request, number, kind, type_name, name))

    def __getattr__(self, name: str) -> Any:
        if name == "__signature__":
            return _signature(_ask(self, "signature"))
        if name == "__name__" and _about(self)[3]:
            return _about(self)[3]
        if _is_protocol(name) and name not in _PLAIN_DUNDERS:
            raise AttributeError(name)
        return _ask(self, "getattr", name)

    def __setattr__(self, name: str, value: Any) -> None:
        _ask(self, "setattr", name, value)

    def __delattr__(self, name: str) -> None:
        _ask(self, "delattr", name)

    def __dir__(self) -> Iterable[str]:
        return [str(name) for name in _ask(self, "dir")]

    def __repr__(self) -> str:
        return str(_ask(self, "repr"))

    def __str__(self) -> str:
        return str(_ask(self, "str"))

    def __format__(self, spec: str) -> str:
        return str(_ask(self, "format", spec))

    def __hash__(self) -> int:
        return hash(("learner's object", _about(self)[0]))

    def __bool__(self) -> bool:
        return _about(self)[1] != "object" or _plain(bool, _ask(self, "bool"))

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return _ask(self, "array").astype(dtype) if dtype is not None else _ask(self, "array")

    def __int__(self) -> int:
        return _plain(int, _ask(self, "int"))

    def __float__(self) -> float:
        return _plain(float, _ask(self, "float"))

    def __complex__(self) -> complex:
        return _plain(complex, _ask(self, "complex"))

    def __index__(self) -> int:
        return _plain(int, _ask(self, "index"))

    def __len__(self) -> int:
        return _plain(int, _ask(self, "len"))

    def __iter__(self) -> Any:
        return _ask(self, "iter")

    def __enter__(self) -> Any:
        return _ask(self, "enter")

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        _ask(self, "exit", None, None, None)

    def __copy__(self) -> Any:
        return _ask(self, "copy")

    def __deepcopy__(self, memo: Any) -> Any:
        return _ask(self, "deepcopy")

    def __instancecheck__(self, instance: Any) -> bool:
        return isinstance(instance, Handle) and _ask(self, "isinstance_of", instance) is True

    def __subclasscheck__(self, kind: Any) -> bool:
        return isinstance(kind, Handle) and _ask(self, "issubclass_of", kind) is True


class CallableHandle(Handle):
    """A learner's function, class, or object that can be called."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        request = object.__getattribute__(self, "_handle")[0]
        return request("call", (self, *args), kwargs)

    def __recorded__(self, *args: Any, **kwargs: Any) -> Any:
        """What a call computes on the way, as the learner's side tells it: never worth a mark."""
        request = object.__getattribute__(self, "_handle")[0]
        return request("recorded", (self, *args), kwargs)


class IteratorHandle(Handle):
    """A learner's iterator or generator."""

    def __next__(self) -> Any:
        return _ask(self, "next")


def _forwarded(op: str) -> Callable[..., Any]:
    def method(self: Handle, *args: Any) -> Any:
        return _ask(self, op, *args)

    return method


_FORWARDED = (
    "getitem setitem delitem neg pos abs invert add sub mul truediv floordiv mod pow matmul and or xor lshift rshift "
    "iadd isub imul itruediv ifloordiv imod ipow imatmul reversed round divmod radd rsub rmul rtruediv rfloordiv rmod "
    "rpow rmatmul rand ror rxor eq ne lt le gt ge contains"
)
_OTHER_NAMES = {"and": "and_", "or": "or_", "rand": "rand_", "ror": "ror_"}
for _name in _FORWARDED.split():
    setattr(Handle, f"__{_name}__", _forwarded(_OTHER_NAMES.get(_name, _name)))


def _about(handle: Handle) -> tuple[int, str, str, str]:
    return object.__getattribute__(handle, "_handle")[1:]  # type: ignore[no-any-return]


def _ask(handle: Handle, op: str, *args: Any) -> Any:
    request = object.__getattribute__(handle, "_handle")[0]
    if op == "isinstance_of" or op == "issubclass_of":
        return request(op.removesuffix("_of"), (*args, handle), {})
    return request(op, (handle, *args), {})


def _plain(kind: type[T], value: Any) -> T:
    if isinstance(value, Handle) or not isinstance(value, kind):
        raise NotPlain(f"a learner's object gave {type(value).__name__} where {kind.__name__} was expected")
    return value


def describe(handle: Handle) -> str:
    """A learner's object in words."""
    _, kind, type_name, name = _about(handle)
    return f"a {type_name} object" if kind == "object" else f"the {kind} {name}"


def number_of(handle: Handle) -> int:
    """The number by which the workspace knows the object."""
    return _about(handle)[0]


def make_handle(request: Request, number: int, kind: str, type_name: str, name: str) -> Handle:
    """The handle for an object; `kind` is function, type, iterator, callable or object."""
    named = _class_of(kind, type_name)
    return named(request, number, "object" if kind in ("callable", "iterator") else kind, type_name, name)


@lru_cache(256)
def _class_of(kind: str, type_name: str) -> Callable[..., Handle]:
    """A handle's class, under the name of the learner's type: that is what messages about a value's type say."""
    cls: type[Handle] = Handle
    if kind in ("function", "type", "callable"):
        cls = CallableHandle
    elif kind == "iterator":
        cls = IteratorHandle
    return type(type_name, (cls,), {})


def _signature(parameters: Any) -> inspect.Signature:
    kinds = list(inspect._ParameterKind)
    return inspect.Signature(
        [
            inspect.Parameter(name, kinds[kind], default=... if default else inspect.Parameter.empty)
            for name, kind, default in parameters
        ]
    )


def imported(module: str, attribute: str) -> Any:
    """What `import module` ("" or "." for its top-level package) or `from module import attribute` binds."""
    value = importlib.import_module(module)
    if attribute == ".":
        return importlib.import_module(module.partition(".")[0])
    if attribute and not hasattr(value, attribute):
        return importlib.import_module(f"{module}.{attribute}")
    return getattr(value, attribute) if attribute else value


class Names(dict[str, Any]):
    """A test cell's global names: the test side's own first, then Python's built-ins, then the learner's.

    A name that a locked cell defines is never the learner's (see given): where that cell has not run, it is missing.

    learner: the names the learner's side has, with what is known of each: {"module": name}, a handle, or None for a
    value that has to be fetched when it is used.
    """

    def __init__(self) -> None:
        super().__init__()
        self.learner: dict[str, Any] = {}
        self.imports: dict[str, tuple[str, str, bool]] = {}
        self.stars: list[str] = []
        self.given = Given()
        self.fetch: Callable[[str], Any] | None = None
        self.forget: Callable[[str], Any] | None = None

    def __missing__(self, name: str) -> Any:
        if name in self.imports:
            module, attribute, certain = self.imports[name]
            if certain or name in self.learner:
                self[name] = value = imported(module, attribute)
                return value
        if hasattr(builtins, name):
            raise KeyError(name)
        for module in self.stars:
            if name in (public := importlib.import_module(module).__dict__) and not name.startswith("_"):
                return public[name]
        if self.is_given(name):
            raise NameError(f"`{name}` is defined by a given cell, and that cell has not defined it")
        if self.fetch is None or name not in self.learner:
            raise KeyError(name)
        known = self.learner[name]
        if isinstance(known, dict):
            return self._module(name, str(known.get("module")))
        return self.fetch(name) if known is None else known

    def __delitem__(self, name: str) -> None:
        if super().__contains__(name):
            super().__delitem__(name)
        elif self.forget is not None and name in self.learner and not self.is_given(name):
            self.forget(name)
        else:
            raise KeyError(name)

    def is_given(self, name: str) -> bool:
        """Whether a locked cell defines the name, so that the learner's does not stand for it."""
        if name in self.given.names:
            return True
        return name not in self.given.asked and any(_may_hold(module, name) for module in self.given.stars)

    def is_learners(self, name: str) -> bool:
        """Whether the name stands for something of the learner's at present."""
        if super().__contains__(name):
            return isinstance(self[name], Handle)
        if name in self.imports or hasattr(builtins, name) or self.is_given(name):
            return False
        return name in self.learner and not isinstance(self.learner[name], dict)

    def _module(self, name: str, module: str) -> Any:
        # Only the name everybody uses for a module brings it in: `np` can be NumPy and nothing else.
        usual = {"np": "numpy", "plt": "matplotlib.pyplot", "pd": "pandas", "sp": "scipy", "sns": "seaborn"}
        if usual.get(name, name) != module or "." in name:
            raise NameError(f"the name {name!r} is the learner's own import of {module!r}, which tests do not use")
        return importlib.import_module(module)

    def get(self, name: str, default: Any = None) -> Any:
        try:
            return self[name]
        except (KeyError, NameError):
            return default

    def __contains__(self, name: object) -> bool:
        if super().__contains__(name):
            return True
        if name in self.imports and self.imports[name][2]:
            return True
        return name in self.learner and not self.is_given(str(name))


def _may_hold(module: str, name: str) -> bool:
    """Whether `from module import *` may define the name. Of a module that cannot be imported, anything."""
    try:
        found = importlib.import_module(module)
    except Exception:
        return True
    public = getattr(found, "__all__", None)
    return name in public if public is not None else name in vars(found) and not name.startswith("_")
