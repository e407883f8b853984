# %% by_hand
my_number = 549
my_weight = 0.15
show_numbers("one_head.by_hand", my_number)

# %% project
def project(x, w_q, w_k, w_v):
    q = x @ w_q
    k = x @ w_k
    v = x @ w_v
    return q, k, v

# %% scaled_scores
def scaled_scores(q, k):
    # close together = large score
    diff = q[..., :, np.newaxis, :] - k[..., np.newaxis, :, :]
    return -np.sum(diff**2, axis=-1) / np.sqrt(q.shape[-1])

# %% softmax
def softmax(scores):
    scores = scores - scores.max(axis=-1, keepdims=True)
    return np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)

# %% mix
def mix(weights, v):
    return weights @ v

# %% attention_head
def attention_head(x, w_q, w_k, w_v):
    q, k, v = project(x, w_q, w_k, w_v)
    return mix(softmax(scaled_scores(q, k)), v)
