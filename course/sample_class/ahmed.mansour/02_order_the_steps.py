# %% head_steps
head_steps = [
    "project_v",
    "project_q",
    "project_k",
    "scores",
    "scale",
    "softmax",
    "mix",
]

# %% swaps
my_number = 2108
keeps_output = {
    "A": False,
    "B": False,
    "C": False,
    "D": False,
    "E": False,
    "F": False,
    "G": False,
    "H": False,
}
show_numbers("order_the_steps.swaps", my_number)

# %% after_heads
after_heads = [
    "concatenate",
    "multiply_by_w_o",
]
