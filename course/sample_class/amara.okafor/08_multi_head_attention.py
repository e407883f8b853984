# %% by_hand
my_number = 14
my_entry = 3.56
show_numbers("multi_head_attention.by_hand", my_number)

# %% softmax
def softmax(scores):
    """Weights from scores, over the last axis; safe for large scores. Shape (..., T_q, T_k) in and out."""
    exps = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    return exps / np.sum(exps, axis=-1, keepdims=True)

# %% scaled_scores
def scaled_scores(q, k):
    """Scaled scores. q (..., T_q, d_k); k (..., T_k, d_k). Returns (..., T_q, T_k)."""
    return q @ np.swapaxes(k, -1, -2) / np.sqrt(k.shape[-1])

# %% split_heads
def split_heads(x, num_heads):
    """(..., T, H·d) to (..., H, T, d): columns h·d to (h+1)·d are head h."""
    x = x.reshape(*x.shape[:-1], num_heads, x.shape[-1] // num_heads)  # (..., T, H, d)
    return np.swapaxes(x, -2, -3)

# %% concat_heads
def concat_heads(heads):
    """(..., H, T, d) to (..., T, H·d): the heads side by side."""
    heads = np.swapaxes(heads, -2, -3)  # (..., T, H, d)
    return heads.reshape(*heads.shape[:-2], -1)

# %% multi_head_attention
def multi_head_attention(x, w_q, w_k, w_v, w_o, num_heads, context=None, mask=None):
    """Multi-head attention of x to the context, or to itself.

    x (B, T_q, d_model); context (B, T_k, d_model); w_q, w_k (d_model, H·d_k); w_v (d_model, H·d_v); w_o (H·d_v, d_out);
    mask boolean, broadcasts to (B, H, T_q, T_k). Returns (B, T_q, d_out).
    """
    context = x if context is None else context
    mask = True if mask is None else mask
    q, k, v = (split_heads(a @ w, num_heads) for a, w in ((x, w_q), (context, w_k), (context, w_v)))
    weights = softmax(np.where(mask, scaled_scores(q, k), -1e30))  # (B, H, T_q, T_k)
    return concat_heads(np.where(mask, weights, 0) @ v) @ w_o

# %% padding_mask
def padding_mask(lengths, t_k):
    """True at the real keys: lengths (B,), t_k a number. Returns a boolean mask (B, 1, 1, T_k)."""
    return np.arange(t_k) < np.reshape(lengths, (-1, 1, 1, 1))

# %% which_head
which_head = {
    "previous token": 2,
    "first token": 0,
    "same word": 1,
    "everything": 3,
}
