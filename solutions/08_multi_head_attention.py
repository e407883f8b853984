"""Unit 8: multi-head attention, assembled.

Goal: the learner assembles a whole layer from pieces written before, for self- and cross-attention and with masks of
every form, makes a mask for padded keys, and can read a picture of weights.
Not taught here: training, dropout, biases, what heads of large models have been found to do.
Known mistakes: split or merged by a reshape, heads in another order, W_o left out or transposed, a scale taken from
d_model or from all heads together, softmax over the heads, the context ignored, masks inverted, forgotten, after softmax
or lined up with the wrong sequence, NaN where nothing may be attended to, integer buffers, inputs changed in place.
"""

# %% [markdown] id="title"
# # Multi-head attention, assembled
#
# **You will** assemble a whole layer of multi-head attention from the pieces you have written, make a mask for padded
# tokens, and look at what four heads attend to.
#
# **You will learn** how the pieces fit together for a batch, where self-attention and cross-attention differ, how masks
# of different shapes reach the scores, and how to read a picture of weights.
#
# **You need** units 4, 5 and 6. About 45 minutes. The lesson `08_multi_head_attention` tells the same story with
# pictures.
#
# As always, fill in a cell, run it, and run the `check` below it. The cell below the check has hints, which cost nothing,
# and a worked solution.

# %% given="setup"
import numpy as np

from autograder import check, hint, show_numbers, show_values, show_weights, solution

# %% [markdown] id="the-idea"
# ## The idea
#
# $$\text{MultiHead}(X) = \text{Concat}(\text{head}_0, \dots, \text{head}_{H-1})\, W_o \qquad
# \text{head}_h = \text{softmax}\left(\frac{Q_h K_h^\top}{\sqrt{d_k}}\right) V_h$$
#
# The projections of all heads are side by side in three matrices. So a layer projects once, splits the result into heads, lets
# all heads attend at the same time, lays their outputs side by side, and mixes them with W_o:
#
# | step | shape |
# |---|---|
# | `x`, and for cross-attention a `context` | (B, T_q, d_model), (B, T_k, d_model) |
# | project | (B, T_q, H·d_k), (B, T_k, H·d_k), (B, T_k, H·d_v) |
# | split | (B, H, T_q, d_k), (B, H, T_k, d_k), (B, H, T_k, d_v) |
# | scores, mask, weights | (B, H, T_q, T_k) |
# | mix | (B, H, T_q, d_v) |
# | concatenate | (B, T_q, H·d_v) |
# | multiply by W_o | (B, T_q, d_out) |

# %% [markdown] id="the-example"
# Here are "cat", "sat" and "it" for the last time, with the fused matrices of both heads and W_o. The lesson computes this
# layer on one page. Your layer should give the same numbers.

# %% id="example"
tokens = ["cat", "sat", "it"]
x = np.array([[[1, 0, 0, 1], [0, 1, 0, 0.5], [0, 0, 1, 0]]])  # (B, T, d_model) = (1, 3, 4)
w_q = np.array([[0, 0.5, 0, 1], [1, 0, 0, 0.5], [2, 1, 1, 2], [0, 0, 0, 0]])  # (d_model, H·d_k) = (4, 4)
w_k = np.array([[1, 0, 0.5, 0], [0, 1, 0, 2], [0, 0.5, 1, 0], [1, 0, 0, 0]])  # (d_model, H·d_k)
w_v = np.array([[1, 0, 0, 1], [0, 1, 2, 0], [0.5, 0.5, 0, 0.5], [1, 0, 0, 1]])  # (d_model, H·d_v)
w_o = np.array([[1, 0, 0, 0.5], [0, 1, 0, 0], [0, 0.5, 1, 0], [0.5, 0, 0, 1]])  # (H·d_v, d_out)
show_values(x[0], rows=tokens, columns=["thing", "action", "stand-in", "alive"], title="x of the one sequence: (3, 4)")

# %% [markdown] id="about-by-hand"
# ## Before the code: one entry by hand
#
# You get the weights of one token over three tokens, in two heads: `weights_0` and `weights_1`. You also get the values of the
# three tokens in each head, `v_0` and `v_1` (3, 2), and `w_o` (4, 4). Mix the values of each head, lay the two results side by
# side, and multiply by `w_o`. What is the number in column `c` of the token's output?
#
# Write any integer in place of the first `...`, for example today's date. It decides your numbers, so they are yours alone.
# Run the cell to see them, compute, and write your answer in place of the second `...`, to two decimals. A calculator is fine.

