# %% by_hand
my_number = 550
my_entry = 2.5
show_numbers("output_projection.by_hand", my_number)

# %% output_projection_shape
def output_projection_shape(d_model, num_heads, d_v, d_out):
    return num_heads * d_v, d_out

# %% predict_parameters
my_parameters = 14705

# %% layer_parameters
def layer_parameters(d_model, num_heads, d_k, d_v, d_out):
    rows = np.array([d_model, d_model, d_model, num_heads * d_v])
    columns = np.array([num_heads * d_k, num_heads * d_k, num_heads * d_v, d_out])
    return (rows * columns).sum()

# %% apply_w_o
def apply_w_o(heads, w_o):
    num_heads, t, d = heads.shape[-3:]
    blocks = w_o.reshape(num_heads, d, -1)
    products = heads[..., None] * blocks[:, None, :, :]  # (..., H, T, d_v, d_out)
    return products.sum(axis=(-4, -2))

# %% rows_of_head
def rows_of_head(w_o, h, num_heads):
    belongs_to = np.arange(w_o.shape[0]) // (w_o.shape[0] // num_heads)
    return w_o[belongs_to == h]

# %% choose_block
my_change = -4

# %% contributions
def contributions(heads, w_o):
    blocks = w_o.reshape(heads.shape[-3], heads.shape[-1], -1)
    return (heads[..., None] * blocks[:, None, :, :]).sum(axis=-2)
