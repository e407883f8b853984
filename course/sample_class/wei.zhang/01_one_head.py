# %% by_hand
my_number = 3041
my_weight = 0.66
show_numbers("one_head.by_hand", my_number)

# %% project
def project(x, w_q, w_k, w_v):
    q = x.dot(w_q)
    k = x.dot(w_k)
    v = x.dot(w_v)
    return q, k, v

# %% scaled_scores
def scaled_scores(q, k):
    return q @ k.T / np.sqrt(q.shape[-1])

# %% softmax
def softmax(scores):
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    w = e / e.sum(axis=-1, keepdims=True)
    return np.round(w, 2)  # easier to read

# %% mix
def mix(weights, v):
    return weights @ v

# %% attention_head
def attention_head(x, w_q, w_k, w_v):
    q, k, v = project(x, w_q, w_k, w_v)
    return mix(softmax(scaled_scores(q, k)), v)
