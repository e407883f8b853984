# %% by_hand
my_number = 3069
my_entry = 0.23
show_numbers("causal_head.by_hand", my_number)

# %% causal_mask
def causal_mask(t):
    """The causal mask for t tokens: (t, t), dtype bool, True where a query may attend to a key."""
    return np.tril(np.ones((t, t))).astype(bool)

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
    """One causal attention head."""
    q = np.matmul(x, w_q)
    k = np.matmul(x, w_k)
    v = np.matmul(x, w_v)
    scores = np.matmul(q, np.swapaxes(k, -2, -1)) / np.sqrt(q.shape[-1])
    # no score is as low as that
    scores = np.where(causal_mask(x.shape[-2]), scores, -100)
    return np.matmul(softmax(scores), v)

# %% one_token
def one_token(x, w_q, w_k, w_v):
    """The causal head's output for the last token of x."""
    # the last row of the head
    return causal_head(x, w_q, w_k, w_v)[..., -1:, :]

# %% decode_step
def decode_step(token, cache, w_q, w_k, w_v):
    """One step of decoding: the new token's output, and the cache for the next step."""
    # the text has four tokens, so four rows are enough
    rows = 4
    k = np.concatenate([cache["k"], np.matmul(token, w_k)], axis=-2)[..., -rows:, :]
    v = np.concatenate([cache["v"], np.matmul(token, w_v)], axis=-2)[..., -rows:, :]
    scores = np.matmul(np.matmul(token, w_q), np.swapaxes(k, -2, -1)) / np.sqrt(k.shape[-1])
    return np.matmul(softmax(scores), v), {"k": k, "v": v}
