"""Unit 7: debug a head.

Goal: the learner goes from what a broken head shows to the mistake in it, repairs it, and writes a test that finds such
mistakes in heads nobody has looked at.
Not taught here: debuggers, profilers, test frameworks; mistakes of a whole layer (unit 8).
Known mistakes: trusting shapes; comparing for equality; testing one square size, one sequence, small tokens only; a test
that sees sums of weights and not which keys they lie on; repairing one thing and breaking another.
"""

# %% [markdown] id="title"
# # Debug a head
#
# **You will** name the mistakes in six causal heads from their symptoms, repair six other heads, and write a test that tells
# right heads from broken ones.
#
# **You will learn** what shapes, row sums, NaN, weight on the future and log-ratios say about a head, and which inputs
# bring a mistake to light.
#
# **You need** unit 6, the causal head. About 40 minutes. The lesson `07_debug_a_head` explains how to read the symptoms; keep it
# open beside this notebook.
#
# As always, fill in a cell, run it, and run the `check` below it. The cell below the check has hints, which cost nothing,
# and a worked solution.

# %% given="setup"
import numpy as np

from autograder import broken_heads, check, hint, show_weights, solution


def softmax(scores):
    """Weights from scores, over the last axis; safe for large scores. A row of nothing but -inf gives NaN."""
    exps = np.exp(scores - scores.max(axis=-1, keepdims=True))  # (..., T_q, T_k)
    return exps / exps.sum(axis=-1, keepdims=True)  # (..., T_q, T_k)


# %% [markdown] id="the-idea"
# ## 1. Symptoms
#
# A head can run without an error and still be wrong. Each of the six heads below takes `x`, `w_q`, `w_k`, `w_v` and returns an
# array, and each has one mistake that people really make.
#
# A head returns only its output. To see its weights, **choose the values so that the output is the weights.** The output is
# weights @ v with v = x @ w_v. If w_v is the pseudoinverse of x, then v is the identity matrix (as long as the rows of x are
# independent), and weights @ v = weights. So you can look into any head by calling it.
#
# `show_symptoms` prints what you can see that way:
#
# - the **shape** of the output, which should be (T, d_v);
# - the **sums** of the rows and of the columns of the weights (NaN shows here, too);
# - how much of each row lies on **the future**, and how much on the token **itself**;
# - **log-ratios**: log(w_ij / w_i0) divided by the difference of the dot products, q_i·k_j - q_i·k_0. In a right head every one
#   of them is 1/sqrt(d_k), here 0.5. (The lesson works through one.)
# - the matrices **without effect**: those you can change without changing the output.

# %% given="symptoms"
generator = np.random.default_rng(14)
tokens = ["the", "cat", "sat", "down", "."]
some_x = generator.standard_normal((5, 8))  # (T, d_model)
some_w_q, some_w_k, other = generator.standard_normal((3, 8, 4)) / np.sqrt(8)  # (d_model, d_k) each
see_weights = np.linalg.pinv(some_x)  # (d_model, T): as w_v it makes the values the identity


def output_of(head, w_q=some_w_q, w_k=some_w_k, w_v=see_weights):
    """A head's output for the example, without NumPy's warnings."""
    with np.errstate(all="ignore"):
        return head(some_x, w_q, w_k, w_v)


def show_symptoms(head, name):
    """Print the symptoms of a causal head."""
    weights = output_of(head)
    print(f"{name}\n  shape         {weights.shape}, expected (5, 5)")
    if weights.shape == (5, 5):
        dots = (some_x @ some_w_q) @ (some_x @ some_w_k).T  # (T, T)
        with np.errstate(all="ignore"):
            ratios = np.log(weights / weights[:, :1]) / (dots - dots[:, :1])  # (T, T)
        past = np.tri(5, k=-1, dtype=bool) & (np.arange(5) > 0) & np.isfinite(ratios)  # (T, T)
        shown = {
            "row sums": weights.sum(axis=1),
            "column sums": weights.sum(axis=0),
            "on the future": np.triu(weights, 1).sum(axis=1),
            "on itself": np.diagonal(weights),
            "log-ratios": ratios[past],
        }
        for what, numbers in shown.items():
            print(f"  {what:<13} {numbers.round(2) + 0.0}")
    changed = {
        "w_q": output_of(head, w_q=other),
        "w_k": output_of(head, w_k=other),
        "w_v": output_of(head, w_v=2 * see_weights),
    }
    without = [name for name, output in changed.items() if np.array_equal(output, weights, equal_nan=True)]
    print(f"  no effect     {', '.join(without) or 'none'}\n")


