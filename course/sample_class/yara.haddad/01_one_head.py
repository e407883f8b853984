# %% by_hand
my_number = 1119
my_weight = 0.58
show_numbers("one_head.by_hand", my_number)

# %% project
def project(x, w_q, w_k, w_v):
    return x @ w_q, x @ w_k, x @ w_v

# %% scaled_scores
def scaled_scores(q, k):
    d_k = k.shape[-1]
    return (q @ k.swapaxes(-1, -2)) / d_k**0.5

# %% softmax
def softmax(scores):
    # exp(s_ij) / sum over j of exp(s_ij)
    return np.exp(scores) / np.sum(np.exp(scores), axis=-1, keepdims=True)

# %% mix
def mix(weights, v):
    return weights @ v

# %% attention_head
def attention_head(x, w_q, w_k, w_v):
    q, k, v = project(x, w_q, w_k, w_v)
    return mix(softmax(scaled_scores(q, k)), v)
