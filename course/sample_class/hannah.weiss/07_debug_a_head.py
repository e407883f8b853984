# %% my_number
my_number = 550

# %% suspect
suspect = {
    "red": 1,
    "green": 10,
    "blue": 2,
    "grey": 5,
    "gold": 8,
    "pink": 4,
}

# %% head_a
def head_a(x, w_q, w_k, w_v):
    q, k, v = x @ w_q, x @ w_k, x @ w_v  # (..., T, d_k), (..., T, d_k), (..., T, d_v)
    mask = np.tri(x.shape[-2], dtype=bool)  # (T, T)
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])  # (..., T, T)
    weights = softmax(scores + np.where(mask, 0.0, -np.inf))  # (..., T, T)
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
    scores = scores + np.triu(np.full(scores.shape[-2:], -1e30), 1)  # (..., T, T)
    weights = softmax(scores)  # (..., T, T)
    return weights @ v  # (..., T, d_v)

# %% head_f
def head_f(x, w_q, w_k, w_v):
    q, k, v = (x @ w for w in (w_q, w_k, w_v))  # (..., T, d_k), (..., T, d_k), (..., T, d_v)
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])  # (..., T, T)
    scores = np.where(np.tri(x.shape[-2], dtype=bool), scores, -np.inf)  # (..., T, T)
    return softmax(scores) @ v  # (..., T, d_v)

# %% shows_bug
def shows_bug(head):
    r = np.random.default_rng(3)
    x = r.normal(size=(2, 5, 6))
    ws = [r.normal(size=(6, n)) / 2.5 for n in (4, 4, 3)]
    try:
        for t in (x, x[0], r.integers(-3, 4, size=(2, 5, 6))):
            want = head_a(t, *ws)
            got = head(t, *ws)
            if got.shape != want.shape or not (np.abs(got - want) < 1e-3).all():
                return True
        return bool(np.isnan(head(60 * x, *ws)).any())
    except Exception:
        return True
