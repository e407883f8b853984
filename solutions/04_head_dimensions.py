"""Unit 4: the width of a head and of their concatenation.

Goal: the learner can work out every width and shape on the way through a layer, for any configuration, and can split
the columns of a projection among the heads and bring the heads' outputs back side by side.
Not taught here: what heads are for (unit 3), the output projection (unit 5).
Known mistakes: the width taken for d_model or the number of heads, multiplied or subtracted; rounding where the heads
do not divide d_model; heads split or merged by a reshape alone; joined along tokens or batch, interleaved, added.
"""

# %% [markdown] id="title"
# # The width of a head, and of all heads side by side
#
# **You will** work out the widths and shapes inside a layer, and write the two functions that move between "all heads
# in one array of columns" and "an axis for the heads".
#
# **You will learn** how wide a head is and how wide all of them are together, along which axis heads are split and
# joined, and why a reshape alone is not enough.
#
# **You need** unit 3, several heads. About 30 minutes. The lesson is `04_head_dimensions`.
#
# Some questions ask you to predict a number or a shape. Write it in place of the `...`. Functions of arrays should work for
# integers too and should not change the arrays they are given. Hints and a worked solution are in the cell below each check.

# %% given="setup"
import numpy as np

from autograder import check, hint, show_numbers, show_values, solution

# %% [markdown] id="the-example"
# In unit 3 two heads looked at "cat", "sat" and "it". Here are their outputs side by side, one row for each token. Columns 0
# and 1 come from head 0, columns 2 and 3 from head 1. This unit is about such arrays: how wide they are, and which column
# belongs to which head.

# %% id="side-by-side"
heads_of_unit_3 = np.array(
    [[[0.9147, 0.5586], [1.4438, 0.2943], [1.6301, 0.2149]], [[1.3457, 0.7454], [1.007, 0.8724], [1.6611, 0.6049]]]
)
row_by_row = [np.concatenate([head[t] for head in heads_of_unit_3]) for t in range(3)]
show_values(
    row_by_row, rows=["cat", "sat", "it"], columns=["0", "0", "1", "1"], title="Columns by head: (T, H·d_v) = (3, 4)"
)

# %% [markdown] id="about-the-width-of-a-head"
# ## 1. The width of a head
#
# In most models the heads share the width of the model equally. With H heads, the width of each is
#
# $$d_k = d_v = \frac{d_\text{model}}{H}$$
#
# Here is the question the other way round. The heads of a layer share d_model equally, and the layer divides its scores by
# `scale`. How many heads does it have?
#
# Write any integer in place of the first `...`, for example today's date. It decides the sizes. Run the cell to see them, then
# write your answer in place of the second `...`.

# %% solution="predict_width"
my_number = ...
my_heads = ...
### BEGIN SOLUTION
my_number = 1207
my_heads = 3
### END SOLUTION
show_numbers("head_dimensions.width_768", my_number)

# %% check="width_768"
check("head_dimensions.width_768")

# %% [markdown] id="about-head-width"
# Now write `head_width` for any configuration. It returns the width as an `int`, because it is a number of columns. If the
# number of heads does not divide d_model, there is no such width. Then `head_width` raises a `ValueError` whose message says
# what does not fit.
#
# Example: `head_width(12, 3)` returns 4, and `head_width(12, 5)` raises a `ValueError`.


# %% solution="head_width"
def head_width(d_model, num_heads):
    """Return the width of one head if num_heads heads share d_model equally.

    d_model and num_heads are positive integers. Returns an int.
    Raises ValueError if num_heads does not divide d_model.
    """
    ### BEGIN SOLUTION
    if d_model % num_heads != 0:
        raise ValueError(f"{num_heads} heads cannot share d_model = {d_model} equally")
    return d_model // num_heads
    ### END SOLUTION
    raise NotImplementedError("head_width is not written yet: replace this line by its body.")


