# %% my_number
my_number = 2003

# %% suspect
suspect = {
    "red": 5,
    "green": 8,
    "blue": 7,
    "grey": 10,
    "gold": 2,
    "pink": 6,
}

# %% head_a
def head_a(x, w_q, w_k, w_v):
    q, k, v = x @ w_q, x @ w_k, x @ w_v  # (..., T, d_k), (..., T, d_k), (..., T, d_v)
    mask = np.tri(x.shape[-2], dtype=bool)  # (T, T)
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])  # (..., T, T)
    scores = np.where(mask, scores, np.float32(-np.inf))  # (..., T, T)
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
    scores = np.where(np.tri(x.shape[-2], dtype=bool), scores, -1e30)  # (..., T, T)
    weights = softmax(scores)  # (..., T, T)
    return weights @ v  # (..., T, d_v)

# %% head_f
def head_f(x, w_q, w_k, w_v):
    q, k, v = (np.float32(x) @ np.float32(w) for w in (w_q, w_k, w_v))  # (..., T, d_k), (..., T, d_k), (..., T, d_v)
    scores = q @ np.swapaxes(k, -1, -2) * np.float32(w_q.shape[-1] ** -0.5)  # (..., T, T)
    scores = np.where(np.tri(x.shape[-2], dtype=bool), scores, -np.inf)  # (..., T, T)
    return softmax(scores) @ v  # (..., T, d_v)

# %% shows_bug
def shows_bug(head):
    """True when a causal head shows a bug, False when it is right."""
    rng = np.random.default_rng(32)
    x = np.float32(rng.standard_normal((4, 6, 9)))
    w_q, w_k, w_v = (np.float32(rng.standard_normal((9, n)) / 3) for n in (5, 5, 2))
    try:
        for tokens in (x, x[0], np.int32(np.round(2 * x))):
            difference = head(tokens, w_q, w_k, w_v) - head_f(tokens, w_q, w_k, w_v)
            if difference.shape != tokens.shape[:-1] + (2,) or not np.abs(difference).max() < 1e-3:
                return True
        return not np.isfinite(head(60 * x, w_q, w_k, w_v)).all()
    except Exception:
        return True
