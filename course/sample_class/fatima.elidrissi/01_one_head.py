# %% by_hand
my_number = 863
my_weight = 0.11
show_numbers("one_head.by_hand", my_number)

# %% project
def project(x, w_q, w_k, w_v):
    assert x.shape[-1] == w_q.shape[0] == w_k.shape[0] == w_v.shape[0]
    return tuple(np.dot(x, w) for w in (w_q, w_k, w_v))

# %% scaled_scores
def scaled_scores(q, k):
    assert q.shape[-1] == k.shape[-1]
    root = q.shape[-1] ** 0.25  # half of the scale for each factor: smaller numbers meet in the product
    return (q / root) @ np.swapaxes(k / root, -2, -1)

# %% softmax
def log_sum_exp(s):
    top = s.max(axis=-1, keepdims=True)
    return top + np.log(np.exp(s - top).sum(axis=-1, keepdims=True))

def softmax(scores):
    weights = np.exp(scores - log_sum_exp(scores))
    assert np.allclose(weights.sum(axis=-1), 1)
    return weights

# %% mix
def mix(weights, v):
    assert weights.shape[-1] == v.shape[-2]
    return weights @ v

# %% attention_head
def attention_head(x, w_q, w_k, w_v):
    q, k, v = project(x, w_q, w_k, w_v)
    return mix(softmax(scaled_scores(q, k)), v)
