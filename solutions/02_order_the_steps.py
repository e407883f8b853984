"""Unit 2: the order of the steps.

Goal: the learner can say of every step of a head what it needs and what it changes, so which steps may change places
and which may not, and what follows the heads.
Not taught here: writing the steps (unit 1), the mask (unit 6), writing the concatenation and W_o (units 4 and 5).
Known mistakes: scale or softmax too late, values mixed by scores; a step called twice or forgotten; heads added up,
projected before they are concatenated, normalised in between.
"""

# %% [markdown] id="title"
# # The order of the steps
#
# **You will** put the steps of one attention head in order, predict which of them may change places, and choose what
# comes after the heads.
#
# **You will learn** what each step needs and what it leaves behind, why some swaps change nothing and others ruin the
# output, and how a wrong order shows in the numbers.
#
# **You need** unit 1. About 20 minutes. The lesson `02_order_the_steps` tells the same story with pictures.
#
# As always, fill in a cell, run it, and run the `check` below it. The cell below the check has hints, which cost nothing,
# and a worked solution.

# %% given="setup"
from autograder import check, hint, show_steps, show_swap, solution

# %% [markdown] id="about-the-head"
# ## 1. One head
#
# Here are the seven steps of one head. Each takes what is there, by name, and makes something new:
#
# | step | takes | makes |
# |---|---|---|
# | `project_q` | `x`, `w_q` | `q` (T, d_k) |
# | `project_k` | `x`, `w_k` | `k` (T, d_k) |
# | `project_v` | `x`, `w_v` | `v` (T, d_v) |
# | `scores` | `q`, `k` | `matrix` (T, T): all dot products |
# | `scale` | `matrix` | `matrix` again, divided by sqrt(d_k) |
# | `softmax` | `matrix` | `matrix` again, each row turned into weights |
# | `mix` | `matrix`, `v` | `output` (T, d_v) |
#
# `scale` and `softmax` work on the matrix as they find it. They would run on scores and on weights alike; nobody stops
# you from calling them in the wrong order.
#
# The list below is shuffled. Put it in an order that computes the head; all seven steps stay in it, once each. In Jupyter,
# **Alt+Up** and **Alt+Down** move the line that the cursor is in, so nothing needs to be typed, and nothing has to be
# written below the list. More than one order is right: every order that gives the head's output passes.

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
# `show_steps` runs your order on an example with T = 5, d_model = 12, d_k = 4 and d_v = 6, shows what each step makes, and stops
# where something is missing. Watch the last column: what should the rows of the matrix sum to when `mix` takes it?

# %% id="show-the-head"
show_steps(head_steps)

# %% check="head_order"
check("order_the_steps.head_order")

# %% [markdown] id="about-swaps"
# ## 2. Which steps may swap
#
# Think of an order that works, in which two steps stand side by side. Now let these two change places. Is the output
# still the same?
#
# Predict it for eight pairs, before you run anything. Write `True` where the output stays the same, and `False` where it
# changes or where the other order does not run at all. Replace every `...`. The check reports how
# many of the eight are right, at least, and not which.

# %% solution="swaps"
keeps_output = {
    "project_q": {"project_k": ..., "scores": ...},
    "scores": {"project_v": ..., "scale": ...},
    "scale": {"project_v": ..., "softmax": ...},
    "project_v": {"softmax": ..., "mix": ...},
}
### BEGIN SOLUTION
keeps_output = {
    "project_q": {"project_k": True, "scores": False},
    "scores": {"project_v": True, "scale": False},
    "scale": {"project_v": True, "softmax": False},
    "project_v": {"softmax": True, "mix": False},
}
### END SOLUTION

# %% [markdown] id="run-the-swaps"
# When all eight are filled in, run them: `show_swap` takes a right order in which the two are neighbours, swaps them and
# compares the outputs. Were you right? Where not, look at the table of section 1 again: what does each of the two take, what
# does it make?

# %% id="show-the-swaps"
try:
    swaps = [(step, other, kept) for step, line in keeps_output.items() for other, kept in line.items()]
    if any(kept is ... for _, _, kept in swaps):
        print("Predict first: some of the eight are still open.")
    else:
        for step, other, kept in swaps:
            print(f"You said {kept}.".ljust(16), end="")
            show_swap(step, other)
except Exception as problem:
    print("Not yet:", problem)

# %% check="swaps"
check("order_the_steps.swaps")

# %% [markdown] id="about-after-the-heads"
# ## 3. After the heads
#
# A layer has several heads. Each has run its seven steps by itself; now there are three outputs, `result` (H, T, d_v), here
# (3, 5, 6). The layer's output is one row per token, with every head's findings in it:
#
# $$\text{MultiHead}(X) = \text{Concat}(\text{head}_1, \ldots, \text{head}_H)\, W_o$$
#
# Below are five steps, each of which takes `result` and replaces it. Some of them do not belong here at all: **delete
# their lines**, and put the others in order.
#
# | step | what it makes of `result` |
# |---|---|
# | `concatenate` | the heads side by side, one long row per token |
# | `add_heads` | the sum over the heads |
# | `normalise` | each row shifted and scaled to mean 0 and spread 1 |
# | `softmax_again` | each row turned into weights |
# | `multiply_by_w_o` | each row times `w_o` (18, 10) |

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
# Things to try: `show_steps` with `scale` behind `softmax`, with `mix` before `softmax`, with `scale` twice. What do the rows of
# the matrix sum to, and why? Then go on to unit 3, several heads.
