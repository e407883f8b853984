"""Plain data as bytes, between two processes of which one is hostile.

A message is a JSON tree followed by raw array buffers. Numbers, strings, None and booleans stand for themselves;
everything else is a list that begins with a tag. Nothing that is decoded can name code to run: there is no pickle,
and what is no plain data is left to `special`, a function of the side that encodes or decodes.
"""

from __future__ import annotations

import collections
import datetime
import decimal
import fractions
import json
import math
import socket
import struct
import time
from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from . import costs, tables
from .costs import NotPlain

__all__ = ["READY", "Broken", "Channel", "Closed", "Late", "NotPlain", "decode", "encode"]

# The learner's process sends this once, when it is shut in and before it runs anything of the learner's.
READY = b"ready"

_BIG_INT = 1 << 4000
_SCALARS = frozenset({bool, int, float, str, type(None)})
_BUILTIN_TYPES: dict[str, Any] = {
    t.__name__: t
    for t in (bool, int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset, range, object, type)
}
_BUILTIN_TYPES["NoneType"] = type(None)
_NUMPY_TYPES: dict[str, type] = {
    name: t for name, t in vars(np).items() if isinstance(t, type) and issubclass(t, np.generic)
}
_NUMPY_TYPES["ndarray"] = np.ndarray

# Turns what is no plain data into a node, or a node into that. The second argument does it for plain data.
Special = Callable[[Any, Callable[[Any], Any]], Any]


class Broken(Exception):
    """What came over the line is no message."""


class Closed(Exception):
    """The other side is gone."""


class Late(Exception):
    """The other side did not answer in time."""


def encode(value: Any, special: Special | None = None, limit: int = costs.BYTES) -> bytes:
    """`value` as bytes. Objects that are no plain data go to `special`, which returns a node or raises NotPlain."""
    encoder = _Encoder(special or _refuse, limit)
    tree = encoder.node(value, 0)
    try:
        text = json.dumps([tree, [len(blob) for blob in encoder.blobs]], separators=(",", ":")).encode()
    except (ValueError, RecursionError) as error:
        raise NotPlain(f"a value that cannot be written down: {error}") from None
    if len(text) + encoder.size > limit:
        raise NotPlain(f"a value of more than {limit // 1024 // 1024} MB")
    costs.tree(text, limit)
    return b"".join([struct.pack(">I", len(text)), text, *encoder.blobs])


def decode(data: bytes, special: Special | None = None, limit: int = costs.BYTES) -> Any:
    """The value behind `data`; nodes with a tag that is not plain data go to `special`.

    Raises Broken for what encode() does not write, NotPlain for what would cost too much (see costs).
    """
    try:
        (length,) = struct.unpack_from(">I", data)
        text = data[4 : 4 + length]
        costs.tree(text, limit)
        tree, sizes = json.loads(text.decode("ascii"))
        blobs, start = [], 4 + length
        for size in sizes:
            if type(size) is not int or size < 0 or start + size > len(data):
                raise Broken("a buffer ends too early")
            blobs.append(data[start : start + size])
            start += size
        return _Decoder(special or _refuse_node, blobs).value(tree)
    except (Broken, NotPlain):
        raise
    except Exception as error:
        raise Broken(f"not a message: {type(error).__name__}") from None


def _refuse(value: Any, node: Any) -> Any:
    raise NotPlain(f"a value of type {type(value).__name__} is no plain data")


def _refuse_node(node: Any, value: Any) -> Any:
    raise Broken("an unknown kind of value")


