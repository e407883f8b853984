# %% head_steps
head_steps = [
    "project_v",
    "project_q",
    "project_k",
    "scores",
    "scale",
    "softmax",
    "mix",
]

# %% swaps
keeps_output = {
    "project_q": {"project_k": False, "scores": False},
    "scores": {"project_v": False, "scale": False},
    "scale": {"project_v": False, "softmax": False},
    "project_v": {"softmax": False, "mix": False},
}

# %% after_heads
after_heads = [
    "concatenate",
    "multiply_by_w_o",
]
