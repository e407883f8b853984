# %% by_hand
my_number = 724
my_entry = 3.0
show_numbers("output_projection.by_hand", my_number)

# %% output_projection_shape
def output_projection_shape(d_model: int, num_heads: int, d_v: int, d_out: int) -> tuple[int, int]:
    """The shape (rows, columns) of w_o in a layer of these sizes."""
    rows, columns = num_heads * d_v, d_out
    return rows, columns

# %% predict_parameters
my_parameters = 20952

# %% layer_parameters
def entries(rows: int, columns: int) -> int:
    return rows * columns


def layer_parameters(d_model: int, num_heads: int, d_k: int, d_v: int, d_out: int) -> int:
    """The number of entries of w_q, w_k, w_v and w_o together; no biases."""
    w_q = w_k = entries(rows=d_model, columns=num_heads * d_k)
    w_v = entries(rows=d_model, columns=num_heads * d_v)
    w_o_rows, w_o_columns = output_projection_shape(d_model=d_model, num_heads=num_heads, d_v=d_v, d_out=d_out)
    return w_q + w_k + w_v + entries(rows=w_o_rows, columns=w_o_columns)

# %% apply_w_o
def concat_heads(heads: np.ndarray) -> np.ndarray:
    *leading, num_heads, tokens, per_head = heads.shape
    tokens_first = np.swapaxes(heads, axis1=-3, axis2=-2)
    return tokens_first.reshape(*leading, tokens, num_heads * per_head)


def apply_w_o(heads: np.ndarray, w_o: np.ndarray) -> np.ndarray:
    """The output of the layer."""
    return np.matmul(concat_heads(heads=heads), w_o)

# %% rows_of_head
def rows_of_head(w_o: np.ndarray, h: int, num_heads: int) -> np.ndarray:
    """Head h's rows of w_o: (H·d_v, d_out) to (d_v, d_out)."""
    rows, _ = w_o.shape
    per_head = rows // num_heads
    start = h * per_head
    return w_o[slice(start, start + per_head)]

# %% choose_block
my_change = -1

# %% contributions
def contributions(heads: np.ndarray, w_o: np.ndarray) -> np.ndarray:
    """What each head adds to the output."""
    *_, num_heads, _, _ = heads.shape
    blocks = np.stack([rows_of_head(w_o=w_o, h=h, num_heads=num_heads) for h in range(num_heads)], axis=0)
    return np.matmul(heads, blocks)
