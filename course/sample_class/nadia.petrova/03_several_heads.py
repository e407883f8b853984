# %% by_hand
my_number = 1321
my_score = 0.35
show_numbers("several_heads.by_hand", my_number)

# %% several_heads
def several_heads(x, w_q, w_k, w_v):
    """The outputs of several heads over the same tokens, in a list."""
    heads = []
    for h in range(2):
        head = attention_head(x, w_q[h], w_k[h], w_v[h])
        heads.append(head)
    return heads

# %% fuse
def fuse(matrices):
    """One matrix from the matrices of all heads."""
    return np.concatenate(matrices, axis=0)

# %% columns_of_head
def columns_of_head(array, h, num_heads):
    """Head h's columns of an array that holds those of all heads."""
    d_k = 5
    return array[..., d_k * h : d_k * (h + 1)]

# %% largest_differences
def largest_differences(heads):
    """How far the outputs of the heads are apart."""
    return np.array([[np.abs(a - b).max() for b in heads] for a in heads])

# %% predict_shared
different_weights = 3
different_values = 2
different_outputs = 4
zero_differences = 12
show_numbers("several_heads.shared", my_number)

# %% predict_slicing
notice_when_sliced = [0]
notice_when_projected = [0, 1, 2]
show_numbers("several_heads.slicing", my_number)

# %% choose_consequence
consequence = "ACD"
