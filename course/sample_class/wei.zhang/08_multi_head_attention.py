# %% by_hand
my_number = 3041
my_entry = 2.69
show_numbers("multi_head_attention.by_hand", my_number)

# %% softmax
def softmax(scores):
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    w = e / e.sum(axis=-1, keepdims=True)
    return np.round(w, 2)

# %% scaled_scores
def scaled_scores(q, k):
    return q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])

# %% split_heads
def split_heads(x, num_heads):
    B, T, D = x.shape
    return x.reshape(B, T, num_heads, D // num_heads).transpose(0, 2, 1, 3)

# %% concat_heads
def concat_heads(heads):
    B, H, T, d = heads.shape
    return heads.transpose(0, 2, 1, 3).reshape(B, T, H * d)

# %% multi_head_attention
def multi_head_attention(x, w_q, w_k, w_v, w_o, num_heads, context=None, mask=None):
    if context is None:
        context = x
    q = split_heads(x.dot(w_q), num_heads)
    k = split_heads(context.dot(w_k), num_heads)
    v = split_heads(context.dot(w_v), num_heads)
    s = scaled_scores(q, k)
    if mask is not None:
        s = np.where(mask, s, -1e30)
    w = softmax(s)
    if mask is not None:
        w = np.where(mask, w, 0)
    return concat_heads(w @ v).dot(w_o)

# %% padding_mask
def padding_mask(lengths, t_k):
    return np.arange(t_k) < lengths[:, None]

# %% which_head
which_head = {
    "previous token": 3,
    "first token": 1,
    "same word": 2,
    "everything": 0,
}
