"""Unit 3: several heads, each with its own projections.

Goal: the learner runs several heads side by side, can find one head's columns in a fused matrix, and knows why each head
needs its own projections: what heads with shared projections compute, and what a slice of x cannot do.
Not taught here: the width of a head, joining the heads, the output projection; those are units 4 and 5.
Known mistakes: one head's projections used for all; x sliced where it should be projected; heads chained, added or
lost in the loop; matrices fused along the rows, by a reshape or interleaved; blocks that start or end elsewhere.
"""

# %% [markdown] id="title"
# # Several heads
#
# **You will** run two heads over the same tokens, put their matrices side by side into one, and find out what happens when
# heads share their projections, or get slices of the tokens instead of projections.
#
# **You will learn** what several heads can do that one cannot, and why each needs projections of its own.
#
# **You need** unit 1, one attention head. About 40 minutes. The lesson `03_several_heads` explains the same with pictures.
#
# Fill in a cell, run it, and run the `check` below it. The cell below each check has hints, which cost nothing, and a worked
# solution. Your functions should not change the arrays they are given.

# %% given="setup"
import numpy as np

from autograder import check, hint, own_numbers, show_numbers, show_weights, solution


def attention_weights(x, w_q, w_k):
    """The weights of one head, as in unit 1: (..., T, T)."""
    q, k = x @ w_q, x @ w_k  # (..., T, d_k)
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])  # (..., T, T)
    exps = np.exp(scores - scores.max(axis=-1, keepdims=True))  # (..., T, T)
    return exps / exps.sum(axis=-1, keepdims=True)  # (..., T, T)


def attention_head(x, w_q, w_k, w_v):
    """One attention head, as in unit 1: x (..., T, d_model) gives (..., T, d_v)."""
    return attention_weights(x, w_q, w_k) @ (x @ w_v)  # (..., T, d_v)


# %% [markdown] id="the-idea"
# ## The idea
#
# One head gives each token one row of weights, and the row sums to 1. Suppose a token needs two things at once, say the same
# word elsewhere in the sentence and the token just before it. A single head has to blend the two, and its output shows neither
# of them clearly. With several heads, each can look for one thing:
#
# $$\text{head}_h = \text{Attention}(X W_q^h,\; X W_k^h,\; X W_v^h) \qquad h = 0, \dots, H-1$$
#
# All heads read the same `x`, and each has its own three matrices.
#
# Take "cat", "sat" and "it" from unit 1, with the head that found out who "it" is. Here it is beside a second head. What does
# head 1 look for? Compare the rows of "it" in the two pictures.

# %% id="cat-sat-it"
words_of_unit_1 = ["cat", "sat", "it"]
small_x = np.array([[1, 0, 0, 1], [0, 1, 0, 0.5], [0, 0, 1, 0]])  # (T, d_model): thing, action, stand-in, alive
small_w_q = [np.array([[0, 0.5], [1, 0], [2, 1], [0, 0]]), np.array([[0, 1], [0, 0.5], [1, 2], [0, 0]])]
small_w_k = [np.array([[1, 0], [0, 1], [0, 0.5], [1, 0]]), np.array([[0.5, 0], [0, 2], [1, 0], [0, 0]])]
small_w_v = [np.array([[1, 0], [0, 1], [0.5, 0.5], [1, 0]]), np.array([[0, 1], [2, 0], [0, 0.5], [0, 1]])]
both = [attention_weights(small_x, small_w_q[h], small_w_k[h]) for h in range(2)]  # 2 times (T, T)
show_weights(both, queries=words_of_unit_1, keys=words_of_unit_1, title="Cat, sat, it")

# %% [markdown] id="about-by-hand"
# ## Before the code: one score by hand
#
# You get the queries and keys of two heads, side by side: `q` (3, 4) and `k` (3, 4). Columns 0 and 1 belong to head 0, and
# columns 2 and 3 belong to head 1. What is the scaled score of query `i` for key `j` in head `h`? The scale divides by the
# square root of the width of one head.
#
# Write any integer in place of the first `...`, for example today's date. It decides your numbers, so they are yours alone.
# Run the cell to see them, compute, and write your answer in place of the second `...`, to two decimals. A calculator is fine.

# %% solution="by_hand"
my_number = ...
my_score = ...
### BEGIN SOLUTION
my_number = 1207
my_score = 1.06
### END SOLUTION
show_numbers("several_heads.by_hand", my_number)

# %% check="by_hand"
check("several_heads.by_hand")

