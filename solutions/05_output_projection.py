"""Unit 5: the output projection W_o.

Goal: the learner knows the shape of W_o for any layer, counts a layer's parameters, applies W_o to the heads, and sees
the same product as a sum over heads, each with a block of rows of its own.
Not taught here: the heads themselves (unit 3), widths and the split (unit 4), the whole layer as one function (unit 8).
Known mistakes: W_o left out, transposed, or taken for (d_model, d_model); each head projected and then concatenated;
heads added, or joined in another way; W_o or all heads but one forgotten in the count; columns taken for rows.
"""

# %% [markdown] id="title"
# # The output projection
#
# **You will** work out the shape of W_o and the number of parameters of a layer, apply W_o to the outputs of several
# heads, and split the result into what each head has added to it.
#
# **You will learn** what W_o is for, and what the block of its rows that belongs to one head means.
#
# **You need** unit 4, the width of a head and of their concatenation. About 35 minutes. The lesson is
# `05_output_projection`.
#
# Some questions ask for a prediction. Write it in place of the `...`. Functions of arrays should work for integers too and
# should not change the arrays they are given. Hints and a worked solution are in the cell below each check.

# %% given="setup"
import numpy as np

from autograder import check, hint, show_numbers, show_values, solution

# %% [markdown] id="the-example"
# Here are "cat", "sat" and "it" once more: the outputs of the two heads of unit 3, (H, T, d_v) = (2, 3, 2), and a matrix W_o of
# shape (4, 4). Rows 0 and 1 of W_o belong to head 0, rows 2 and 3 to head 1.

# %% id="example"
tokens = ["cat", "sat", "it"]
small_heads = np.array(
    [[[0.9147, 0.5586], [1.4438, 0.2943], [1.6301, 0.2149]], [[1.3457, 0.7454], [1.007, 0.8724], [1.6611, 0.6049]]]
)
small_w_o = np.array([[1, 0, 0, 0.5], [0, 1, 0, 0], [0, 0.5, 1, 0], [0.5, 0, 0, 1]])  # (H·d_v, d_out)
for h in range(2):
    show_values(small_heads[h], rows=tokens, title=f"Head {h}: (T, d_v) = (3, 2)")
show_values(small_w_o, rows=["0", "0", "1", "1"], title="W_o, rows by head: (H·d_v, d_out) = (4, 4)")

# %% [markdown] id="about-by-hand"
# ## Before the code: one entry by hand
#
# You get one token's row, `row` (4,), which holds the outputs of two heads of width 2 side by side, and a matrix `w_o` (4, 4).
# The token's output is `row` times `w_o`. What number stands in its column `c`?
#
# Write any integer in place of the first `...`, for example today's date. It decides your numbers, so they are yours alone.
# Run the cell to see them, compute, and write your answer in place of the second `...`, to two decimals. A calculator is fine.

# %% solution="by_hand"
my_number = ...
my_entry = ...
### BEGIN SOLUTION
my_number = 1207
my_entry = 3.25
### END SOLUTION
show_numbers("output_projection.by_hand", my_number)

# %% check="by_hand"
check("output_projection.by_hand")

# %% [markdown] id="about-the-shape"
# ## 1. The shape of W_o
#
# The heads have been concatenated, so each token has a row of H·d_v numbers. The output of the layer should have d_out numbers
# per token. Usually d_out is d_model, so that the next layer can read the output. One matrix turns the row into the output:
#
# $$\text{MultiHead}(X) = \text{Concat}(\text{head}_0, \dots, \text{head}_{H-1})\, W_o$$
#
# What shape must W_o have? Write a function that returns it as a tuple (rows, columns), for any layer: d_v need not be
# d_model / H, and d_out need not be d_model. You do not need every argument.
#
# Example: in the layer above, d_model is 4, and two heads with d_v = 2 and d_out = 4 need a W_o of shape `(4, 4)`. With
# d_v = 3 it would be `(6, 4)`.


# %% solution="output_projection_shape"
def output_projection_shape(d_model, num_heads, d_v, d_out):
    """Return the shape (rows, columns) of w_o in a layer of these sizes."""
    ### BEGIN SOLUTION
    return num_heads * d_v, d_out
    ### END SOLUTION
    raise NotImplementedError("output_projection_shape is not written yet: replace this line by its body.")


