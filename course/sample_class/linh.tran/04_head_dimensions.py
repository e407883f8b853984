# %% predict_width
my_number = 88
my_heads = 5

# %% head_width
def head_width(d_model, num_heads):
    width, left_over = divmod(d_model, num_heads)
    if left_over != 0:
        raise ValueError("num_heads does not divide d_model")
    return width

# %% predict_concat_width
my_width = 150

# %% concat_width
def concat_width(num_heads, d_v):
    return num_heads * d_v

# %% choose_configurations
possible = "BDEF"
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
    return np.einsum("...thd->...htd", x.reshape(*x.shape[:-1], num_heads, -1))

# %% concat_heads
def concat_heads(heads):
    thd = np.einsum("...htd->...thd", heads)
    return thd.reshape(*thd.shape[:-2], -1)
