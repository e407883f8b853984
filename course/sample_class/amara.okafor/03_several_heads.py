# %% by_hand
my_number = 14
my_score = -1.41
show_numbers("several_heads.by_hand", my_number)

# %% several_heads
def several_heads(x, w_q, w_k, w_v):
    """The outputs of several heads over the same tokens, in a list.

    x (..., T, d_model); w_q, w_k lists of H matrices (d_model, d_k); w_v a list of H matrices (d_model, d_v).
    Returns a list of H arrays (..., T, d_v), head 0 first.
    """
    return [attention_head(x, q, k, v) for q, k, v in zip(w_q, w_k, w_v)]

# %% fuse
def fuse(matrices):
    """One matrix from the matrices of all heads.

    matrices: a list of H matrices (d_model, d). Returns (d_model, H·d); columns h·d up to (h+1)·d are head h's.
    """
    return np.concatenate(matrices, axis=-1)  # (d_model, H·d)

# %% columns_of_head
def columns_of_head(array, h, num_heads):
    """Head h's columns of an array that holds those of all heads.

    array (..., H·d); h from 0 to H - 1; num_heads H. Returns (..., d).
    """
    d = array.shape[-1] // num_heads
    return array[..., h * d : (h + 1) * d]

# %% largest_differences
def largest_differences(heads):
    """How far the outputs of the heads are apart.

    heads: a list of H arrays of the same shape. Returns (H, H); entry (a, b) is the largest absolute difference between
    a value of head a and the value of head b at the same place.
    """
    return np.array([[np.max(np.abs(a - b)) for b in heads] for a in heads])

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
consequence = "BCD"
