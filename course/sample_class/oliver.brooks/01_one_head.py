# %% by_hand
my_number = 3069
my_weight = 0.96
show_numbers("one_head.by_hand", my_number)

# %% project
def project(x, w_q, w_k, w_v):
    """Queries, keys and values of the tokens.

    x (..., T, d_model); w_q, w_k (d_model, d_k); w_v (d_model, d_v).
    Returns q (..., T, d_k), k (..., T, d_k), v (..., T, d_v).
    """
    q = np.matmul(x, w_q)
    k = np.matmul(x, w_k)
    v = np.matmul(x, w_v)
    return q, k, v

# %% scaled_scores
def scaled_scores(q, k):
    """Scaled scores of every query for every key.

    q (..., T_q, d_k); k (..., T_k, d_k). Returns (..., T_q, T_k).
    """
    # dot product of every query with every key
    return np.matmul(q, np.swapaxes(k, -2, -1))

# %% softmax
def softmax(scores):
    """Weights from scores, over the last axis; safe for large scores."""
    m = np.max(scores, axis=-1, keepdims=True)
    e = np.exp(scores - m)
    return e / np.sum(e, axis=-1, keepdims=True)

# %% mix
def mix(weights, v):
    """The values mixed by the weights."""
    return np.matmul(weights, v)

# %% attention_head
def attention_head(x, w_q, w_k, w_v):
    """One attention head."""
    q, k, v = project(x, w_q, w_k, w_v)
    s = scaled_scores(q, k)
    return mix(softmax(s), v)
