# %% unfuse
def unfuse(c_attn, num_heads):
    d = c_attn.shape[0] // num_heads
    # (d_model, H, 3·d): each head gets its block, then q, k, v
    blocks = c_attn.reshape(-1, num_heads, 3, d).transpose(2, 1, 0, 3)
    return blocks[0], blocks[1], blocks[2]

# %% attention_weights
def attention_weights(x, c_attn, num_heads):
    w_q, w_k, w_v = unfuse(c_attn, num_heads)
    q, k = x[..., None, :, :] @ w_q, x[..., None, :, :] @ w_k
    s = (q @ k.swapaxes(-1, -2)) / q.shape[-1] ** 0.5
    s = np.where(np.tri(x.shape[-2], dtype=bool), s, -np.inf)
    return softmax(s)

# %% fused_layer
def fused_layer(x, c_attn, w_o, num_heads):
    w_q, w_k, w_v = unfuse(c_attn, num_heads)
    h = attention_weights(x, c_attn, num_heads) @ (x[..., None, :, :] @ w_v)
    h = h.swapaxes(-3, -2)
    return h.reshape(*h.shape[:-2], -1) @ w_o

# %% previous_token_score
def previous_token_score(weights):
    T = weights.shape[-1]
    return weights[:, range(1, T), range(0, T - 1)].mean(axis=-1)

# %% induction_score
def induction_score(weights, period):
    T = weights.shape[-1]
    t = np.arange(T - period, T)
    return weights[:, t, t - period + 1].mean(axis=-1)

# %% found
found = {
    "previous token": (0, 0),
    "induction": (3, 1),
}

# %% without_head
def without_head(w_o, h, num_heads):
    d = w_o.shape[0] // num_heads
    return np.concatenate([w_o[: h * d], np.zeros_like(w_o[h * d : (h + 1) * d]), w_o[(h + 1) * d :]])

# %% choose_token
def choose_token(logits, temperature, u):
    if temperature == 0:
        return int(np.argmax(logits))
    e = np.exp(logits / temperature)
    p = e / e.sum()
    return int(np.argmax(np.cumsum(p) > u))

# %% generate
def generate(step, tokens, temperature, us):
    tokens = list(tokens)
    logits, caches = step(tokens, ())
    for u in us:
        tokens.append(choose_token(logits[-1], temperature, u))
        logits, caches = step([tokens[-1]], caches)
    return tokens
