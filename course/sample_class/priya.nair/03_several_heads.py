# %% by_hand
my_number = 549
my_score = -2.83
show_numbers("several_heads.by_hand", my_number)

# %% several_heads
def several_heads(x, w_q, w_k, w_v):
    return [attention_head(x, q, k, v) for q, k, v in zip(w_q, w_k, w_v)]

# %% fuse
def fuse(matrices):
    fused = matrices[0]
    for m in matrices[1:]:
        fused = np.append(fused, m, axis=1)
    return fused

# %% columns_of_head
def columns_of_head(array, h, num_heads):
    d = array.shape[-1] // num_heads
    return array[..., h * d : h * d + d]

# %% largest_differences
def largest_differences(heads):
    out = np.zeros((len(heads), len(heads)))
    for i, a in enumerate(heads):
        for j, b in enumerate(heads):
            out[i, j] = ((a - b) ** 2).max()
    return out

# %% predict_shared
different_weights = 5
different_values = 4
different_outputs = 5
zero_differences = 8
show_numbers("several_heads.shared", my_number)

# %% predict_slicing
notice_when_sliced = [2]
notice_when_projected = [0, 1, 2]
show_numbers("several_heads.slicing", my_number)

# %% choose_consequence
consequence = "CE"
