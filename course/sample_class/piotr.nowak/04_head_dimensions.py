# %% predict_width
my_number = 404
my_heads = 8

# %% head_width
def head_width(d_model, num_heads):
    width = 0
    while width * num_heads < d_model:
        width += 1
    if width * num_heads != d_model:
        raise ValueError("%d columns cannot be shared by %d heads" % (d_model, num_heads))
    return width

# %% predict_concat_width
my_width = 120

# %% concat_width
def concat_width(num_heads, d_v):
    total = 0
    for head in range(num_heads):
        total += d_v
    return total

# %% choose_configurations
possible = ["A", "B", "D", "F"]
show_numbers("head_dimensions.configurations", my_number)

# %% table_of_shapes
shapes = {
    "w_q": [24, 12],
    "w_v": [24, 18],
    "q": [2, 5, 12],
    "v": [2, 5, 18],
    "q_heads": [2, 3, 5, 4],
    "v_heads": [2, 3, 5, 6],
    "k_swapped": [2, 3, 4, 5],
    "scores": [2, 3, 5, 5],
    "heads": [2, 3, 5, 6],
    "concatenated": [2, 5, 18],
}

# %% split_heads
def split_heads(x, num_heads):
    if x.ndim > 2:
        return np.array([split_heads(one, num_heads) for one in x])
    tokens, width = x.shape
    d = width // num_heads
    heads = []
    for h in range(num_heads):
        head = []
        for t in range(tokens):
            head.append([x[t, h * d + c] for c in range(d)])
        heads.append(head)
    return np.array(heads)

# %% concat_heads
def concat_heads(heads):
    if heads.ndim > 3:
        return np.array([concat_heads(one) for one in heads])
    rows = []
    for t in range(heads.shape[1]):
        row = []
        for h in range(heads.shape[0]):
            row.extend(heads[h, t])
        rows.append(row)
    return np.array(rows)
