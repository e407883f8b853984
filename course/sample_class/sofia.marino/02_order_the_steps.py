# %% head_steps
head_steps = [
    "project_q",
    "project_k",
    "scores",
    "scale",
    "project_v",
    "softmax",
    "mix",
]

# %% swaps
my_number = 2003
keeps_output = {
    "A": True,
    "B": False,
    "C": False,
    "D": True,
    "E": False,
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
