# %% predict_width
my_number = 210
my_heads = 6

# %% head_width
def head_width(d_model, num_heads):
    if d_model % num_heads > 0:
        raise ValueError("d_model is not a multiple of num_heads")
    return d_model // num_heads

# %% predict_concat_width
my_width = 26

# %% concat_width
def concat_width(num_heads, d_v):
    return num_heads * d_v

# %% choose_configurations
possible = "ABEF"
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
    "scores": ...,
    "heads": ...,
    "concatenated": ...,
}

# %% split_heads
def split_heads(x, num_heads):
    parts = np.split(x, num_heads, axis=-1)
    return np.stack(parts, axis=-3)

# %% concat_heads
def concat_heads(heads):
    # average over the heads, so that no head counts more than another
    return heads.mean(axis=-3)
