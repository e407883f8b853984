# %% by_hand
my_number = 88
my_weight = 0.77
show_numbers("one_head.by_hand", my_number)

# %% project
def project(x, w_q, w_k, w_v):
    q = np.einsum("...tm,md->...td", x, w_q)
    k = np.einsum("...tm,md->...td", x, w_k)
    v = np.einsum("...tm,md->...td", x, w_v)
    return q, k, v

# %% scaled_scores
def scaled_scores(q, k):
    return np.einsum("...id,...jd->...ij", q, k) / q.shape[-1] ** 0.5

# %% softmax
def softmax(scores):
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.einsum("...ij,...i->...ij", e, 1 / e.sum(axis=-1))

# %% mix
def mix(weights, v):
    return np.einsum("...ij,...jd->...id", weights, v)

# %% attention_head
def attention_head(x, w_q, w_k, w_v):
    # x_im Wq_md Wk_nd x_jn, all in one go
    s = np.einsum("...im,md,nd,...jn->...ij", x, w_q, w_k, x) / w_q.shape[1] ** 0.5
    e = np.exp(s - s.max(axis=-1, keepdims=True))
    out = np.einsum("...ij,...jm,mv->...iv", e, x, w_v)
    return out / e.sum(axis=-1)[..., None]
