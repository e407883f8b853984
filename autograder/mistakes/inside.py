"""The stages of a question's function made visible: what each makes of a call, rightly and with every known mistake."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, count, repeat
from typing import Any

import numpy as np

from ..marking.anatomy import Anatomy
from ..marking.calls import silence
from ..marking.compare import agrees
from ..marking.letters import axes_of
from ..marking.matching import Made
from ..marking.mistake import Mistake
from ..marking.seen import Call
from .choose import PLAIN, Style
from .stages import Array, Recipe, Stages

# What each replaceable stage makes, by the names that reports use. `split` is called for queries, keys and values.
MAKES: Mapping[str, tuple[str, ...]] = {
    "unfuse": ("w_q", "w_k", "w_v"),
    "project": ("q", "k", "v"),
    "split": ("split heads of q", "split heads of k", "split heads of v"),
    "share": ("shared heads of k", "shared heads of v"),
    "remember": ("", "cache with k", "cache with v"),
    "score": ("scores",),
    "scale": ("scaled scores",),
    "mask_scores": ("masked scores",),
    "add_block": ("running maximum", "running total", "running output"),
    "softmax": ("weights",),
    "empty_rows": ("weights",),
    "after_softmax": ("weights",),
    "mix": ("mixed values",),
    "divide": ("mixed values",),
    "concat": ("concatenation",),
    "rows_of_head": ("rows of w_o",),
    "output": ("output",),
    "finish": ("output",),
}
ORDER = tuple(dict.fromkeys(stage for made in MAKES.values() for stage in made if stage))
# Of mistakes that replace no stage, by the stage they belong to.
_BY_STAGE = {
    "project": "q", "split": "split heads of q", "score": "scores", "scale": "scaled scores", "mask": "masked scores",
    "softmax": "weights", "mix": "mixed values", "concat": "concatenation", "output": "output", "share": "shared heads of k",
    "add_block": "running output", "divide": "mixed values", "blocks": "scores",
}  # fmt: skip
# What each stage belongs to, as mistakes name it.
TOPICS = {
    stage: {"mask_scores": "mask", "empty_rows": "softmax", "after_softmax": "softmax", "finish": "output"}.get(
        field, field
    )
    for field, made in [*MAKES.items()][::-1]
    for stage in made
}

LETTERS = ("B", "H", "G", "N", "T", "T+1", "T_q", "T_k", "d_model", "d_k", "d_v", "d_out")
# The letters of the arguments, from the last axis to the front; leading axes are the batch.
ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    "x": ("T_q", "d_model"),
    "context": ("T_k", "d_model"),
    "token": ("1", "d_model"),
    "q": ("T_q", "d_k"),
    "k": ("T_k", "d_k"),
    "v": ("T_k", "d_v"),
    "scores": ("T_q", "T_k"),
    "weights": ("T_q", "T_k"),
    "heads": ("H", "T_q", "d_v"),
    "w_o": ("", "d_out"),
    "c_attn": ("d_model", ""),
    "groups": ("G", "T", "d_k"),
    "block_scores": ("T_q", "N"),
    "block_v": ("N", "d_v"),
}


def sizes_of(argnames: Sequence[str]) -> Callable[[Call], Mapping[str, int]]:
    """The letters of a call, read from the shapes of its arguments."""

    def sizes(call: Call) -> Mapping[str, int]:
        found: dict[str, int] = {}
        given = {**dict(zip(argnames, call.args, strict=False)), **call.kwargs}
        num_heads = given.get("num_heads", 1)
        if "cache" in given:
            found["T"] = given["cache"]["k"].shape[-2]
            found["T+1"] = found["T"] + 1
        found.update({letter: given[name] for letter, name in (("G", "num_groups"), ("N", "size")) if name in given})
        for name, value in given.items():
            if name in ("w_q", "w_k", "w_v"):
                shared = found.get("G", num_heads) if name != "w_q" else num_heads
                many = len(value) if isinstance(value, list | tuple) else shared
                width = (value[0] if isinstance(value, list | tuple) else value).shape[-1]
                found["d_v" if name == "w_v" else "d_k"] = width if isinstance(value, list | tuple) else width // many
                num_heads = len(value) if isinstance(value, list | tuple) else num_heads
            letters = ARGUMENTS.get(name, ())
            if isinstance(value, np.ndarray) and value.ndim >= len(letters) and letters:
                found.update({a: n for a, n in zip(letters, value.shape[-len(letters) :], strict=True) if a})
                leading = value.shape[: -len(letters)]
                found.update({"B": leading[0]} if len(leading) == 1 else {})
        if num_heads != 1:
            found["H"] = num_heads
        if "c_attn" in given:
            found["d_k"] = found["d_model"] // num_heads
        if not {"context", "k", "v"} & given.keys() and "T_q" in found and "T_k" not in found:
            found = {"T" if name == "T_q" else name: n for name, n in found.items()}
        return {name: int(found[name]) for name in LETTERS if found.get(name, 1) != 1}

    return sizes


# What no weights are made of: these may still be open when the weights are there.
VALUES = frozenset({"v", "split heads of v", "shared heads of v", "cache with v"})


def follows(stage: str, later: str) -> bool:
    """Whether a later stage is made of one. Queries, keys and values go their own ways up to the scores, or to the mixing."""
    one, other = ORDER.index(stage), ORDER.index(later)
    if max(one, other) < ORDER.index("scores"):
        return stage[-1] == later[-1] and one <= other
    if stage == "running total" and later == "running output":
        return False
    meet = "mixed values" if stage in VALUES else "scores"
    return other >= (ORDER.index(meet) if one < ORDER.index("scores") else one)


def anatomy(
    recipe: Recipe,
    mistakes: Sequence[Mistake],
    argnames: Sequence[str],
    example: Callable[[np.random.Generator], Call],
    styles: Sequence[Style] = PLAIN,
) -> Anatomy:
    """The anatomy of a function that is put together from stages."""
    sizes = sizes_of(argnames)

    def right(call: Call) -> Sequence[Made]:
        return tuple(_right(recipe, styles[0], call, sizes(call)))

    def wrong(call: Call, names: Container[str] | None) -> Iterator[Made]:
        plain, known = _watched(recipe, styles[0], call), right(call)
        letters = sizes(call)
        for mistake in mistakes:
            if names is not None and mistake.name not in names:
                continue
            for style in styles:
                made = _watched(recipe, {**style, **mistake.replaces}, call)
                at = _first_other(plain, made)
                for stage, array in made:
                    if stage and not any(_same(made.array, array) for made in known):
                        yield Made(stage, array, axes_of(array.shape, letters), mistake, at)

    @cache
    def shown_by(name: str) -> str:
        mistake = next((m for m in mistakes if m.name == name), None)
        return "" if mistake is None else _first_shown(recipe, styles[0], mistake, example(np.random.default_rng(0)))

    def first_shown(mistake: Mistake) -> str:
        return shown_by(mistake.name) or _BY_STAGE.get(mistake.stage, "")

    return Anatomy(example, sizes, ORDER, VALUES, follows, right, wrong, first_shown, TOPICS)


def _first_shown(recipe: Recipe, style: Style, mistake: Mistake, call: Call) -> str:
    """The stage in which a mistake first shows; where it raises an error, the first that does not come about."""
    return _first_other(_watched(recipe, style, call), _watched(recipe, {**style, **mistake.replaces}, call))


def _first_other(right: Sequence[tuple[str, Array]], wrong: Sequence[tuple[str, Array]]) -> str:
    right, wrong = ([pair for pair in made if pair[0]] for made in (right, wrong))
    for (stage, want), (_, got) in zip(right, wrong, strict=False):
        if not _same(want, got):
            return stage
    return right[len(wrong)][0] if len(wrong) < len(right) else ""


def _same(one: Array, other: Array) -> bool:
    return agrees(one, other)


def _watched(recipe: Recipe, replaced: Mapping[str, Any], call: Call) -> list[tuple[str, Array]]:
    """What the stages make in a call, by name, in their order; as far as it runs."""
    found: list[tuple[str, Array]] = []
    stages = Stages(**replaced)

    def watch(field: str) -> Callable[..., Any]:
        function = getattr(stages, field)
        calls = count()

        def watched(*args: Any) -> Any:
            made = function(*args)
            names = MAKES[field]
            several = made if isinstance(made, tuple | list) else (made,)
            if field == "remember":
                several = (made[0], made[1]["k"], made[1]["v"])
            first = 0 if len(several) > 1 else next(calls) % len(names)
            on_the_way = zip(repeat(""), _in_a_block(args, made[0]) if field == "add_block" else (), strict=False)
            for stage, array in chain(on_the_way, zip(names[first:], several, strict=False)):
                if isinstance(array, np.ndarray) and array.ndim:
                    found.append((stage, array))
            return made

        return watched

    seen = dataclasses.replace(stages, **{field: watch(field) for field in MAKES})
    with silence():
        try:
            result = call.through(recipe(seen))(*call.args, **call.kwargs)
        except Exception:
            return found
    if isinstance(result, np.ndarray) and found and not any(_same(array, result) for _, array in found):
        found.append((found[-1][0], result))  # the last stage of every head, in one array
    return found


def _in_a_block(carried: Sequence[Array], highest: Array) -> Iterator[Array]:
    """What is right on the way through a block of keys, and no stage."""
    maximum, total, output, scores, v = carried
    shift = np.where(np.isneginf(highest), 0, highest)
    factor, exps = np.exp(maximum - shift), np.exp(scores - shift)
    added = exps.sum(axis=-1, keepdims=True)
    yield from (scores.max(axis=-1, keepdims=True), scores - shift, maximum - shift, factor, exps, added)
    yield from (factor * total, factor * output, exps @ v, v, shift, np.isneginf(highest))


def _right(recipe: Recipe, style: Style, call: Call, sizes: Mapping[str, int]) -> Iterator[Made]:
    """The stages, each array once under the first name it has, then what else is right on the way."""
    made = _watched(recipe, style, call)
    seen: list[Array] = []
    for stage, array in sorted(made, key=lambda one: not one[0]):
        if not any(_same(array, other) for other in seen):
            seen.append(array)
            yield Made(stage, array, axes_of(array.shape, sizes))
    with silence():
        for array in _on_the_way(made, sizes.get("d_k", 1)):
            yield Made("", array, axes_of(array.shape, sizes))


def _on_the_way(made: Sequence[tuple[str, Array]], d_k: int) -> Iterator[Array]:
    """Other numbers that right answers hold: scaled queries and keys, exponentials with and without a shift, and their sums."""
    for name, array in made:
        if name in ("q", "k") or name.startswith("split heads"):
            yield array / np.sqrt(d_k)
            yield array / d_k**0.25
        if name == "masked scores":
            allowed = np.isfinite(array)
            yield allowed
            yield ~allowed
            yield np.where(allowed, 0.0, -np.inf)
        if name in ("masked scores", "scaled scores"):
            scores = array
            top = scores.max(axis=-1, keepdims=True)
            for shifted in (scores - top, scores):
                exps = np.exp(shifted)
                yield shifted
                yield exps
                yield np.broadcast_to(exps.sum(axis=-1, keepdims=True), top.shape)
            yield top
