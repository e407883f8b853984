# %% doubled
doubled = {
    "scores of the whole text": 4,
    "numbers in the cache": 2,
    "scores of one more token": 4,
    "parameters of the layer": 1,
}

# %% share_heads
def share_heads(groups, num_heads):
    # lay the groups down until there are enough
    return np.concatenate([groups] * (num_heads // groups.shape[-3]), axis=-3)

# %% grouped_layer
def grouped_layer(x, w_q, w_k, w_v, w_o, num_heads, num_groups):
    q = split_heads(x @ w_q, num_heads)
    k = share_heads(split_heads(x @ w_k, num_groups), num_heads)
    v = share_heads(split_heads(x @ w_v, num_groups), num_heads)
    s = (q @ k.swapaxes(-1, -2)) / q.shape[-1] ** 0.5
    s = np.where(np.tri(x.shape[-2], dtype=bool), s, -np.inf)
    return concat_heads(softmax(s) @ v) @ w_o

# %% cache_bytes
def cache_bytes(num_layers, num_heads, num_groups, d, num_tokens, bytes_per_number):
    # (layers, 2, G, T, d)
    return num_layers * 2 * num_groups * num_tokens * d * bytes_per_number

# %% add_block
def add_block(maximum, total, output, scores, v):
    e = np.exp(scores)
    m = np.maximum(maximum, scores.max(axis=-1, keepdims=True))
    return m, total + e.sum(axis=-1, keepdims=True), output + e @ v

# %% attend_in_blocks
def attend_in_blocks(q, read, num_keys, size):
    m, l, o = np.full((len(q), 1), -np.inf), np.zeros((len(q), 1)), 0
    for i in range(0, num_keys, size):
        k, v, ok = read(i, min(i + size, num_keys))
        s = np.where(ok, q @ k.T / q.shape[-1] ** 0.5, -np.inf)
        m, l, o = add_block(m, l, o, s, v)
    return np.where(l == 0, 0, o / np.where(l == 0, 1, l))
