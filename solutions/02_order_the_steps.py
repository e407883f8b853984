"""Unit 2: the order of the steps.

Goal: the learner knows what each step of a head needs and produces, and so which steps can be swapped; and knows what
follows the heads.
Not taught here: writing the steps (unit 1), the mask (unit 6), writing the concatenation and W_o (units 4 and 5).
Known mistakes: scale or softmax too late, values mixed by scores; a step called twice or forgotten; heads added up,
projected before they are concatenated, normalised in between.
"""

# %% [markdown] id="title"
# # The order of the steps
#
# **You will** put the steps of one attention head in order, predict which of them can be swapped, and choose what comes
# after the heads.
#
# **You will learn** what each step needs and produces, why some swaps change nothing and others ruin the output, and how a
# wrong order shows in the numbers.
#
# **You need** unit 1. About 20 minutes. The lesson `02_order_the_steps` explains the same with pictures.
#
# Fill in a cell, run it, and run the `check` below it. The cell below each check has hints, which cost nothing, and a worked
# solution.

# %% given="setup"
from autograder import check, hint, own_numbers, show_numbers, show_steps, show_swap, solution

# %% [markdown] id="about-the-head"
# ## 1. One head
#
# Here are the seven steps of one head. Each needs certain arrays, by name, and produces one:
#
# | step | needs | produces |
# |---|---|---|
# | `project_q` | `x`, `w_q` | `q` (T, d_k) |
# | `project_k` | `x`, `w_k` | `k` (T, d_k) |
# | `project_v` | `x`, `w_v` | `v` (T, d_v) |
# | `scores` | `q`, `k` | `matrix` (T, T), all dot products |
# | `scale` | `matrix` | a new `matrix`, divided by $\sqrt{d_k}$ |
# | `softmax` | `matrix` | a new `matrix`, each row turned into weights |
# | `mix` | `matrix`, `v` | `output` (T, d_v) |
#
# `scale` and `softmax` work on whatever the matrix holds, scores or weights. They run without an error even in the wrong
# order.
#
# The list below is shuffled. Put all seven steps into an order that computes the head. In Jupyter, **Alt+Up** and **Alt+Down**
# move the line with the cursor, so you need not type anything. Several orders are right, and the check accepts all of them.

# %% solution="head_steps"
head_steps = [
    "softmax",
    "project_v",
    "mix",
    "scale",
    "project_k",
    "scores",
    "project_q",
]
### BEGIN SOLUTION
head_steps = [
    "project_q",
    "project_k",
    "project_v",
    "scores",
    "scale",
    "softmax",
    "mix",
]
### END SOLUTION

# %% [markdown] id="watch-it-run"
# `show_steps` runs your order on an example with T = 5, d_model = 12, d_k = 4 and d_v = 6. It shows what each step produces,
# and stops at a step that needs something not yet there. Watch the last column. What should the rows of the matrix sum to when
# `mix` uses it?

# %% id="show-the-head"
show_steps(head_steps)

# %% check="head_order"
check("order_the_steps.head_order")

# %% [markdown] id="about-swaps"
# ## 2. Which steps may swap
#
# Take an order that works and in which two steps are neighbours. Now swap these two. Is the output still the same?
#
# Predict this for eight pairs, before you run any of them. Write any integer in place of the first `...`, for example today's
# date. It decides which pairs you get. Run the cell to see them. Then, in place of each other `...`, write `True` if the output
# stays the same, and `False` if it changes or if the swapped order does not run at all. The check reports roughly how many of
# the eight are right, but not which.

# %% solution="swaps"
my_number = ...
keeps_output = {
    "A": ...,
    "B": ...,
    "C": ...,
    "D": ...,
    "E": ...,
    "F": ...,
    "G": ...,
    "H": ...,
}
### BEGIN SOLUTION
my_number = 1207
keeps_output = {
    "A": True,  # both projections only need x
    "B": True,  # the scale does not need v
    "C": False,  # mix needs v
    "D": True,  # softmax does not need v
    "E": True,
    "F": True,
    "G": False,  # mix would use scores instead of weights
    "H": False,  # dividing and softmax do not commute
}
### END SOLUTION
show_numbers("order_the_steps.swaps", my_number)

# %% [markdown] id="run-the-swaps"
# Once all eight are filled in, run them. `show_swap` takes a correct order in which the two steps are neighbours, swaps them
# and compares the outputs. If a prediction was wrong, look at the table of section 1 again. What does each of the two steps
# need, and what does it produce?

# %% id="show-the-swaps"
try:
    pairs = own_numbers("order_the_steps.swaps", my_number)
    if any(kept is ... for kept in keeps_output.values()):
        print("Predict first: some of the eight are still open.")
    else:
        for letter, step, following in zip(*pairs.values(), strict=True):
            print(f"{letter}, you predicted {keeps_output[letter]}.".ljust(25), end="")
            show_swap(step, following)
except Exception as problem:
    print("Not yet:", problem)

# %% check="swaps"
check("order_the_steps.swaps")

# %% [markdown] id="about-after-the-heads"
# ## 3. After the heads
#
# A layer has several heads, and each has run its seven steps. Now there are H = 3 outputs, together `result` (H, T, d_v), here
# (3, 5, 6). From them the layer makes one row per token that contains what every head found:
#
# $$\text{MultiHead}(X) = \text{Concat}(\text{head}_0, \ldots, \text{head}_{H-1})\, W_o$$
#
# Below are five steps. Each reads `result` and replaces it. Some of them do not belong here. **Delete their lines**, and put
# the others in order.
#
# | step | what it turns `result` into |
# |---|---|
# | `concatenate` | the heads side by side, one long row per token |
# | `add_heads` | the sum over the heads |
# | `normalise` | each row shifted and scaled to mean 0 and standard deviation 1 |
# | `softmax_again` | each row turned into weights |
# | `multiply_by_w_o` | each row times `w_o`, which is (18, 10) |

# %% solution="after_heads"
after_heads = [
    "normalise",
    "add_heads",
    "multiply_by_w_o",
    "softmax_again",
    "concatenate",
]
### BEGIN SOLUTION
after_heads = [
    "concatenate",
    "multiply_by_w_o",
]
### END SOLUTION

# %% id="show-after-the-heads"
show_steps(after_heads)

# %% check="after_heads"
check("order_the_steps.after_heads")

# %% [markdown] id="try-it"
# Things to try: run `show_steps` with `scale` after `softmax`, with `mix` before `softmax`, and with `scale` twice. What do
# the rows of the matrix sum to, and why? Then go on to unit 3, several heads.
