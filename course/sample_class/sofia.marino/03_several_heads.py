# %% by_hand
my_number = 2003
my_score = 2.12
show_numbers("several_heads.by_hand", my_number)

# %% several_heads
def several_heads(x, w_q, w_k, w_v):
    """The outputs of several heads over the same tokens, in a list."""
    x = np.float32(x)
    return [attention_head(x, np.float32(q), np.float32(k), np.float32(v)) for q, k, v in zip(w_q, w_k, w_v)]

# %% fuse
def fuse(matrices):
    """One matrix from the matrices of all heads."""
    return np.hstack(matrices, dtype=np.float32, casting="same_kind")

# %% columns_of_head
def columns_of_head(array, h, num_heads):
    """Head h's columns of an array that holds those of all heads."""
    return np.split(np.float32(array), num_heads, axis=-1)[h]

# %% largest_differences
def largest_differences(heads):
    """How far the outputs of the heads are apart."""
    heads = np.float32(heads)
    return np.float32([[np.abs(a - b).max() for a in heads] for b in heads])

# %% predict_shared
different_weights = 4
different_values = 2
different_outputs = 5
zero_differences = 8.0
show_numbers("several_heads.shared", my_number)

# %% predict_slicing
notice_when_sliced = [2]
notice_when_projected = [0, 1, 2]
show_numbers("several_heads.slicing", my_number)

# %% choose_consequence
consequence = "ADF"
