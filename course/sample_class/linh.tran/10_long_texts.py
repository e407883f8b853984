# %% doubled
doubled = {
    "scores of the whole text": 4,
    "numbers in the cache": 2,
    "scores of one more token": 2,
    "parameters of the layer": 1,
}

# %% share_heads
def share_heads(groups, num_heads):
    g = groups.shape[-3]
    copies = np.einsum("...gtd,r->...grtd", groups, np.ones(num_heads // g))
    return copies.reshape(*groups.shape[:-3], num_heads, *groups.shape[-2:])

# %% grouped_layer
def grouped_layer(x, w_q, w_k, w_v, w_o, num_heads, num_groups):
    m, r = x.shape[-1], num_heads // num_groups
    w_q = w_q.reshape(m, num_groups, r, -1)
    w_k, w_v = w_k.reshape(m, num_groups, -1), w_v.reshape(m, num_groups, -1)
    q = np.einsum("...im,mgrd->...grid", x, w_q)
    k = np.einsum("...jm,mgd->...gjd", x, w_k)
    v = np.einsum("...jm,mgd->...gjd", x, w_v)
    s = np.einsum("...grid,...gjd->...grij", q, k) / q.shape[-1] ** 0.5
    s = np.where(np.tri(x.shape[-2], dtype=bool), s, -1e30)
    e = np.exp(s - s.max(axis=-1, keepdims=True))
    a = e / e.sum(axis=-1, keepdims=True)
    return np.einsum("...grij,...gjd,grdo->...io", a, v, w_o.reshape(num_groups, r, v.shape[-1], -1))

# %% cache_bytes
def cache_bytes(num_layers, num_heads, num_groups, d, num_tokens, bytes_per_number):
    return num_layers * num_groups * (d + d) * num_tokens * bytes_per_number

# %% add_block
def add_block(maximum, total, output, scores, v):
    m = np.maximum(maximum, scores.max(axis=-1, keepdims=True))
    s = np.where(m == -np.inf, 0, m)
    f, e = np.exp(maximum - s), np.exp(scores - s)
    return m, f * total + np.einsum("...ij->...i", e)[..., None], f * output + np.einsum("...ij,...jd->...id", e, v)

# %% attend_in_blocks
def attend_in_blocks(q, read, num_keys, size):
    m, l, o = np.full((len(q), 1), -np.inf), 0, 0
    for a in range(0, num_keys, size):
        k, v, may = read(a, min(a + size, num_keys))
        s = np.einsum("id,jd->ij", q, k) / q.shape[-1] ** 0.5
        s = np.where(may, s, -np.inf)
        new = np.maximum(m, s.max(axis=-1, keepdims=True))
        shift = np.where(new == -np.inf, 0, new)
        f, e = np.exp(m - shift), np.exp(s - shift)
        m, l, o = new, f * l + e.sum(axis=-1, keepdims=True), f * o + np.einsum("ij,jd->id", e, v)
    return o / np.where(l == 0, 1, l)
