# %% predict_width
my_number = 2108
my_heads = 10

# %% head_width
def head_width(d_model, num_heads):
    if d_model % num_heads:
        raise ValueError("%d %% %d = %d" % (d_model, num_heads, d_model % num_heads))
    d_model //= num_heads
    return d_model

# %% predict_concat_width
my_width = 200

# %% concat_width
def concat_width(num_heads, d_v):
    num_heads *= d_v
    return num_heads

# %% choose_configurations
possible = "E"
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
    x.shape = x.shape[:-1] + (num_heads, x.shape[-1] // num_heads)  # no copy
    return np.swapaxes(x, -3, -2)

# %% concat_heads
def concat_heads(heads):
    *leading, num_heads, t, d = heads.shape
    out = np.empty((*leading, t, num_heads * d), dtype=heads.dtype)
    for h in range(num_heads):
        out[..., h * d : (h + 1) * d] = heads[..., h, :, :]
    return out
