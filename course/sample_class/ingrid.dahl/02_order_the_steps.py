# %% head_steps
PROJECTIONS = ["project_q", "project_k", "project_v"]
WEIGHTS = ["scores", "scale", "softmax"]
head_steps: list[str] = [*PROJECTIONS, *WEIGHTS, "mix"]

# %% swaps
keeps_output: dict[str, dict[str, bool]] = {
    "project_q": dict(project_k=True, scores=False),
    "scores": dict(project_v=True, scale=False),
    "scale": dict(project_v=True, softmax=False),
    "project_v": dict(softmax=True, mix=False),
}

# %% after_heads
after_heads: list[str] = ["concatenate", "multiply_by_w_o"]
