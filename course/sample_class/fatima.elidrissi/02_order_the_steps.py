# %% head_steps
head_steps = [
    "project_k",
    "project_v",
    "project_q",
    "scores",
    "scale",
    "softmax",
    "mix",
]

# %% swaps
my_number = 863
keeps_output = dict.fromkeys("ABCDEFGH", False)
keeps_output["D"] = True  # project_q and project_k touch different arrays
keeps_output["F"] = True  # project_v and softmax touch different arrays
keeps_output["G"] = True  # project_k and project_v touch different arrays

show_numbers("order_the_steps.swaps", my_number)

# %% after_heads
after_heads = [
    "concatenate",
    "multiply_by_w_o",
]
