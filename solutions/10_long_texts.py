"""Unit 10: what attention costs on long texts, and what people do about it.

Goal: the learner can say what grows with the length of a text and how fast, size the cache of a published model, share
keys and values among heads, and compute softmax from one block of keys after another.
Not taught here: rotary positions and FlashAttention (a paragraph each in the lesson), attention that leaves out keys,
how models are trained to share keys and values, lower precision.
Known mistakes: groups laid out in the wrong order, a factor of the cache forgotten (two for key and value, bytes,
layers), heads in place of groups, sums that are not rescaled when a larger maximum comes, NaN from a masked block.
"""

# %% [markdown] id="title"
# # Long texts
#
# **You will** let heads share keys and values, compute how many bytes the caches of published models take, and compute attention
# without ever holding a whole row of weights.
#
# **You will learn** what grows with the length of a text, what multi-query and grouped-query attention save, and the idea
# that FlashAttention rests on.
#
# **You need** units 4 to 6. About 60 minutes; section 3 is a good place to take a break. The lesson `10_long_texts` explains every
# step.
#
# As always, fill in a cell, run it, and run the `check` below it. The cell below the check has hints, which cost nothing,
# and a worked solution.

# %% given="setup"
import numpy as np

from autograder import check, hint, show_values, solution

# %% [markdown] id="about-doubling"
# ## 1. What grows
#
# Here is a question before any code. A layer of causal attention reads a text and keeps its keys and values in a cache (unit 6).
# Suppose the text is twice as long. How many times as much is there of each of these? Enter a number for each, and 1 if nothing
# changes.
#
# - `scores of the whole text`: all scores of a head, masked ones included, when it reads the whole text at once
# - `numbers in the cache`: the numbers that the cache holds after the whole text
# - `scores of one more token`: the scores of a head for one more token, when the whole text is in the cache
# - `parameters of the layer`
#
# The check reports whether at least three of your four answers are right and whether all are, but not which ones.

# %% solution="doubled"
doubled = {
    "scores of the whole text": ...,
    "numbers in the cache": ...,
    "scores of one more token": ...,
    "parameters of the layer": ...,
}
### BEGIN SOLUTION
doubled = {
    "scores of the whole text": 4,
    "numbers in the cache": 2,
    "scores of one more token": 2,
    "parameters of the layer": 1,
}
### END SOLUTION

# %% check="doubled"
check("long_texts.doubled")

# %% [markdown] id="about-sharing"
# ## 2. Share keys and values
#
# In multi-head attention every head has its own queries, keys and values. The cache holds the keys and values. To make it
# smaller, let the heads keep queries of their own, and let several heads share one set of keys and values.
#
# The heads that share a set form a **group**. With H heads and G groups, each group has H / G heads. The heads from 0 up to, but
# not including, H / G read group 0, the next H / G heads read group 1, and so on. This is **grouped-query attention**. With one
# group it is called **multi-query attention**, and with as many groups as heads it is multi-head attention.
#
# Before you write code, suppose there are 6 heads and 2 groups. Which group does head 2 read? And head 3?
#
# Write `share_heads`. It takes the keys or the values of the groups, (..., G, T, d), and returns for each head the keys or values
# of its group, (..., H, T, d). You can rely on G dividing H.
#
# A small example: there are two groups and one token, whose only number is 10 in group 0 and 20 in group 1. For four heads the
# result should hold 10, 10, 20, 20.


# %% solution="share_heads"
def share_heads(groups, num_heads):
    """The keys or values that each head reads: (..., G, T, d) to (..., H, T, d)."""
    ### BEGIN SOLUTION
    heads_in_a_group = num_heads // groups.shape[-3]
    return np.repeat(groups, heads_in_a_group, axis=-3)  # (..., H, T, d)
    ### END SOLUTION
    raise NotImplementedError("share_heads is not written yet: replace this line by its body.")


# %% id="try-sharing"
try:
    two_groups = np.array([[[10]], [[20]]])  # (G, T, d)
    shared = share_heads(two_groups, 4)
    print("(4, 1, 1) is right:", shared.shape)
    print("10, 10, 20, 20 is right:", shared.ravel())
    which = share_heads(np.eye(2)[:, None, :], 6)[:, 0]  # (H, G): 1 for the group that a head reads
    heads, sets = [f"head {h}" for h in range(6)], ["group 0", "group 1"]
    show_values(which, rows=heads, columns=sets, title="Six heads, two groups: who reads what")
except Exception as problem:
    print("Not yet:", problem)

# %% check="share"
check("long_texts.share")

