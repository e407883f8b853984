# %% head_steps
PROJECTIONS = ["project_q", "project_k", "project_v"]
WEIGHTS = ["scores", "scale", "softmax"]
head_steps: list[str] = [*PROJECTIONS, *WEIGHTS, "mix"]

# %% swaps
my_number = 724
keeps_output: dict[str, bool] = dict(A=False, B=True, C=False, D=True, E=False, F=False, G=False, H=True)
show_numbers("order_the_steps.swaps", my_number)

# %% after_heads
after_heads: list[str] = ["concatenate", "multiply_by_w_o"]
