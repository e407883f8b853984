"""Unit 1: one attention head.

Goal: the learner can write one attention head from the formula, in five functions, and knows what each axis stands for.
Not taught here: several heads, masks, the output projection, training.
Known mistakes: no scale or another one; softmax over the wrong axis, without the shift, without the exponential;
keys not transposed or reshaped; a projection left out or used twice; functions that work for one sequence only.
"""

# %% [markdown] id="title"
# # One attention head
#
# **You will** write one attention head in NumPy, in five small functions, and look at what it attends to.
#
# **You will learn** what queries, keys and values are, why the scores are scaled, how softmax turns them into weights,
# and how to write all of it for one sequence and for a whole batch at once.
#
# **You need** NumPy: shapes, `@`, sums along an axis. About 45 minutes. The lesson `01_one_head` explains every step with
# pictures and numbers; keep it open beside this notebook.
#
# Fill in a cell, run it, then run the `check` below it. A check reports what it saw and, if it can, the likely cause. You can
# run it as often as you like. If you are stuck, use the cell below the check: remove the `#` before `hint` and run the cell.
# The first run shows an idea, and each run after that shows a further hint. Hints cost nothing. `solution` in the same cell
# shows a worked solution once you have solved the question, or when you ask twice.

# %% given="setup"
import numpy as np

from autograder import check, hint, show_numbers, show_values, show_weights, solution

# %% [markdown] id="the-idea"
# ## The idea
#
# A head lets every token look at all tokens of a sequence and take something from each. Scores decide how much it takes:
#
# $$\text{Attention}(Q, K, V) = \text{softmax}\left(\frac{Q K^\top}{\sqrt{d_k}}\right) V$$
#
# The tokens arrive as rows of `x`. To keep them few, here are only the three words that carry the meaning of "the cat sat
# because it was tired". Each is a row of d_model = 4 numbers, and the columns have names so that you can see what the head
# does. The three matrices make queries and keys of d_k = 2 numbers and values of d_v = 2. The lesson follows the same head
# with pencil and paper.

# %% id="example"
tokens = ["cat", "sat", "it"]
features = ["thing", "action", "stand-in", "alive"]
x = np.array([[1, 0, 0, 1], [0, 1, 0, 0.5], [0, 0, 1, 0]])  # (T, d_model)
w_q = np.array([[0, 0.5], [1, 0], [2, 1], [0, 0]])  # (d_model, d_k)
w_k = np.array([[1, 0], [0, 1], [0, 0.5], [1, 0]])  # (d_model, d_k)
w_v = np.array([[1, 0], [0, 1], [0.5, 0.5], [1, 0]])  # (d_model, d_v)
show_values(x, rows=tokens, columns=features, title="x (T, d_model) = (3, 4)")

# %% [markdown] id="about-by-hand"
# ## Before the code: one weight by hand
#
# You get three queries and three keys of your own, `q` (3, 2) and `k` (3, 2). What weight does query `i` give to key `j`?
# Take the dot products of row `i` of `q` with all three rows of `k`, divide them by $\sqrt{d_k}$, and turn them into weights
# with softmax: the exponential of each, divided by the sum of the three.
#
# Write any integer in place of the first `...`, for example today's date. It decides your numbers, so they are yours alone.
# Run the cell to see them, compute, and write your answer in place of the second `...`, to two decimals. A calculator is fine.

# %% solution="by_hand"
my_number = ...
my_weight = ...
### BEGIN SOLUTION
my_number = 1207
my_weight = 0.23
### END SOLUTION
show_numbers("one_head.by_hand", my_number)

# %% check="by_hand"
check("one_head.by_hand")


# %% [markdown] id="about-projections"
# ## 1. Projections
#
# Each token plays three parts. Its **query** says what it looks for, its **key** what it can be found by, and its **value**
# what it passes on. For each part the row of the token is multiplied by a matrix, which stands on the right. As everywhere
# in this course, your functions should not change the arrays they are given.
#
# Write `project`. It returns three arrays: queries (T, d_k), keys (T, d_k) and values (T, d_v). First make it work for one
# sequence. Then make sure it also works when `x` has leading axes such as a batch, written (..., T, d_model). All three
# results then have the same leading axes.
#
# Example: in the head above, the query of "it" is `[2. 1.]` and the key of "cat" is `[2. 0.]`.


# %% solution="project"
def project(x, w_q, w_k, w_v):
    """Queries, keys and values of the tokens.

    x (..., T, d_model); w_q, w_k (d_model, d_k); w_v (d_model, d_v).
    Returns q (..., T, d_k), k (..., T, d_k), v (..., T, d_v).
    """
    ### BEGIN SOLUTION
    q = x @ w_q  # (..., T, d_k)
    k = x @ w_k  # (..., T, d_k)
    v = x @ w_v  # (..., T, d_v)
    return q, k, v
    ### END SOLUTION
    raise NotImplementedError("project is not written yet: replace this line by its body.")


# %% check="project"
check("one_head.project")

# %% [markdown] id="about-scores"
# ## 2. Scaled scores
#
# The score of query i for key j is their dot product, which is large when the two point the same way. It stands in row i and
# column j, so the scores are (T_q, T_k), one row per query. In this notebook queries and keys come from the same tokens and
# T_q = T_k, but `scaled_scores` should not rely on that.
#
# A dot product adds up d_k terms, so a wide head has larger scores than a narrow one. Dividing by $\sqrt{d_k}$ makes up for
# that. The lesson shows what softmax does without the division.
#
# Leading axes stay as they are: q (..., T_q, d_k) and k (..., T_k, d_k) give (..., T_q, T_k).
#
# Example: the scaled scores of "it" are `[2.83 1.41 0.35]`. Before scaling they were 4, 2 and 0.5.


