# %% head_steps
head_steps = [
    "project_q",
    "project_k",
    "project_v",
    "scores",
    "scale",
    "softmax",
    "mix",
]

# %% swaps
my_number = 1212
keeps_output = {
    "A": False,
    "B": True,
    "C": False,
    "D": False,
    "E": True,
    "F": True,
    "G": True,
    "H": False,
}
show_numbers("order_the_steps.swaps", my_number)

# %% after_heads
after_heads = [
    "concatenate",
    "multiply_by_w_o",
    "softmax_again",
]

# %% show-the-head
for i in range(len(head_steps)):
    print("first", i, "steps:", head_steps[:i])
show_steps(head_steps)
