# %% by_hand
my_number = 2976
my_entry = 5.56
show_numbers("multi_head_attention.by_hand", my_number)

# %% softmax
def softmax(scores):
    largest = np.expand_dims(np.max(scores, axis=-1), axis=-1)
    exps = np.exp(np.subtract(scores, largest))
    return np.divide(exps, np.expand_dims(np.sum(exps, axis=-1), axis=-1))

# %% scaled_scores
def scaled_scores(q, k):
    return np.matmul(q / np.sqrt(q.shape[-1]), k.mT)

# %% split_heads
def split_heads(x, num_heads):
    thd = np.reshape(x, (*x.shape[:-1], num_heads, x.shape[-1] // num_heads))
    return np.moveaxis(thd, -2, -3)

# %% concat_heads
def concat_heads(heads):
    *leading, num_heads, tokens, d = heads.shape
    return np.reshape(np.moveaxis(heads, -3, -2), (*leading, tokens, num_heads * d))

# %% multi_head_attention
def multi_head_attention(x, w_q, w_k, w_v, w_o, num_heads, context=None, mask=None):
    looked_at = x if context is None else context
    queries = split_heads(np.matmul(x, w_q), num_heads)
    keys = split_heads(np.matmul(looked_at, w_k), num_heads)
    values = split_heads(np.matmul(looked_at, w_v), num_heads)
    scores = scaled_scores(queries, keys)
    allowed = np.broadcast_to(True if mask is None else mask, scores.shape)
    weights = softmax(np.where(allowed, scores, np.finfo(float).min / 4))
    weights = np.multiply(weights, allowed)
    return np.matmul(concat_heads(np.matmul(weights, values)), w_o)

# %% padding_mask
def padding_mask(lengths, t_k):
    real = np.less(np.arange(t_k), np.expand_dims(lengths, axis=-1))
    return np.expand_dims(real, axis=(1, 2))

# %% which_head
which_head = {
    "previous token": 0,
    "first token": 2,
    "same word": 3,
    "everything": 1,
}
