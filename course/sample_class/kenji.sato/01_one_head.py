# %% by_hand
my_number = 2976
my_weight = 0.95
show_numbers("one_head.by_hand", my_number)

# %% project
def project(x, w_q, w_k, w_v):
    queries = np.matmul(x, w_q)
    keys = np.matmul(x, w_k)
    values = np.matmul(x, w_v)
    return queries, keys, values

# %% scaled_scores
def scaled_scores(q, k):
    scaled_q = q / np.sqrt(q.shape[-1])
    return np.matmul(scaled_q, k.mT)

# %% softmax
def softmax(scores):
    # maximum and sum per row, then an axis put back
    largest = np.expand_dims(np.max(scores, axis=-1), axis=-1)
    exps = np.exp(np.subtract(scores, largest))
    return np.divide(exps, np.expand_dims(np.sum(exps, axis=-1), axis=-1))

# %% mix
def mix(weights, v):
    # (v^T weights^T)^T, to see whether it is the same. It is.
    return np.matmul(v.mT, np.matrix_transpose(weights)).mT

# %% attention_head
def attention_head(x, w_q, w_k, w_v):
    queries, keys, values = project(x, w_q, w_k, w_v)
    weights = softmax(scaled_scores(queries, keys))
    return np.matmul(weights, values)
