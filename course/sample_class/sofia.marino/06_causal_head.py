# %% by_hand
my_number = 2003
my_entry = -1.91
show_numbers("causal_head.by_hand", my_number)

# %% causal_mask
def causal_mask(t):
    """The causal mask for t tokens: (t, t), dtype bool, True where a query may attend to a key."""
    return np.tri(t, dtype=np.float32) > 0

# %% causal_steps
causal_steps = [
    "project_q",
    "project_k",
    "scores",
    "scale",
    "mask",
    "project_v",
    "softmax",
    "mix",
]

# %% causal_head
def causal_head(x, w_q, w_k, w_v):
    """One causal attention head."""
    x, w_q, w_k, w_v = (np.float32(a) for a in (x, w_q, w_k, w_v))
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    scores = (q @ k.swapaxes(-2, -1)) * np.float32(q.shape[-1] ** -0.5)
    scores = np.where(causal_mask(x.shape[-2]), scores, np.float32(-np.inf))
    return softmax(scores) @ v

# %% one_token
def one_token(x, w_q, w_k, w_v):
    """The causal head's output for the last token of x."""
    return causal_head(x, w_q, w_k, w_v)[..., -1:, :]

# %% decode_step
def decode_step(token, cache, w_q, w_k, w_v):
    """One step of decoding: the new token's output, and the cache for the next step."""
    token, w_q, w_k, w_v = (np.float32(a) for a in (token, w_q, w_k, w_v))
    keys = np.concatenate([np.float32(cache["k"]), token @ w_k], axis=-2)
    values = np.concatenate([np.float32(cache["v"]), token @ w_v], axis=-2)
    scores = (token @ w_q) @ keys.swapaxes(-2, -1) * np.float32(keys.shape[-1] ** -0.5)
    return softmax(scores) @ values, dict(k=keys, v=values)
