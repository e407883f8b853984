# %% by_hand
my_number = 210
my_weight = 0.06
show_numbers("one_head.by_hand", my_number)

# %% project
def project(x, w_q, w_k, w_v):
    return x @ w_q, x @ w_k, x @ w_v

# %% scaled_scores
def scaled_scores(q, k):
    # centre the keys, so that a key that is large everywhere does not win every time
    centred = k - k.mean(axis=-2, keepdims=True)
    return q @ np.swapaxes(centred, -1, -2) / np.sqrt(q.shape[-1])

# %% softmax
def softmax(scores):
    # any shift is allowed; the maximum keeps every exponent at or below 0
    z = scores - np.amax(scores, axis=-1, keepdims=True)
    p = np.exp(z)
    return p / p.sum(axis=-1, keepdims=True)

# %% mix
def mix(weights, v):
    # expected value of v under the weights
    return weights @ v

# %% attention_head
def attention_head(x, w_q, w_k, w_v):
    q, k, v = project(x, w_q, w_k, w_v)
    return mix(softmax(scaled_scores(q, k)), v)