# %% [markdown] id="about-the-layer"
# Next comes the whole layer. `split_heads`, `concat_heads` and `softmax`, from units 4 and 6, are given.


# %% given="pieces"
def split_heads(x, num_heads):
    """(..., T, H·d) to (..., H, T, d)."""
    *leading, t, width = x.shape
    return x.reshape(*leading, t, num_heads, width // num_heads).swapaxes(-3, -2)  # (..., H, T, d)


def concat_heads(heads):
    """(..., H, T, d) to (..., T, H·d)."""
    *leading, num_heads, t, d = heads.shape
    return heads.swapaxes(-3, -2).reshape(*leading, t, num_heads * d)  # (..., T, H·d)


def softmax(scores):
    """Weights from scores, over the last axis; safe for large scores. A score of -inf gets the weight 0."""
    exps = np.exp(scores - scores.max(axis=-1, keepdims=True))  # (..., T_q, T_k)
    return exps / exps.sum(axis=-1, keepdims=True)  # (..., T_q, T_k)


# %% [markdown] id="about-writing-the-layer"
# Write `grouped_layer`, a causal layer. `w_q` has columns for H heads, but `w_k` and `w_v` only for G groups. So split the queries
# into heads, split the keys and values into groups, and share the groups among the heads. The rest is the layer you know: scores,
# scale, causal mask, softmax, mix, concatenate, multiply by W_o.


# %% solution="grouped_layer"
def grouped_layer(x, w_q, w_k, w_v, w_o, num_heads, num_groups):
    """Causal attention whose heads share keys and values.

    x (..., T, d_model); w_q (d_model, H·d_k); w_k (d_model, G·d_k); w_v (d_model, G·d_v); w_o (H·d_v, d_out).
    Returns (..., T, d_out).
    """
    ### BEGIN SOLUTION
    q = split_heads(x @ w_q, num_heads)  # (..., H, T, d_k)
    k = share_heads(split_heads(x @ w_k, num_groups), num_heads)  # (..., H, T, d_k)
    v = share_heads(split_heads(x @ w_v, num_groups), num_heads)  # (..., H, T, d_v)
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])  # (..., H, T, T)
    allowed = np.tri(x.shape[-2], dtype=bool)  # (T, T)
    weights = softmax(np.where(allowed, scores, -np.inf))  # (..., H, T, T)
    return concat_heads(weights @ v) @ w_o  # (..., T, d_out)
    ### END SOLUTION
    raise NotImplementedError("grouped_layer is not written yet: replace this line by its body.")


# %% id="try-the-layer"
try:
    example = np.random.default_rng(10)
    x = example.standard_normal((5, 8))  # (T, d_model)
    for num_groups in (4, 2, 1):
        w_q = example.standard_normal((8, 4 * 2))  # (d_model, H·d_k), four heads
        w_k, w_v = example.standard_normal((2, 8, num_groups * 2))  # (d_model, G·d)
        output = grouped_layer(x, w_q, w_k, w_v, np.eye(8), 4, num_groups)
        kept = (x @ w_k).size + (x @ w_v).size
        print(f"4 heads, groups: {num_groups}. Output {output.shape}, {kept} numbers in the cache")
    print("(5, 8) is right for every output, and 80, 40 and 20 numbers.")
except Exception as problem:
    print("Not yet:", problem)

# %% check="grouped"
check("long_texts.grouped")

# %% [markdown] id="about-the-cache"
# ## 3. How large is a cache?
#
# For every token, a cache keeps a key and a value of width d in every group of every layer. A number takes 4 bytes in float32, but
# most models are run with numbers of 2 bytes.
#
# Write `cache_bytes`. It receives all the sizes that the description of a model gives you, and you do not need all of them. The
# result is an `int`.
#
# A small example: 2 layers of 4 heads in 2 groups, keys and values 3 wide, 5 tokens, and 2 bytes per number. In each layer, a
# token has 2 keys and 2 values of 3 numbers, 12 numbers in all. Five tokens in 2 layers have 12 · 5 · 2 = 120 numbers, or 240
# bytes.


# %% solution="cache_bytes"
def cache_bytes(num_layers, num_heads, num_groups, d, num_tokens, bytes_per_number):
    """The bytes of the keys and values of all tokens, in all layers. Keys and values are d wide. Returns an int."""
    ### BEGIN SOLUTION
    numbers = 2 * num_layers * num_groups * d * num_tokens  # a key and a value
    return numbers * bytes_per_number
    ### END SOLUTION
    raise NotImplementedError("cache_bytes is not written yet: replace this line by its body.")


# %% id="try-the-cache"
try:
    print("240 is right:", cache_bytes(2, 4, 2, 3, 5, 2))