# %% [markdown] id="about-the-six-heads"
# Here are six heads: `ill["red"]`, `ill["green"]`, `ill["blue"]`, `ill["grey"]`, `ill["gold"]` and `ill["pink"]`. You can call
# them, but their code is not in this notebook, so judge them by what they do. Write any integer in place of the `...`, for
# example today's date. It decides which heads you get, so they are yours alone.

# %% solution="my_number"
my_number = ...
### BEGIN SOLUTION
my_number = 1207
### END SOLUTION

# %% given="six_heads"
ill = broken_heads(my_number) or {}  # none until there is a number

# %% id="look-at-symptoms"
for colour, head in ill.items():
    show_symptoms(head, f"the {colour} head")

# %% [markdown] id="look-at-weights-of-six"
# Here are the weights as pictures, for the heads whose output has the shape (T, T).

# %% id="look-at-pictures"
shown = [colour for colour, head in ill.items() if output_of(head).shape == (5, 5)]
if shown:
    show_weights([output_of(ill[colour]) for colour in shown], tokens, heads=[f"the {colour} head" for colour in shown])

# %% [markdown] id="about-suspects"
# ## 2. The ten suspects
#
# Each head has one of these ten mistakes, no two the same.
#
# | | suspect |
# |---|---|
# | 1 | The keys are made with w_q. |
# | 2 | The values are not projected: the tokens themselves are mixed. |
# | 3 | The scores are not scaled. |
# | 4 | The scores are divided by d_k, not by its square root. |
# | 5 | The mask keeps the wrong triangle. |
# | 6 | The mask forbids the diagonal too. |
# | 7 | Forbidden scores are set to 0. |
# | 8 | Masking multiplies 0 by minus infinity. |
# | 9 | Softmax runs over the queries. |
# | 10 | The mask is applied after softmax. |
#
# Which head has which? Enter the numbers, such as `"red": 4`. Until you do, the check lists the symptoms. After that it reports
# whether at least three of the six are right and whether all are, but not which ones.

# %% solution="suspect"
suspect = {
    "red": ...,
    "green": ...,
    "blue": ...,
    "grey": ...,
    "gold": ...,
    "pink": ...,
}
### BEGIN SOLUTION
suspect = {
    "red": 8,
    "green": 10,
    "blue": 3,
    "grey": 7,
    "gold": 6,
    "pink": 4,
}
### END SOLUTION

# %% check="suspects"
check("debug_a_head.suspects")

# %% [markdown] id="about-repairing"
# ## 3. Repair them
#
# Here are six other heads, `head_a` to `head_f`, as their authors wrote them. Repair each one **in its cell**, and change as
# little as you can. A repaired head takes `x` (..., T, d_model), with or without leading axes, and returns (..., T, d_v). It puts
# no weight on later tokens, works for integers and for tokens 60 times as large, and leaves its inputs as they were. To see
# whether the symptoms are gone, call `show_symptoms(head_a, "head a, repaired")` in a cell of your own.


# %% solution="head_a"
def head_a(x, w_q, w_k, w_v):
    q, k, v = x @ w_q, x @ w_k, x @ w_v  # (..., T, d_k), (..., T, d_k), (..., T, d_v)
    mask = np.tri(x.shape[-2], dtype=bool)  # (T, T)
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])  # (..., T, T)
    weights = softmax(scores)  # (..., T, T)
    weights = np.where(mask, weights, 0)  # (..., T, T)
    return weights @ v  # (..., T, d_v)


### BEGIN SOLUTION
def head_a(x, w_q, w_k, w_v):
    q, k, v = x @ w_q, x @ w_k, x @ w_v  # (..., T, d_k), (..., T, d_k), (..., T, d_v)
    mask = np.tri(x.shape[-2], dtype=bool)  # (T, T)
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])  # (..., T, T)
    scores = np.where(mask, scores, -np.inf)  # (..., T, T)
    weights = softmax(scores)  # (..., T, T)
    return weights @ v  # (..., T, d_v)


### END SOLUTION

# %% check="repair_a"
check("debug_a_head.repair_a")


