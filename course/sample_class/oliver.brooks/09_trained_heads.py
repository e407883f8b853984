# %% unfuse
def unfuse(c_attn, num_heads):
    """The weights of each head from the fused matrix."""
    w_q, w_k, w_v = np.split(c_attn, 3, axis=1)
    # every head its block of columns
    return tuple(np.stack(np.split(w, num_heads, axis=1)) for w in (w_q, w_k, w_v))

# %% attention_weights
def attention_weights(x, c_attn, num_heads):
    """The causal attention weights of every head."""
    w_q, w_k, w_v = unfuse(c_attn, num_heads)
    x = x[..., np.newaxis, :, :]
    q = np.matmul(x, w_q)
    k = np.matmul(x, w_k)
    # c_attn.shape[0] is the width
    scores = np.matmul(q, np.swapaxes(k, -2, -1)) / np.sqrt(c_attn.shape[0])
    causal = np.tril(np.ones((x.shape[-2], x.shape[-2]), dtype=bool))
    return softmax(np.where(causal, scores, -np.inf))

# %% fused_layer
def fused_layer(x, c_attn, w_o, num_heads):
    """Causal multi-head attention with a fused matrix."""
    w_q, w_k, w_v = unfuse(c_attn, num_heads)
    weights = attention_weights(x, c_attn, num_heads)
    heads = np.matmul(weights, np.matmul(x[..., np.newaxis, :, :], w_v))
    # side by side
    joined = np.swapaxes(heads, -3, -2)
    joined = np.reshape(joined, joined.shape[:-2] + (joined.shape[-2] * joined.shape[-1],))
    return np.matmul(joined, w_o)

# %% previous_token_score
def previous_token_score(weights):
    """The mean weight on the token just before, for each head."""
    scores = []
    for head in weights:
        scores.append(np.mean([head[t, t - 1] for t in range(1, len(head))]))
    return np.array(scores)

# %% induction_score
def induction_score(weights, period):
    """The mean weight on the token that followed the same token last time, for each head."""
    size = weights.shape[-1]
    scores = []
    for head in weights:
        # one period back
        scores.append(np.mean([head[t, t - period] for t in range(size - period, size)]))
    return np.array(scores)

# %% found
found = {
    "previous token": (0, 0),
    "induction": (0, 4),
}

# %% without_head
def without_head(w_o, h, num_heads):
    """W_o with head h switched off."""
    w = np.array(w_o)
    rows = w.shape[0] // num_heads
    w[h * rows:(h + 1) * rows] = 0
    return w

# %% choose_token
def choose_token(logits, temperature, u):
    """The number of the next token."""
    if temperature == 0:
        return int(np.argmax(logits))
    total = np.cumsum(softmax(logits / temperature))
    return int(np.argmax(total > u))

# %% generate
def generate(step, tokens, temperature, us):
    """The tokens, followed by one new token for each number in us."""
    text = list(tokens)
    # everything again with empty caches, to be on the safe side
    for u in us:
        logits, caches = step(text, ())
        text = text + [choose_token(logits[-1], temperature, u)]
    return text
