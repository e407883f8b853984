# %% unfuse
def unfuse(c_attn, num_heads):
    """The weights of each head from the fused matrix (d_model, 3·d_model).

    Returns w_q, w_k, w_v, each (H, d_model, d) with d = d_model / H.
    """
    d_model = c_attn.shape[0]
    parts = c_attn.reshape(d_model, 3, num_heads, d_model // num_heads)
    parts = np.moveaxis(parts, 0, 2)  # (3, H, d_model, d)
    return parts[0], parts[1], parts[2]

# %% attention_weights
def attention_weights(x, c_attn, num_heads):
    """The causal attention weights of every head.

    x (..., T, d_model); c_attn (d_model, 3·d_model). Returns (..., H, T, T).
    """
    w_q, w_k, _ = unfuse(c_attn, num_heads)
    x = np.expand_dims(x, -3)  # (..., 1, T, d_model)
    q, k = x @ w_q, x @ w_k
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(k.shape[-1])
    mask = np.tril(np.ones(scores.shape[-2:], dtype=bool))
    return softmax(np.where(mask, scores, -np.inf))

# %% fused_layer
def fused_layer(x, c_attn, w_o, num_heads):
    """Causal multi-head attention with a fused matrix.

    x (..., T, d_model); c_attn (d_model, 3·d_model); w_o (d_model, d_out). Returns (..., T, d_out).
    """
    weights = attention_weights(x, c_attn, num_heads)
    _, _, w_v = unfuse(c_attn, num_heads)
    heads = weights @ (np.expand_dims(x, -3) @ w_v)  # (..., H, T, d)
    heads = np.swapaxes(heads, -3, -2)  # (..., T, H, d)
    return heads.reshape(*heads.shape[:-2], -1) @ w_o

# %% previous_token_score
def previous_token_score(weights):
    """The mean weight on the token just before, for each head. weights (H, T, T). Returns (H,)."""
    return np.diagonal(weights, offset=-1, axis1=-2, axis2=-1).mean(axis=-1)

# %% induction_score
def induction_score(weights, period):
    """The mean weight on the token that followed the same token last time, for each head.

    weights (H, T, T) of a text whose last `period` tokens repeat the `period` before them. Returns (H,).
    """
    repeat = np.arange(weights.shape[-1])[-period:]
    return weights[:, repeat, repeat - period + 1].mean(axis=-1)

# %% found
found = {
    "previous token": (0, 0),
    "induction": (1, 3),
}

# %% without_head
def without_head(w_o, h, num_heads):
    """W_o with head h switched off: a copy with the head's rows set to zero. w_o (H·d_v, d_out)."""
    d_v = w_o.shape[0] // num_heads
    off = w_o.copy()
    off[h * d_v : (h + 1) * d_v, :] = 0
    return off

# %% choose_token
def choose_token(logits, temperature, u):
    """The number of the next token, from its logits (V,): the largest at temperature 0, else drawn with u in [0, 1)."""
    if temperature == 0:
        return int(logits.argmax())
    sums = np.cumsum(softmax(logits / temperature))
    return int(np.searchsorted(sums, u, side="right"))

# %% generate
def generate(step, tokens, temperature, us):
    """The tokens, followed by one new token for each number in us, chosen one at a time with a cache."""
    text = list(tokens)
    logits, caches = step(text, ())
    for i, u in enumerate(us):
        text.append(choose_token(logits[-1], temperature, u))
        if i + 1 < len(us):
            logits, caches = step(text[-1:], caches)
    return text
