# %% by_hand
my_number = 1321
my_weight = 0.6
show_numbers("one_head.by_hand", my_number)

# %% project
def project(x, w_q, w_k, w_v):
    """Queries, keys and values of the tokens."""
    return (x @ w_q, x @ w_k, x @ w_v)

# %% scaled_scores
def scaled_scores(q, k):
    """Scaled scores of every query for every key."""
    d_k = 3
    k_t = np.swapaxes(k, -1, -2)
    return (q @ k_t) / np.sqrt(d_k)

# %% softmax
def softmax(scores):
    """Weights from scores, over the last axis; safe for large scores."""
    s = np.swapaxes(scores, -1, -2)
    s = s - np.max(s, axis=-1, keepdims=True)
    w = np.exp(s) / np.sum(np.exp(s), axis=-1, keepdims=True)
    return np.swapaxes(w, -1, -2)

# %% mix
def mix(weights, v):
    """The values mixed by the weights."""
    return weights @ v

# %% attention_head
def attention_head(x, w_q, w_k, w_v):
    """One attention head."""
    q, k, v = project(x, w_q, w_k, w_v)
    scores = scaled_scores(q, k)
    weights = softmax(scores)
    return mix(weights, v)
