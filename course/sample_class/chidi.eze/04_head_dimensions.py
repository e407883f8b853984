# %% predict_width
my_number = 1418
my_heads = 13

# %% head_width
def head_width(d_model, num_heads):
    """The width of one head, where num_heads heads share d_model equally.

    d_model and num_heads are whole numbers above 0. Returns an int.
    Raises ValueError where num_heads does not divide d_model.
    """
    # What is left over when every head has taken its share. It must be nothing.
    if d_model % num_heads != 0:
        raise ValueError(f"{d_model} columns do not go evenly into {num_heads} heads")
    # // and not /, because a number of columns is an int
    return d_model // num_heads

# %% predict_concat_width
my_width = 266

# %% concat_width
def concat_width(num_heads, d_v):
    """The width of num_heads heads of width d_v, side by side."""
    # Each head adds its d_v numbers to the row of a token.
    return num_heads * d_v

# %% choose_configurations
# w_q and w_k are the only widths that must agree; the rest must come out as integers.
possible = "BC"
show_numbers("head_dimensions.configurations", my_number)

# %% table_of_shapes
shapes = {
    "w_q": (24, 12),
    "w_v": (24, 18),
    "q": (2, 5, 12),
    "v": (2, 5, 18),
    "q_heads": (2, 3, 5, 4),
    "v_heads": (2, 3, 5, 6),
    "k_swapped": (2, 3, 4, 5),
    "scores": (2, 3, 5, 5),
    "heads": (2, 3, 5, 6),
    "concatenated": (2, 5, 18),
}

# %% split_heads
def split_heads(x, num_heads):
    """The columns of all heads, shared out: (..., T, H·d) to (..., H, T, d)."""
    # Whatever leads, then tokens, then all columns.
    leading, t, width = x.shape[:-2], x.shape[-2], x.shape[-1]
    # Cut only the last axis in two. Head is the slow one of the two: columns 0 to d - 1 are head 0's.
    apart = x.reshape(leading + (t, num_heads, width // num_heads))
    # Heads before tokens. This moves numbers, which a reshape would not.
    return np.swapaxes(apart, -3, -2)
