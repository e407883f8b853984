# %% by_hand
my_number = "2106"
my_score = -0.88
show_numbers("several_heads.by_hand", my_number)

# %% several_heads
def several_heads(x, w_q, w_k, w_v):
    heads = []
    for h in range(len(w_q)):
        heads.add(attention_head(x, w_q[h], w_k[h], w_v[h]))
    return heads

# %% fuse
def fuse(matrices)
    return np.concatenate(matrices, axis=1)

# %% columns_of_head
def columns_of_head(array, h, num_heads):
    width = array.shape[-1] / num_heads
    return array[..., h * width : (h + 1) * width]

# %% largest_differences
def largest_differences(heads):
    return np.array([[np.abs(a - b).maximum() for a in heads] for b in heads])

# %% choose_consequence
consequence = "DE"
