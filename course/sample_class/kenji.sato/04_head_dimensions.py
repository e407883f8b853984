# %% predict_width
my_number = 2976
my_heads = 6

# %% head_width
def head_width(d_model, num_heads):
    width = np.floor_divide(d_model, num_heads)
    if np.multiply(width, num_heads) != d_model:
        raise ValueError("the heads do not divide d_model")
    return int(width)

# %% predict_concat_width
my_width = 105

# %% concat_width
def concat_width(num_heads, d_v):
    return int(np.multiply(num_heads, d_v))

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
    "k_swapped": (2, 3, 4, 5),
    "scores": (2, 3, 5, 5),
    "heads": (2, 3, 5, 6),
    "concatenated": (2, 5, 18),
}

# %% split_heads
def split_heads(x, num_heads):
    thd = np.reshape(x, (*x.shape[:-1], num_heads, x.shape[-1] // num_heads))
    return np.moveaxis(thd, -2, -3)

# %% concat_heads
def concat_heads(heads):
    *leading, num_heads, tokens, d = heads.shape
    thd = np.moveaxis(heads, -3, -2)
    return np.reshape(thd, (*leading, tokens, num_heads * d))
