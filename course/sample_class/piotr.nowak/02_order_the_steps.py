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
keeps_output = {
    "project_q": {"project_k": ..., "scores": ...},
    "scores": {"project_v": ..., "scale": ...},
    "scale": {"project_v": ..., "softmax": ...},
    "project_v": {"softmax": ..., "mix": ...},
}
needs_each_other = [("project_q", "scores"), ("scores", "scale"), ("scale", "softmax"), ("project_v", "mix")]
for step in keeps_output:
    for other in keeps_output[step]:
        keeps_output[step][other] = (step, other) not in needs_each_other

# %% after_heads
after_heads = [
    "concatenate",
    "multiply_by_w_o",
]