except Exception as problem:
    print("Not yet:", problem)

# %% check="cache_bytes"
check("long_texts.cache_bytes")

# %% [markdown] id="about-published-models"
# **Real models.** `published` has the sizes that the makers of these models have published. (The lesson gives the sources.) Before
# you run the cell below it, guess which model needs the largest cache for one text of its full length, and which the smallest
# cache per token.


# %% given="published"
# Layers, heads, groups, width of a head, tokens of the longest text.
published = {
    "GPT-2 XL": (48, 25, 25, 64, 1024),
    "GPT-3 175B": (96, 96, 96, 128, 2048),
    "PaLM 540B": (118, 48, 1, 256, 2048),
    "Llama 2 7B": (32, 32, 32, 128, 4096),
    "Llama 2 70B": (80, 64, 8, 128, 4096),
    "Falcon-7B": (32, 71, 1, 64, 2048),
    "Llama 3.1 8B": (32, 32, 8, 128, 131072),
    "Llama 3.1 405B": (126, 128, 8, 128, 131072),
}

# %% id="size-the-models"
try:
    print(f"{'':16}{'bytes a token':>14}{'full text':>12}{'a set for every head':>22}")
    for name, (num_layers, num_heads, num_groups, d, num_tokens) in published.items():
        token = cache_bytes(num_layers, num_heads, num_groups, d, 1, 2)
        full = cache_bytes(num_layers, num_heads, num_groups, d, num_tokens, 2) / 2**30
        unshared = cache_bytes(num_layers, num_heads, num_heads, d, num_tokens, 2) / 2**30
        print(f"{name:16}{token:14,}{full:8.2f} GiB{unshared:18.2f} GiB")
except Exception as problem:
    print("Not yet:", problem)

# %% [markdown] id="about-blocks"
# ## 4. Softmax in blocks
#
# The cache grows with T, but the scores of a whole text grow with T². Must they all be in memory at once? It seems so, because
# softmax divides each weight by a total over the whole row.
#
# But you can compute the output without the whole row. Take the keys in blocks. For each query, carry three things from block to
# block:
#
# - `maximum` (T_q, 1): the largest score so far
# - `total` (T_q, 1): the sum of exp(score - maximum) so far
# - `output` (T_q, d_v): the sum of exp(score - maximum) times the value so far, *not yet divided* by the total
#
# If a block brings a larger maximum, the old total and output were computed with the old one and are too large. Since
# exp(s - new) = exp(s - old) · exp(old - new), one multiplication corrects each of them.
#
# Before you write code, compute one query by hand. The first block has the scores 2 and 1, so the maximum is 2 and the total is
# exp(0) + exp(-1) = 1.37. The next block has the scores 4 and 0. What is the new maximum? What must you multiply 1.37 by? What is
# the new total? The cell after the next one prints the answers.
#
# Write `add_block`. It receives the three running arrays, the scaled and masked `scores` (..., T_q, N) of the N keys of a block,
# and their values `v` (..., N, d_v). It returns the new maximum, total and output. Before the first block the maximum is minus
# infinity, and total and output are 0.
#
# A score of minus infinity means that the query may not attend to that key. For some queries, *all* scores of a block may be minus
# infinity. For such a query, maximum, total and output stay as they were, even if it has seen no key before. Watch out: minus
# infinity minus minus infinity is NaN.


# %% solution="add_block"
def add_block(maximum, total, output, scores, v):
    """The running maximum (..., T_q, 1), total (..., T_q, 1) and output (..., T_q, d_v), one block of keys later.

    scores (..., T_q, N), -inf where a query may not attend; v (..., N, d_v).
    """
    ### BEGIN SOLUTION
    new_maximum = np.maximum(maximum, scores.max(axis=-1, keepdims=True))  # (..., T_q, 1)
    shift = np.where(np.isneginf(new_maximum), 0, new_maximum)  # no key seen yet: subtract 0, not -inf
    factor = np.exp(maximum - shift)  # (..., T_q, 1)
    exps = np.exp(scores - shift)  # (..., T_q, N)
    new_total = factor * total + exps.sum(axis=-1, keepdims=True)  # (..., T_q, 1)
    new_output = factor * output + exps @ v  # (..., T_q, d_v)
    return new_maximum, new_total, new_output
    ### END SOLUTION
    raise NotImplementedError("add_block is not written yet: replace this line by its body.")