# %% id="try-head-width"
for num_heads in (3, 5):
    try:
        print(f"head_width(12, {num_heads}) returns", head_width(12, num_heads))
    except Exception as problem:
        print(f"head_width(12, {num_heads}) raises {type(problem).__name__}: {problem}")

# %% check="head_width"
check("head_dimensions.head_width")

# %% [markdown] id="about-concatenation"
# ## 2. The width of the concatenation
#
# After attention, every head has an output of d_v numbers for each token. These are put side by side in the token's row, head
# 0 first. The next cell shows the sizes of a layer whose values are wider or narrower than its keys. How many numbers are in
# each token's row after the concatenation?

# %% solution="predict_concat_width"
my_width = ...
### BEGIN SOLUTION
my_width = 207  # for my_number = 1207: 9 heads, d_v = 23
### END SOLUTION
show_numbers("head_dimensions.concat_width", my_number)

# %% check="concat_width"
check("head_dimensions.concat_width")

# %% [markdown] id="about-concat-width"
# Now in general. d_v need not be d_model divided by the number of heads, so the function does not need d_model.
#
# Example: `concat_width(2, 2)` returns 4, as in the table of "cat", "sat" and "it" above.


# %% solution="concat_width"
def concat_width(num_heads, d_v):
    """Return the width of num_heads heads of width d_v, side by side."""
    ### BEGIN SOLUTION
    return num_heads * d_v
    ### END SOLUTION
    raise NotImplementedError("concat_width is not written yet: replace this line by its body.")


# %% check="concat_function"
check("head_dimensions.concat_function")

# %% [markdown] id="about-configurations"
# Not all sizes go together. The next cell shows six statements, drawn by `my_number`. In each of these layers, all heads are
# equally wide. At least two of the statements are true, and at least two are false. Write the letters of the true ones,
# such as `"BDF"`. The check reports only whether all six are judged correctly.

# %% solution="choose_configurations"
possible = ...
### BEGIN SOLUTION
possible = "AD"  # for my_number = 1207
### END SOLUTION
show_numbers("head_dimensions.configurations", my_number)

# %% check="configurations"
check("head_dimensions.configurations")

# %% [markdown] id="about-the-table-of-shapes"
# ## 3. A table of shapes
#
# Here are the sizes of a layer. Its widths were chosen freely (d_k is not d_model / H), so all sizes differ and you can tell
# where each comes from:
#
# | B | T | d_model | H | d_k | d_v |
# |---|---|---|---|---|---|
# | 2 | 5 | 24 | 3 | 4 | 6 |
#
# `x` is (2, 5, 24). Write the shape of each array as a tuple in place of its `...`. Every entry earns points by itself.
#
# | name | what it is |
# |---|---|
# | `w_q`, `w_v` | the fused matrices of all heads |
# | `q`, `v` | `x @ w_q` and `x @ w_v` |
# | `q_heads`, `v_heads` | `q` and `v` split into heads, with an axis for the heads after the batch |
# | `k_swapped` | the keys, split into heads, with the last two axes swapped for the product with the queries |
# | `scores` | the scores of all heads |
# | `heads` | the outputs of all heads, after the weights have mixed the values |
# | `concatenated` | the outputs side by side |

# %% solution="table_of_shapes"
shapes = {
    "w_q": ...,
    "w_v": ...,
    "q": ...,
    "v": ...,
    "q_heads": ...,
    "v_heads": ...,
    "k_swapped": ...,
    "scores": ...,
    "heads": ...,
    "concatenated": ...,
    ### BEGIN SOLUTION
    "w_q": (24, 12),
    "w_v": (24, 18),
    "q": (2, 5, 12),
    "v": (2, 5, 18),
    "q_heads": (2, 3, 5, 4),
    "v_heads": (2, 3, 5, 6),
    "k_swapped": (2, 3, 4, 5),
    "scores": (2, 3, 5, 5),
    "heads": (2, 3, 5, 6),
    "concatenated": (2, 5, 18),
    ### END SOLUTION
}

# %% check="shapes"
check("head_dimensions.shapes")

