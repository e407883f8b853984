# %% head_steps
head_steps = [
    "project_q",
    "project_v",
    "project_k",
    "scores",
    "scale",
    "softmax",
    "mix",
]

# %% swaps
keeps_output = {
    "project_q": {"project_k": True, "scores": False},
    "scores": {"project_v": True, "scale": False},
    "scale": {"project_v": True, "softmax": False},
    "project_v": {"softmax": True, "mix": False},
}

# %% after_heads
after_heads = [
    "concatenate",
    "multiply_by_w_o",
]
