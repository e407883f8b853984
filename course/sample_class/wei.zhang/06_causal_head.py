# %% by_hand
my_number = 3041
my_entry = -1.82
show_numbers("causal_head.by_hand", my_number)

# %% causal_mask
def causal_mask(t):
    return np.tri(t).astype(bool)

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
    q, k, v = x.dot(w_q), x.dot(w_k), x.dot(w_v)
    s = q @ k.T / np.sqrt(q.shape[-1])
    s[~causal_mask(len(q))] = -np.inf
    return softmax(s) @ v

# %% one_token
def one_token(x, w_q, w_k, w_v):
    q, k, v = x[-1:].dot(w_q), x.dot(w_k), x.dot(w_v)
    return softmax(q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])) @ v

# %% decode_step
def decode_step(token, cache, w_q, w_k, w_v):
    k = np.concatenate([cache["k"], token @ w_k])
    v = np.concatenate([cache["v"], token @ w_v])
    s = token @ w_q @ k.swapaxes(-1, -2) / np.sqrt(k.shape[-1])
    return softmax(s) @ v, {"k": k, "v": v}
