# %% by_hand
my_number = 3041
my_score = 0.53
show_numbers("several_heads.by_hand", my_number)

# %% several_heads
def several_heads(x, w_q, w_k, w_v):
    heads = []
    for q, k, v in zip(w_q, w_k, w_v):
        heads.append(attention_head(x, q, k, v))
    return heads

# %% fuse
def fuse(matrices):
    return np.concatenate(matrices, 1)

# %% columns_of_head
def columns_of_head(array, h, num_heads):
    d = array.shape[1] // num_heads
    return array[:, h * d : (h + 1) * d]

# %% largest_differences
def largest_differences(heads):
    H = len(heads)
    table = np.zeros((H, H))
    for i in range(H):
        for j in range(H):
            table[i, j] = np.abs(heads[i].max() - heads[j].max())
    return table

# %% predict_shared
different_weights = 3
different_values = 4
different_outputs = 5
zero_differences = 6
show_numbers("several_heads.shared", my_number)

# %% predict_slicing
notice_when_sliced = [1]
notice_when_projected = [0, 1, 3]
show_numbers("several_heads.slicing", my_number)

# %% choose_consequence
consequence = "ADE"
