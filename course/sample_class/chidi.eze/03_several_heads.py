# %% by_hand
my_number = 1418
my_score = 0.18
show_numbers("several_heads.by_hand", my_number)

# %% several_heads
def several_heads(x, w_q, w_k, w_v):
    """The outputs of several heads over the same tokens, in a list.

    x (..., T, d_model); w_q, w_k lists of H matrices (d_model, d_k); w_v a list of H matrices (d_model, d_v).
    Returns a list of H arrays (..., T, d_v), head 0 first.
    """
    # Every head reads the SAME x. Only the matrices differ.
    heads = []
    # One round per matrix in the lists, so it works for any number of heads.
    for h in range(len(w_q)):
        # head h, with the three matrices of head h
        one_head = attention_head(x, w_q[h], w_k[h], w_v[h])
        # (..., T, d_v)
        heads.append(one_head)
    # Not joined: a list, head 0 first.
    return heads

# %% fuse
def fuse(matrices):
    """One matrix from the matrices of all heads.

    matrices: a list of H matrices (d_model, d). Returns (d_model, H·d); columns h·d up to (h+1)·d are head h's.
    """
    # All heads share the d_model rows, because each reads the whole token. So: side by side, axis 1.
    return np.concatenate(matrices, axis=1)

# %% columns_of_head
def columns_of_head(array, h, num_heads):
    """Head h's columns of an array that holds those of all heads.

    array (..., H·d); h from 0 to H - 1; num_heads H. Returns (..., d).
    """
    # How wide one head is.
    d = array.shape[-1] // num_heads
    # Heads 0 to h - 1 come first and take h * d columns.
    start = h * d
    # The end of a slice does not belong to it.
    end = start + d
    # The ... stands for however many axes lead.
    return array[..., start:end]

# %% largest_differences
def largest_differences(heads):
    """How far the outputs of the heads are apart.

    heads: a list of H arrays of the same shape. Returns (H, H); entry (a, b) is the largest absolute difference between
    a value of head a and the value of head b at the same place.
    """
    # A table with a row and a column for every head.
    table = np.zeros((len(heads), len(heads)))
    for a in range(len(heads)):
        for b in range(len(heads)):
            # absolute, because -5 is as far away as 5
            table[a, b] = np.max(np.abs(heads[a] - heads[b]))
    return table

# %% predict_shared
# AC and AD and BD. w_v has no say in weights.
different_weights = 3
# G, H
different_values = 2
# different rows of the table
different_outputs = 5
# Same matrices, same x, so the same numbers: each head with itself, and each pair of equal rows twice.
zero_differences = 8
show_numbers("several_heads.shared", my_number)

# %% predict_slicing
# Columns 0 to 2 are head 0's.
notice_when_sliced = [0]
# Column 0 of x meets row 0 of each matrix, and only one head has 0 there in all three.
notice_when_projected = [0, 2, 3]
show_numbers("several_heads.slicing", my_number)
