# %% by_hand
my_number = 1119
my_entry = -0.25
show_numbers("output_projection.by_hand", my_number)

# %% output_projection_shape
def output_projection_shape(d_model, num_heads, d_v, d_out):
    return num_heads * d_v, d_out

# %% predict_parameters
my_parameters = 14539

# %% layer_parameters
def layer_parameters(d_model, num_heads, d_k, d_v, d_out):
    return num_heads * (2 * d_model * d_k + d_model * d_v + d_v * d_out)

# %% apply_w_o
def apply_w_o(heads, w_o):
    s = heads.swapaxes(-2, -3)
    return s.reshape(s.shape[:-2] + (-1,)) @ w_o

# %% rows_of_head
def rows_of_head(w_o, h, num_heads):
    return w_o.reshape(num_heads, -1, w_o.shape[-1])[h]

# %% choose_block
my_change = 0.25

# %% contributions
def contributions(heads, w_o):
    n = heads.shape[-3]
    return sum(heads[..., h, :, :] @ rows_of_head(w_o, h, n) for h in range(n))
