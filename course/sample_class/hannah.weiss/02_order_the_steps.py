# %% head_steps
head_steps = ("project_v", "project_q", "project_k", "scores", "scale", "softmax", "mix")

# %% swaps
T, F = True, False
keeps_output = {
    "project_q": {"project_k": T, "scores": F},
    "scores": {"project_v": T, "scale": F},
    "scale": {"project_v": T, "softmax": F},
    "project_v": {"softmax": T, "mix": F},
}

# %% after_heads
after_heads = ("concatenate", "multiply_by_w_o")
