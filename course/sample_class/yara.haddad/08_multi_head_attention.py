# %% by_hand
my_number = 1119
my_entry = 7.19
show_numbers("multi_head_attention.by_hand", my_number)

# %% softmax
def softmax(scores):
    # exp(s_ij) / sum over j of exp(s_ij)
    return np.exp(scores) / np.sum(np.exp(scores), axis=-1, keepdims=True)

# %% scaled_scores
def scaled_scores(q, k):
    d_k = k.shape[-1]
    return (q @ k.swapaxes(-1, -2)) / d_k**0.5

# %% split_heads
def split_heads(x, num_heads):
    return x.reshape(x.shape[:-1] + (num_heads, -1)).swapaxes(-2, -3)

# %% concat_heads
def concat_heads(heads):
    s = heads.swapaxes(-2, -3)
    return s.reshape(s.shape[:-2] + (-1,))

# %% multi_head_attention
def multi_head_attention(x, w_q, w_k, w_v, w_o, num_heads, context=None, mask=None):
    if context is None:
        context = x
    q = split_heads(x @ w_q, num_heads)
    k = split_heads(context @ w_k, num_heads)
    v = split_heads(context @ w_v, num_heads)
    s = scaled_scores(q, k)
    if mask is None:
        w = softmax(s)
    else:
        w = np.where(mask, softmax(np.where(mask, s, -np.inf)), 0)
    return concat_heads(w @ v) @ w_o

# %% padding_mask
def padding_mask(lengths, t_k):
    return (np.arange(t_k) < lengths[:, None])[:, None, None, :]

# %% which_head
which_head = {
    "previous token": 1,
    "first token": 3,
    "same word": 0,
    "everything": 2,
}