# %% [markdown] id="about-splitting"
# ## 4. Split the heads
#
# `split_heads` accepts the columns of all heads, (..., T, H·d), and gives the heads an axis of their own, just before the
# tokens: (..., H, T, d). Head h gets columns h·d up to, but not including, (h+1)·d. Then `@` treats the heads like one more
# batch axis, and one line of attention serves them all. There may be any number of leading axes, including none. H divides the
# last axis.
#
# Example: with two heads, the tokens `[[0, 1, 2, 3], [10, 11, 12, 13]]` become `[[[0, 1], [10, 11]], [[2, 3], [12, 13]]]`. Head
# 0 has the first two columns of both tokens. The cell after the check shows a larger example.


# %% solution="split_heads"
def split_heads(x, num_heads):
    """Give the heads an axis of their own: (..., T, H·d) to (..., H, T, d)."""
    ### BEGIN SOLUTION
    *leading, t, width = x.shape
    apart = x.reshape(*leading, t, num_heads, width // num_heads)  # (..., T, H, d)
    return np.swapaxes(apart, -3, -2)  # (..., H, T, d)
    ### END SOLUTION
    raise NotImplementedError("split_heads is not written yet: replace this line by its body.")


# %% id="try-split"
try:
    two_tokens = np.array([[0, 1, 2, 3], [10, 11, 12, 13]])  # (T, H·d)
    print(two_tokens.tolist(), "becomes", split_heads(two_tokens, 2).tolist())
except Exception as problem:
    print("Not yet:", problem)

# %% check="split_heads"
check("head_dimensions.split_heads")

# %% [markdown] id="look-at-the-split"
# Here each number says where it stood: 24 is token 2, column 4. With two heads of width 3, head 0 should have columns 0 to 2
# of every token, and head 1 columns 3 to 5. The last array shows what a reshape alone does. It has the same shape, but each
# head holds two whole tokens.

# %% id="where-the-numbers-go"
labels = 10 * np.arange(4)[:, None] + np.arange(6)  # (T, H·d) = (4, 6)
print("tokens and columns", labels.shape, labels, sep="\n")
try:
    print("split_heads", split_heads(labels, 2).shape, split_heads(labels, 2), sep="\n")
except Exception as problem:
    print("Not yet:", problem)
print("a reshape alone", labels.reshape(2, 4, 3).shape, labels.reshape(2, 4, 3), sep="\n")

# %% [markdown] id="about-concatenating"
# ## 5. Bring the heads back side by side
#
# `concat_heads` does the opposite: it turns (..., H, T, d) into (..., T, H·d), with head 0's columns first. If you split an
# array and concatenate the result, you get the array back.
#
# Example: the two heads from the example of section 4 become `[[0, 1, 2, 3], [10, 11, 12, 13]]` again.


# %% solution="concat_heads"
def concat_heads(heads):
    """Put the heads side by side: (..., H, T, d) to (..., T, H·d)."""
    ### BEGIN SOLUTION
    *leading, num_heads, t, d = heads.shape
    moved = np.swapaxes(heads, -3, -2)  # (..., T, H, d)
    return moved.reshape(*leading, t, num_heads * d)  # (..., T, H·d)
    ### END SOLUTION
    raise NotImplementedError("concat_heads is not written yet: replace this line by its body.")


# %% check="concat_heads"
check("head_dimensions.concat_heads")

# %% id="there-and-back"
try:
    print("two heads become", concat_heads(np.array([[[0, 1], [10, 11]], [[2, 3], [12, 13]]])).tolist())
    print("split and concatenated, it is the same:", np.array_equal(concat_heads(split_heads(labels, 2)), labels))
except Exception as problem:
    print("Not yet:", problem)

# %% [markdown] id="try-it"
# Things to try: for which numbers of heads does `head_width(768, H)` return a width? What does `split_heads` change if there is
# only one head? The concatenation is as wide as all heads together, which need not be d_model. The output projection brings
# the width back to d_model. That is unit 5.
