# %% by_hand
my_number = 3069
my_entry = 0.44
show_numbers("multi_head_attention.by_hand", my_number)

# %% softmax
def softmax(scores):
    """Weights from scores, over the last axis; safe for large scores."""
    m = np.max(scores, axis=-1, keepdims=True)
    e = np.exp(scores - m)
    return e / np.sum(e, axis=-1, keepdims=True)

# %% scaled_scores
def scaled_scores(q, k):
    """Scaled scores."""
    return np.matmul(q, np.swapaxes(k, -2, -1)) / np.sqrt(q.shape[-1])

# %% split_heads
def split_heads(x, num_heads):
    """(..., T, H·d) to (..., H, T, d): columns h·d to (h+1)·d are head h."""
    shape = x.shape[:-1] + (num_heads, x.shape[-1] // num_heads)
    # heads before tokens
    return np.swapaxes(np.reshape(x, shape), -3, -2)

# %% concat_heads
def concat_heads(heads):
    """(..., H, T, d) to (..., T, H·d): the heads side by side."""
    swapped = np.swapaxes(heads, -3, -2)
    return np.reshape(swapped, swapped.shape[:-2] + (swapped.shape[-2] * swapped.shape[-1],))

# %% multi_head_attention
def multi_head_attention(x, w_q, w_k, w_v, w_o, num_heads, context=None, mask=None):
    """Multi-head attention of x to the context, or to itself."""
    if context is None:
        context = x
    # project, scale, split
    q = split_heads(np.matmul(x, w_q) / np.sqrt(w_q.shape[-1]), num_heads)
    k = split_heads(np.matmul(context, w_k), num_heads)
    v = split_heads(np.matmul(context, w_v), num_heads)
    scores = np.matmul(q, np.swapaxes(k, -2, -1))
    if mask is not None:
        scores = np.where(mask, scores, -1e30)
    weights = softmax(scores)
    # nothing for forbidden keys
    if mask is not None:
        weights = np.where(mask, weights, 0)
    return np.matmul(concat_heads(np.matmul(weights, v)), w_o)

# %% padding_mask
def padding_mask(lengths, t_k):
    """True at the real keys: lengths (B,), t_k a number. Returns a boolean mask (B, 1, 1, T_k)."""
    keep = np.arange(t_k) <= lengths[:, np.newaxis]
    return keep[:, np.newaxis, np.newaxis, :]

# %% which_head
which_head = {
    "previous token": 3,
    "first token": 0,
    "same word": 1,
    "everything": 2,
}
