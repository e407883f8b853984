# %% by_hand
my_number = 550
my_entry = 9.44
show_numbers("multi_head_attention.by_hand", my_number)

# %% softmax
def softmax(scores):
    exps = np.exp(scores - scores.max(axis=-1)[..., None])
    return exps / exps.sum(axis=-1)[..., None]

# %% scaled_scores
def scaled_scores(q, k):
    return (q[..., :, None, :] * k[..., None, :, :]).sum(axis=-1) / np.sqrt(q.shape[-1])

# %% split_heads
def split_heads(x, num_heads):
    d = x.shape[-1] // num_heads
    columns = np.arange(num_heads)[:, None] * d + np.arange(d)[None, :]  # (H, d)
    return np.moveaxis(x[..., columns], -2, -3)

# %% concat_heads
def concat_heads(heads):
    moved = np.moveaxis(heads, -3, -2)
    return moved.reshape(*moved.shape[:-2], -1)

# %% multi_head_attention
def multi_head_attention(x, w_q, w_k, w_v, w_o, num_heads, context=None, mask=None):
    if context is None:
        context = x
    to_add = 0.0 if mask is None else np.where(mask, 0.0, -1e30)
    q = split_heads(x @ w_q, num_heads)
    k = split_heads(context @ w_k, num_heads)
    v = split_heads(context @ w_v, num_heads)
    weights = softmax(scaled_scores(q, k) + to_add)
    return concat_heads((weights[..., None] * v[..., None, :, :]).sum(axis=-2)) @ w_o

# %% padding_mask
def padding_mask(lengths, t_k):
    return np.arange(t_k)[None, None, None, :] < lengths[:, None, None, None]

# %% which_head
which_head = {
    "previous token": 3,
    "first token": 2,
    "same word": 0,
    "everything": 1,
}
