# %% head_steps
head_steps = [
    "project_q",
    "project_k",
    "scores",
    "project_v",
    "scale",
    "softmax",
    "mix",
]

# %% swaps
my_number = 1321
keeps_output = {
    "A": True,
    "B": False,
    "C": True,
    "D": False,
    "E": False,
    "F": False,
    "G": True,
    "H": False,
}
show_numbers("order_the_steps.swaps", my_number)

# %% after_heads
after_heads = [
    "multiply_by_w_o",
    "concatenate",
]
