# %% by_hand
my_number = 88
my_entry = 2.25
show_numbers("output_projection.by_hand", my_number)

# %% output_projection_shape
def output_projection_shape(d_model, num_heads, d_v, d_out):
    return num_heads * d_v, d_out

# %% predict_parameters
my_parameters = 28770

# %% layer_parameters
def layer_parameters(d_model, num_heads, d_k, d_v, d_out):
    # once for q, once for k, once for v, and back out
    return num_heads * (d_model * d_k + d_model * d_k + d_model * d_v + d_v * d_out)

# %% apply_w_o
def apply_w_o(heads, w_o):
    h, d = heads.shape[-3], heads.shape[-1]
    return np.einsum("...htd,hdo->...to", heads, w_o.reshape(h, d, -1))

# %% rows_of_head
def rows_of_head(w_o, h, num_heads):
    which = np.eye(num_heads)[h]
    return np.einsum("h,hdo->do", which, w_o.reshape(num_heads, -1, w_o.shape[1]))

# %% choose_block
my_change = -2.25

# %% contributions
def contributions(heads, w_o):
    h, d = heads.shape[-3], heads.shape[-1]
    return np.einsum("...htd,hdo->...hto", heads, w_o.reshape(h, d, -1))
