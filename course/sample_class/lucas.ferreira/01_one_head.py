# %% by_hand
my_number = 1136
my_weight = 0.2
show_numbers("one_head.by_hand", my_number)

# %% project
def project(x, w_q, w_k, w_v):
    return [x @ w_q, x @ w_k, x @ w_v]

# %% scaled_scores
def scaled_scores(q, k):
    d_k = q.shape[-1]
    return q @ np.swapaxes(k, -1, -2) / d_k ** (1 / 3)

# %% softmax
def softmax(scores):
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-2, keepdims=True)

# %% mix
def mix(weights, v):
    return weights @ v

# %% attention_head
def attention_head(x, w_q, w_k, w_v):
    q, k, v = project(x, w_q, w_k, w_v)
    a = softmax(scaled_scores(q, k))
    return mix(a, v)
