# %% predict_width
my_number = 14
my_heads = 10

# %% head_width
def head_width(d_model, num_heads):
    """The width of one head, where num_heads heads share d_model equally.

    d_model and num_heads are whole numbers above 0. Returns an int.
    Raises ValueError where num_heads does not divide d_model.
    """
    if d_model % num_heads:
        raise ValueError(f"d_model = {d_model} cannot be divided by {num_heads} heads")
    return d_model // num_heads

# %% predict_concat_width
my_width = 104

# %% concat_width
def concat_width(num_heads, d_v):
    """The width of num_heads heads of width d_v, side by side."""
    return num_heads * d_v

# %% choose_configurations
possible = "CEF"
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
    d = x.shape[-1] // num_heads
    x = x.reshape(*x.shape[:-1], num_heads, d)  # (..., T, H, d)
    return np.swapaxes(x, -2, -3)

# %% concat_heads
def concat_heads(heads):
    """The heads side by side: (..., H, T, d) to (..., T, H·d)."""
    heads = np.swapaxes(heads, -2, -3)  # (..., T, H, d)
    return heads.reshape(*heads.shape[:-2], -1)
