# %% by_hand
my_number = 2108
my_score = -0.71
show_numbers("several_heads.by_hand", my_number)

# %% several_heads
def several_heads(x, w_q, w_k, w_v):
    out = np.empty((len(w_q), *x.shape[:-1], w_v[0].shape[1]))  # one buffer for all heads
    for h in range(len(w_q)):
        out[h] = attention_head(x, w_q[h], w_k[h], w_v[h])
    return out

# %% fuse
def fuse(matrices):
    d_model, d = matrices[0].shape
    out = np.empty((d_model, len(matrices) * d))
    for h in range(len(matrices)):
        out[:, h * d : (h + 1) * d] = matrices[h]
    return out

# %% columns_of_head
def columns_of_head(array, h, num_heads):
    d = array.shape[-1] // num_heads
    return array[..., h * d : (h + 1) * d]  # a view, no copy

# %% largest_differences
def largest_differences(heads):
    out = np.empty((len(heads), len(heads)))
    for a in range(len(heads)):
        for b in range(len(heads)):
            gap = heads[a]
            gap -= heads[b]
            out[a, b] = np.abs(gap, out=gap).max()
    return out

# %% predict_shared
different_weights = 3
different_values = 4
different_outputs = 5
zero_differences = 8
show_numbers("several_heads.shared", my_number)

# %% predict_slicing
notice_when_sliced = [3]
notice_when_projected = [1, 2, 3]
show_numbers("several_heads.slicing", my_number)

# %% choose_consequence
consequence = "BCDE"