# %% solution="head_b"
def head_b(x, w_q, w_k, w_v):
    queries = x @ w_q  # (..., T, d_k)
    keys = x @ w_q  # (..., T, d_k)
    values = x @ w_v  # (..., T, d_v)
    future = np.triu(np.ones((x.shape[-2], x.shape[-2]), dtype=bool), k=1)  # (T, T)
    scores = np.einsum("...ic,...jc->...ij", queries, keys) / np.sqrt(keys.shape[-1])  # (..., T, T)
    return softmax(np.where(future, -np.inf, scores)) @ values  # (..., T, d_v)


### BEGIN SOLUTION
def head_b(x, w_q, w_k, w_v):
    queries = x @ w_q  # (..., T, d_k)
    keys = x @ w_k  # (..., T, d_k)
    values = x @ w_v  # (..., T, d_v)
    future = np.triu(np.ones((x.shape[-2], x.shape[-2]), dtype=bool), k=1)  # (T, T)
    scores = np.einsum("...ic,...jc->...ij", queries, keys) / np.sqrt(keys.shape[-1])  # (..., T, T)
    return softmax(np.where(future, -np.inf, scores)) @ values  # (..., T, d_v)


### END SOLUTION

# %% check="repair_b"
check("debug_a_head.repair_b")


# %% solution="head_c"
def head_c(x, w_q, w_k, w_v):
    d_k = w_k.shape[-1]
    positions = np.arange(x.shape[-2])  # (T,)
    may_attend = positions[np.newaxis, :] < positions[:, np.newaxis]  # (T, T)
    scores = (x @ w_q) @ np.swapaxes(x @ w_k, -1, -2) / d_k**0.5  # (..., T, T)
    scores = np.where(may_attend, scores, -np.inf)  # (..., T, T)
    return softmax(scores) @ (x @ w_v)  # (..., T, d_v)


### BEGIN SOLUTION
def head_c(x, w_q, w_k, w_v):
    d_k = w_k.shape[-1]
    positions = np.arange(x.shape[-2])  # (T,)
    may_attend = positions[np.newaxis, :] <= positions[:, np.newaxis]  # (T, T)
    scores = (x @ w_q) @ np.swapaxes(x @ w_k, -1, -2) / d_k**0.5  # (..., T, T)
    scores = np.where(may_attend, scores, -np.inf)  # (..., T, T)
    return softmax(scores) @ (x @ w_v)  # (..., T, d_v)


### END SOLUTION

# %% check="repair_c"
check("debug_a_head.repair_c")


# %% solution="head_d"
def head_d(x, w_q, w_k, w_v):
    q = x @ w_q  # (..., T, d_k)
    k = x @ w_k  # (..., T, d_k)
    mask = np.tri(x.shape[-2], dtype=bool)  # (T, T)
    scores = np.where(mask, q @ np.swapaxes(k, -1, -2) / np.sqrt(k.shape[-1]), -np.inf)  # (..., T, T)
    return softmax(scores) @ x


### BEGIN SOLUTION
def head_d(x, w_q, w_k, w_v):
    q = x @ w_q  # (..., T, d_k)
    k = x @ w_k  # (..., T, d_k)
    v = x @ w_v  # (..., T, d_v)
    mask = np.tri(x.shape[-2], dtype=bool)  # (T, T)
    scores = np.where(mask, q @ np.swapaxes(k, -1, -2) / np.sqrt(k.shape[-1]), -np.inf)  # (..., T, T)
    return softmax(scores) @ v  # (..., T, d_v)


### END SOLUTION

# %% check="repair_d"
check("debug_a_head.repair_d")


# %% solution="head_e"
def head_e(x, w_q, w_k, w_v):
    q, k, v = x @ w_q, x @ w_k, x @ w_v  # (..., T, d_k), (..., T, d_k), (..., T, d_v)
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])  # (..., T, T)
    scores = np.tril(scores)  # (..., T, T)
    weights = softmax(scores)  # (..., T, T)
    return weights @ v  # (..., T, d_v)


### BEGIN SOLUTION
def head_e(x, w_q, w_k, w_v):
    q, k, v = x @ w_q, x @ w_k, x @ w_v  # (..., T, d_k), (..., T, d_k), (..., T, d_v)
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])  # (..., T, T)
    scores = np.where(np.tri(x.shape[-2], dtype=bool), scores, -np.inf)  # (..., T, T)
    weights = softmax(scores)  # (..., T, T)
    return weights @ v  # (..., T, d_v)


