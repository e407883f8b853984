# %% unfuse
def unfuse(c_attn, num_heads):
    m = c_attn.shape[0]
    return tuple(np.einsum("mphd->phmd", c_attn.reshape(m, 3, num_heads, m // num_heads)))

# %% attention_weights
def attention_weights(x, c_attn, num_heads):
    m = c_attn.shape[0]
    w = c_attn.reshape(m, 3, num_heads, -1)
    q = np.einsum("...im,mhd->...hid", x, w[:, 0])
    k = np.einsum("...jm,mhd->...hjd", x, w[:, 1])
    s = np.einsum("...id,...jd->...ij", q, k) / w.shape[-1] ** 0.5
    s = np.where(np.tri(x.shape[-2], dtype=bool), s, -1e30)
    e = np.exp(s - s.max(axis=-1, keepdims=True))
    return np.einsum("...ij,...i->...ij", e, 1 / e.sum(axis=-1))

# %% fused_layer
def fused_layer(x, c_attn, w_o, num_heads):
    m = c_attn.shape[0]
    w = c_attn.reshape(m, 3, num_heads, -1)
    s = np.einsum("...im,mhd,...jn,nhd->...hij", x, w[:, 0], x, w[:, 1], optimize=True) / w.shape[-1] ** 0.5
    s = np.where(np.tri(x.shape[-2], dtype=bool), s, -1e30)
    e = np.exp(s - s.max(axis=-1, keepdims=True))
    a = e / e.sum(axis=-1, keepdims=True)
    v = np.einsum("...jm,mhd->...hjd", x, w[:, 2])
    return np.einsum("...hij,...hjd,hdo->...io", a, v, w_o.reshape(num_heads, -1, w_o.shape[1]))

# %% previous_token_score
def previous_token_score(weights):
    return np.einsum("htt->h", weights[:, 1:, :-1]) / (weights.shape[-1] - 1)

# %% induction_score
def induction_score(weights, period):
    t = weights.shape[-1]
    block = weights[:, t - period:, t - 2 * period + 1:t - period + 1]
    return np.einsum("htt->h", block) / period

# %% found
found = {
    "previous token": (0, 0),
    "induction": (1, 3),
}

# %% without_head
def without_head(w_o, h, num_heads):
    keep = np.arange(num_heads) != h
    rows = w_o.reshape(num_heads, -1, w_o.shape[1])
    return np.einsum("hdo,h->hdo", rows, keep).reshape(w_o.shape)

# %% choose_token
def choose_token(logits, temperature, u):
    if temperature == 0:
        return int(np.argmax(logits))
    e = np.exp((logits - logits.max()) / temperature)
    return int((np.cumsum(e) / e.sum() <= u).sum())

# %% generate
def generate(step, tokens, temperature, us):
    text, new, caches = list(tokens), list(tokens), ()
    for u in us:
        logits, caches = step(new, caches)
        new = [choose_token(logits[-1], temperature, u)]
        text = text + new
    return text
