"""Unit 1: one attention head.

Goal: the learner can write one attention head from the formula, in five functions, and knows what every axis is.
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
# **You need** NumPy: shapes, `@`, sums along an axis. About 40 minutes. The lesson `01_one_head` tells the same story
# with pictures; keep it open beside this notebook.
#
# How to work: fill in a cell, run it, run the `check` below it. A check tells you what it saw and, where it can, what
# the likely cause is. You can run it as often as you like. Stuck? `hint("one_head.project")` in a cell of your own
# gives an idea, `hint("one_head.project", 2)` says more about shapes, and 3 comes close. Hints cost nothing.
# `solution("one_head.project")` shows a worked solution once you have solved it, or when you ask twice.

# %% given="setup"
import numpy as np

from autograder import check, hint, show_weights, solution

# %% [markdown] id="the-idea"
# ## The idea
#
# A head lets every token look at all tokens of a sequence and take something from each. How much it takes is decided by
# *scores*:
#
# $$\text{Attention}(Q, K, V) = \text{softmax}\left(\frac{Q K^\top}{\sqrt{d_k}}\right) V$$
#
# The tokens arrive as rows of `x`. Below are four tokens, each a vector of d_model = 6 numbers, and the three weight
# matrices of a small head with d_k = 3 and d_v = 2. All sizes differ on purpose: so you can read off every shape what
# each axis is.

# %% given="example"
tokens = ["the", "cat", "sat", "down"]
example = np.random.default_rng(1)
x = example.standard_normal((4, 6))  # (T, d_model)
w_q = example.standard_normal((6, 3)) / np.sqrt(6)  # (d_model, d_k)
w_k = example.standard_normal((6, 3)) / np.sqrt(6)  # (d_model, d_k)
w_v = example.standard_normal((6, 2)) / np.sqrt(6)  # (d_model, d_v)

# %% [markdown] id="about-projections"
# ## 1. Projections
#
# Each token plays three parts. As a **query** it asks, as a **key** it is compared with what is asked, as a **value** it
# is what gets passed on. For each part the token is multiplied by a matrix of its own; weights multiply on the right.
# As everywhere in this course, a function leaves the arrays that it is given as they were.
#
# Write `project`. It returns three arrays: queries (T, d_k), keys (T, d_k) and values (T, d_v). `x` may also have leading
# axes, such as a batch: then `x` is (..., T, d_model), and the same axes lead in all three results.


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
# The score of query i for key j is their dot product: large where the two point the same way. Row i, column j; so the
# scores are (T_q, T_k), one row per query. In this notebook queries and keys come from the same tokens and T_q = T_k,
# but `scaled_scores` should not rely on that.
#
# A dot product is a sum of d_k terms, so its spread grows with d_k. Dividing by sqrt(d_k) keeps the scores of wide and
# narrow heads alike; the lesson shows what softmax does without it.
#
# Leading axes pass through: q (..., T_q, d_k) and k (..., T_k, d_k) give (..., T_q, T_k).


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
# Softmax turns each row of scores into **weights**: positive, and summing to 1. The exponential makes them positive, the
# division by the row's sum makes them shares. It runs over the keys, the last axis, for any number of leading axes.
#
# `np.exp(1000)` overflows to infinity, and infinity over infinity is no number. So make `softmax` survive scores of
# any size: subtracting the same number from a whole row changes none of its weights (why?), and you may choose that number.


# %% solution="softmax"
def softmax(scores):
    """Weights from scores, over the last axis; safe for large scores.

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
# Each output row is a sum of all value rows, each taken with its weight: output i = Σ_j weights[i, j] · v[j]. Written for
# all rows at once it is one operation.


# %% solution="mix"
def mix(weights, v):
    """The values mixed by the weights.

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
# Put the four pieces together. `attention_head` takes `x` (..., T, d_model) and the three matrices and returns
# (..., T, d_v). It should work for whole numbers in `x` too. The check counts a slip in an earlier piece only there: if
# your head is right but for it, it earns its points.


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

# %% [markdown] id="look"
# ## Look at your head
#
# The weights of the example, as a picture: row i shows where token i looks. Every row sums to 1. These matrices are
# random, so the pattern means nothing yet; a trained head's does. Run the cell when your functions work.

# %% id="look-at-weights"
try:
    q, k, v = project(x, w_q, w_k, w_v)
    show_weights(softmax(scaled_scores(q, k)), queries=tokens, keys=tokens, title="Weights of one head")
except Exception as problem:
    print("Not yet:", problem)

# %% [markdown] id="try-it"
# Things to try: multiply `w_q` by 10 and look again; by 0. Which rows change, and towards what? Then go on to unit 2,
# the order of the steps.
