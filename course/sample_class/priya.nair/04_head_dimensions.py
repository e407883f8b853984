# %% predict_width
my_number = 549
my_heads = 5

# %% head_width
def head_width(d_model, num_heads):
    if d_model % num_heads != 0:
        raise ValueError("num_heads must divide d_model")
    return d_model / num_heads

# %% predict_concat_width
my_width = 108

# %% concat_width
def concat_width(num_heads, d_v):
    return num_heads * d_v

# %% choose_configurations
possible = "BCDE"
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
    out = x.reshape(x.shape[:-1] + (d, num_heads))
    return np.moveaxis(out, -1, -3)

# %% concat_heads
def concat_heads(heads):
    n = heads.shape[-3]
    return np.concatenate([heads[..., i, :, :] for i in range(n)], axis=-1)
