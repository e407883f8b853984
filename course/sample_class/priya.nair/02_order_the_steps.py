# %% head_steps
head_steps = [
    "project_q",
    "project_k",
    "project_v",
    "scores",
    "scale",
    "mix",
    "softmax",
]

# %% swaps
my_number = 549
keeps_output = {
    "A": False,
    "B": True,
    "C": True,
    "D": False,
    "E": True,
    "F": True,
    "G": False,
    "H": True,
}
show_numbers("order_the_steps.swaps", my_number)

# %% after_heads
after_heads = [
    "add_heads",
    "multiply_by_w_o",
]
