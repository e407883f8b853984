# %% predict_width
my_number = 1509
my_heads = 4

# %% head_width
def head_width(d, n):
    if d % n: raise ValueError(f"{d} / {n}")
    return d // n

# %% predict_concat_width
my_width = 125

# %% concat_width
concat_width = int.__mul__

# %% choose_configurations
possible = "ABCF"
show_numbers("head_dimensions.configurations", my_number)

# %% table_of_shapes
b, t, m, h, k, v = 2, 5, 24, 3, 4, 6
shapes = dict(w_q=(m, h*k), w_v=(m, h*v), q=(b, t, h*k), v=(b, t, h*v), q_heads=(b, h, t, k), v_heads=(b, h, t, v),
              k_swapped=(b, h, k, t), scores=(b, h, t, t), heads=(b, h, t, v), concatenated=(b, t, h*v))

# %% split_heads
split_heads = lambda x, n: x.reshape(*x.shape[:-1], n, -1).swapaxes(-2, -3)

# %% concat_heads
concat_heads = lambda h: (s := h.swapaxes(-2, -3)).reshape(*s.shape[:-2], -1)
