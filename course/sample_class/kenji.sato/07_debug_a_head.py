# %% my_number
my_number = 2976

# %% suspect
suspect = {
    "red": 10,
    "green": 3,
    "blue": 2,
    "grey": 9,
    "gold": 8,
    "pink": 4,
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
    keys = np.matmul(x, w_k)  # (..., T, d_k)
    values = x @ w_v  # (..., T, d_v)
    future = np.triu(np.ones((x.shape[-2], x.shape[-2]), dtype=bool), k=1)  # (T, T)
    scores = np.einsum("...ic,...jc->...ij", queries, keys) / np.sqrt(keys.shape[-1])  # (..., T, T)
    return softmax(np.where(future, -np.inf, scores)) @ values  # (..., T, d_v)

# %% head_c
def head_c(x, w_q, w_k, w_v):
    d_k = w_k.shape[-1]
    positions = np.arange(x.shape[-2])  # (T,)
    may_attend = np.less_equal(positions, np.expand_dims(positions, axis=-1))  # (T, T)
    scores = (x @ w_q) @ np.swapaxes(x @ w_k, -1, -2) / d_k**0.5  # (..., T, T)
    scores = np.where(may_attend, scores, -np.inf)  # (..., T, T)
    return softmax(scores) @ (x @ w_v)  # (..., T, d_v)

# %% head_d
def head_d(x, w_q, w_k, w_v):
    q = x @ w_q  # (..., T, d_k)
    k = x @ w_k  # (..., T, d_k)
    mask = np.tri(x.shape[-2], dtype=bool)  # (T, T)
    scores = np.where(mask, q @ np.swapaxes(k, -1, -2) / np.sqrt(k.shape[-1]), -np.inf)  # (..., T, T)
    return np.matmul(np.matmul(softmax(scores), x), w_v)

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
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])  # (..., T, T)
    scores = np.where(np.tri(x.shape[-2], dtype=bool), scores, -np.inf)  # (..., T, T)
    return softmax(scores) @ v  # (..., T, d_v)

# %% shows_bug
def shows_bug(head):
    generator = np.random.default_rng(4)
    x = generator.standard_normal((2, 5, 7))
    weights = [np.divide(generator.standard_normal((7, width)), 3) for width in (4, 4, 3)]
    whole = generator.integers(-3, 4, size=(5, 7))
    try:
        for tokens in (x, x[0], whole):
            if not np.allclose(head(tokens, *weights), head_c(tokens, *weights), atol=1e-3):
                return True
        return not np.all(np.isfinite(head(np.multiply(60, x), *weights)))
    except Exception:
        return True
