# %% predict_width
my_number = 3069
my_heads = 339.41

# %% head_width
def head_width(d_model, num_heads):
    """The width of one head, where num_heads heads share d_model equally."""
    # cannot be shared equally
    if d_model % num_heads != 0:
        raise ValueError("d_model must be divisible by num_heads")
    return d_model // num_heads

# %% predict_concat_width
my_width = 112

# %% concat_width
def concat_width(num_heads, d_v):
    """The width of num_heads heads of width d_v, side by side."""
    return num_heads * d_v

# %% choose_configurations
possible = "AD"
show_numbers("head_dimensions.configurations", my_number)

# %% table_of_shapes
shapes = {
    "w_q": (24, 12),
    "w_v": (24, 18),
    "q": (2, 5, 12),
    "v": (2, 5, 18),
    "q_heads": (2, 3, 5, 4),
    "v_heads": (2, 3, 5, 6),
    "k_swapped": (2, 3, 6, 5),
    "scores": (2, 3, 5, 5),
    "heads": (2, 3, 5, 6),
    "concatenated": (2, 5, 18),
}

# %% split_heads
def split_heads(x, num_heads):
    """The columns of all heads, shared out: (..., T, H·d) to (..., H, T, d)."""
    shape = x.shape[:-1] + (num_heads, x.shape[-1] // num_heads)
    # heads before tokens
    return np.swapaxes(np.reshape(x, shape), -3, -2)

# %% concat_heads
def concat_heads(heads):
    """The heads side by side: (..., H, T, d) to (..., T, H·d)."""
    # tokens before heads again
    swapped = np.swapaxes(heads, -3, -2)
    return np.reshape(swapped, swapped.shape[:-2] + (swapped.shape[-2] * swapped.shape[-1],))
