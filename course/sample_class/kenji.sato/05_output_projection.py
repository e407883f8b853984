# %% by_hand
my_number = 2976
my_entry = 1.5
show_numbers("output_projection.by_hand", my_number)

# %% output_projection_shape
def output_projection_shape(d_model, num_heads, d_v, d_out):
    return np.multiply(num_heads, d_v), d_out

# %% predict_parameters
my_parameters = 18918

# %% layer_parameters
def layer_parameters(d_model, num_heads, d_k, d_v, d_out):
    rows_of_w_o, columns_of_w_o = output_projection_shape(d_model, num_heads, d_v, d_out)
    inward = np.multiply(d_model, num_heads * (d_k + d_k + d_v))
    outward = np.multiply(rows_of_w_o, columns_of_w_o)
    return int(np.add(inward, outward))

# %% apply_w_o
def apply_w_o(heads, w_o):
    *leading, num_heads, tokens, d_v = heads.shape
    thd = np.moveaxis(heads, -3, -2)
    concatenated = np.reshape(thd, (*leading, tokens, num_heads * d_v))
    return np.matmul(w_o.mT, concatenated.mT).mT

# %% rows_of_head
def rows_of_head(w_o, h, num_heads):
    return np.take(np.reshape(w_o, (num_heads, -1, w_o.shape[-1])), h, axis=0)

# %% choose_block
my_change = 1.5

# %% contributions
def contributions(heads, w_o):
    num_heads, _, d_v = heads.shape[-3:]
    blocks = np.reshape(w_o, (num_heads, d_v, w_o.shape[-1]))
    return np.matmul(heads, blocks)
