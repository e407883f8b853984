# %% by_hand
my_number = 1321
my_entry = 3.5
show_numbers("output_projection.by_hand", my_number)

# %% output_projection_shape
def output_projection_shape(d_model, num_heads, d_v, d_out):
    """The shape (rows, columns) of w_o in a layer of these sizes."""
    return (d_out, num_heads * d_v)

# %% predict_parameters
my_parameters = 9528

# %% layer_parameters
def layer_parameters(d_model, num_heads, d_k, d_v, d_out):
    """The number of entries of w_q, w_k, w_v and w_o together; no biases."""
    rows, columns = output_projection_shape(d_model, num_heads, d_v, d_out)
    return 2 * d_model * num_heads * d_k + d_model * num_heads * d_v + rows * columns

# %% apply_w_o
def concat_heads(heads):
    *leading, num_heads, t, d = heads.shape
    return heads.reshape(*leading, t, num_heads * d)


def apply_w_o(heads, w_o):
    """The output of the layer."""
    return concat_heads(heads) @ w_o

# %% rows_of_head
def rows_of_head(w_o, h, num_heads):
    """Head h's rows of w_o: (H·d_v, d_out) to (d_v, d_out)."""
    d_v = 4
    return w_o[h * d_v : (h + 1) * d_v]

# %% choose_block
my_change = 1.5

# %% contributions
def contributions(heads, w_o):
    """What each head adds to the output."""
    num_heads, t, d_v = heads.shape[-3:]
    blocks = w_o.reshape(num_heads, d_v, -1)
    parts = [heads[..., h, :, :] @ blocks[h] for h in range(num_heads)]
    return np.stack(parts, axis=-2)
