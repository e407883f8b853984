# %% by_hand
my_number = 14
my_weight = 0.89
show_numbers("one_head.by_hand", my_number)

# %% project
def project(x, w_q, w_k, w_v):
    """Queries, keys and values of the tokens.

    x (..., T, d_model); w_q, w_k (d_model, d_k); w_v (d_model, d_v).
    Returns q (..., T, d_k), k (..., T, d_k), v (..., T, d_v).
    """
    return x @ w_q, x @ w_k, x @ w_v

# %% scaled_scores
def scaled_scores(q, k):
    """Scaled scores of every query for every key.

    q (..., T_q, d_k); k (..., T_k, d_k). Returns (..., T_q, T_k).
    """
    scores = q @ np.swapaxes(k, -1, -2)  # (..., T_q, T_k)
    return scores / np.sqrt(k.shape[-1])

# %% softmax
def softmax(scores):
    """Weights from scores, over the last axis; safe for large scores.

    scores (..., T_q, T_k). Returns weights of the same shape; each row sums to 1.
    """
    exps = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    return exps / np.sum(exps, axis=-1, keepdims=True)

# %% mix
def mix(weights, v):
    """The values mixed by the weights.

    weights (..., T_q, T_k); v (..., T_k, d_v). Returns (..., T_q, d_v).
    """
    return weights @ v

# %% attention_head
def attention_head(x, w_q, w_k, w_v):
    """One attention head.

    x (..., T, d_model); w_q, w_k (d_model, d_k); w_v (d_model, d_v). Returns (..., T, d_v).
    """
    q, k, v = project(x, w_q, w_k, w_v)
    weights = softmax(scaled_scores(q, k))  # (..., T, T)
    return mix(weights, v)
