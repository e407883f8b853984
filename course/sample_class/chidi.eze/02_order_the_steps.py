# %% head_steps
head_steps = [
    # three parts of every token; they only need x, so their own order is free
    "project_q",
    "project_k",
    "project_v",
    # needs q and k
    "scores",
    # must act on scores, not on weights: softmax is not linear
    "scale",
    # now rows sum to 1
    "softmax",
    # needs the weights and v, so it is last
    "mix",
]

# %% swaps
keeps_output = {
    # q and k do not know of each other | scores needs q
    "project_q": {"project_k": True, "scores": False},
    # v is not needed yet | there is nothing to scale before the scores
    "scores": {"project_v": True, "scale": False},
    # v is still not needed | both change the matrix, and softmax is not linear
    "scale": {"project_v": True, "softmax": False},
    # softmax does not touch v | mix needs v
    "project_v": {"softmax": True, "mix": False},
}
