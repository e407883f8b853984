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
my_number = 1418
keeps_output = {
    "A": False,  # both change the matrix, and softmax is not linear
    "B": False,  # both change the matrix, and softmax is not linear
    "C": True,  # softmax does not need what project_v makes
    "D": True,  # project_k does not need what project_q makes
    "E": False,  # mix needs the matrix of softmax
    "F": True,  # project_v does not need what scale makes
    "G": False,  # scores needs the q of project_q
    "H": False,  # scores needs the k of project_k
}
show_numbers("order_the_steps.swaps", my_number)