# %% id="try-add-block"
try:
    carried = np.array([[-np.inf]]), np.array([[0.0]]), np.array([[0.0]])
    for scores, values in [([[2, 1]], [[10], [20]]), ([[4, 0]], [[30], [40]]), ([[-np.inf, -np.inf]], [[50], [60]])]:
        carried = add_block(*carried, np.array(scores, float), np.array(values, float))
        maximum, total, output = (number.item() for number in carried)
        print(f"maximum {maximum:.0f}, total {total:.2f}, output {output:.2f}, divided {output / total:.2f}")
    print("Right are:")
    print("maximum 2, total 1.37, output 17.36, divided 12.69")
    print("maximum 4, total 1.20, output 33.08, divided 27.49, and the same again after the masked block.")
    weights = softmax(np.array([2.0, 1, 4, 0]))
    print("The plain softmax over all four keys gives", (weights @ [10, 20, 30, 40]).round(2))
except Exception as problem:
    print("Not yet:", problem)

# %% check="add_block"
check("long_texts.add_block")

# %% [markdown] id="about-in-blocks"
# ## 5. Attention without whole rows
#
# Now suppose that the keys are in a large, slow memory, and only `size` of them fit into the fast one. Write `attend_in_blocks`. It
# receives
#
# - `q` (T_q, d_k), the queries;
# - `read`, a function that fetches a block: `read(start, stop)` returns the keys (N, d_k), the values (N, d_v) and a mask
#   (T_q, N) for the keys from `start` up to, but not including, `stop`. The mask is `True` where a query may attend;
# - `num_keys`, how many keys there are; the last block may be smaller than the others;
# - `size`, the largest number of keys in a block.
#
# It returns the output (T_q, d_v), the same as scaled, masked attention over all the keys. Read each key once. After the last
# block, divide the output by the total. A query that may attend to no key at all has a total of 0, and its output should be zeros.


# %% solution="attend_in_blocks"
def attend_in_blocks(q, read, num_keys, size):
    """Attention, one block of keys at a time. q (T_q, d_k). Returns (T_q, d_v)."""
    ### BEGIN SOLUTION
    maximum = np.full((len(q), 1), -np.inf)  # (T_q, 1)
    total, output = np.zeros((len(q), 1)), 0  # (T_q, 1), and 0 for (T_q, d_v)
    for start in range(0, num_keys, size):
        k, v, allowed = read(start, min(start + size, num_keys))  # (N, d_k), (N, d_v), (T_q, N)
        scores = np.where(allowed, q @ k.T / np.sqrt(q.shape[-1]), -np.inf)  # (T_q, N)
        maximum, total, output = add_block(maximum, total, output, scores, v)
    return output / np.where(total == 0, 1, total)  # (T_q, d_v)
    ### END SOLUTION
    raise NotImplementedError("attend_in_blocks is not written yet: replace this line by its body.")


# %% id="try-in-blocks"
try:
    example = np.random.default_rng(4)
    q, keys, values = example.standard_normal((3, 12, 4))  # T = 12, d_k = d_v = 4
    causal = np.tri(12, dtype=bool)
    plain = softmax(np.where(causal, q @ keys.T / 2, -np.inf)) @ values
    for size in (1, 5, 12):
        in_blocks = attend_in_blocks(q, lambda i, j: (keys[i:j], values[i:j], causal[:, i:j]), 12, size)
        print(f"blocks of {size:2}: largest difference from the plain output {np.abs(in_blocks - plain).max():.0e}")
    print("A difference of about 1e-16 is the rounding of the computer.")
except Exception as problem:
    print("Not yet:", problem)

# %% check="in_blocks"
check("long_texts.in_blocks")

# %% [markdown] id="about-memory"
# **What it saves.** Take one head and a text of 131,072 tokens. How much memory do the scores of the whole text need, and how much
# those of a block of 128 queries and 128 keys? A number takes 2 bytes. Guess both before you run the cell.

# %% id="count-the-memory"
t, block = 131072, 128
print(f"scores of the whole text: {t * t * 2 / 2**30:.0f} GiB for each head")
print(f"scores of one block:      {block * block * 2 / 2**10:.0f} KiB")

# %% [markdown] id="done"
# **What you built.** You wrote a layer whose heads share keys and values, with multi-head and multi-query attention as its two
# extremes. You computed the size of a cache from the published sizes of a model. And you wrote attention that reads its keys block
# by block and gives the same output as softmax over the whole row. Models that read long texts use these methods today.
#
# That was the last unit. The quiz has questions on all ten units, and repeats them before you forget the answers.
#
# Things to try: add a model of your choice to `published`. Read the blocks in another order, last block first, and compare the
# outputs. Remove the protection against minus infinity from `add_block` and find a mask that gives NaN.
