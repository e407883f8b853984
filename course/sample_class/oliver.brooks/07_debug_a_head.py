# %% my_number
my_number = 3069

# %% suspect
suspect = {
    "red": 4,
    "green": 10,
    "blue": 3,
    "grey": 2,
    "gold": 9,
    "pink": 1,
}

# %% head_a
def head_a(x, w_q, w_k, w_v):
    q, k, v = x @ w_q, x @ w_k, x @ w_v  # (..., T, d_k), (..., T, d_k), (..., T, d_v)
    mask = np.tri(x.shape[-2], dtype=bool)  # (T, T)
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])  # (..., T, T)
    scores = np.where(mask, scores, -np.inf)  # (..., T, T)
    weights = softmax(scores)  # (..., T, T)
    return weights @ v  # (..., T, d_v)

# %% head_b
def head_b(x, w_q, w_k, w_v):
    queries = x @ w_q  # (..., T, d_k)
    keys = x @ w_k  # (..., T, d_k)
    values = x @ w_v  # (..., T, d_v)
    future = np.triu(np.ones((x.shape[-2], x.shape[-2]), dtype=bool), k=1)  # (T, T)
    scores = np.einsum("...ic,...jc->...ij", queries, keys) / np.sqrt(keys.shape[-1])  # (..., T, T)
    return softmax(np.where(future, -np.inf, scores)) @ values  # (..., T, d_v)

# %% head_c
def head_c(x, w_q, w_k, w_v):
    d_k = w_k.shape[-1]
    positions = np.arange(x.shape[-2])  # (T,)
    may_attend = positions[np.newaxis, :] <= positions[:, np.newaxis]  # (T, T)
    scores = (x @ w_q) @ np.swapaxes(x @ w_k, -1, -2) / d_k**0.5  # (..., T, T)
    scores = np.where(may_attend, scores, -np.inf)  # (..., T, T)
    return softmax(scores) @ (x @ w_v)  # (..., T, d_v)

# %% head_d
def head_d(x, w_q, w_k, w_v):
    q = x @ w_q  # (..., T, d_k)
    k = x @ w_k  # (..., T, d_k)
    v = x @ w_v  # (..., T, d_v)
    mask = np.tri(x.shape[-2], dtype=bool)  # (T, T)
    scores = np.where(mask, q @ np.swapaxes(k, -1, -2) / np.sqrt(k.shape[-1]), -np.inf)  # (..., T, T)
    return softmax(scores) @ v  # (..., T, d_v)

# %% head_e
def head_e(x, w_q, w_k, w_v):
    q, k, v = x @ w_q, x @ w_k, x @ w_v  # (..., T, d_k), (..., T, d_k), (..., T, d_v)
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])  # (..., T, T)
    mask = np.tri(x.shape[-2], dtype=bool)
    scores = np.where(mask, scores, -1)  # (..., T, T)
    weights = softmax(scores)  # (..., T, T)
    return weights @ v  # (..., T, d_v)

# %% head_f
def head_f(x, w_q, w_k, w_v):
    q, k, v = (x @ w for w in (w_q, w_k, w_v))  # (..., T, d_k), (..., T, d_k), (..., T, d_v)
    scores = q @ np.swapaxes(k, -1, -2) / q.shape[-1]  # (..., T, T)
    scores = np.where(np.tri(x.shape[-2], dtype=bool), scores, -np.inf)  # (..., T, T)
    return softmax(scores) @ v  # (..., T, d_v)

# %% shows_bug
def shows_bug(head):
    """True when a causal head shows a bug, False when it is right."""
    generator = np.random.default_rng(3)
    x = generator.standard_normal((5, 8))
    w_q, w_k, w_v = generator.standard_normal((3, 8, 4)) / 3
    # compare with a right head
    try:
        return not np.allclose(head(x, w_q, w_k, w_v), head_b(x, w_q, w_k, w_v), atol=0.001)
    except Exception:
        return True
