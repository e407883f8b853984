# %% by_hand
my_number = 550
my_score = 2.12
show_numbers("several_heads.by_hand", my_number)

# %% several_heads
def several_heads(x, w_q, w_k, w_v):
    return [
        attention_weights(x, w_q[h], w_k[h]) @ (x @ w_v[h])
        for h, _ in enumerate(w_q)
    ]

# %% fuse
def fuse(matrices):
    d_model, d = matrices[0].shape
    fused = np.empty((d_model, len(matrices), d))
    for h, matrix in enumerate(matrices):
        fused[:, h] = matrix
    return fused.reshape(d_model, -1)

# %% columns_of_head
def columns_of_head(array, h, num_heads):
    d = array.shape[-1] // num_heads
    belongs = np.arange(array.shape[-1]) // d == h  # a mask over the columns
    return array[..., belongs]

# %% largest_differences
def largest_differences(heads):
    all_heads = np.stack(heads)
    gaps = np.abs(all_heads[:, None] - all_heads[None])
    return gaps.reshape(*gaps.shape[:2], -1).max(axis=-1)

# %% predict_shared
different_weights = 3
different_values = 4
different_outputs = 5
zero_differences = 8
show_numbers("several_heads.shared", my_number)

# %% predict_slicing
notice_when_sliced = (2,)
notice_when_projected = (0, 1, 2)
show_numbers("several_heads.slicing", my_number)

# %% choose_consequence
consequence = "BCD"
