# %% by_hand
my_number = 1872
my_score = 0.25
show_numbers("several_heads.by_hand", my_number)

# %% several_heads
def several_heads(x, w_q, w_k, w_v):
    heads = []
    for q, k, v in zip(w_q, w_k, w_v):
        heads.append(attention_head(x, q, k, v))
    return heads

# %% fuse
def fuse(matrices):
    return np.concatenate(matrices, axis=1)

# %% columns_of_head
def columns_of_head(array, h, num_heads):
    d = array.shape[-1] // num_heads
    return array[..., h * d : (h + 1) * d - 1]

# %% largest_differences
def largest_differences(heads):
    n = len(heads)
    out = np.zeros((n, n))
    for a in range(n):
        for b in range(a + 1, n):
            out[a, b] = np.abs(heads[a] - heads[b]).max()
    return out

# %% predict_shared
different_weights = 3
different_values = 4
different_outputs = ...
zero_differences = ...
show_numbers("several_heads.shared", my_number)
