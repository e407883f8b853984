"""Answers that work with an argument of an earlier call: a mask that is made once and kept, say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .calls import silence, trusted
from .diagnose import same_result
from .mistake import Mistake
from .seen import Call, Seen

Arguments = tuple[tuple[Any, ...], dict[str, Any]]


def remembered(seen: Sequence[Seen], reference: Callable[..., Any], argnames: Sequence[str]) -> Mistake | None:
    """The mistake of an answer whose every result is the right one for an argument of the first call that had it.

    seen  in the order of the calls
    """
    if all(s.agrees or s.got.raised for s in seen):
        return None
    with silence():
        for name in dict.fromkeys(name for s in seen for name in _given(s.case, argnames)):
            for everywhere in (False, True):
                if _explains(seen, reference, argnames, name, everywhere):
                    return Mistake(
                        "argument_remembered",
                        "conduct",
                        f"The function works with the `{name}` of an earlier call. Something is kept between the calls and not "
                        "made anew.",
                    )
    return None


def _given(case: Call, argnames: Sequence[str]) -> Mapping[str, Any]:
    named = {**dict(zip(argnames, case.args, strict=False)), **case.kwargs}
    return {name: value for name, value in named.items() if value is not None}


def _explains(
    seen: Sequence[Seen], reference: Callable[..., Any], argnames: Sequence[str], name: str, everywhere: bool
) -> bool:
    """Whether the first value of an argument explains all results. everywhere: also where the argument is not given."""
    kept: list[Any] = []
    for s in seen:
        given = _given(s.case, argnames)
        if not kept and name in given:
            kept.append(given[name])
        use = kept and (everywhere or name in given)
        args, kwargs = _with(s.case, argnames, name, kept[0]) if use else (s.case.args, s.case.kwargs)
        if not same_result(s.got, trusted(s.case.through(reference), args, kwargs)):
            return False
    return True


def _with(case: Call, argnames: Sequence[str], name: str, value: Any) -> Arguments:
    place = list(argnames).index(name) if name in argnames else -1
    if 0 <= place < len(case.args):
        return (*case.args[:place], value, *case.args[place + 1 :]), dict(case.kwargs)
    return case.args, {**case.kwargs, name: value}