# %% [markdown] id="about-the-example"
# ## A longer example
#
# This example has T = 6 tokens of d_model = 11 numbers. In each token, columns 0 to 4 say which word it is, and columns 5 to
# 10 say at which position it stands. Its two heads (d_k = 5, d_v = 4) were made by hand: head 0 looks for the same word, and
# head 1 looks for the token before. `w_q`, `w_k` and `w_v` are lists here, and `w_q[h]` is the matrix of head h.

# %% given="example"
tokens = ["the", "cat", "saw", "the", "black", "dog"]
words = ["the", "cat", "saw", "black", "dog"]
x = np.zeros((6, 11))  # (T, d_model)
for t, token in enumerate(tokens):
    x[t, words.index(token)] = 1  # columns 0 to 4: which word
    x[t, 5 + t] = 1  # columns 5 to 10: which position

same_word, position, position_before = np.zeros((3, 11, 5))
same_word[0:5] = 3 * np.eye(5)
# A token is found by its position t and asks for position t - 1; the first token asks for nothing.
position[5:10] = 3 * np.eye(5)
position_before[6:11] = 3 * np.eye(5)

numbers = np.random.default_rng(1)
w_q = [same_word, position_before]  # 2 matrices (d_model, d_k)
w_k = [same_word, position]  # 2 matrices (d_model, d_k)
w_v = [numbers.standard_normal((11, 4)) for _ in range(2)]  # 2 matrices (d_model, d_v)

# %% [markdown] id="about-own-projections"
# ## 1. Two heads in a loop
#
# Write `several_heads`. It runs `attention_head` once for each head, with that head's matrices, and returns the outputs in a
# list. Item h of the list is the output of head h, (..., T, d_v). The example has two heads, but your function should work for
# as many heads as there are matrices in the lists, and for any leading axes of `x`.
#
# Example: for "cat", "sat", "it" the output of "it" is `[1.63 0.21]` in head 0 and `[1.66 0.6 ]` in head 1.


# %% solution="several_heads"
def several_heads(x, w_q, w_k, w_v):
    """Run several heads over the same tokens and return their outputs in a list.

    x (..., T, d_model); w_q, w_k: lists of H matrices (d_model, d_k); w_v: H matrices (d_model, d_v).
    Returns a list of H arrays (..., T, d_v), head 0 first.
    """
    ### BEGIN SOLUTION
    heads = []
    for h in range(len(w_q)):
        heads.append(attention_head(x, w_q[h], w_k[h], w_v[h]))  # (..., T, d_v)
    return heads
    ### END SOLUTION
    raise NotImplementedError("several_heads is not written yet: replace this line by its body.")


# %% id="try-two-heads"
try:
    for h, output in enumerate(several_heads(small_x, small_w_q, small_w_k, small_w_v)):
        print(f"head {h}, output of 'it':", output[2].round(2))
except Exception as problem:
    print("Not yet:", problem)

# %% check="two_heads"
check("several_heads.two_heads")

# %% [markdown] id="about-the-pictures"
# This is where the two heads of the longer example look. Each row belongs to a query and each column to a key; darker means a
# larger weight. In head 0 the two "the" find each other. In head 1 every token looks at the one before it, except the first,
# which has none and looks at all tokens equally.

# %% id="look-at-own-projections"
own = [attention_weights(x, w_q[h], w_k[h]) for h in range(2)]  # 2 times (T, T)
show_weights(own, queries=tokens, keys=tokens, title="Projections of their own")

# %% [markdown] id="about-the-fused-matrix"
# ## 2. The fused matrix
#
# One large matrix product is faster than H small ones. So the matrices of all heads are put side by side into one fused matrix
# `w_q` of shape (d_model, H·d_k). Columns h·d_k up to, but not including, (h+1)·d_k belong to head h. The same goes for keys
# and values.
#
# Write `fuse`. It accepts a list of H matrices (d_model, d) and returns one matrix (d_model, H·d).
#
# Example: the first row of the fused `w_q` of "cat", "sat", "it" is `[0.  0.5 0.  1. ]`. Its first two numbers come from
# head 0.


# %% solution="fuse"
def fuse(matrices):
    """Put the matrices of all heads side by side into one.

    matrices: a list of H matrices (d_model, d).
    Returns (d_model, H·d); head h has columns h·d up to, but not including, (h+1)·d.
    """
    ### BEGIN SOLUTION
    return np.concatenate(matrices, axis=1)  # (d_model, H·d)
    ### END SOLUTION
    raise NotImplementedError("fuse is not written yet: replace this line by its body.")


