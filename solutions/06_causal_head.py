"""Unit 6: the causal head and its cache.

Goal: the learner can write a causal head, say what one token's output depends on, and compute the same outputs one token
at a time with a cache of keys and values.
Not taught here: several heads, padding masks, writing softmax (it is given), sampling the next token (unit 9).
Known mistakes: a mask that is inverted, transposed, shifted, forgotten, applied after softmax or by multiplication; a
cache that is not grown, grown too late, on the wrong axis or with the wrong thing, or changed under its owner's hands.
"""

# %% [markdown] id="title"
# # The causal head and its cache
#
# **You will** write a causal attention head, compute the output of one token from the tokens up to it, and then all
# outputs one token at a time, with a cache of keys and values. At the end your head chooses words and writes.
#
# **You will learn** what a causal mask is, where it goes and why exactly there, what *autoregressive* means, and why a model
# that writes text keeps keys and values but never queries.
#
# **You need** units 1 and 2. About 65 minutes; section 3 is a good place to take a break. The lesson `06_causal_head` tells
# the same story with pictures.
#
# As always, fill in a cell, run it, and run the `check` below it. The cell below the check has hints, which cost nothing,
# and a worked solution.

# %% given="setup"
import numpy as np

from autograder import check, hint, show_numbers, show_steps, show_values, show_weights, solution


# %% [markdown] id="about-the-given"
# You wrote `softmax` in unit 1, so it is given here. Below it are the words of unit 1 and the head of unit 3 that looks for an
# action: d_model = 4, d_k = d_v = 2. A fourth word, "slept", is for later.


# %% given="softmax"
def softmax(scores):
    """Weights from scores, over the last axis; safe for large scores. A score of -inf gets the weight 0."""
    exps = np.exp(scores - scores.max(axis=-1, keepdims=True))  # (..., T_q, T_k)
    return exps / exps.sum(axis=-1, keepdims=True)  # (..., T_q, T_k)


# %% id="example"
vocabulary = ["cat", "sat", "it", "slept"]
embedding = np.array([[1, 0, 0, 1], [0, 1, 0, 0.5], [0, 0, 1, 0], [0, 1, 0, 1]])  # (V, d_model), a row for each word
tokens = ["cat", "sat", "it"]
x = embedding[:3]  # (T, d_model)
w_q = np.array([[0, 1], [0, 0.5], [1, 2], [0, 0]])  # (d_model, d_k)
w_k = np.array([[0.5, 0], [0, 2], [1, 0], [0, 0]])  # (d_model, d_k)
w_v = np.array([[0, 1], [2, 0], [0, 0.5], [0, 1]])  # (d_model, d_v)
show_values(x, rows=tokens, columns=["thing", "action", "stand-in", "alive"], title="x (T, d_model) = (3, 4)")

# %% [markdown] id="about-by-hand"
# ## Before the code: one entry by hand
#
# You get the scaled scores of three tokens, `scores` (3, 3), and their values, `v` (3, 2). The head is causal: a token may
# attend to itself and the tokens before it, and to nothing else. What is the number in column `c` of the output of token
# `t` = 1, the second token? Take the softmax of the scores it may see, and mix the values with those weights.
#
# Write any integer in place of the first `...`, for example today's date. It decides your numbers, so they are yours alone.
# Run the cell to see them, compute, and write your answer in place of the second `...`, to two decimals. A calculator is fine.

# %% solution="by_hand"
my_number = ...
my_entry = ...
### BEGIN SOLUTION
my_number = 1207
my_entry = -0.82
### END SOLUTION
show_numbers("causal_head.by_hand", my_number)

# %% check="by_hand"
check("causal_head.by_hand")

# %% [markdown] id="about-the-mask"
# ## 1. The mask
#
# A model that writes text produces one token after another. While it is at "cat", the words "sat" and "it" do not exist
# yet, so a head must not look at them. Token t attends to the tokens up to and including t, and the first token only to
# itself. A **mask** states this for every pair of a query and a key.
#
# Write `causal_mask(t)` for t tokens. It returns an array (t, t) whose entry [i, j] is `True` where query i **may** attend
# to key j, and `False` where it may not. The dtype is `bool`, not numbers.


# %% solution="causal_mask"
def causal_mask(t):
    """The causal mask for t tokens: (t, t), dtype bool, True where a query may attend to a key."""
    ### BEGIN SOLUTION
    return np.tri(t, dtype=bool)  # (t, t)
    ### END SOLUTION
    raise NotImplementedError("causal_mask is not written yet: replace this line by its body.")


