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
keeps_output = {
    "project_q": {"project_k": ..., "scores": ...},
    "scores": {"project_v": ..., "scale": ...},
    "scale": {"project_v": ..., "softmax": ...},
    "project_v": {"softmax": ..., "mix": ...},
}
keeps_output["project_q"] = {"project_k": True, "scores": False}  # both only read x; scores reads q
keeps_output["scores"] = {"project_v": True, "scale": False}
keeps_output["scale"] = {"project_v": True, "softmax": False}  # exp(s / 2) is not exp(s) / 2
keeps_output["project_v"] = {"softmax": True, "mix": False}

# %% after_heads
after_heads = [
    "concatenate",
    "multiply_by_w_o",
]