# %% solution="scaled_scores"
def scaled_scores(q, k):
    """Scaled scores of every query for every key.

    q (..., T_q, d_k); k (..., T_k, d_k). Returns (..., T_q, T_k).
    """
    ### BEGIN SOLUTION
    d_k = q.shape[-1]
    return q @ np.swapaxes(k, -1, -2) / np.sqrt(d_k)  # (..., T_q, T_k)
    ### END SOLUTION
    raise NotImplementedError("scaled_scores is not written yet: replace this line by its body.")


# %% check="scores"
check("one_head.scores")

# %% [markdown] id="about-softmax"
# ## 3. Softmax
#
# Softmax turns each row of scores into **weights**. The exponential makes every entry positive, and dividing by the row's sum
# makes the row sum to 1. Softmax runs over the keys, the last axis, with any number of leading axes.
#
# `np.exp(1000)` overflows to infinity, and infinity divided by infinity is not a number. Your `softmax` should work for scores
# of any size. Subtracting the same number from a whole row changes none of its weights (why?), so you can choose a number that
# prevents the overflow.
#
# Example: the weights of "it" are `[0.75 0.18 0.06]`.


# %% solution="softmax"
def softmax(scores):
    """Turn each row of scores into weights; large scores do not overflow.

    scores (..., T_q, T_k). Returns weights of the same shape; each row sums to 1.
    """
    ### BEGIN SOLUTION
    shifted = scores - scores.max(axis=-1, keepdims=True)  # (..., T_q, T_k)
    exps = np.exp(shifted)  # (..., T_q, T_k)
    return exps / exps.sum(axis=-1, keepdims=True)  # (..., T_q, T_k)
    ### END SOLUTION
    raise NotImplementedError("softmax is not written yet: replace this line by its body.")


# %% check="softmax"
check("one_head.softmax")

# %% [markdown] id="about-mixing-the-values"
# ## 4. Mixing the values
#
# Each output row is a weighted sum of all value rows: output i = Σ_j weights[i, j] · v[j]. A single operation computes all the
# rows at once.
#
# Example: the output of "it" is `[1.63 0.21]`, mostly the value of "cat", which is (2, 0).


# %% solution="mix"
def mix(weights, v):
    """Mix the values, using the weights.

    weights (..., T_q, T_k); v (..., T_k, d_v). Returns (..., T_q, d_v).
    """
    ### BEGIN SOLUTION
    return weights @ v  # (..., T_q, d_v)
    ### END SOLUTION
    raise NotImplementedError("mix is not written yet: replace this line by its body.")


# %% check="mix"
check("one_head.mix")

# %% [markdown] id="about-the-whole-head"
# ## 5. The whole head
#
# Put the four pieces together. `attention_head` accepts `x` (..., T, d_model) and the three matrices and returns
# (..., T, d_v). It should also work if `x` holds integers. A mistake in an earlier piece costs points only there: if you put
# the pieces together correctly, you get all the points for the head.
#
# Example: for "it" the head returns `[1.63 0.21]`. Once your functions work, the cell after the check prints all four examples.


# %% solution="attention_head"
def attention_head(x, w_q, w_k, w_v):
    """One attention head.

    x (..., T, d_model); w_q, w_k (d_model, d_k); w_v (d_model, d_v). Returns (..., T, d_v).
    """
    ### BEGIN SOLUTION
    q, k, v = project(x, w_q, w_k, w_v)  # (..., T, d_k), (..., T, d_k), (..., T, d_v)
    weights = softmax(scaled_scores(q, k))  # (..., T, T)
    return mix(weights, v)  # (..., T, d_v)
    ### END SOLUTION
    raise NotImplementedError("attention_head is not written yet: replace this line by its body.")


# %% check="head"
check("one_head.head")

# %% id="try-the-example"
try:
    q, k, v = project(x, w_q, w_k, w_v)
    print("query of 'it': ", q[2], " key of 'cat':", k[0])
    print("scaled scores: ", scaled_scores(q, k)[2].round(2))
    print("weights:       ", softmax(scaled_scores(q, k))[2].round(2))
    print("output of 'it':", attention_head(x, w_q, w_k, w_v)[2].round(2))
except Exception as problem:
    print("Not yet:", problem)

# %% [markdown] id="look"
# ## Look at your head
#
# Here are the weights of the example as a picture. Row i shows where token i looks, and every row sums to 1. Find the row
# of "it". Who does this head think "it" is? Run the cell when your functions work.

# %% id="look-at-weights"
try:
    q, k, v = project(x, w_q, w_k, w_v)
    show_weights(softmax(scaled_scores(q, k)), queries=tokens, keys=tokens, title="Weights of one head")
except Exception as problem:
    print("Not yet:", problem)

# %% [markdown] id="try-it"
# Things to try: go back to the cell that defines `x` and `w_q` and edit it. Multiply `w_q` by 10 and run that cell and the
# picture again. Then multiply it by 0 instead. How does each row change? What do you have to change in `x` so that "it" looks
# at "sat"? Then go on to unit 2, the order of the steps.
