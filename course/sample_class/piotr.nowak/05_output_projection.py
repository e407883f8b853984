# %% by_hand
my_number = 404
my_entry = 2.75
show_numbers("output_projection.by_hand", my_number)

# %% output_projection_shape
def output_projection_shape(d_model, num_heads, d_v, d_out):
    return [num_heads * d_v, d_out]

# %% predict_parameters
my_parameters = 8384

# %% layer_parameters
def layer_parameters(d_model, num_heads, d_k, d_v, d_out):
    count = 0
    for head in range(num_heads):
        count += d_model * d_k  # w_q
        count += d_model * d_k  # w_k
        count += d_model * d_v  # w_v
        count += d_v * d_out  # its rows of w_o
    return count

# %% apply_w_o
def apply_w_o(heads, w_o):
    if heads.ndim > 3:
        return np.array([apply_w_o(one, w_o) for one in heads])
    num_heads, tokens, d_v = heads.shape
    out = []
    for t in range(tokens):
        row = []
        for h in range(num_heads):
            row.extend(heads[h, t].tolist())
        result = []
        for column in range(w_o.shape[1]):
            total = 0.0
            for i in range(len(row)):
                total += row[i] * w_o[i, column]
            result.append(total)
        out.append(result)
    return np.array(out)

# %% rows_of_head
def rows_of_head(w_o, h, num_heads):
    d_v = w_o.shape[0] // num_heads
    rows = []
    for i in range(h * d_v, (h + 1) * d_v):
        rows.append(w_o[i])
    return np.array(rows)

# %% choose_block
my_change = 2.75

# %% contributions
def contributions(heads, w_o):
    if heads.ndim > 3:
        return np.array([contributions(one, w_o) for one in heads])
    parts = []
    for h in range(len(heads)):
        parts.append(heads[h] @ rows_of_head(w_o, h, len(heads)))
    return np.array(parts)