# %% id="try-fuse"
try:
    print("first row of the fused w_q:", fuse(small_w_q)[0])
except Exception as problem:
    print("Not yet:", problem)

# %% check="fused"
check("several_heads.fused")

# %% [markdown] id="about-columns"
# Now the way back. Write `columns_of_head`. It accepts an array whose last axis holds the columns of all heads, (..., H·d), and
# returns the columns of head h, (..., d). The array may be a fused matrix, or tokens multiplied by a fused matrix, with any
# number of leading axes. Heads are counted from 0, and H divides the last axis.
#
# Example: if the last axis holds `[10 11 12 13 14 15]` and there are 3 heads, head 1 has `[12 13]`.


# %% solution="columns_of_head"
def columns_of_head(array, h, num_heads):
    """Return the columns of head h from an array that holds the columns of all heads.

    array (..., H·d); h from 0 to H - 1; num_heads H. Returns (..., d).
    """
    ### BEGIN SOLUTION
    d = array.shape[-1] // num_heads
    return array[..., h * d : (h + 1) * d]  # (..., d)
    ### END SOLUTION
    raise NotImplementedError("columns_of_head is not written yet: replace this line by its body.")


# %% id="try-columns"
try:
    row = np.arange(10, 16)  # (H·d,) = (6,)
    print("all columns:", row, "  columns of head 1:", columns_of_head(row, 1, 3))
except Exception as problem:
    print("Not yet:", problem)

# %% check="columns"
check("several_heads.columns")

# %% [markdown] id="about-one-product"
# One product with the fused matrix gives the queries of all heads at once, because each column of `x @ w` depends only on the
# same column of `w`. So head h's queries are head h's columns of the result. Run the cell to see it.

# %% id="one-product-for-all-heads"
try:
    all_queries = x @ fuse(w_q)  # (T, H·d_k)
    print("queries of all heads:", all_queries.shape)
    for h in range(2):
        same = np.allclose(columns_of_head(all_queries, h, 2), x @ w_q[h])
        print(f"columns of head {h} equal x @ w_q[{h}]:", same)
except Exception as problem:
    print("Not yet:", problem)

# %% [markdown] id="about-shared-projections"
# ## 3. Shared projections
#
# What happens if heads use the same matrices? To measure it, write `largest_differences`. It compares every pair of heads:
# entry (a, b) of the result is the largest absolute difference between an entry of head a's output and the same entry of head
# b's output. The result is (H, H), with zeros on the diagonal.
#
# Example: for three heads with the outputs `[[0, 1]]`, `[[0, 4]]` and `[[2, 1]]` the result is
# `[[0, 3, 2], [3, 0, 3], [2, 3, 0]]`.


# %% solution="largest_differences"
def largest_differences(heads):
    """Measure how far apart the outputs of the heads are.

    heads: a list of H arrays of the same shape.
    Returns (H, H); entry (a, b) is the largest absolute difference between heads a and b at the same place.
    """
    ### BEGIN SOLUTION
    return np.array([[np.abs(a - b).max() for b in heads] for a in heads])  # (H, H)
    ### END SOLUTION
    raise NotImplementedError("largest_differences is not written yet: replace this line by its body.")


# %% id="try-differences"
try:
    three = [np.array([[0, 1]]), np.array([[0, 4]]), np.array([[2, 1]])]  # H times (T, d_v) = (1, 2)
    print("outputs:", *(head.tolist() for head in three), "  largest differences:", largest_differences(three).tolist())
except Exception as problem:
    print("Not yet:", problem)

# %% check="differences"
check("several_heads.differences")

# %% [markdown] id="predict-before-you-run"
# Predict before you run. The next cell shows a table of six heads over the same `x`, drawn by `my_number`. Matrices with the
# same letter are the same matrix. How many different arrays of weights do the six heads have among them, how many different arrays
# of values, and how many different outputs? And how many of the 36 entries of `largest_differences` of their outputs are 0?

# %% solution="predict_shared"
different_weights = ...
different_values = ...
different_outputs = ...
zero_differences = ...
### BEGIN SOLUTION
# These are the answers for my_number = 1207.
different_weights = 4  # A with D, B with C, A with C, B with D
different_values = 3  # E, F and H
different_outputs = 5  # only heads 1 and 3 share all three
zero_differences = 8  # the diagonal, and heads 1 and 3 in both directions
### END SOLUTION
show_numbers("several_heads.shared", my_number)

# %% check="shared"
check("several_heads.shared")

