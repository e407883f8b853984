# %% by_hand
my_number = 14
my_entry = -1.25
show_numbers("causal_head.by_hand", my_number)

# %% causal_mask
def causal_mask(t):
    """The causal mask for t tokens: (t, t), dtype bool, True where a query may attend to a key."""
    return np.tril(np.ones((t, t), dtype=bool))

# %% causal_steps
causal_steps = [
    "project_q",
    "project_k",
    "project_v",
    "scores",
    "scale",
    "mask",
    "softmax",
    "mix",
]

# %% causal_head
def causal_head(x, w_q, w_k, w_v):
    """One causal attention head.

    x (..., T, d_model); w_q, w_k (d_model, d_k); w_v (d_model, d_v). Returns (..., T, d_v).
    """
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(k.shape[-1])  # (..., T, T)
    scores = np.where(causal_mask(x.shape[-2]), scores, -np.inf)
    return softmax(scores) @ v

# %% one_token
def one_token(x, w_q, w_k, w_v):
    """The causal head's output for the last token of x.

    x (..., t, d_model); w_q, w_k (d_model, d_k); w_v (d_model, d_v). Returns (..., 1, d_v).
    """
    q = x[..., -1:, :] @ w_q  # (..., 1, d_k)
    k, v = x @ w_k, x @ w_v
    weights = softmax(q @ np.swapaxes(k, -1, -2) / np.sqrt(k.shape[-1]))  # (..., 1, t)
    return weights @ v

# %% decode_step
def decode_step(token, cache, w_q, w_k, w_v):
    """One step of decoding: the new token's output, and the cache for the next step."""
    q = token @ w_q
    k = np.concatenate([cache["k"], token @ w_k], axis=-2)  # (..., t+1, d_k)
    v = np.concatenate([cache["v"], token @ w_v], axis=-2)  # (..., t+1, d_v)
    weights = softmax(q @ np.swapaxes(k, -1, -2) / np.sqrt(k.shape[-1]))  # (..., 1, t+1)
    return weights @ v, {"k": k, "v": v}
