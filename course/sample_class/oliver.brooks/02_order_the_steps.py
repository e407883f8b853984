# %% head_steps
head_steps = [
    "project_q",
    "project_k",
    "project_v",
    "scores",
    "softmax",
    "mix",
]

# %% swaps
my_number = 3069
keeps_output = {
    "A": False,
    "B": False,
    "C": True,
    "D": False,
    "E": True,
    "F": False,
    "G": True,
    "H": False,
}
show_numbers("order_the_steps.swaps", my_number)

# %% after_heads
after_heads = [
    "concatenate",
    "multiply_by_w_o",
]
