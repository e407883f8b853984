# %% by_hand
my_number = 2003
my_weight = 0.72
show_numbers("one_head.by_hand", my_number)

# %% project
def project(x, w_q, w_k, w_v):
    """Queries, keys and values of the tokens."""
    x, w_q, w_k, w_v = (np.float32(a) for a in (x, w_q, w_k, w_v))
    return x @ w_q, x @ w_k, x @ w_v

# %% scaled_scores
def scaled_scores(q, k):
    """Scaled scores of every query for every key."""
    q, k = np.float32(q), np.float32(k)
    return (q @ k.swapaxes(-2, -1)) * np.float32(q.shape[-1] ** -0.5)

# %% softmax
def softmax(scores):
    """Weights from scores, over the last axis; safe for large scores."""
    scores = np.float32(scores)
    e = np.exp(scores - scores.max(-1, keepdims=True))
    return e / (e.sum(-1, keepdims=True) + np.float32(1e-9))

# %% mix
def mix(weights, v):
    """The values mixed by the weights."""
    return np.float32(weights) @ np.float32(v)

# %% attention_head
def attention_head(x, w_q, w_k, w_v):
    """One attention head."""
    return mix(softmax(scaled_scores(*project(x, w_q, w_k, w_v)[:2])), np.float32(x) @ np.float32(w_v))
