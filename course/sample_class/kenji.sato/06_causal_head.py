# %% by_hand
my_number = 2976
my_entry = -0.19
show_numbers("causal_head.by_hand", my_number)

# %% causal_mask
def causal_mask(t):
    places = np.arange(t)
    return np.greater_equal(np.expand_dims(places, axis=-1), places)

# %% causal_steps
causal_steps = [
    "project_v",
    "project_k",
    "project_q",
    "scores",
    "scale",
    "mask",
    "softmax",
    "mix",
]

# %% causal_head
def causal_head(x, w_q, w_k, w_v):
    queries = np.matmul(x, w_q) / np.sqrt(w_q.shape[-1])
    keys = np.matmul(x, w_k)
    values = np.matmul(x, w_v)
    scores = np.matmul(queries, keys.mT)
    scores[..., np.logical_not(causal_mask(x.shape[-2]))] = -np.inf
    return np.matmul(softmax(scores), values)

# %% one_token
def one_token(x, w_q, w_k, w_v):
    last = np.take(x, [-1], axis=-2)
    query = np.matmul(last, w_q) / np.sqrt(w_q.shape[-1])
    return np.matmul(softmax(np.matmul(query, np.matmul(x, w_k).mT)), np.matmul(x, w_v))

# %% decode_step
def decode_step(token, cache, w_q, w_k, w_v):
    query = np.matmul(token, w_q) / np.sqrt(w_q.shape[-1])
    keys = np.append(cache["k"], np.matmul(token, w_k), axis=-2)
    values = np.append(cache["v"], np.matmul(token, w_v), axis=-2)
    return np.matmul(softmax(np.matmul(query, keys.mT)), values), {"k": keys, "v": values}