# %% check="shape"
check("output_projection.shape")

# %% [markdown] id="about-the-parameters"
# ## 2. The parameters of a layer
#
# The parameters are the numbers that are learned: all entries of `w_q`, `w_k`, `w_v` and `w_o`. There are no biases here. The
# next cell shows the sizes of a layer, all of them different. How many parameters does the layer have? A calculator is fine.

# %% solution="predict_parameters"
my_parameters = ...
### BEGIN SOLUTION
my_parameters = 8328  # for my_number = 1207
### END SOLUTION
show_numbers("output_projection.parameters_768", my_number)

# %% check="parameters_768"
check("output_projection.parameters_768")

# %% [markdown] id="about-any-layer"
# Now write a function for any layer. In each head, queries and keys have d_k columns and values have d_v. The output has d_out
# columns.
#
# Example: the layer of "cat", "sat" and "it" (d_model 4, two heads, d_k = d_v = 2, d_out 4) has 64 parameters, 16 in each
# matrix.


# %% solution="layer_parameters"
def layer_parameters(d_model, num_heads, d_k, d_v, d_out):
    """Count the entries of w_q, w_k, w_v and w_o together; no biases."""
    ### BEGIN SOLUTION
    queries_and_keys = 2 * d_model * num_heads * d_k
    values = d_model * num_heads * d_v
    output = num_heads * d_v * d_out
    return queries_and_keys + values + output
    ### END SOLUTION
    raise NotImplementedError("layer_parameters is not written yet: replace this line by its body.")


# %% id="try-sizes"
try:
    print("shape of W_o:", output_projection_shape(4, 2, 2, 4), "  with d_v = 3:", output_projection_shape(4, 2, 3, 4))
    print("parameters:", layer_parameters(4, 2, 2, 2, 4))
except Exception as problem:
    print("Not yet:", problem)

# %% check="parameters"
check("output_projection.parameters")

# %% [markdown] id="about-applying"
# ## 3. Apply it
#
# `apply_w_o` accepts the outputs of all heads, `heads` of shape (B, H, T, d_v), and `w_o` of shape (H·d_v, d_out). It
# concatenates the heads as in unit 4 (copy your `concat_heads` into the cell, or write it anew), multiplies by W_o and returns
# (B, T, d_out). There may be other leading axes than B, or none.
#
# Example: for the heads above the output of "it" is `[1.93 1.05 1.66 1.42]`.


# %% solution="apply_w_o"
def apply_w_o(heads, w_o):
    """Concatenate the heads and multiply by w_o.

    heads (..., H, T, d_v); w_o (H·d_v, d_out). Returns (..., T, d_out).
    """
    ### BEGIN SOLUTION
    *leading, num_heads, t, d_v = heads.shape
    moved = np.swapaxes(heads, -3, -2)  # (..., T, H, d_v)
    concatenated = moved.reshape(*leading, t, num_heads * d_v)  # (..., T, H·d_v)
    return concatenated @ w_o  # (..., T, d_out)
    ### END SOLUTION
    raise NotImplementedError("apply_w_o is not written yet: replace this line by its body.")


# %% id="try-apply"
try:
    print("output of 'it':", apply_w_o(small_heads, small_w_o)[2].round(2))
except Exception as problem:
    print("Not yet:", problem)

# %% check="apply"
check("output_projection.apply")

# %% [markdown] id="about-rows"
# ## 4. One head's rows
#
# In the concatenation, head h has columns h·d_v up to, but not including, (h+1)·d_v. In the product these columns are
# multiplied by the same rows of W_o and by no others. Write `rows_of_head`. It returns this block of rows, (d_v, d_out), from
# `w_o`, (H·d_v, d_out). H divides the number of rows.
#
# Example: in the layer above, the first of head 1's two rows is `[0.  0.5 1.  0. ]`.


