# %% by_hand
my_number = 2639
my_weight = 0.28
show_numbers("one_head.by_hand", my_number)

# %% project
def project(x, w_q, w_k, w_v):
    return x @ w_q, x @ w_k, x @ w_v

# %% scaled_scores
def scaled_scores(q, k):
    scale = 1 / np.sqrt(q.shape[-1])
    return scale * (q @ np.swapaxes(k, -1, -2))

# %% softmax
def softmax(scores):
    top = scores.max(axis=-2, keepdims=True)
    e = np.exp(scores - top)
    return e / np.sum(e, axis=-2, keepdims=True)

# %% mix
def mix(weights, v):
    return weights @ v

# %% attention_head
def attention_head(x, w_q, w_k, w_v):
    q, k, v = project(x, w_q, w_k, w_v)
    weights = softmax(scaled_scores(q, k))
    return mix(weights, v)
