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
keeps_output = {
    "project_q": {"project_k": True, "scores": False},
    "scores": {"project_v": True, "scale": False},
    "scale": {"project_v": ..., "softmax": ...},
    "project_v": {"softmax": ..., "mix": ...},
}

# %% after_heads
after_heads = [
    "concatenate",
    "multiply_by_w_o",
]
