# %% doubled
doubled = {
    "scores of the whole text": 4,
    "numbers in the cache": 2,
    "scores of one more token": 2,
    "parameters of the layer": 1,
}

# %% share_heads
def share_heads(groups, num_heads):
    """The keys or values that each head reads: (..., G, T, d) to (..., H, T, d)."""
    num_groups = groups.shape[-3]
    return np.repeat(groups, num_heads // num_groups, axis=-3)

# %% grouped_layer
def grouped_layer(x, w_q, w_k, w_v, w_o, num_heads, num_groups):
    """Causal attention whose heads share keys and values.

    x (..., T, d_model); w_q (d_model, H·d_k); w_k (d_model, G·d_k); w_v (d_model, G·d_v); w_o (H·d_v, d_out).
    Returns (..., T, d_out).
    """
    q = split_heads(x @ w_q, num_heads)
    k = share_heads(split_heads(x @ w_k, num_groups), num_heads)
    v = share_heads(split_heads(x @ w_v, num_groups), num_heads)
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(k.shape[-1])  # (..., H, T, T)
    mask = np.tril(np.ones(scores.shape[-2:], dtype=bool))
    return concat_heads(softmax(np.where(mask, scores, -np.inf)) @ v) @ w_o

# %% cache_bytes
def cache_bytes(num_layers, num_heads, num_groups, d, num_tokens, bytes_per_number):
    """The bytes of the keys and values of all tokens, in all layers. Keys and values are d wide. Returns an int."""
    per_token = 2 * num_groups * d  # key and value
    return num_layers * num_tokens * per_token * bytes_per_number

# %% add_block
def add_block(maximum, total, output, scores, v):
    """The running maximum (..., T_q, 1), total (..., T_q, 1) and output (..., T_q, d_v), one block of keys later.

    scores (..., T_q, N), -inf where a query may not attend; v (..., N, d_v).
    """
    highest = np.maximum(maximum, scores.max(axis=-1, keepdims=True))
    finite = np.where(np.isfinite(highest), highest, 0)  # nothing seen yet
    old = np.exp(maximum - finite)
    new = np.exp(scores - finite)  # (..., T_q, N)
    return highest, old * total + new.sum(axis=-1, keepdims=True), old * output + new @ v

# %% attend_in_blocks
def attend_in_blocks(q, read, num_keys, size):
    """Attention from one block of keys after another. q (T_q, d_k). Returns (T_q, d_v)."""
    t_q, d_k = q.shape
    maximum = np.full((t_q, 1), -np.inf)
    total, output = np.zeros((t_q, 1)), np.zeros((t_q, 1))
    for start in range(0, num_keys, size):
        k, v, allowed = read(start, min(start + size, num_keys))
        scores = q @ k.T / np.sqrt(d_k)  # (T_q, N)
        maximum, total, output = add_block(maximum, total, output, np.where(allowed, scores, -np.inf), v)
    return output / np.where(total > 0, total, 1)
