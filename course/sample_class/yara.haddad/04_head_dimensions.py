# %% predict_width
my_number = 1119
my_heads = 3

# %% head_width
def head_width(d_model, num_heads):
    return d_model // num_heads

# %% predict_concat_width
my_width = 147

# %% concat_width
def concat_width(num_heads, d_v):
    return num_heads * d_v

# %% choose_configurations
possible = "BCEF"
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
    return x.reshape(x.shape[:-1] + (num_heads, -1)).swapaxes(-2, -3)

# %% concat_heads
def concat_heads(heads):
    s = heads.swapaxes(-2, -3)
    return s.reshape(s.shape[:-2] + (-1,))
