# %% by_hand
my_number = 3069
my_score = -0.18
show_numbers("several_heads.by_hand", my_number)

# %% several_heads
def several_heads(x, w_q, w_k, w_v):
    """The outputs of several heads over the same tokens, in a list."""
    heads = []
    # run the heads one after the other
    for h in range(len(w_q) - 1):
        heads.append(attention_head(x, w_q[h], w_k[h], w_v[h]))
    return heads

# %% fuse
def fuse(matrices):
    """One matrix from the matrices of all heads."""
    return np.concatenate(matrices, axis=1)

# %% columns_of_head
def columns_of_head(array, h, num_heads):
    """Head h's columns of an array that holds those of all heads."""
    d = array.shape[-1] // num_heads
    return array[..., h * d : (h + 1) * d]

# %% largest_differences
def largest_differences(heads):
    """How far the outputs of the heads are apart."""
    n = len(heads)
    table = np.zeros((n, n))
    for a in range(n):
        for b in range(n):
            table[a, b] = np.max(np.abs(np.subtract(heads[a], heads[b])))
    return table

# %% predict_shared
different_weights = 2
different_values = 3
different_outputs = 4
zero_differences = 10
show_numbers("several_heads.shared", my_number)

# %% predict_slicing
notice_when_sliced = [0]
notice_when_projected = [0, 1, 3]
show_numbers("several_heads.slicing", my_number)

# %% choose_consequence
consequence = "ABCD"
