# %% predict_width
my_number = 863
my_heads = 13

# %% head_width
def head_width(d_model, num_heads):
    width, left_over = divmod(d_model, num_heads)
    if left_over:
        raise ValueError(f"{d_model} = {num_heads} * {width} + {left_over}: {left_over} columns would belong to no head")
    return width

# %% predict_concat_width
my_width = 342

# %% concat_width
def concat_width(num_heads, d_v):
    return num_heads * d_v

# %% choose_configurations
possible = "BCE"
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
    *leading, t, width = x.shape
    assert width % num_heads == 0
    d = width // num_heads
    heads = np.stack([x[..., h * d : (h + 1) * d] for h in range(num_heads)], axis=-3)
    assert heads.shape == (*leading, num_heads, t, d)
    return heads

# %% concat_heads
def concat_heads(heads):
    *leading, num_heads, t, d = heads.shape
    together = np.swapaxes(heads, -3, -2).reshape(*leading, t, num_heads * d)
    assert np.array_equal(split_heads(together, num_heads), heads)
    return together