# %% id="show-the-mask"
try:
    show_weights(causal_mask(3), queries=tokens, keys=tokens, title="Who may attend to whom (1 is True)")
except Exception as problem:
    print("Not yet:", problem)

# %% check="mask"
check("causal_head.mask")

# %% [markdown] id="about-the-order"
# ## 2. Where the mask goes
#
# Masking is one more step of the head. The step `mask` takes whatever matrix (T, T) it is given and puts minus infinity
# wherever the causal mask is `False`. The other entries stay as they are.
#
# Here are all eight steps, shuffled. Move the lines (Alt+Up, Alt+Down) into an order that computes a causal head. Several
# orders are right. Only the order of the lines counts, and you need not write anything below the list.

# %% solution="causal_steps"
causal_steps = [
    "mix",
    "mask",
    "project_q",
    "softmax",
    "scores",
    "project_v",
    "scale",
    "project_k",
]
### BEGIN SOLUTION
causal_steps = [
    "project_q",
    "project_k",
    "project_v",
    "scores",
    "scale",
    "mask",
    "softmax",
    "mix",
]
### END SOLUTION

# %% id="show-the-order"
show_steps(causal_steps)

# %% check="order"
check("causal_head.order")

# %% [markdown] id="about-the-causal-head"
# ## 3. The causal head
#
# Write `causal_head`. It takes `x` (..., T, d_model) and the three weight matrices and returns (..., T, d_v), as the head of
# unit 1 does, but each token attends only to itself and the tokens before it. Use `causal_mask` and the given `softmax`.
#
# Leading axes pass through, and the same mask (T, T) serves them all. The function should accept integers in `x`, leave its
# inputs as they were, and be right even when a forbidden score is far larger than all the allowed ones.
#
# Example: the outputs of the head above are `[0. 2.]` for "cat", which sees only itself, and `[1.34 1.  ]` for "sat".


# %% solution="causal_head"
def causal_head(x, w_q, w_k, w_v):
    """One causal attention head.

    x (..., T, d_model); w_q, w_k (d_model, d_k); w_v (d_model, d_v). Returns (..., T, d_v).
    """
    ### BEGIN SOLUTION
    q, k, v = x @ w_q, x @ w_k, x @ w_v  # (..., T, d_k), (..., T, d_k), (..., T, d_v)
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])  # (..., T, T)
    allowed = np.where(causal_mask(x.shape[-2]), scores, -np.inf)  # (..., T, T)
    return softmax(allowed) @ v  # (..., T, d_v)
    ### END SOLUTION
    raise NotImplementedError("causal_head is not written yet: replace this line by its body.")


# %% id="try-causal-head"
try:
    for word, output in zip(tokens, causal_head(x, w_q, w_k, w_v), strict=True):
        print(f"{word:4}", output.round(2))
except Exception as problem:
    print("Not yet:", problem)

# %% check="head"
check("causal_head.head")

# %% [markdown] id="look"
# **Look at your head.** It returns outputs, not weights. But there is a trick to see the weights. Suppose the value of token 0
# is (1, 0, 0), that of token 1 is (0, 1, 0) and that of token 2 is (0, 0, 1). Then each output row *is* the row of weights. The
# pseudoinverse of x makes such values, because `x @ np.linalg.pinv(x)` is the identity matrix. (The rows of x must be
# independent. If a word occurred twice, its two rows would be equal, and no matrix could give them different values.)

# %% id="look-at-weights"
try:
    weights = causal_head(x, w_q, w_k, np.linalg.pinv(x))  # (T, T)
    show_weights(weights, queries=tokens, keys=tokens, title="Weights of a causal head")
except Exception as problem:
    print("Not yet:", problem)

# %% [markdown] id="look-questions"
# The upper right is empty, and every row still sums to 1. What must the first row be, whatever the weight matrices? What
# happens to the first three rows when you change the last token of `x`?

# %% [markdown] id="about-one-token"
# ## 4. One token
#
# Often you need only the newest token's output, because it decides what is written next. Write `one_token`. It gets the
# tokens up to and including the one in question, `x` (..., t, d_model), and returns the output of the **last** one, keeping
# its axis: (..., 1, d_v).
#
# Which queries, keys and values do you need for that? Is there anything left to mask? (As before, leading axes pass through
# and the inputs stay as they were.)
#
# Example: the output of "it" is `[[1.66 0.6 ]]`.