### END SOLUTION

# %% check="repair_e"
check("debug_a_head.repair_e")


# %% solution="head_f"
def head_f(x, w_q, w_k, w_v):
    q, k, v = (x @ w for w in (w_q, w_k, w_v))  # (..., T, d_k), (..., T, d_k), (..., T, d_v)
    scores = q @ np.swapaxes(k, -1, -2)  # (..., T, T)
    scores = np.where(np.tri(x.shape[-2], dtype=bool), scores, -np.inf)  # (..., T, T)
    return softmax(scores) @ v  # (..., T, d_v)


### BEGIN SOLUTION
def head_f(x, w_q, w_k, w_v):
    q, k, v = (x @ w for w in (w_q, w_k, w_v))  # (..., T, d_k), (..., T, d_k), (..., T, d_v)
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])  # (..., T, T)
    scores = np.where(np.tri(x.shape[-2], dtype=bool), scores, -np.inf)  # (..., T, T)
    return softmax(scores) @ v  # (..., T, d_v)


### END SOLUTION

# %% check="repair_f"
check("debug_a_head.repair_f")

# %% [markdown] id="about-shows-bug"
# ## 4. A test for any head
#
# Write `shows_bug(head)`. It receives a head, calls it as `head(x, w_q, w_k, w_v)` on inputs that you make up, and returns
# True if the head shows a bug and False if it does not. The check tries your function on right heads, on the six heads of
# section 3 in their original form, and on broken heads you have not seen. You may look at symptoms, compare with a right head
# (you have some now), or do both.
#
# What counts as right:
#
# - `x` is (T, d_model), or has leading axes such as (B, T, d_model). The result is (T, d_v), or (B, T, d_v). The sizes d_k, d_v,
#   d_model and T may all differ.
# - The result is that of scaled causal attention, however the head is written. Some heads compute in float32, so differences
#   below 0.001 are not a bug.
# - `x` may hold integers. The result is not rounded to integers.
# - If the numbers in `x` are 60 times as large as those of `standard_normal`, the result has no NaN and no infinity. Do not
#   compare digits for such large tokens.
# - No such input raises an error. If a broken head raises one, that is a bug of the head, and `shows_bug` returns True.
#
# Some broken heads are right on most inputs. Which inputs would bring their mistakes to light?


# %% solution="shows_bug"
def shows_bug(head):
    """True if a causal head shows a bug, False if it is right."""
    ### BEGIN SOLUTION
    random = np.random.default_rng(11)
    w_q, w_k, w_v = (random.standard_normal((6, width)) / np.sqrt(6) for width in (4, 4, 5))  # (d_model, d_k or d_v)

    def right(x):
        q, k, v = x @ w_q, x @ w_k, x @ w_v  # (..., T, d_k), (..., T, d_k), (..., T, d_v)
        scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(4)  # (..., T, T)
        return softmax(np.where(np.tri(x.shape[-2], dtype=bool), scores, -np.inf)) @ v  # (..., T, d_v)

    ordinary = random.standard_normal((3, 7, 6))  # (B, T, d_model)
    whole = random.integers(-3, 4, size=(7, 6))  # (T, d_model)
    try:
        for x in (ordinary[0], ordinary, whole):
            output, expected = head(x, w_q, w_k, w_v), right(x)
            if output.shape != expected.shape or not np.abs(output - expected).max() < 0.001:  # NaN is not below
                return True
        return not np.isfinite(head(60 * ordinary, w_q, w_k, w_v)).all()
    except Exception:
        return True
    ### END SOLUTION
    raise NotImplementedError("shows_bug is not written yet: replace this line by its body.")


# %% [markdown] id="try-your-test"
# Try your function on the six heads of section 1 and on the first head you repaired. What should it return for each?

# %% id="try-shows-bug"
try:
    with np.errstate(all="ignore"):
        print({colour: shows_bug(head) for colour, head in ill.items()}, "and repaired:", shows_bug(head_a))
except Exception as problem:
    print("Not yet:", problem)

# %% check="shows_bug"
check("debug_a_head.shows_bug")

# %% [markdown] id="try-it"
# Things to try: take your causal head from unit 6 and break it in a way that your test does not notice. Then improve the test.
# In unit 8 you assemble the whole layer.
