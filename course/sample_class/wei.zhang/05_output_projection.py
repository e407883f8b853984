# %% by_hand
my_number = 3041
my_entry = 0.25
show_numbers("output_projection.by_hand", my_number)

# %% output_projection_shape
def output_projection_shape(d_model, num_heads, d_v, d_out):
    return (d_model, d_model)

# %% predict_parameters
my_parameters = 28632

# %% layer_parameters
def layer_parameters(d_model, num_heads, d_k, d_v, d_out):
    w_q = d_model * num_heads * d_k
    w_v = d_model * num_heads * d_v
    w_o = num_heads * d_v * d_out
    return 2 * w_q + w_v + w_o

# %% apply_w_o
def apply_w_o(heads, w_o):
    H = heads.shape[1]
    together = np.concatenate([heads[:, h] for h in range(H)], axis=-1)
    return together @ w_o

# %% rows_of_head
def rows_of_head(w_o, h, num_heads):
    d = len(w_o) // num_heads
    return w_o[h * d : (h + 1) * d]

# %% choose_block
my_change = 1.5

# %% contributions
def contributions(heads, w_o):
    H = heads.shape[-3]
    blocks = np.stack([rows_of_head(w_o, h, H) for h in range(H)])
    return np.round(heads @ blocks, 2)
