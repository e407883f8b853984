# %% by_hand
my_number = 863
my_entry = 2.0
show_numbers("output_projection.by_hand", my_number)

# %% output_projection_shape
def output_projection_shape(d_model, num_heads, d_v, d_out):
    return (num_heads * d_v, d_out)

# %% predict_parameters
my_parameters = 16142

# %% layer_parameters
def layer_parameters(d_model, num_heads, d_k, d_v, d_out):
    rows, columns = output_projection_shape(d_model, num_heads, d_v, d_out)
    total = 2 * d_model * num_heads * d_k + d_model * num_heads * d_v + rows * columns
    assert total % num_heads == 0  # every head has the same share
    return total

# %% apply_w_o
def apply_w_o(heads, w_o):
    *leading, num_heads, t, d_v = heads.shape
    assert w_o.shape[0] == num_heads * d_v
    together = np.swapaxes(heads, -3, -2).reshape(*leading, t, num_heads * d_v)
    output = np.dot(together, w_o)
    assert output.shape == (*leading, t, w_o.shape[1])
    return output

# %% rows_of_head
def rows_of_head(w_o, h, num_heads):
    d_v, left_over = divmod(w_o.shape[0], num_heads)
    assert left_over == 0 and 0 <= h < num_heads
    return w_o[h * d_v : (h + 1) * d_v, :]

# %% choose_block
my_change = -2.5

# %% contributions
def contributions(heads, w_o):
    num_heads = heads.shape[-3]
    parts = [heads[..., h, :, :] @ rows_of_head(w_o, h, num_heads) for h in range(num_heads)]
    parts = np.stack(parts, axis=-3)
    assert np.allclose(parts.sum(axis=-3), apply_w_o(heads, w_o))
    return parts
