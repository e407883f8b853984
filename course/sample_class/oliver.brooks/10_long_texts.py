# %% doubled
doubled = {
    "scores of the whole text": 4,
    "numbers in the cache": 2,
    "scores of one more token": 2,
    "parameters of the layer": 1,
}

# %% share_heads
def share_heads(groups, num_heads):
    """The keys or values that each head reads."""
    # heads in each group
    times = num_heads // groups.shape[-3]
    return np.repeat(groups, times, axis=-3)

# %% grouped_layer
def grouped_layer(x, w_q, w_k, w_v, w_o, num_heads, num_groups):
    """Causal attention whose heads share keys and values."""
    q = split_heads(np.matmul(x, w_q), num_heads)
    k = share_heads(split_heads(np.matmul(x, w_k), num_groups), num_heads)
    v = share_heads(split_heads(np.matmul(x, w_v), num_groups), num_heads)
    # divided by the width of a token
    scores = np.matmul(q, np.swapaxes(k, -2, -1)) / np.sqrt(x.shape[-1])
    causal = np.tril(np.ones((x.shape[-2], x.shape[-2]), dtype=bool))
    weights = softmax(np.where(causal, scores, -np.inf))
    return np.matmul(concat_heads(np.matmul(weights, v)), w_o)

# %% cache_bytes
def cache_bytes(num_layers, num_heads, num_groups, d, num_tokens, bytes_per_number):
    """The bytes of the keys and values of all tokens."""
    # everything times everything
    return num_layers * num_groups * d * num_tokens * bytes_per_number

# %% add_block
def add_block(maximum, total, output, scores, v):
    """One block of keys later."""
    new_maximum = np.maximum(maximum, np.max(scores, axis=-1, keepdims=True))
    # minus infinity cannot be subtracted
    safe = np.where(np.isinf(new_maximum), 0, new_maximum)
    factor = np.exp(maximum - safe)
    exps = np.exp(scores - safe)
    new_total = np.multiply(factor, total) + np.sum(exps, axis=-1, keepdims=True)
    new_output = output + np.matmul(exps, v)
    return new_maximum, new_total, new_output

# %% attend_in_blocks
def attend_in_blocks(q, read, num_keys, size):
    """Attention from one block of keys after another."""
    maximum = np.full((q.shape[0], 1), -np.inf)
    total = np.zeros((q.shape[0], 1))
    output = np.zeros((q.shape[0], 1))
    for start in range(0, num_keys, size):
        # the last block may be smaller
        stop = min(start + size, num_keys)
        k, v, allowed = read(start, stop)
        scores = np.matmul(q, np.swapaxes(k, -2, -1)) / np.sqrt(q.shape[-1])
        maximum, total, output = add_block(maximum, total, output, np.where(allowed, scores, -np.inf), v)
    return output / np.where(total == 0, 1, total)
