# %% my_number
my_number = 724

# %% suspect
suspect = {
    "red": 9,
    "green": 3,
    "blue": 5,
    "grey": 8,
    "gold": 7,
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
    may_attend = np.tri(N=len(positions), dtype=bool)  # (T, T)
    scores = (x @ w_q) @ np.swapaxes(x @ w_k, -1, -2) / d_k**0.5  # (..., T, T)
    scores = np.where(may_attend, scores, -np.inf)  # (..., T, T)
    return softmax(scores) @ (x @ w_v)  # (..., T, d_v)

# %% head_d
def head_d(x, w_q, w_k, w_v):
    q = x @ w_q  # (..., T, d_k)
    k = x @ w_k  # (..., T, d_k)
    mask = np.tri(x.shape[-2], dtype=bool)  # (T, T)
    scores = np.where(mask, q @ np.swapaxes(k, -1, -2) / np.sqrt(k.shape[-1]), -np.inf)  # (..., T, T)
    return np.matmul(softmax(scores=scores), x @ w_v)

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
from collections.abc import Callable

Head = Callable[..., np.ndarray]


def differs(head: Head, *, x: np.ndarray, weights: tuple[np.ndarray, ...]) -> bool:
    got, expected = head(x, *weights), head_b(x, *weights)
    return got.shape != expected.shape or not np.allclose(got, expected, rtol=0.0, atol=1e-3)


def shows_bug(head: Head) -> bool:
    """True when a causal head shows a bug, False when it is right."""
    generator = np.random.default_rng(seed=9)
    batch = generator.standard_normal(size=(2, 6, 10))
    weights = tuple(generator.standard_normal(size=(10, width)) / 4 for width in (4, 4, 7))
    inputs = (batch, batch[0], batch[:1], generator.integers(low=-3, high=4, size=(6, 10)))
    try:
        if any(differs(head, x=x, weights=weights) for x in inputs):
            return True
        return not np.isfinite(head(60 * batch, *weights)).all()
    except Exception:
        return True