# %% solution="rows_of_head"
def rows_of_head(w_o, h, num_heads):
    """Return head h's rows of w_o: (H·d_v, d_out) to (d_v, d_out)."""
    ### BEGIN SOLUTION
    d_v = w_o.shape[0] // num_heads
    return w_o[h * d_v : (h + 1) * d_v]  # (d_v, d_out)
    ### END SOLUTION
    raise NotImplementedError("rows_of_head is not written yet: replace this line by its body.")


# %% id="try-rows"
try:
    print("head 1's rows:", *rows_of_head(small_w_o, 1, 2))
except Exception as problem:
    print("Not yet:", problem)

# %% check="rows"
check("output_projection.rows")

# %% [markdown] id="about-the-block"
# What does this block do? The next cell shows the row of one token, `row` (4,): columns 0 and 1 from head 0, columns 2 and 3
# from head 1. Suppose someone sets the rows of `w_o` (4, 4) that belong to head `h` to 0 and changes nothing else. By how much
# does column `c` of this token's output change? The sign counts: an output that falls from 3 to 1 changes by -2.

# %% solution="choose_block"
my_change = ...
### BEGIN SOLUTION
my_change = 2  # for my_number = 1207
### END SOLUTION
show_numbers("output_projection.block", my_number)

# %% check="block"
check("output_projection.block")

# %% [markdown] id="about-the-sum"
# ## 5. A sum over heads
#
# Each head's output meets only its own rows of W_o, a matrix of shape (d_v, d_out), and the layer's output is the sum of the
# products:
#
# $$\text{Concat}(\text{head}_0, \dots, \text{head}_{H-1})\, W_o = \sum_{h=0}^{H-1} \text{head}_h\, W_o[h]$$
#
# Here W_o[h] stands for head h's rows. Write `contributions`, which returns the terms of this sum before they are added. From
# `heads` (..., H, T, d_v) and `w_o` (H·d_v, d_out) it makes (..., H, T, d_out). Entry h on the head axis is what head h adds
# to the output.
#
# Example: for "it", head 0 adds `[1.63 0.21 0.   0.82]` and head 1 adds `[0.3  0.83 1.66 0.6 ]`.


# %% solution="contributions"
def contributions(heads, w_o):
    """Compute what each head adds to the output.

    heads (..., H, T, d_v); w_o (H·d_v, d_out). Returns (..., H, T, d_out).
    """
    ### BEGIN SOLUTION
    num_heads = heads.shape[-3]
    blocks = [rows_of_head(w_o, h, num_heads) for h in range(num_heads)]  # H times (d_v, d_out)
    return heads @ np.stack(blocks)  # (..., H, T, d_out)
    ### END SOLUTION
    raise NotImplementedError("contributions is not written yet: replace this line by its body.")


# %% id="try-contributions"
try:
    for h, part in enumerate(contributions(small_heads, small_w_o)):
        print(f"head {h} adds to 'it':", part[2].round(2))
except Exception as problem:
    print("Not yet:", problem)

# %% check="sum"
check("output_projection.sum")

# %% [markdown] id="look-at-the-sum"
# Now look at an example with three heads of width 4, five tokens, and an output of 8 columns. The picture shows token 0. The
# first three rows show what each head adds to the token's output. Then come their sum and the output of `apply_w_o`, which
# should be equal.

# %% id="look-at-contributions"
numbers = np.random.default_rng(5)
heads = numbers.standard_normal((3, 5, 4))  # (H, T, d_v)
w_o = numbers.standard_normal((12, 8)) / np.sqrt(12)  # (H·d_v, d_out)
try:
    parts = contributions(heads, w_o)  # (H, T, d_out)
    total, output = parts.sum(axis=0), apply_w_o(heads, w_o)  # (T, d_out) both
    print("the sum over heads equals the output:", np.allclose(total, output))
    show_values(
        [*parts[:, 0], total[0], output[0]],
        rows=["head 0", "head 1", "head 2", "sum", "output"],
        title="Token 0: what each head adds to its output",
    )
except Exception as problem:
    print("Not yet:", problem)

# %% [markdown] id="try-it"
# Things to try: set `w_o[4:8] = 0` and look again. Whose row is empty now? Give two heads the same output and swap their
# blocks. What changes? You now have every piece of multi-head attention except the mask, which is unit 6.
