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
# Same matrices, same x, so the same numbers: exactly 0.
difference_when_shared = 0
# (A, B) and (E, F). w_v has no say in weights.
different_weights = 2
# C, D, G
different_values = 3
# (A,B,C) twice, (A,B,D), (E,F,C), (A,B,G)
different_outputs = 4

# %% predict_slicing
# Columns 4 to 7 are head 1's.
notice_when_sliced = [1]
# Every column of a projection is made of all columns of x.
notice_when_projected = [0, 1, 2]
