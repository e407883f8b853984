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
my_number = 2
keeps_output = {
    "A": True,
    "B": False,
    "C": True,
    "D": True,
    "E": False,
    "F": True,  # dividing is dividing
    "G": True,
    "H": False,
}
show_numbers("order_the_steps.swaps", my_number)

# %% after_heads
after_heads = [
    "concatenate",
    "multiply_by_w_o",
]
