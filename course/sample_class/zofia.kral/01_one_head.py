# %% by_hand
my_number = 2663
my_weight = 0.77
show_numbers("one_head.by_hand", my_number)

# %% project
def project(x, w_q, w_k, w_v):
    return x @ w_q, x @ w_k, x @ w_v

# %% scaled_scores
def scaled_scores(q, k):
    return q @ np.swapaxes(k, -1, -2) / np.sqrt(k.shape[-1])

# %% softmax
temperature = 2.0

def softmax(scores):
    s = scores / temperature
    s = s - s.max(axis=-1, keepdims=True)
    return np.exp(s) / np.exp(s).sum(axis=-1, keepdims=True)

# %% mix
def mix(weights, v):
    return np.matmul(weights, v)
