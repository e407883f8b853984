# %% head_steps
head_steps = [
    "project_k",
    "project_q",
    "scores",
    "scale",
    "softmax",
    "project_v",
    "mix",
]

# %% swaps
my_number = 88
keeps_output = {
    "A": True,
    "B": False,
    "C": True,
    "D": False,
    "E": False,
    "F": True,
    "G": True,
    "H": True,
}
show_numbers("order_the_steps.swaps", my_number)

# %% after_heads
after_heads = [
    "concatenate",
    "multiply_by_w_o",
]
