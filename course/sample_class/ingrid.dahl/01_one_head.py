# %% by_hand
my_number = 724
my_weight = 0.16
show_numbers("one_head.by_hand", my_number)

# %% project
def project(
    x: np.ndarray, w_q: np.ndarray, w_k: np.ndarray, w_v: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Queries, keys and values of the tokens."""

    def onto(weight: np.ndarray) -> np.ndarray:
        return np.matmul(x, weight)

    queries, keys, values = onto(weight=w_q), onto(weight=w_k), onto(weight=w_v)
    return queries, keys, values

# %% scaled_scores
def transpose_last_two(array: np.ndarray) -> np.ndarray:
    return np.swapaxes(array, axis1=-1, axis2=-2)


def scaled_scores(q: np.ndarray, k: np.ndarray) -> np.ndarray:
    """Scaled scores of every query for every key."""
    *_, d_k = q.shape
    return np.matmul(q, transpose_last_two(array=k)) / np.sqrt(d_k)

# %% softmax
def softmax(scores: np.ndarray, *, axis: int = -1) -> np.ndarray:
    """Weights from scores, over the last axis; safe for large scores."""
    shifted = scores - np.max(scores, axis=axis, keepdims=True)
    exponentials = np.exp(shifted)
    return exponentials / np.sum(exponentials, axis=axis, keepdims=True)

# %% mix
def mix(weights: np.ndarray, v: np.ndarray) -> np.ndarray:
    """The values mixed by the weights."""
    return np.matmul(weights, v)

# %% attention_head
def attention_head(x: np.ndarray, w_q: np.ndarray, w_k: np.ndarray, w_v: np.ndarray) -> np.ndarray:
    """One attention head."""
    queries, keys, values = project(x=x, w_q=w_q, w_k=w_k, w_v=w_v)
    scores = scaled_scores(q=queries, k=keys)
    weights = softmax(scores=scores, axis=-1)
    return mix(weights=weights, v=values)
