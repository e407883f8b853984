# %% by_hand
my_number = 1418
my_entry = -1.75
show_numbers("output_projection.by_hand", my_number)

# %% output_projection_shape
def output_projection_shape(d_model, num_heads, d_v, d_out):
    """The shape (rows, columns) of w_o in a layer of these sizes."""
    # Rows: as many as the concatenated row of a token has numbers, which is d_v from each head.
    # Columns: as many as the output has. d_model does not come into it.
    return num_heads * d_v, d_out

# %% predict_parameters
# four matrices, each 768 by 768, since 12 * 64 = 768
my_parameters = 17364

# %% layer_parameters
def layer_parameters(d_model, num_heads, d_k, d_v, d_out):
    """The number of entries of w_q, w_k, w_v and w_o together; no biases."""
    # (d_model, H·d_k), twice: queries and keys are compared, so they are equally wide
    w_q = d_model * num_heads * d_k
    w_k = w_q
    # (d_model, H·d_v)
    w_v = d_model * num_heads * d_v
    # (H·d_v, d_out)
    w_o = num_heads * d_v * d_out
    return w_q + w_k + w_v + w_o

# %% apply_w_o
def apply_w_o(heads, w_o):
    """The output of the layer.

    heads (..., H, T, d_v); w_o (H·d_v, d_out). Returns (..., T, d_out).
    """
    # Tokens before heads, so that a token's numbers from all heads are neighbours.
    swapped = np.swapaxes(heads, -3, -2)
    # Now the last two axes, H and d_v, can become one.
    leading = swapped.shape[:-2]
    width = swapped.shape[-2] * swapped.shape[-1]
    rows = swapped.reshape(leading + (width,))
    # (..., T, H·d_v) @ (H·d_v, d_out)
    return rows @ w_o

# %% rows_of_head
def rows_of_head(w_o, h, num_heads):
    """Head h's rows of w_o: (H·d_v, d_out) to (d_v, d_out)."""
    # All heads have equally many rows.
    d_v = w_o.shape[0] // num_heads
    # The heads before h have taken h blocks.
    first = h * d_v
    return w_o[first : first + d_v]

# %% choose_block
# One term of a sum goes away.
my_change = -0.75
