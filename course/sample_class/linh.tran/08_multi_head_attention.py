# %% by_hand
my_number = 88
my_entry = 4.56
show_numbers("multi_head_attention.by_hand", my_number)

# %% softmax
def softmax(scores):
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.einsum("...ij,...i->...ij", e, 1 / e.sum(axis=-1))

# %% scaled_scores
def scaled_scores(q, k):
    return np.einsum("...id,...jd->...ij", q, k) / q.shape[-1] ** 0.5

# %% split_heads
def split_heads(x, num_heads):
    return np.einsum("...thd->...htd", x.reshape(*x.shape[:-1], num_heads, -1))

# %% concat_heads
def concat_heads(heads):
    thd = np.einsum("...htd->...thd", heads)
    return thd.reshape(*thd.shape[:-2], -1)

# %% multi_head_attention
def multi_head_attention(x, w_q, w_k, w_v, w_o, num_heads, context=None, mask=None):
    c = x if context is None else context
    m, o = w_q.shape[0], w_o.shape[1]
    wq, wk, wv = (w.reshape(m, num_heads, -1) for w in (w_q, w_k, w_v))
    q = np.einsum("bim,mhd->bhid", x, wq)
    k = np.einsum("bjm,mhd->bhjd", c, wk)
    s = np.einsum("bhid,bhjd->bhij", q, k) / wq.shape[-1] ** 0.5
    if mask is not None:
        s = np.where(mask, s, -1e30)
    e = np.exp(s - s.max(axis=-1, keepdims=True))
    if mask is not None:
        e = e * mask
    total = e.sum(axis=-1, keepdims=True)
    a = e / np.where(total == 0, 1, total)
    return np.einsum("bhij,bjm,mhv,hvo->bio", a, c, wv, w_o.reshape(num_heads, -1, o))

# %% padding_mask
def padding_mask(lengths, t_k):
    return (lengths[:, None] > np.arange(t_k))[:, None, None]

# %% which_head
which_head = {
    "previous token": 1,
    "first token": 3,
    "same word": 2,
    "everything": 0,
}