# %% solution="by_hand"
my_number = ...
my_entry = ...
### BEGIN SOLUTION
my_number = 1207
my_entry = 4.0
### END SOLUTION
show_numbers("multi_head_attention.by_hand", my_number)

# %% check="by_hand"
check("multi_head_attention.by_hand")

# %% [markdown] id="about-the-pieces"
# ## 1. The pieces
#
# You need four functions that you have written before. Paste yours or write them again: `softmax` and `scaled_scores` from
# unit 1, `split_heads` and `concat_heads` from unit 4. All work with leading axes. If the check can name a mistake in one of
# them, it costs points here and not again in the layer.
#
# Example: split into two heads, the query of "it" is `[2. 1.]` in head 0 and `[1. 2.]` in head 1.


# %% solution="softmax"
def softmax(scores):
    """Weights from scores, over the last axis; safe for large scores. Shape (..., T_q, T_k) in and out."""
    ### BEGIN SOLUTION
    exps = np.exp(scores - scores.max(axis=-1, keepdims=True))  # (..., T_q, T_k)
    return exps / exps.sum(axis=-1, keepdims=True)  # (..., T_q, T_k)
    ### END SOLUTION
    raise NotImplementedError("softmax is not here yet: replace this line by its body from unit 1.")


# %% solution="scaled_scores"
def scaled_scores(q, k):
    """Scaled scores. q (..., T_q, d_k); k (..., T_k, d_k). Returns (..., T_q, T_k)."""
    ### BEGIN SOLUTION
    return q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])  # (..., T_q, T_k)
    ### END SOLUTION
    raise NotImplementedError("scaled_scores is not here yet: replace this line by its body from unit 1.")


