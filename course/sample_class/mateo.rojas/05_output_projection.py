# %% by_hand
my_number = 1509
my_entry = 2.75
show_numbers("output_projection.by_hand", my_number)

# %% output_projection_shape
output_projection_shape = lambda m, h, v, o: (h*v, o)

# %% predict_parameters
my_parameters = 20592

# %% layer_parameters
layer_parameters = lambda m, h, k, v, o: h * (m*(k + k + v) + v*o)

# %% apply_w_o
apply_w_o = lambda h, w: (s := h.swapaxes(-2, -3)).reshape(*s.shape[:-2], -1) @ w

# %% rows_of_head
rows_of_head = lambda w, h, n: np.split(w, n)[h]

# %% choose_block
my_change = 2

# %% contributions
contributions = lambda h, w: h @ np.stack(np.split(w, h.shape[-3]))
