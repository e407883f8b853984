"""Mistakes in the size of a cache: `cache_bytes(num_layers, num_heads, num_groups, d, num_tokens, bytes_per_number)`."""

from __future__ import annotations

from ..marking import Wrong
from .choose import named


def cache_bytes(layers: int, heads: int, groups: int, d: int, tokens: int, each: int) -> int:
    """The right size: a key and a value of width d, for each token, in each group of each layer."""
    return 2 * layers * groups * d * tokens * each


CACHE_BYTES: tuple[Wrong, ...] = (
    *named(
        "keys_or_values_only",
        "sizes",
        "This is half of it. The cache keeps two things for each token, a key and a value.",
        lambda layers, heads, groups, d, tokens, each: layers * groups * d * tokens * each,
    ),
    *named(
        "bytes_not_counted",
        "sizes",
        "This is how many numbers there are. Each of them takes several bytes.",
        lambda layers, heads, groups, d, tokens, each: 2 * layers * groups * d * tokens,
    ),
    *named(
        "heads_for_groups",
        "sizes",
        "This is the cache of multi-head attention, with keys and values for every head. The heads of a group share them, and "
        "the cache keeps them once.",
        lambda layers, heads, groups, d, tokens, each: 2 * layers * heads * d * tokens * each,
    ),
    *named(
        "one_layer_only",
        "sizes",
        "This is the cache of one layer. Every layer has keys and values of its own.",
        lambda layers, heads, groups, d, tokens, each: 2 * groups * d * tokens * each,
    ),
    *named(
        "one_token_only",
        "sizes",
        "This is what one token takes. The cache keeps the keys and values of all tokens.",
        lambda layers, heads, groups, d, tokens, each: 2 * layers * groups * d * each,
    ),
    *named(
        "one_group_only",
        "sizes",
        "This is the cache of a single group, as in multi-query attention. Every group has keys and values of its own.",
        lambda layers, heads, groups, d, tokens, each: 2 * layers * d * tokens * each,
    ),
    *named(
        "width_not_counted",
        "sizes",
        "A key is counted as one number, but it has d numbers, and so has a value.",
        lambda layers, heads, groups, d, tokens, each: 2 * layers * groups * tokens * each,
    ),
    *named(
        "heads_of_a_group_counted",
        "sizes",
        "This uses the number of heads in a group. What matters for the cache is the number of groups.",
        lambda layers, heads, groups, d, tokens, each: 2 * layers * (heads // groups) * d * tokens * each,
        lambda layers, heads, groups, d, tokens, each: 2 * layers * heads / groups * d * tokens * each,
    ),
    *named(
        "heads_and_groups_multiplied",
        "sizes",
        "Heads and groups are multiplied, so there are more sets of keys and values than heads. There is one set for each group.",
        lambda layers, heads, groups, d, tokens, each: 2 * layers * heads * groups * d * tokens * each,
    ),
    *named(
        "queries_counted",
        "sizes",
        "The queries are counted as well. A query is used only once, for its own token's output, and is not kept.",
        lambda layers, heads, groups, d, tokens, each: 3 * layers * groups * d * tokens * each,
        lambda layers, heads, groups, d, tokens, each: layers * (heads + 2 * groups) * d * tokens * each,
    ),
    *named(
        "tokens_squared",
        "sizes",
        "The number of tokens is squared, as for scores. Keys and values belong to single tokens, so the "
        "cache grows with T itself.",
        lambda layers, heads, groups, d, tokens, each: 2 * layers * groups * d * tokens**2 * each,
    ),
    *named(
        "bits_for_bytes",
        "sizes",
        "This is the number of bits. A byte has eight bits.",
        lambda layers, heads, groups, d, tokens, each: 16 * layers * groups * d * tokens * each,
    ),
)
