# %% my_number
my_number = 88

# %% suspect
suspect = {
    "red": 4,
    "green": 5,
    "blue": 10,
    "grey": 2,
    "gold": 9,
    "pink": 1,
}

# %% head_a
def head_a(x, w_q, w_k, w_v):
    s = np.einsum("...im,md,nd,...jn->...ij", x, w_q, w_k, x) / w_q.shape[1] ** 0.5
    s = np.where(np.tri(x.shape[-2], dtype=bool), s, -np.inf)
    return np.einsum("...ij,...jm,mv->...iv", softmax(s), x, w_v)

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
    mask = np.tri(x.shape[-2], dtype=bool)  # (T, T)
    scores = np.where(mask, q @ np.swapaxes(k, -1, -2) / np.sqrt(k.shape[-1]), -np.inf)  # (..., T, T)
    return np.einsum("...ij,...jm,mv->...iv", softmax(scores), x, w_v)

# %% head_e
def head_e(x, w_q, w_k, w_v):
    q, k, v = x @ w_q, x @ w_k, x @ w_v  # (..., T, d_k), (..., T, d_k), (..., T, d_v)
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])  # (..., T, T)
    scores = np.where(np.tri(x.shape[-2], dtype=bool), scores, -np.inf)  # (..., T, T)
    weights = softmax(scores)  # (..., T, T)
    return weights @ v  # (..., T, d_v)

# %% head_f
def head_f(x, w_q, w_k, w_v):
    q, k, v = (x @ w for w in (w_q, w_k, w_v))  # (..., T, d_k), (..., T, d_k), (..., T, d_v)
    scores = np.einsum("...id,...jd->...ij", q, k) / q.shape[-1] ** 0.5  # (..., T, T)
    scores = np.where(np.tri(x.shape[-2], dtype=bool), scores, -np.inf)  # (..., T, T)
    return softmax(scores) @ v  # (..., T, d_v)

# %% shows_bug
def shows_bug(head):
    r = np.random.default_rng(0)
    x = r.normal(size=(2, 6, 7))
    ws = r.normal(size=(7, 3)) / 3, r.normal(size=(7, 3)) / 3, r.normal(size=(7, 4)) / 3

    def right(x):
        s = np.einsum("...im,md,nd,...jn->...ij", x, ws[0], ws[1], x) / 3**0.5
        s = np.where(np.tri(6, dtype=bool), s, -np.inf)
        return np.einsum("...ij,...jm,mv->...iv", softmax(s), x, ws[2])

    whole = r.integers(-2, 3, size=(2, 6, 7))
    try:
        same = all(
            head(one, *ws).shape == right(one).shape and np.allclose(head(one, *ws), right(one), rtol=0, atol=1e-3)
            for one in (x, x[1], whole)
        )
        return not (same and np.isfinite(head(60 * x, *ws)).all())
    except Exception:
        return True
