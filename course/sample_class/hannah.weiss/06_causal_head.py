# %% by_hand
my_number = 550
my_entry = 0.24
show_numbers("causal_head.by_hand", my_number)

# %% causal_mask
def causal_mask(t):
    i = np.arange(t)
    return np.where(i[None, :] <= i[:, None], 0.0, -np.inf)

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
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    scores = (q[..., :, None, :] * k[..., None, :, :]).sum(axis=-1) / np.sqrt(q.shape[-1])
    return softmax(scores + causal_mask(x.shape[-2])) @ v

# %% one_token
def one_token(x, w_q, w_k, w_v):
    q, k, v = x[..., -1, :] @ w_q, x @ w_k, x @ w_v
    scores = (q[..., None, :] * k).sum(axis=-1) / np.sqrt(q.shape[-1])  # (..., t)
    return (softmax(scores)[..., None] * v).sum(axis=-2)[..., None, :]

# %% decode_step
def decode_step(token, cache, w_q, w_k, w_v):
    k = np.concatenate([cache["k"], token @ w_k], axis=-2)
    v = np.concatenate([cache["v"], token @ w_v], axis=-2)
    q = token @ w_q
    scores = (q * k).sum(axis=-1) / np.sqrt(q.shape[-1])  # (..., t+1)
    out = (softmax(scores)[..., None] * v).sum(axis=-2)
    return out[..., None, :], {"k": k, "v": v}
