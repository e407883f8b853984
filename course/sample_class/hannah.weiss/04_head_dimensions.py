# %% predict_width
my_number = 550
my_heads = 13

# %% head_width
def head_width(d_model, num_heads):
    possible = np.arange(1, d_model + 1)
    fits = possible[possible * num_heads == d_model]
    if len(fits) == 0:
        raise ValueError(f"no width fits: {num_heads} heads, d_model {d_model}")
    return int(fits[0])

# %% predict_concat_width
my_width = 88

# %% concat_width
def concat_width(num_heads, d_v):
    return np.zeros((num_heads, d_v)).size

# %% choose_configurations
possible = "DEF"
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
    d = x.shape[-1] // num_heads
    columns = np.arange(num_heads)[:, None] * d + np.arange(d)[None, :]  # (H, d)
    return np.moveaxis(x[..., columns], -2, -3)

# %% concat_heads
def concat_heads(heads):
    *leading, num_heads, t, d = heads.shape
    out = np.zeros((*leading, t, num_heads, d), dtype=heads.dtype)
    for h in range(num_heads):
        out[..., h, :] = heads[..., h, :, :]
    return out.reshape(*leading, t, -1)
