# %% doubled
doubled = {
    "scores of the whole text": 4,
    "numbers in the cache": 4,
    "scores of one more token": 2,
    "parameters of the layer": 1,
}

# %% share_heads
def share_heads(groups, num_heads):
    r = num_heads // groups.shape[0]
    return np.repeat(groups, r, axis=0)

# %% grouped_layer
def grouped_layer(x, w_q, w_k, w_v, w_o, num_heads, num_groups):
    T = x.shape[0]
    q = split_heads(x.dot(w_q), num_heads)
    k = share_heads(split_heads(x.dot(w_k), num_groups), num_heads)
    v = share_heads(split_heads(x.dot(w_v), num_groups), num_heads)
    out = []
    for h in range(num_heads):
        s = q[h].dot(k[h].T) / np.sqrt(q.shape[2])
        out.append(softmax(np.where(np.tri(T, dtype=bool), s, -np.inf)).dot(v[h]))
    return np.concatenate(out, axis=1).dot(w_o)

# %% cache_bytes
def cache_bytes(num_layers, num_heads, num_groups, d, num_tokens, bytes_per_number):
    return 2 * num_layers * num_heads * d * num_tokens * bytes_per_number

# %% add_block
def add_block(maximum, total, output, scores, v):
    m = np.maximum(maximum, scores.max(axis=-1, keepdims=True))
    f = np.exp(maximum - m)
    e = np.exp(scores - m)
    total *= f
    total += e.sum(axis=-1, keepdims=True)
    return m, total, output * f + e @ v
