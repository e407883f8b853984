"""Unit 6: the causal head and its cache.

Goal: the learner can write a causal head, say what one token's output depends on, and compute the same outputs one token
at a time with a cache of keys and values.
Not taught here: several heads, padding masks, writing softmax (it is given), sampling the next token.
Known mistakes: a mask that is inverted, transposed, shifted, forgotten, applied after softmax or by multiplication; a
cache that is not grown, grown too late, on the wrong axis or with the wrong thing, or changed under its owner's hands.
"""

# %% [markdown] id="title"
# # The causal head and its cache
#
# **You will** write a causal attention head, compute the output of one token from the tokens up to it, and then all
# outputs one token at a time, with a cache of keys and values.
#
# **You will learn** what a causal mask is, where it goes and why exactly there, and why a model that writes text keeps
# keys and values but never queries.
#
# **You need** units 1 and 2. About 60 minutes; the pause is best taken after section 3. The lesson `06_causal_head`
# tells the same story with pictures.
#
# As always: `hint("causal_head.mask")` helps, up to level 3, and costs nothing;
# `solution("causal_head.mask")` shows a worked solution after yours, or when you ask twice.

# %% given="setup"
import numpy as np

from autograder import check, hint, show_steps, show_weights, solution


# %% [markdown] id="about-the-given"
# Softmax is the one of unit 1 and given here, so that you can look at what is new. Below it are four tokens and a small
# head: d_model = 6, d_k = 3, d_v = 2.


# %% given="softmax"
def softmax(scores):
    """Weights from scores, over the last axis; safe for large scores. A score of -inf gets the weight 0."""
    exps = np.exp(scores - scores.max(axis=-1, keepdims=True))  # (..., T_q, T_k)
    return exps / exps.sum(axis=-1, keepdims=True)  # (..., T_q, T_k)


# %% given="example"
tokens = ["the", "cat", "sat", "down"]
example = np.random.default_rng(6)
x = example.standard_normal((4, 6))  # (T, d_model)
w_q = example.standard_normal((6, 3)) / np.sqrt(6)  # (d_model, d_k)
w_k = example.standard_normal((6, 3)) / np.sqrt(6)  # (d_model, d_k)
w_v = example.standard_normal((6, 2)) / np.sqrt(6)  # (d_model, d_v)

# %% [markdown] id="about-the-mask"
# ## 1. The mask
#
# A model that writes text produces one token after the other. While it is at "cat", the words "sat down" do not exist
# yet, so a head must not look at them: token t attends to the tokens up to and including t, the first one to itself
# only. A **mask** says so, once for every pair of a query and a key.
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
    show_weights(causal_mask(4), queries=tokens, keys=tokens, title="Who may attend to whom (1 is True)")
except Exception as problem:
    print("Not yet:", problem)

# %% check="mask"
check("causal_head.mask")

# %% [markdown] id="about-the-order"
# ## 2. Where the mask goes
#
# The mask is one more step of the head. `mask` takes the matrix (T, T) as it finds it, and puts minus infinity wherever
# the causal mask is `False`; the other entries stay as they are.
#
# Here are all eight steps, shuffled. Put them in an order that computes a causal head (Alt+Up, Alt+Down), all eight, once
# each. Several orders are right. Only the order of the lines counts; nothing has to be written below the list.

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
# Write `causal_head`. It takes `x` (..., T, d_model) and the three weight matrices and returns (..., T, d_v): what a head
# returns, but each token attends to the tokens up to itself only. Use `causal_mask` and the given `softmax`.
#
# Leading axes pass through; the same mask (T, T) serves them all. It should work for whole numbers in `x`, leave its
# inputs as they were, and hold even where a forbidden score is far larger than all allowed ones.


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


# %% check="head"
check("causal_head.head")

# %% [markdown] id="look"
# **Look at your head.** It returns outputs, not weights. But choose the values so that token j's value is 1 in place j and 0
# elsewhere, and each output row *is* the row of weights that mixed them. The matrix that makes such values of our four
# tokens is the pseudo-inverse of x: `x @ np.linalg.pinv(x)` is the identity.

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
# Often only the newest token's output is wanted: it decides what is written next. Write `one_token`. It is given the
# tokens up to and including the one in question, `x` (..., t, d_model), and returns the output of the **last** of them, with
# its axis kept: (..., 1, d_v).
#
# Which queries do you need for it, which keys, which values? And is there anything left to mask? (Leading axes pass through
# and the inputs stay as they were, here as before.)


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


# %% check="one_token"
check("causal_head.one_token")

# %% [markdown] id="about-decoding"
# ## 5. Decoding with a cache
#
# Writing a text with `one_token` works, but for every new token it projects all the earlier ones to keys and values again,
# and gets the same numbers as before: they depend on nothing that came later. So they are kept, in a **cache**.
#
# Write `decode_step`. It receives
#
# - `token` (..., 1, d_model): the new token only,
# - `cache`: a dict of the keys `cache["k"]` (..., t, d_k) and values `cache["v"]` (..., t, d_v) of the t tokens before it; for
#   the first token t is 0, and the arrays are there but have no rows,
# - the three weight matrices,
#
# and returns two things: the token's output (..., 1, d_v), and the cache for the next step, a dict with the same two
# names and t + 1 rows in each.
#
# The cache that was given stays as it was. Whoever holds it may want to continue the same text in another way.


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
# **Watch the cache grow.** Each line is one step. The outputs, one below the other, are those of the causal head, which
# saw all tokens at once.

# %% id="watch-the-cache-grow"
try:
    cache = {"k": np.zeros((0, 3)), "v": np.zeros((0, 2))}
    outputs = []
    for t, word in enumerate(tokens):
        output, cache = decode_step(x[t : t + 1], cache, w_q, w_k, w_v)
        outputs.append(output)
        print(f"{word:5} k {cache['k'].shape}  v {cache['v'].shape}  output {output.round(3)}")
    same = np.allclose(np.concatenate(outputs), causal_head(x, w_q, w_k, w_v))
    print("The same as the causal head:", same)
except Exception as problem:
    print("Not yet:", problem)

# %% [markdown] id="what-it-costs"
# **What it costs.** The class below is a weight matrix that counts the rows it is multiplied with (written with `@`). For a text of 100
# tokens: how many keys does `one_token` compute in all, and how many `decode_step`? Guess before you run the cell.


# %% given="counting"
class Counted(np.ndarray):
    """A weight matrix that counts the rows that are multiplied with it."""

    rows = 0

    def __rmatmul__(self, other):
        Counted.rows += other.size // other.shape[-1]
        return other @ np.asarray(self)


# %% id="count-the-keys"
try:
    text = np.random.default_rng(0).standard_normal((100, 6))  # (T, d_model)
    counted = w_k.view(Counted)

    Counted.rows = 0
    for t in range(100):
        one_token(text[: t + 1], w_q, counted, w_v)
    print("keys computed without a cache:", Counted.rows)

    Counted.rows = 0
    cache = {"k": np.zeros((0, 3)), "v": np.zeros((0, 2))}
    for t in range(100):
        _, cache = decode_step(text[t : t + 1], cache, w_q, counted, w_v)
    print("keys computed with a cache:   ", Counted.rows)
except Exception as problem:
    print("Not yet:", problem)

# %% [markdown] id="try-it"
# The scores are another matter: token t is compared with t keys, with or without a cache. What the cache saves is projecting; what it costs
# is memory, one row of keys and one of values per token, for every head of every layer.
#
# Things to try: continue the same cache with two different tokens, as if the text could go on in two ways; is the cache you
# started from still the same? Then go on to unit 7, where heads are broken and you find out why.
