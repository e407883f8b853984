# %% by_hand
my_number = 863
my_entry = 1.75
show_numbers("multi_head_attention.by_hand", my_number)

# %% softmax
def log_sum_exp(s):
    top = s.max(axis=-1, keepdims=True)
    return top + np.log(np.exp(s - top).sum(axis=-1, keepdims=True))


def softmax(scores):
    return np.exp(scores - log_sum_exp(scores))

# %% scaled_scores
def scaled_scores(q, k):
    assert q.shape[-1] == k.shape[-1]
    root = q.shape[-1] ** 0.25
    return (q / root) @ np.swapaxes(k / root, -2, -1)

# %% split_heads
def split_heads(x, num_heads):
    *leading, t, width = x.shape
    assert width % num_heads == 0
    return np.swapaxes(x.reshape(*leading, t, num_heads, width // num_heads), -3, -2)

# %% concat_heads
def concat_heads(heads):
    *leading, num_heads, t, d = heads.shape
    return np.swapaxes(heads, -3, -2).reshape(*leading, t, num_heads * d)

# %% multi_head_attention
def multi_head_attention(x, w_q, w_k, w_v, w_o, num_heads, context=None, mask=None):
    if context is None:
        context = x
    assert context.shape[0] == x.shape[0]
    q = split_heads(x @ w_q, num_heads)
    k = split_heads(context @ w_k, num_heads)
    v = split_heads(context @ w_v, num_heads)
    scores = scaled_scores(q, k)
    allowed = np.ones_like(scores, dtype=bool) if mask is None else np.broadcast_to(mask, scores.shape)
    some = allowed.any(axis=-1, keepdims=True)  # (B, H, T_q, 1)
    # a row without any allowed key goes through softmax as it is and is emptied after
    weights = softmax(np.where(allowed | ~some, scores, -np.inf)) * some
    output = concat_heads(weights @ v) @ w_o
    assert output.shape == (*x.shape[:-1], w_o.shape[1])
    return output

# %% padding_mask
def padding_mask(lengths, t_k):
    mask = np.greater.outer(np.asarray(lengths), np.arange(t_k))
    assert np.array_equal(mask.sum(axis=1), lengths)
    return mask.reshape(-1, 1, 1, t_k)

# %% which_head
which_head = {
    "previous token": 2,
    "first token": 1,
    "same word": 0,
    "everything": 3,
}
