# %% by_hand
my_number = 2003
my_entry = -1.0
show_numbers("output_projection.by_hand", my_number)

# %% output_projection_shape
def output_projection_shape(d_model, num_heads, d_v, d_out):
    """The shape (rows, columns) of w_o in a layer of these sizes."""
    return int(num_heads * d_v), int(d_out)

# %% predict_parameters
my_parameters = 5532

# %% layer_parameters
def layer_parameters(d_model, num_heads, d_k, d_v, d_out):
    """The number of entries of w_q, w_k, w_v and w_o together; no biases."""
    shapes = [(d_model, num_heads * d_k), (d_model, num_heads * d_k), (d_model, num_heads * d_v), (num_heads * d_v, d_out)]
    return sum(np.empty(shape, dtype=np.float32).size for shape in shapes)

# %% apply_w_o
def apply_w_o(heads, w_o):
    """The output of the layer."""
    heads, w_o = np.float32(heads), np.float32(w_o)
    side_by_side = np.concatenate([heads[..., h, :, :] for h in range(heads.shape[-3])], axis=-1)
    return side_by_side @ w_o

# %% rows_of_head
def rows_of_head(w_o, h, num_heads):
    """Head h's rows of w_o: (H·d_v, d_out) to (d_v, d_out)."""
    return np.split(np.float32(w_o), num_heads)[h]

# %% choose_block
my_change = 2

# %% contributions
def contributions(heads, w_o):
    """What each head adds to the output."""
    heads, w_o = np.float32(heads), np.float32(w_o)
    blocks = np.stack(np.split(w_o, heads.shape[-3]))
    return heads @ blocks
