# %% predict_width
my_number = 1321
my_heads = 3

# %% head_width
def head_width(d_model, num_heads):
    """The width of one head, where num_heads heads share d_model equally."""
    width = d_model // num_heads
    if width * num_heads != d_model:
        raise ValueError("the heads do not share d_model equally")
    return width

# %% predict_concat_width
my_width = 75

# %% concat_width
def concat_width(num_heads, d_v):
    """The width of num_heads heads of width d_v, side by side."""
    return num_heads * d_v

# %% choose_configurations
possible = "DEF"
show_numbers("head_dimensions.configurations", my_number)

# %% table_of_shapes
shapes = {
    "w_q": (24, 12),
    "w_v": (24, 18),
    "q": (2, 5, 12),
    "v": (2, 5, 18),
    "q_heads": (2, 5, 3, 4),
    "v_heads": (2, 5, 3, 6),
    "k_swapped": (2, 3, 4, 5),
    "scores": (2, 3, 5, 5),
    "heads": (2, 3, 5, 6),
    "concatenated": (2, 5, 18),
}

# %% split_heads
def split_heads(x, num_heads):
    """The columns of all heads, shared out: (..., T, H·d) to (..., H, T, d)."""
    *leading, t, columns = x.shape
    return x.reshape(*leading, num_heads, t, columns // num_heads)

# %% concat_heads
def concat_heads(heads):
    """The heads side by side: (..., H, T, d) to (..., T, H·d)."""
    *leading, num_heads, t, d = heads.shape
    return heads.reshape(*leading, t, num_heads * d)