# %% solution="one_token"
def one_token(x, w_q, w_k, w_v):
    """The causal head's output for the last token of x.

    x (..., t, d_model); w_q, w_k (d_model, d_k); w_v (d_model, d_v). Returns (..., 1, d_v).
    """
    ### BEGIN SOLUTION
    q = x[..., -1:, :] @ w_q  # (..., 1, d_k)
    k, v = x @ w_k, x @ w_v  # (..., t, d_k), (..., t, d_v)
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])  # (..., 1, t)
    return softmax(scores) @ v  # (..., 1, d_v)
    ### END SOLUTION
    raise NotImplementedError("one_token is not written yet: replace this line by its body.")


# %% id="try-one-token"
try:
    print("it:", one_token(x, w_q, w_k, w_v).round(2))
except Exception as problem:
    print("Not yet:", problem)

# %% check="one_token"
check("causal_head.one_token")

# %% [markdown] id="about-decoding"
# ## 5. Decoding with a cache
#
# You could write a text with `one_token`, but for every new token it would project all the earlier tokens to keys and values
# again, and get the same numbers each time. Keys and values do not depend on later tokens. So keep them, in a **cache**.
#
# Write `decode_step`. It receives
#
# - `token` (..., 1, d_model): the new token only,
# - `cache`: a dict with the keys `cache["k"]` (..., t, d_k) and values `cache["v"]` (..., t, d_v) of the t tokens before it (for
#   the first token t is 0: both arrays are there, with no rows),
# - the three weight matrices.
#
# It returns two things: the token's output (..., 1, d_v), and the cache for the next step, a dict with the same two entries,
# each with t + 1 rows.
#
# The cache passed in stays as it was, because the caller may want to continue the same text in another way.
#
# Example: after "cat" the cache holds one key, (0.5, 0), and one value, (0, 2). After "sat" it holds two of each.


# %% solution="decode_step"
def decode_step(token, cache, w_q, w_k, w_v):
    """One step of decoding: the new token's output, and the cache for the next step.

    token (..., 1, d_model); cache {"k": (..., t, d_k), "v": (..., t, d_v)};
    w_q, w_k (d_model, d_k); w_v (d_model, d_v).
    Returns the output (..., 1, d_v) and a new cache {"k": (..., t+1, d_k), "v": (..., t+1, d_v)}.
    """
    ### BEGIN SOLUTION
    q = token @ w_q  # (..., 1, d_k)
    k = np.concatenate([cache["k"], token @ w_k], axis=-2)  # (..., t+1, d_k)
    v = np.concatenate([cache["v"], token @ w_v], axis=-2)  # (..., t+1, d_v)
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])  # (..., 1, t+1)
    return softmax(scores) @ v, {"k": k, "v": v}  # (..., 1, d_v)
    ### END SOLUTION
    raise NotImplementedError("decode_step is not written yet: replace this line by its body.")


# %% check="decode"
check("causal_head.decode")

# %% [markdown] id="watch-the-cache"
# **Watch the cache grow.** Each line is one step. The outputs are those of the causal head, which saw all tokens at once.

# %% id="watch-the-cache-grow"
try:
    cache = {"k": np.zeros((0, 2)), "v": np.zeros((0, 2))}
    outputs = []
    for t, word in enumerate(tokens):
        output, cache = decode_step(x[t : t + 1], cache, w_q, w_k, w_v)
        outputs.append(output)
        print(f"{word:5} k {cache['k'].shape}  v {cache['v'].shape}  output {output.round(3)}")
    same = np.allclose(np.concatenate(outputs), causal_head(x, w_q, w_k, w_v))
    print("The same as the causal head:", same)
except Exception as problem:
    print("Not yet:", problem)

# %% [markdown] id="writing"
# ## 6. Let it write
#
# So far all tokens were given. Now your head chooses them. It needs one more matrix, the **unembedding** (d_v, V), with a
# column for each of the V words of the vocabulary. An output times the unembedding gives one number per word, its *logit*.
# The word with the largest logit is chosen, and its row of the embedding is the next token for `decode_step`.
#
# Before you run the cell: the head reads "cat". What could it write?

