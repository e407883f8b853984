# %% head_steps
head_steps = [
    "project_q",
    "project_v",
    "project_k",
    "scores",
    "scale",
    "softmax",
    "mix",
]

# %% swaps
my_number = 2976
keeps_output = {
    "A": False,
    "B": False,
    "C": False,
    "D": False,
    "E": True,
    "F": False,
    "G": True,
    "H": True,
}
show_numbers("order_the_steps.swaps", my_number)

# %% after_heads
after_heads = [
    "concatenate",
    "multiply_by_w_o",
]
