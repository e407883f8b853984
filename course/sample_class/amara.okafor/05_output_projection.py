# %% by_hand
my_number = 14
my_entry = -0.5
show_numbers("output_projection.by_hand", my_number)

# %% output_projection_shape
def output_projection_shape(d_model, num_heads, d_v, d_out):
    """The shape (rows, columns) of w_o in a layer of these sizes."""
    return (num_heads * d_v, d_out)

# %% predict_parameters
my_parameters = 14900

# %% layer_parameters
def layer_parameters(d_model, num_heads, d_k, d_v, d_out):
    """The number of entries of w_q, w_k, w_v and w_o together; no biases."""
    rows, columns = output_projection_shape(d_model, num_heads, d_v, d_out)
    return d_model * num_heads * (2 * d_k + d_v) + rows * columns

# %% apply_w_o
def apply_w_o(heads, w_o):
    """The output of the layer.

    heads (..., H, T, d_v); w_o (H·d_v, d_out). Returns (..., T, d_out).
    """
    heads = np.swapaxes(heads, -2, -3)  # (..., T, H, d_v)
    return heads.reshape(*heads.shape[:-2], -1) @ w_o

# %% rows_of_head
def rows_of_head(w_o, h, num_heads):
    """Head h's rows of w_o: (H·d_v, d_out) to (d_v, d_out)."""
    d_v = len(w_o) // num_heads
    return w_o[h * d_v : (h + 1) * d_v]

# %% choose_block
my_change = -1.5

# %% contributions
def contributions(heads, w_o):
    """What each head adds to the output.

    heads (..., H, T, d_v); w_o (H·d_v, d_out). Returns (..., H, T, d_out).
    """
    num_heads = heads.shape[-3]
    blocks = np.array([rows_of_head(w_o, h, num_heads) for h in range(num_heads)])  # (H, d_v, d_out)
    return heads @ blocks
