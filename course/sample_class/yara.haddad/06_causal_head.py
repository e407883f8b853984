# %% by_hand
my_number = 1119
my_entry = 2.4
show_numbers("causal_head.by_hand", my_number)

# %% causal_mask
def causal_mask(t):
    # the later ones are masked
    return np.triu(np.ones((t, t), dtype=bool), k=1)

# %% causal_steps
causal_steps = [
    "project_q",
    "project_k",
    "project_v",
    "scores",
    "mask",
    "softmax",
    "scale",
    "mix",
]

# %% causal_head
def causal_head(x, w_q, w_k, w_v):
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    s = (q @ k.swapaxes(-1, -2)) / q.shape[-1] ** 0.5
    s = np.where(causal_mask(x.shape[-2]), -np.inf, s)
    return softmax(s) @ v

# %% one_token
def one_token(x, w_q, w_k, w_v):
    q, k, v = x[..., -1:, :] @ w_q, x @ w_k, x @ w_v
    return softmax((q @ k.swapaxes(-1, -2)) / q.shape[-1] ** 0.5) @ v

# %% decode_step
def decode_step(token, cache, w_q, w_k, w_v):
    k = np.concatenate([cache["k"], token @ w_k], axis=-2)
    v = np.concatenate([cache["v"], token @ w_v], axis=-2)
    s = (token @ w_q @ k.swapaxes(-1, -2)) / k.shape[-1] ** 0.5
    return softmax(s) @ v, {"k": k, "v": v}
