# %% unfuse
def unfuse(c_attn, num_heads):
    m = c_attn.shape[0]
    d = m // num_heads
    w_q = np.array([c_attn[:, h * d:(h + 1) * d] for h in range(num_heads)])
    w_k = np.array([c_attn[:, m + h * d:m + (h + 1) * d] for h in range(num_heads)])
    w_v = np.array([c_attn[:, 2 * m + h * d:2 * m + (h + 1) * d] for h in range(num_heads)])
    return w_q, w_k, w_v

# %% attention_weights
def attention_weights(x, c_attn, num_heads):
    w_q, w_k, w_v = unfuse(c_attn, num_heads)
    T = x.shape[0]
    out = []
    for h in range(num_heads):
        q = x.dot(w_q[h])
        k = x.dot(w_k[h])
        s = q.dot(k.T) / np.sqrt(q.shape[1])
        out.append(softmax(np.where(np.tri(T, dtype=bool), s, -np.inf)))
    return np.array(out)

# %% fused_layer
def fused_layer(x, c_attn, w_o, num_heads):
    w_q, w_k, w_v = unfuse(c_attn, num_heads)
    w = attention_weights(x, c_attn, num_heads)
    heads = [w[h].dot(x.dot(w_v[h])) for h in range(num_heads)]
    return np.concatenate(heads, axis=1).dot(w_o)

# %% previous_token_score
def previous_token_score(weights):
    T = weights.shape[1]
    s = weights[:, np.arange(1, T), np.arange(T - 1)].mean(axis=1)
    return np.round(s, 2)

# %% induction_score
def induction_score(weights, period):
    T = weights.shape[1]
    i = np.arange(T - period, T)
    return weights[:, i, i - period + 1].sum(axis=1)

# %% found
found = {
    "previous token": (0, 0),
    "induction": (1, 3),
}

# %% without_head
def without_head(w_o, h, num_heads):
    d = w_o.shape[0] // num_heads
    w_o[h * d:(h + 1) * d] = 0
    return w_o

# %% choose_token
def choose_token(logits, temperature, u):
    if temperature == 0:
        return np.argmax(logits)
    p = softmax(logits * temperature)
    return np.argmax(np.cumsum(p) > u)
