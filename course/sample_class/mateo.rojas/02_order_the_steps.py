# %% head_steps
head_steps = "project_q project_k scores scale softmax project_v mix".split()

# %% swaps
my_number = 1509
keeps_output = {l: c == "y" for l, c in zip("ABCDEFGH", "nnnynyyy")}
show_numbers("order_the_steps.swaps", my_number)

# %% after_heads
after_heads = "concatenate multiply_by_w_o".split()
