# %% by_hand
my_number = 550
my_weight = 0.49
show_numbers("one_head.by_hand", my_number)

# %% project
def project(x, w_q, w_k, w_v):
    all_three = x @ np.concatenate([w_q, w_k, w_v], axis=1)  # one product is enough
    d_k = w_q.shape[1]
    return all_three[..., :d_k], all_three[..., d_k : 2 * d_k], all_three[..., 2 * d_k :]

# %% scaled_scores
def scaled_scores(q, k):
    products = q[..., :, None, :] * k[..., None, :, :]  # (..., T_q, T_k, d_k)
    return products.sum(axis=-1) / np.sqrt(q.shape[-1])

# %% softmax
def softmax(scores):
    mask = np.where(np.isfinite(scores), 0.0, -np.inf)  # nothing is masked yet; unit 6 needs it
    shift = scores.max(axis=-1)[..., None]
    exps = np.exp(scores - shift + mask)
    return exps / exps.sum(axis=-1)[..., None]

# %% mix
def mix(weights, v):
    return (weights[..., None] * v[..., None, :, :]).sum(axis=-2)

# %% attention_head
def attention_head(x, w_q, w_k, w_v):
    q, k, v = project(x, w_q, w_k, w_v)
    return mix(softmax(scaled_scores(q, k)), v)