class _Encoder:
    def __init__(self, special: Special, limit: int) -> None:
        self.special, self.limit = special, limit
        self.blobs: list[bytes] = []
        self.size = 0
        self.nodes = 0

    def blob(self, data: bytes) -> int:
        self.size += len(data)
        if self.size > self.limit:
            raise NotPlain(f"a value of more than {self.limit // 1024 // 1024} MB")
        self.blobs.append(data)
        return len(self.blobs) - 1

    def items(self, given: Any, depth: int) -> list[Any]:
        values: list[Any] = list(given)
        self.nodes += len(values)
        if self.nodes > costs.ITEMS:
            raise NotPlain(f"a value of more than {costs.ITEMS} items")
        kinds = set(map(type, values))
        if kinds <= _SCALARS and not (int in kinds and any(type(v) is int and abs(v) > _BIG_INT for v in values)):
            return values
        return [self.node(value, depth + 1) for value in values]

    def node(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if kind in _SCALARS:
            if kind is int and abs(value) > _BIG_INT:
                return ["i", hex(costs.integer(value))]
            return value
        if depth > costs.DEPTH:
            raise NotPlain(f"a value nested more than {costs.DEPTH} deep")
        if kind is list:
            return ["l", self.items(value, depth)]
        if kind is tuple:
            return ["t", self.items(value, depth)]
        if kind is dict:
            return ["d", self.items(value.keys(), depth), self.items(value.values(), depth)]
        if isinstance(value, np.ndarray) and _is_only_an_array(value):
            return self.array(value, depth)
        writer = _WRITERS.get(kind)
        if writer is not None:
            return writer(self, value, depth)
        if isinstance(value, np.generic) and kind.__module__ == "numpy" and value.dtype.kind in costs.ARRAY_KINDS:
            return ["n", value.dtype.str, self.blob(np.asarray(value).tobytes())]
        if tables.is_table(value):
            return tables.write(value, lambda part: self.plain(part, depth + 1))
        if isinstance(value, type):
            name = value.__name__
            for tag, table in (("T", _BUILTIN_TYPES), ("N", _NUMPY_TYPES)):
                if table.get(name) is value:
                    return [tag, name]
        fields = getattr(kind, "_fields", None)
        if isinstance(value, tuple) and kind.__bases__ == (tuple,) and type(fields) is tuple:
            costs.names(kind.__name__, fields)
            return ["nt", kind.__name__, list(fields), self.items(tuple.__iter__(value), depth)]
        return self._special(value, depth)

    def plain(self, value: Any, depth: int) -> Any:
        """A node of plain data throughout."""
        special, self.special = self.special, _refuse
        try:
            return self.node(value, depth)
        finally:
            self.special = special

    def _special(self, value: Any, depth: int) -> Any:
        return self.special(value, lambda plain: self.node(plain, depth + 1))

    def array(self, value: Any, depth: int) -> Any:
        array = np.ndarray.view(value, np.ndarray)
        if array.dtype.kind not in costs.ARRAY_KINDS or not array.dtype.itemsize:
            return self._special(value, depth)
        costs.shape(array.shape, array.itemsize)
        order: Literal["F", "C"] = "F" if array.flags.f_contiguous and not array.flags.c_contiguous else "C"
        return ["a", array.dtype.str, list(array.shape), order, self.blob(array.tobytes(order))]


def _is_only_an_array(value: np.ndarray[Any, Any]) -> bool:
    """Whether an array is no more than its numbers: not one with a mask, or with attributes or methods of its own."""
    kind = type(value)
    if kind in (np.ndarray, np.matrix, np.memmap):
        return True
    own = [name for t in kind.__mro__ if t not in np.ndarray.__mro__ for name in vars(t) if not name.startswith("__")]
    return not own and not getattr(value, "__dict__", None)


def _numbers(value: range) -> tuple[int, int, int]:
    return value.start, value.stop, value.step


def _sequence(tag: str) -> Callable[[_Encoder, Any, int], Any]:
    return lambda encoder, value, depth: [tag, encoder.items(value, depth)]


_WRITERS: dict[type, Callable[[_Encoder, Any, int], Any]] = {
    set: _sequence("s"),
    frozenset: _sequence("fs"),
    bytes: lambda e, v, d: ["b", e.blob(v)],
    bytearray: lambda e, v, d: ["ba", e.blob(bytes(v))],
    complex: lambda e, v, d: ["c", v.real, v.imag],
    range: lambda e, v, d: ["r", *(e.node(n, d) for n in _numbers(costs.range_of(v.start, v.stop, v.step)))],
    slice: lambda e, v, d: ["sl", *(e.node(n, d + 1) for n in (v.start, v.stop, v.step))],
    type(Ellipsis): lambda e, v, d: ["..."],
    type(NotImplemented): lambda e, v, d: ["ni"],
    collections.OrderedDict: lambda e, v, d: ["od", e.items(v.keys(), d), e.items(v.values(), d)],
    collections.Counter: lambda e, v, d: ["ct", e.items(v.keys(), d), e.items(v.values(), d)],
    collections.defaultdict: lambda e, v, d: ["dd", e.items(v.keys(), d), e.items(v.values(), d)],
    collections.deque: lambda e, v, d: ["dq", v.maxlen, e.items(v, d)],
    datetime.date: lambda e, v, d: ["date", v.isoformat()],
    datetime.datetime: lambda e, v, d: ["dt", v.isoformat()],
    datetime.time: lambda e, v, d: ["tm", v.isoformat()],
    datetime.timedelta: lambda e, v, d: ["td", v.days, v.seconds, v.microseconds],
    decimal.Decimal: lambda e, v, d: ["dec", str(costs.decimal_of(str(v)))],
    fractions.Fraction: lambda e, v, d: ["fr", *(e.node(n, d) for n in costs.fraction(v.numerator, v.denominator))],
}
_named_tuples: dict[tuple[str, tuple[str, ...]], Any] = {}


class _Decoder:
    def __init__(self, special: Special, blobs: list[bytes]) -> None:
        self.special = special
        self.blobs: list[bytes | None] = list(blobs)
        self.depth = self.read = 0

    def values(self, nodes: Any) -> list[Any]:
        self.read += len(nodes)
        return [node if type(node) is not list else self.value(node) for node in nodes]

    def value(self, node: Any) -> Any:
        if type(node) is not list:
            if type(node) is dict:
                raise Broken("an object where a value was expected")
            return node
        if self.depth > 2 * costs.DEPTH:
            raise NotPlain(f"a value nested more than {costs.DEPTH} deep")
        self.depth += 1
        reader = _READERS.get(node[0])
        value = self.special(node, self.value) if reader is None else reader(self, *node[1:])
        self.depth -= 1
        return value

    def blob(self, number: int) -> bytes:
        """One of the buffers, each of which stands for one value: a node is small, and the copies of a buffer are not."""
        data, self.blobs[number] = self.blobs[number], None
        if data is None or type(number) is not int or number < 0:
            raise Broken("a buffer that is used twice")
        return data

    def array(self, dtype: str, shape: list[int], order: Any, blob: int) -> Any:
        kind, data = costs.dtype_of(dtype), self.blob(blob)
        if any(type(size) is not int or size < 0 for size in shape) or order not in ("C", "F"):
            raise Broken("not an array")
        costs.shape(tuple(shape), kind.itemsize)
        if math.prod(shape) * kind.itemsize != len(data):
            raise Broken("an array whose buffer does not fit its shape")
        return costs.items(np.frombuffer(data, kind).reshape(tuple(shape), order=order).copy("K"))

    def scalar(self, dtype: str, blob: int) -> Any:
        return self.array(dtype, [], "C", blob)[()]

    def named_tuple(self, name: str, fields: list[str], nodes: list[Any]) -> Any:
        costs.names(name, fields)
        key = (name, tuple(fields))
        if key not in _named_tuples and len(_named_tuples) < 200:
            _named_tuples[key] = collections.namedtuple(name, fields)
        return _named_tuples[key](*self.values(nodes))

    def keys(self, nodes: list[Any]) -> list[Any]:
        before = self.read
        values = self.values(nodes)
        return costs.spread(values, (self.read - before) // max(len(values), 1))

    def pairs(self, keys: list[Any], values: list[Any]) -> zip[tuple[Any, Any]]:
        return zip(self.keys(keys), self.values(values), strict=True)

    def fraction(self, numerator: Any, denominator: Any) -> fractions.Fraction:
        return fractions.Fraction(*costs.fraction(self.value(numerator), self.value(denominator)))


def _table(tag: str) -> Callable[..., Any]:
    return lambda decoder, *parts: tables.read([tag, *parts], decoder.value)


_READERS: dict[str, Callable[..., Any]] = {
    "l": lambda d, nodes: d.values(nodes),
    "t": lambda d, nodes: tuple(d.values(nodes)),
    "d": lambda d, keys, values: dict(d.pairs(keys, values)),
    "s": lambda d, nodes: set(d.keys(nodes)),
    "fs": lambda d, nodes: frozenset(d.keys(nodes)),
    "a": _Decoder.array,
    "n": _Decoder.scalar,
    "nt": _Decoder.named_tuple,
    "i": lambda d, text: costs.integer(int(text, 16)),
    "b": _Decoder.blob,
    "ba": lambda d, blob: bytearray(d.blob(blob)),
    "c": lambda d, real, imag: complex(real, imag),
    "r": lambda d, *numbers: costs.range_of(*d.values(numbers)),
    "sl": lambda d, *numbers: slice(*d.values(numbers)),
    "...": lambda d: Ellipsis,
    "ni": lambda d: NotImplemented,
    "od": lambda d, keys, values: collections.OrderedDict(d.pairs(keys, values)),
    "ct": lambda d, keys, values: collections.Counter(dict(d.pairs(keys, values))),
    "dd": lambda d, keys, values: collections.defaultdict(None, d.pairs(keys, values)),
    "dq": lambda d, maxlen, nodes: collections.deque(d.values(nodes), maxlen),
    "date": lambda d, text: datetime.date.fromisoformat(text),
    "dt": lambda d, text: datetime.datetime.fromisoformat(text),
    "tm": lambda d, text: datetime.time.fromisoformat(text),
    "td": lambda d, days, seconds, micros: datetime.timedelta(days, seconds, micros),
    "dec": lambda d, text: costs.decimal_of(text),
    "fr": _Decoder.fraction,
    "T": lambda d, name: _BUILTIN_TYPES[name],
    "N": lambda d, name: _NUMPY_TYPES[name],
    **{tag: _table(tag) for tag in tables.TAGS},
}


_HEADER = 8


class Channel:
    """Frames over a stream socket, with a deadline and an upper size for what comes in."""

    def __init__(self, sock: socket.socket, limit: int = costs.BYTES + 1024 * 1024) -> None:
        self.sock, self.limit = sock, limit
        self.held = bytearray()  # what came and was not asked for yet

    def send(self, data: bytes, deadline: float | None = None) -> None:
        """Raises Late when the other side does not take the bytes before `deadline` (time.monotonic)."""
        self.sock.settimeout(_left(deadline))
        try:
            self.sock.sendall(struct.pack(">Q", len(data)) + data)
        except TimeoutError:
            raise Late from None
        except OSError:
            raise Closed from None

    def recv(self, deadline: float | None = None) -> bytes:
        """One frame. Raises Late, Closed, or Broken when it is larger than the limit. After Late it may be called again."""
        while True:
            if len(self.held) >= _HEADER:
                (length,) = struct.unpack_from(">Q", self.held)
                if length > self.limit:
                    raise Broken(f"a message of {length} bytes")
                if len(self.held) >= _HEADER + length:
                    frame = bytes(self.held[_HEADER : _HEADER + length])
                    del self.held[: _HEADER + length]
                    return frame
            self._read_on(deadline)

    def _read_on(self, deadline: float | None) -> None:
        self.sock.settimeout(_left(deadline))
        try:
            part = self.sock.recv(1 << 16)
        except TimeoutError:
            raise Late from None
        except OSError:
            raise Closed from None
        if not part:
            raise Closed
        self.held += part


def _left(deadline: float | None) -> float | None:
    return None if deadline is None else max(deadline - time.monotonic(), 0.001)
