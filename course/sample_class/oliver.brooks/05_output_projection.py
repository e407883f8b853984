# %% by_hand
my_number = 3069
my_entry = -0.5
show_numbers("output_projection.by_hand", my_number)

# %% output_projection_shape
def output_projection_shape(d_model, num_heads, d_v, d_out):
    """The shape (rows, columns) of w_o in a layer of these sizes."""
    return (num_heads * d_v, d_out)

# %% predict_parameters
# four matrices of 768 x 64
my_parameters = 10756

# %% layer_parameters
def layer_parameters(d_model, num_heads, d_k, d_v, d_out):
    """The number of entries of w_q, w_k, w_v and w_o together; no biases."""
    # queries and keys
    w_q_and_w_k = 2 * d_model * num_heads * d_k
    w_v = d_model * num_heads * d_v
    w_o = d_model * d_model
    return w_q_and_w_k + w_v + w_o

# %% apply_w_o
def apply_w_o(heads, w_o):
    """The output of the layer."""
    # tokens before heads
    swapped = np.swapaxes(heads, -3, -2)
    concatenated = np.reshape(swapped, swapped.shape[:-2] + (w_o.shape[0],))
    return np.matmul(concatenated, w_o)

# %% rows_of_head
def rows_of_head(w_o, h, num_heads):
    """Head h's rows of w_o: (H·d_v, d_out) to (d_v, d_out)."""
    d_v = w_o.shape[0] // num_heads
    return w_o[h * d_v : (h + 1) * d_v]

# %% choose_block
my_change = 1

# %% contributions
def contributions(heads, w_o):
    """What each head adds to the output."""
    num_heads = heads.shape[-3]
    # one block of rows per head
    parts = []
    for h in range(num_heads):
        parts.append(np.matmul(heads[..., h, :, :], rows_of_head(w_o, h, num_heads)))
    return np.stack(parts, axis=-3)
