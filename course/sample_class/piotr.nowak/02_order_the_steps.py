# %% head_steps
head_steps = [
    "project_v",
    "project_k",
    "project_q",
    "scores",
    "scale",
    "softmax",
    "mix",
]

# %% swaps
my_number = 404
pairs = {
    "A": ("scores", "project_v"),
    "B": ("scale", "softmax"),
    "C": ("softmax", "mix"),
    "D": ("project_v", "mix"),
    "E": ("project_v", "softmax"),
    "F": ("project_k", "project_v"),
    "G": ("project_k", "scores"),
    "H": ("scale", "project_v"),
}
needs_each_other = [("project_q", "scores"), ("project_k", "scores"), ("scores", "scale"), ("scale", "softmax"), ("softmax", "mix"), ("project_v", "mix")]
keeps_output = {}
for letter in pairs:
    keeps_output[letter] = pairs[letter] not in needs_each_other
show_numbers("order_the_steps.swaps", my_number)

# %% after_heads
after_heads = [
    "concatenate",
    "multiply_by_w_o",
]
