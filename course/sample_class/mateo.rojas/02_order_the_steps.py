# %% head_steps
head_steps = "project_q project_k scores scale softmax project_v mix".split()

# %% swaps
yn = dict(y=True, n=False)
keeps_output = {a: {b: yn[c] for b, c in p.items()} for a, p in dict(
    project_q=dict(project_k="y", scores="n"), scores=dict(project_v="y", scale="n"),
    scale=dict(project_v="y", softmax="n"), project_v=dict(softmax="y", mix="n")).items()}

# %% after_heads
after_heads = "concatenate multiply_by_w_o".split()