# %% id="write"
unembedding = np.array([[0.5, 0, 1.5, 2], [0.5, 2, 1.5, 0.5]])  # (d_v, V)
word = "cat"
try:
    cache = {"k": np.zeros((0, 2)), "v": np.zeros((0, 2))}
    for _ in range(4):
        token = embedding[[vocabulary.index(word)]]  # (1, d_model), the row of the word
        output, cache = decode_step(token, cache, w_q, w_k, w_v)  # (1, d_v)
        logits = output[0] @ unembedding  # (V,)
        chosen = vocabulary[logits.argmax()]
        print(f"reads {word:6} logits {logits.round(2)}  chooses {chosen}")
        word = chosen  # and feeds it back
except Exception as problem:
    print("Not yet:", problem)

# %% [markdown] id="autoregressive"
# "Cat, sat, it, slept." The last line of the loop makes the difference: the chosen word becomes the next token. A model that
# feeds its own choices back to itself is called **autoregressive**. Large language models write the same way, with more layers,
# more heads and a longer vocabulary. In unit 9 you let a trained model write.

# %% [markdown] id="what-it-costs"
# ## 7. What it costs
#
# `Counted`, below, is a weight matrix that counts the rows you multiply by it (with `@`). For a text of 100 tokens, how many
# keys does `one_token` compute in all? How many does `decode_step` compute? Guess before you run the cell.


# %% given="counting"
class Counted(np.ndarray):
    """A weight matrix that counts the rows that are multiplied by it."""

    rows = 0

    def __rmatmul__(self, other):
        Counted.rows += other.size // other.shape[-1]
        return other @ np.asarray(self)


# %% id="count-the-keys"
text = np.random.default_rng(0).standard_normal((100, 4))  # (T, d_model)
try:
    counted = w_k.view(Counted)

    Counted.rows = 0
    for t in range(100):
        one_token(text[: t + 1], w_q, counted, w_v)
    print("keys computed without a cache:", Counted.rows)

    Counted.rows = 0
    cache = {"k": np.zeros((0, 2)), "v": np.zeros((0, 2))}
    for t in range(100):
        _, cache = decode_step(text[t : t + 1], cache, w_q, counted, w_v)
    print("keys computed with a cache:   ", Counted.rows)
except Exception as problem:
    print("Not yet:", problem)

# %% [markdown] id="scores-in-two-layers"
# What about the scores? The newest token is compared with all keys so far, with a cache or without. But real models have more
# than one layer. The upper layer needs keys and values of **all** tokens so far, and it makes them from the outputs of the
# lower layer. Without a cache, the lower layer has to compute all its rows again for each new token. The cell below runs two
# layers both ways and counts the unmasked scores that go through `softmax`. Guess again before you run it.

# %% id="count-the-scores"
plain_softmax = softmax


def counting_softmax(scores):
    """Softmax that also counts the scores that no mask forbids, which are those above -1e8."""
    counts[layer] += int((scores > -1e8).sum())
    return plain_softmax(scores)


second = [np.eye(2) for _ in range(3)]  # w_q, w_k, w_v of the upper layer, each (d_v, d_k)
try:
    softmax = counting_softmax
    counts = {"lower": 0, "upper": 0}
    without = []
    for t in range(100):
        layer = "lower"
        lower = causal_head(text[: t + 1], w_q, w_k, w_v)  # (t + 1, d_v): all rows, for the keys and values above
        layer = "upper"
        without.append(one_token(lower, *second))
    print("scores without a cache:", counts)

    counts = {"lower": 0, "upper": 0}
    caches = [{"k": np.zeros((0, 2)), "v": np.zeros((0, 2))} for _ in range(2)]
    with_cache = []
    for t in range(100):
        layer = "lower"
        lower, caches[0] = decode_step(text[t : t + 1], caches[0], w_q, w_k, w_v)  # (1, d_v): one row
        layer = "upper"
        upper, caches[1] = decode_step(lower, caches[1], *second)
        with_cache.append(upper)
    print("scores with a cache:   ", counts)
    print("the same outputs:      ", np.allclose(without, with_cache))
except Exception as problem:
    print("Not yet:", problem)
finally:
    softmax = plain_softmax

# %% [markdown] id="try-it"
# In the upper layer only the newest row is needed, so a cache saves no scores there. In every layer below, it saves all rows
# but the newest. The price is memory: a key and a value per token, for every head of every layer.
#
# Things to try, in cells you can edit: start writing with "slept" in section 6. Change one number of `unembedding` so that the
# head writes "cat" at some point. Continue the same cache with two different tokens, as if the text could go on in two ways.
# Is the cache you started from still the same? Then go on to unit 7, where you find out what is wrong with broken heads.
