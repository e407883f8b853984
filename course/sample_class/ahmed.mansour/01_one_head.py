# %% by_hand
my_number = 2108
my_weight = 0.06
show_numbers("one_head.by_hand", my_number)

# %% project
def project(x, w_q, w_k, w_v):
    return x @ w_q, x @ w_k, x @ w_v

# %% scaled_scores
def scaled_scores(q, k):
    q /= np.sqrt(q.shape[-1])  # no copy
    return q @ k.swapaxes(-1, -2)

# %% softmax
def softmax(scores):
    scores -= scores.max(axis=-1, keepdims=True)
    e = np.exp(scores)
    e /= e.sum(axis=-1, keepdims=True)
    return e

# %% mix
def mix(weights, v):
    out = np.empty(weights.shape[:-1] + v.shape[-1:])
    np.matmul(weights, v, out=out)
    return out

# %% attention_head
def attention_head(x, w_q, w_k, w_v):
    q, k, v = project(x, w_q, w_k, w_v)
    return mix(softmax(scaled_scores(q, k)), v)
