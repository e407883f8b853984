# %% by_hand
my_number = "2106"
my_weight = 0.1
show_numbers("one_head.by_hand", my_number)

# %% project
def project(x, w_q, w_k, w_v):
    q = w_q @ x
    k = w_k @ x
    v = w_v @ x
    return q, k, v

# %% scaled_scores
def scaled_scores(q, k):
    d_k = q.shape[-1]
    return q @ k.transpose(0, 2, 1) / np.sqrt(d_k)

# %% softmax
def softmax(scores):
    e = np.exp(scores - np.maximum(scores, axis=-1))
    return e / e.sum(-1, keepdim=True)

# %% mix
def mix(weights, v):
    return wieghts @ v

# %% attention_head
def attention_head(x, w_q, w_k, w_v):
    q, k, v = project(x, w_q, w_k, w_v)
    return mix(softmax(scaled_scores(q, k)), v)
