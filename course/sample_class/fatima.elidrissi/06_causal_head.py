# %% by_hand
my_number = 863
my_entry = 1.75
show_numbers("causal_head.by_hand", my_number)

# %% causal_mask
def causal_mask(t):
    mask = np.subtract.outer(np.arange(t), np.arange(t)) >= 0
    assert mask.sum() == t * (t + 1) // 2
    return mask

# %% causal_steps
causal_steps = [
    "project_q",
    "project_k",
    "scores",
    "scale",
    "mask",
    "softmax",
    "project_v",
    "mix",
]

# %% causal_head
def log_sum_exp(s):
    top = s.max(axis=-1, keepdims=True)
    return top + np.log(np.exp(s - top).sum(axis=-1, keepdims=True))


def causal_head(x, w_q, w_k, w_v):
    root = w_q.shape[1] ** 0.25
    q, k, v = x @ w_q / root, x @ w_k / root, x @ w_v
    scores = np.where(causal_mask(x.shape[-2]), q @ np.swapaxes(k, -2, -1), -np.inf)
    weights = np.exp(scores - log_sum_exp(scores))
    assert weights.shape == (*x.shape[:-1], x.shape[-2])
    return weights @ v

# %% one_token
def one_token(x, w_q, w_k, w_v):
    root = w_q.shape[1] ** 0.25
    scores = (x[..., -1:, :] @ w_q / root) @ np.swapaxes(x @ w_k / root, -2, -1)
    output = np.exp(scores - log_sum_exp(scores)) @ (x @ w_v)
    assert output.shape == (*x.shape[:-2], 1, w_v.shape[1])
    return output

# %% decode_step
def decode_step(token, cache, w_q, w_k, w_v):
    assert token.shape[-2] == 1
    grown = {
        "k": np.concatenate([cache["k"], token @ w_k], axis=-2),
        "v": np.concatenate([cache["v"], token @ w_v], axis=-2),
    }
    root = w_q.shape[1] ** 0.25
    scores = (token @ w_q / root) @ np.swapaxes(grown["k"] / root, -2, -1)
    return np.exp(scores - log_sum_exp(scores)) @ grown["v"], grown
