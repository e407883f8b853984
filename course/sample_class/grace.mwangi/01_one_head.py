# %% by_hand
my_number = 1872
my_weight = 0.22
show_numbers("one_head.by_hand", my_number)

# %% project
def project(x, w_q, w_k, w_v):
    q = np.einsum("...i,ij->...j", x, w_q)
    k = np.einsum("...i,ij->...j", x, w_k)
    v = np.einsum("...i,ij->...j", x, w_v)
    return q, k, v

# %% scaled_scores
def scaled_scores(q, k):
    return np.einsum("...qd,...kd->...qk", q, k)

# %% softmax
def softmax(scores):
    e = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)

# %% mix
def mix(weights, v):
    n = weights.shape[-1]
    out = 0
    for j in range(n - 1):
        out = out + weights[..., j : j + 1] * v[..., j : j + 1, :]
    return out

# %% attention_head
def attention_head(x, w_q, w_k, w_v):
    q, k, v = project(x, w_q, w_k, w_v)
    weights = softmax(scaled_scores(q, k))
    return np.einsum("...qk,...kd->...qd", weights, v)
