"""pandas' tables as plain data: columns by name and type, and an index. No pickle; pandas is imported where one arrives."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from .costs import NotPlain, range_of

Node = Callable[[Any], Any]
_NULLABLE = re.compile(r"U?Int(8|16|32|64)|Float(32|64)|boolean")
# Names of the time zone database and offsets. Not "dateutil/...": what follows would be opened as a file.
_ZONE = re.compile(r"(?!dateutil/)[A-Za-z0-9_+:-][A-Za-z0-9_+:/-]{0,39}")
_FREQUENCY = re.compile(r"[A-Za-z0-9-]{1,20}")
TAGS = frozenset({"df", "se", "ix", "ri", "mi", "p1", "pn"})


def is_table(value: Any) -> bool:
    """Whether it is one of pandas' own: a table, a column, an index, a date, or a missing value."""
    pandas: Any = sys.modules.get("pandas")
    if pandas is None or type(value).__module__.partition(".")[0] != "pandas":
        return False
    kinds = (pandas.DataFrame, pandas.Series, pandas.Timestamp, pandas.Timedelta)
    return type(value) in kinds or isinstance(value, pandas.Index) or value is pandas.NaT or value is pandas.NA


def write(value: Any, node: Node) -> list[Any]:
    """The node for one of pandas' values. Raises NotPlain for a column of a kind that does not cross."""
    pandas: Any = sys.modules["pandas"]
    if isinstance(value, pandas.DataFrame):
        columns = [_column(value.iloc[:, number], node) for number in range(value.shape[1])]
        return ["df", write(value.index, node), write(value.columns, node), columns]
    if isinstance(value, pandas.Series):
        return ["se", write(value.index, node), _column(value, node), node(value.name)]
    if isinstance(value, pandas.RangeIndex):
        range_of(value.start, value.stop, value.step)
        return ["ri", value.start, value.stop, value.step, node(value.name)]
    if isinstance(value, pandas.MultiIndex):
        levels = [_column(value.get_level_values(number), node) for number in range(value.nlevels)]
        return ["mi", levels, node(list(value.names))]
    if isinstance(value, pandas.Index):
        return ["ix", _column(value, node), node(value.name), getattr(value, "freqstr", None)]
    if value is pandas.NA or value is pandas.NaT:
        return ["pn", "NA" if value is pandas.NA else "NaT"]
    return ["p1", _column(pandas.Series([value]), node)]


def _column(values: Any, node: Node) -> list[Any]:
    pandas: Any = sys.modules["pandas"]
    kind = values.dtype
    if isinstance(kind, pandas.CategoricalDtype):
        codes = np.asarray(pandas.Categorical(values).codes, np.int64)
        return ["categories", node(codes), _column(kind.categories, node), bool(kind.ordered)]
    if isinstance(kind, pandas.DatetimeTZDtype):
        return ["zone", node(np.asarray(values.array.tz_convert(None))), str(kind.tz)]
    if isinstance(kind, pandas.StringDtype):
        missing = np.asarray(values.isna())
        return ["text", node([None if gone else text for text, gone in zip(values, missing, strict=True)]), str(kind)]
    if _NULLABLE.fullmatch(str(kind)):
        plain = values.to_numpy(dtype=kind.numpy_dtype, na_value=kind.numpy_dtype.type(0))
        return ["nullable", node(plain), node(np.asarray(values.isna(), bool)), str(kind)]
    if isinstance(kind, np.dtype) and kind.kind == "O":
        return ["objects", node(list(values))]
    if isinstance(kind, np.dtype):
        return ["numbers", node(values.to_numpy())]
    raise NotPlain(f"a column of type {kind} is no plain data")


def read(node: list[Any], value: Node) -> Any:
    """The value behind a node. Raises NotPlain where pandas is not installed, ValueError where the parts do not fit."""
    try:
        pandas = importlib.import_module("pandas")
    except ImportError:
        raise NotPlain("a table of pandas, which is not installed where the tests run") from None
    match node:
        case ["df", index, names, columns]:
            rows = read(index, value)
            made = {number: pandas.Series(_read(column, value), index=rows) for number, column in enumerate(columns)}
            frame = pandas.DataFrame(made, index=rows)
            frame.columns = read(names, value)
            return frame
        case ["se", index, column, name]:
            found = pandas.Series(_read(column, value), index=read(index, value))
            found.name = value(name)
            return found
        case ["ri", start, stop, step, name]:
            return pandas.RangeIndex(range_of(start, stop, step), name=value(name))
        case ["mi", levels, names]:
            return pandas.MultiIndex.from_arrays([_read(level, value) for level in levels], names=value(names))
        case ["ix", column, name, frequency]:
            made = pandas.Index(_read(column, value), name=value(name))
            if frequency is not None and _FREQUENCY.fullmatch(frequency):
                made.freq = frequency
            return made
        case ["pn", "NA"]:
            return pandas.NA
        case ["pn", "NaT"]:
            return pandas.NaT
        case ["p1", column]:
            return pandas.Series(_read(column, value)).iloc[0]
    raise ValueError("not a table")


def _read(column: list[Any], value: Node) -> Any:
    pandas: Any = sys.modules["pandas"]
    match column:
        case ["numbers", array]:
            return _array(value(array))
        case ["objects", items]:
            return pandas.Index(value(items), dtype=object, tupleize_cols=False).array
        case ["text", items, str(kind)] if kind in ("str", "string"):
            return pandas.array(value(items), dtype=kind)
        case ["nullable", array, missing, str(kind)] if _NULLABLE.fullmatch(kind):
            made = pandas.array(_array(value(array)), dtype=kind)
            made[_array(value(missing))] = pandas.NA
            return made
        case ["zone", array, str(zone)] if _ZONE.fullmatch(zone):
            return pandas.DatetimeIndex(_array(value(array)), tz="UTC").tz_convert(zone).array
        case ["categories", codes, categories, bool(ordered)]:
            kinds = pandas.Index(_read(categories, value))
            return pandas.Categorical.from_codes(_array(value(codes)), categories=kinds, ordered=ordered)
    raise ValueError("not a column")


def _array(value: Any) -> np.ndarray[Any, Any]:
    if not isinstance(value, np.ndarray) or value.ndim != 1:
        raise ValueError("not a column")
    return value


def replace_content(old: Any, new: Any) -> None:
    """Make a table what another of its type is."""
    type(old).__init__(old, new)