# %% solution="split_heads"
def split_heads(x, num_heads):
    """(..., T, H·d) to (..., H, T, d): head h is the columns from h·d up to, but not including, (h+1)·d."""
    ### BEGIN SOLUTION
    *leading, t, width = x.shape
    parts = x.reshape(*leading, t, num_heads, width // num_heads)  # (..., T, H, d)
    return np.swapaxes(parts, -2, -3)  # (..., H, T, d)
    ### END SOLUTION
    raise NotImplementedError("split_heads is not here yet: replace this line by its body from unit 4.")


# %% solution="concat_heads"
def concat_heads(heads):
    """(..., H, T, d) to (..., T, H·d): the heads side by side."""
    ### BEGIN SOLUTION
    beside = np.swapaxes(heads, -2, -3)  # (..., T, H, d)
    return beside.reshape(*beside.shape[:-2], -1)  # (..., T, H·d)
    ### END SOLUTION
    raise NotImplementedError("concat_heads is not here yet: replace this line by its body from unit 4.")


# %% id="try-split"
try:
    print("queries of 'it', head by head:", *split_heads(x @ w_q, 2)[0, :, 2])
except Exception as problem:
    print("Not yet:", problem)

# %% check="pieces"
check("multi_head_attention.pieces")

# %% [markdown] id="about-the-layer"
# ## 2. The whole layer
#
# Assemble `multi_head_attention`. It receives
#
# - `x` (B, T_q, d_model): the tokens that queries are made from. A batch of one still has its axis. The numbers may be integers.
# - `w_q`, `w_k` (d_model, H·d_k), `w_v` (d_model, H·d_v), `w_o` (H·d_v, d_out), and `num_heads`, H. The matrices decide the
#   widths: d_v may differ from d_k, H·d_k from d_model, and d_out from all of these.
# - `context` (B, T_k, d_model): the tokens that keys and values are made from. With a context of its own this is
#   **cross-attention**. If it is None, the context is `x` itself, and the tokens attend to each other.
# - `mask`: True where a query MAY attend to a key, or None, which allows everything. It may have any shape that broadcasts to
#   the scores (B, H, T_q, T_k):
#
# | mask | holds for |
# |---|---|
# | (T_q, T_k) | every sequence and every head, such as a causal mask |
# | (B, 1, T_q, T_k) | one for each sequence, the same for its heads |
# | (H, T_q, T_k) | one for each head, the same for all sequences |
# | (B, 1, 1, T_k) | the keys of each sequence, the same for its heads and queries |
#
# You can use each of these masks as it is, because NumPy broadcasts it. A forbidden key gets the weight 0, however large its
# score.
#
# If a query may attend to nothing, its row of every head's output is **zeros**. Softmax does not do that by itself, because it
# always shares out a whole row. As in unit 1, scores may be very large, and the inputs stay as they were. The check compares
# about three digits, so float32 is precise enough.
#
# Example: the output of "it" is `[1.93 1.05 1.66 1.42]`.


# %% solution="multi_head_attention"
def multi_head_attention(x, w_q, w_k, w_v, w_o, num_heads, context=None, mask=None):
    """Multi-head attention of x to the context, or to itself.

    x (B, T_q, d_model); context (B, T_k, d_model); w_q, w_k (d_model, H·d_k); w_v (d_model, H·d_v);
    w_o (H·d_v, d_out); mask boolean, broadcasts to (B, H, T_q, T_k). Returns (B, T_q, d_out).
    """
    ### BEGIN SOLUTION
    if context is None:
        context = x
    q = split_heads(x @ w_q, num_heads)  # (B, H, T_q, d_k)
    k = split_heads(context @ w_k, num_heads)  # (B, H, T_k, d_k)
    v = split_heads(context @ w_v, num_heads)  # (B, H, T_k, d_v)
    scores = scaled_scores(q, k)  # (B, H, T_q, T_k)
    if mask is None:
        weights = softmax(scores)  # (B, H, T_q, T_k)
    else:
        weights = softmax(np.where(mask, scores, -1e30))  # (B, H, T_q, T_k)
        weights = np.where(mask, weights, 0)  # (B, H, T_q, T_k), zeros where nothing is allowed
    return concat_heads(weights @ v) @ w_o  # (B, T_q, d_out)
    ### END SOLUTION
    raise NotImplementedError("multi_head_attention is not written yet: replace this line by its body.")


# %% id="try-the-example"
try:
    print("output of 'it':", multi_head_attention(x, w_q, w_k, w_v, w_o, 2)[0, 2].round(2))
except Exception as problem:
    print("Not yet:", problem)

# %% check="layer"
check("multi_head_attention.layer")

# %% [markdown] id="about-padding"
# ## 3. Padding
#
# The sequences of a batch are rarely equally long. The shorter ones are filled up at the end with tokens that mean nothing, and
# no query should attend to those. Write `padding_mask`, which makes the mask for that. It receives `lengths`, an array of B
# integers from 0 to `t_k`: the number of real tokens in each sequence. The mask is (B, 1, 1, T_k), True at the real tokens. Its
# two axes of length 1 let it broadcast over heads and queries.


# %% solution="padding_mask"
def padding_mask(lengths, t_k):
    """True at the real keys: lengths (B,), t_k a number. Returns a boolean mask (B, 1, 1, T_k)."""
    ### BEGIN SOLUTION
    keep = np.arange(t_k) < lengths[:, np.newaxis]  # (B, T_k)
    return keep[:, np.newaxis, np.newaxis, :]  # (B, 1, 1, T_k)
    ### END SOLUTION
    raise NotImplementedError("padding_mask is not written yet: replace this line by its body.")


# %% check="padding_mask"
check("multi_head_attention.padding_mask")

# %% [markdown] id="see-padding"
# Does it work? Below, the second sequence of a batch has 3 real tokens and 2 of padding. With the mask, its real tokens should
# get the same output as they do when the sequence is computed alone.

# %% id="try-padding"
generator = np.random.default_rng(2)
batch = generator.standard_normal((2, 5, 6))  # (B, T, d_model)
shapes = [(6, 8), (6, 8), (6, 4), (4, 6)]  # w_q, w_k, w_v, w_o for H = 2, d_k = 4, d_v = 2
matrices = [generator.standard_normal(shape) for shape in shapes]
try:
    padded = multi_head_attention(batch, *matrices, 2, mask=padding_mask(np.array([5, 3]), 5))  # (2, 5, 6)
    alone = multi_head_attention(batch[1:, :3], *matrices, 2)  # (1, 3, 6)
    print("the same for its real tokens:", np.allclose(padded[1:, :3], alone))
except Exception as problem:
    print("Not yet:", problem)

# %% [markdown] id="about-looking"
# ## 4. Look
#
# The small layer below was not trained. Its four heads were made by hand. Each token is a vector of two parts: one says which
# word it is, the other at which position it is, each with a single 1. So the matrices can make a head look for a word or for a
# position. The code is folded away, so that you can look at the pictures first.

# %% id="small-layer" folded=true
words = ["my", "dog", "saw", "your", "dog"]
vocabulary = ["my", "dog", "saw", "your"]
is_word = np.array([[float(word == other) for other in vocabulary] for word in words])  # (T, 4)
small_x = np.concatenate([is_word, np.eye(5)], axis=-1)[np.newaxis]  # (B, T, d_model) = (1, 5, 9)

asks, answers = np.zeros((4, 9, 5)), np.zeros((4, 9, 5))  # w_q and w_k of four patterns: (4, d_model, d_k)
asks[0, 4:, 0] = 1  # from any position
answers[0, 4, 0] = 1  # for position 0
asks[2, 4:] = np.eye(5)[[0, 0, 1, 2, 3]]  # from position i
answers[2, 4:] = np.eye(5)  # for position i - 1
asks[3, :4, :4] = np.eye(4)  # from a word
answers[3, :4, :4] = np.eye(4)  # for the same word
own = int(my_number) if isinstance(my_number, (int, np.integer)) else 0
dealt = np.random.default_rng(abs(own)).permutation(4)  # which pattern each head gets: your number decides
asks, answers = asks[dealt], answers[dealt]  # w_q and w_k of each head: (H, d_model, d_k)
small_w_q = np.concatenate(list(5 * np.sqrt(5) * asks), axis=-1)  # (d_model, H·d_k) = (9, 20)
small_w_k = np.concatenate(list(answers), axis=-1)  # (d_model, H·d_k) = (9, 20)
small_w_v = np.concatenate([np.eye(9, 4)] * 4, axis=-1)  # (d_model, H·d_v) = (9, 16): which word it is
small_w_o = np.eye(16)  # (H·d_v, d_out)

# %% id="look-at-weights"
try:
    q, k = split_heads(small_x @ small_w_q, 4), split_heads(small_x @ small_w_k, 4)  # (1, 4, 5, 5)
    show_weights(softmax(scaled_scores(q, k))[0], queries=words, title="Weights of four heads")
except Exception as problem:
    print("Not yet:", problem)

# %% [markdown] id="about-which-head"
# Read a picture by rows: where does this token look? One head attends to the **previous token** (the first token, which has
# none before it, attends to itself), one to the **first token**, one to the **same word** wherever it occurs, and one to
# **everything** equally. Which is which? Enter the number of each head, 0 to 3.

# %% solution="which_head"
which_head = {
    "previous token": ...,
    "first token": ...,
    "same word": ...,
    "everything": ...,
}
### BEGIN SOLUTION
which_head = {
    "previous token": 0,
    "first token": 3,
    "same word": 1,
    "everything": 2,
}
### END SOLUTION

# %% check="which_head"
check("multi_head_attention.which_head")

# %% [markdown] id="run-it"
# Now run the whole layer on the same sentence. The values say which word a token is, and W_o is the identity. So each token's
# output holds, head by head, how much of every word that head took.

# %% id="run-the-small-layer"
try:
    brought = multi_head_attention(small_x, small_w_q, small_w_k, small_w_v, small_w_o, 4)[0]  # (T, H·d_v) = (5, 16)
    for word, heads in zip(words, brought.reshape(5, 4, 4), strict=True):
        print(
            f"{word:>5}",
            *(f"head {h}: {vocabulary[head.argmax()]} {head.max():.2f}" for h, head in enumerate(heads)),
            sep="   ",
        )
except Exception as problem:
    print("Not yet:", problem)

# %% [markdown] id="try-it"
# Things to try: give the layer of "cat", "sat" and "it" a causal mask, `mask=np.tri(3, dtype=bool)`. Which rows of its output
# change? Edit `x` or `w_q` in the cell of the example, near the top. Open the folded cell, which you can edit too, and make a
# fifth head that looks at the next token. In unit 9 you look at heads that were trained.
