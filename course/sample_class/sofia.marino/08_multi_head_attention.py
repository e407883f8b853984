# %% by_hand
my_number = 2003
my_entry = -1.12
show_numbers("multi_head_attention.by_hand", my_number)

# %% softmax
def softmax(scores):
    """Weights from scores, over the last axis; safe for large scores."""
    scores = np.float32(scores)
    e = np.exp(scores - scores.max(-1, keepdims=True))
    return e / (e.sum(-1, keepdims=True) + np.float32(1e-9))

# %% scaled_scores
def scaled_scores(q, k):
    """Scaled scores."""
    q, k = np.float32(q), np.float32(k)
    return (q @ k.swapaxes(-2, -1)) * np.float32(q.shape[-1] ** -0.5)

# %% split_heads
def split_heads(x, num_heads):
    """(..., T, H·d) to (..., H, T, d)."""
    return np.stack(np.split(np.float32(x), num_heads, axis=-1), axis=-3)

# %% concat_heads
def concat_heads(heads):
    """(..., H, T, d) to (..., T, H·d)."""
    heads = np.float32(heads)
    return np.concatenate([heads[..., h, :, :] for h in range(heads.shape[-3])], axis=-1)

# %% multi_head_attention
def multi_head_attention(x, w_q, w_k, w_v, w_o, num_heads, context=None, mask=None):
    """Multi-head attention of x to the context, or to itself."""
    x, w_q, w_k, w_v, w_o = (np.float32(a) for a in (x, w_q, w_k, w_v, w_o))
    context = x if context is None else np.float32(context)
    q, k, v = split_heads(x @ w_q, num_heads), split_heads(context @ w_k, num_heads), split_heads(context @ w_v, num_heads)
    scores = scaled_scores(q, k)
    if mask is not None:
        scores = np.where(mask, scores, np.float32(-1e30))
    weights = softmax(scores)
    if mask is not None:
        weights = weights * np.float32(mask)
    return concat_heads(weights @ v) @ w_o

# %% padding_mask
def padding_mask(lengths, t_k):
    """True at the real keys."""
    return np.stack([np.arange(t_k) < n for n in lengths])[:, np.newaxis, np.newaxis]

# %% which_head
which_head = {
    "previous token": 2,
    "first token": 3,
    "same word": 1,
    "everything": 0,
}
