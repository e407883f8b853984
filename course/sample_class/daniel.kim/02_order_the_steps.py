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
my_number = 210
keeps_output = {
    "A": True,
    "B": True,
    "C": False,
    "D": False,
    "E": True,
    "F": True,
    "G": False,
    "H": True,
}
show_numbers("order_the_steps.swaps", my_number)

# %% after_heads
after_heads = [
    "concatenate",
    "multiply_by_w_o",
    "normalise",
]
