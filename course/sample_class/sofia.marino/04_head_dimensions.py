# %% predict_width
my_number = 2003
my_heads = 15

# %% head_width
def head_width(d_model, num_heads):
    """The width of one head, where num_heads heads share d_model equally."""
    if d_model % num_heads != 0:
        raise ValueError(f"d_model {d_model} is not a multiple of num_heads {num_heads}")
    return int(d_model / num_heads)

# %% predict_concat_width
my_width = 65

# %% concat_width
def concat_width(num_heads, d_v):
    """The width of num_heads heads of width d_v, side by side."""
    return int(num_heads * d_v)

# %% choose_configurations
possible = "BCDF"
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
    return np.stack(np.split(np.float32(x), num_heads, axis=-1), axis=-3)

# %% concat_heads
def concat_heads(heads):
    """The heads side by side: (..., H, T, d) to (..., T, H·d)."""
    heads = np.float32(heads)
    return np.concatenate([heads[..., h, :, :] for h in range(heads.shape[-3])], axis=-1)
