# %% head_steps
head_steps = ("project_v", "project_q", "project_k", "scores", "scale", "softmax", "mix")

# %% swaps
my_number = 550
T, F = True, False
keeps_output = {"A": T, "B": F, "C": F, "D": T, "E": T, "F": T, "G": F, "H": F}
show_numbers("order_the_steps.swaps", my_number)

# %% after_heads
after_heads = ("concatenate", "multiply_by_w_o")
