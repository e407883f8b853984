# %% head_steps
head_steps = [
    "project_q",
    "project_k",
    "scores",
    "scale",
    "softmax",
    "mix",
    "project_v",
]

# %% swaps
my_number = 1872
keeps_output = {
    "A": False,
    "B": False,
    "C": True,
    "D": True,
    "E": ...,
    "F": ...,
    "G": ...,
    "H": ...,
}
show_numbers("order_the_steps.swaps", my_number)

# %% after_heads
after_heads = [
    "concatenate",
    "multiply_by_w_o",
]