# %% [markdown] id="run-and-measure"
# Now run it, with random numbers for your letters. The table shows how far apart the outputs of the six heads are. A 0 means
# that two heads computed the same output. Below it are the weights of two heads that share their projections. Compare them
# with the picture of the two heads above, which have their own.

# %% id="six-heads"
try:
    six = own_numbers("several_heads.shared", my_number)  # the letters of your table
    of_letter = {letter: numbers.standard_normal((11, 5)) for letter in "ABCD"}  # w_q and w_k: (d_model, d_k)
    of_letter |= {letter: numbers.standard_normal((11, 4)) for letter in "EFGH"}  # w_v: (d_model, d_v)
    if different_weights is ... or zero_differences is ...:
        print("Predict first, then run this cell.")
    else:
        outputs = several_heads(x, *([of_letter[letter] for letter in six[name]] for name in ("w_q", "w_k", "w_v")))
        print(largest_differences(outputs).round(2))
except Exception as problem:
    print("Not yet:", problem)
shared = [attention_weights(x, w_q[0], w_k[0]) for h in range(2)]  # 2 times (T, T)
show_weights(shared, queries=tokens, keys=tokens, title="The same projections in both heads")

# %% [markdown] id="about-slicing"
# ## 4. Slicing is not projecting
#
# A head is narrower than `x`, so it is tempting to give each head a slice of the columns of `x` and to leave the projections
# out. The shapes fit. Predict what gets lost.
#
# Let `x` have 12 columns, counted from 0, and let there be four heads of width 3. One column of one token changes. Which heads'
# outputs change
#
# - if head h uses columns 3·h up to, but not including, 3·(h+1) of `x` as its queries, keys and values, without any projection?
# - if every head projects the whole of `x` with its own `w_q`, `w_k` and `w_v`, (12, 3) each?
#
# The next cell shows which `column` changes. It also shows which rows of the matrices are 0; all other entries are random
# numbers. Answer with lists of heads, such as `[0, 2]`.

# %% solution="predict_slicing"
notice_when_sliced = ...
notice_when_projected = ...
### BEGIN SOLUTION
# These are the answers for my_number = 1207, where column 5 changes.
notice_when_sliced = [1]  # columns 3 to 5
notice_when_projected = [0, 2, 3]  # in head 1 row 5 of all three matrices is 0
### END SOLUTION
show_numbers("several_heads.slicing", my_number)

# %% check="slicing"
check("several_heads.slicing")

# %% id="change-one-column"
try:
    drawn = own_numbers("several_heads.slicing", my_number)
    if notice_when_sliced is ... or notice_when_projected is ...:
        print("Predict first, then run this cell.")
    else:
        before = numbers.standard_normal((5, 12))  # (T, d_model)
        after = before.copy()
        after[2, drawn["column"]] += 1
        identity = np.eye(3)
        for h in range(4):
            part = slice(3 * h, 3 * (h + 1))
            own = dict(zip(("w_q", "w_k", "w_v"), numbers.standard_normal((3, 12, 3)), strict=True))
            for name, matrix in own.items():
                if drawn[f"zero row of {name}"][h] is not None:
                    matrix[drawn[f"zero row of {name}"][h]] = 0
            sliced = [attention_head(z[:, part], identity, identity, identity) for z in (before, after)]
            projected = [attention_head(z, **own) for z in (before, after)]
            print(
                f"head {h}: with a slice its output changes by {np.abs(sliced[1] - sliced[0]).max():.2f},",
                f"with projections by {np.abs(projected[1] - projected[0]).max():.2f}",
            )
except Exception as problem:
    print("Not yet:", problem)

# %% [markdown] id="about-the-consequence"
# ## 5. The consequence
#
# What do heads gain from having projections of their own? The cell below shows you six statements, drawn by `my_number`. At
# least two of them are true, and at least two are false. Judge each by what you measured above: which columns a head reads,
# which heads computed the same, and which tokens a row of weights covers. Write the letters of the true ones, such as `"BDF"`.
# The check reports only whether all six are judged correctly.

# %% solution="choose_consequence"
consequence = ...
### BEGIN SOLUTION
consequence = "BDEF"  # for my_number = 1207
### END SOLUTION
show_numbers("several_heads.consequence", my_number)

# %% check="consequence"
check("several_heads.consequence")

# %% [markdown] id="try-it"
# Things to try: make a third head that looks at the token after (which two matrices of the longer example do you need, and in
# which order?). Look at the weights of a head whose `w_q` is all zeros. How wide should a head be, and how do the outputs
# become one array again? That is unit 4.
