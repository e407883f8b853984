# %% by_hand
my_number = 724
my_entry = 6.44
show_numbers("multi_head_attention.by_hand", my_number)

# %% softmax
def softmax(scores: np.ndarray, *, axis: int = -1) -> np.ndarray:
    """Weights from scores, over the last axis; safe for large scores."""
    shifted = scores - np.max(scores, axis=axis, keepdims=True)
    exponentials = np.exp(shifted)
    return exponentials / np.sum(exponentials, axis=axis, keepdims=True)

# %% scaled_scores
def scaled_scores(q: np.ndarray, k: np.ndarray) -> np.ndarray:
    """Scaled scores."""
    *_, d_k = q.shape
    return np.matmul(q, np.swapaxes(k, axis1=-1, axis2=-2)) / np.sqrt(d_k)

# %% split_heads
def split_heads(x: np.ndarray, num_heads: int) -> np.ndarray:
    """(..., T, H·d) to (..., H, T, d): columns h·d to (h+1)·d are head h."""
    *leading, tokens, width = x.shape
    apart = x.reshape(*leading, tokens, num_heads, width // num_heads)
    return np.swapaxes(apart, axis1=-3, axis2=-2)

# %% concat_heads
def concat_heads(heads: np.ndarray) -> np.ndarray:
    """(..., H, T, d) to (..., T, H·d): the heads side by side."""
    *leading, num_heads, tokens, per_head = heads.shape
    return np.swapaxes(heads, axis1=-3, axis2=-2).reshape(*leading, tokens, num_heads * per_head)

# %% multi_head_attention
def weights_of(scores: np.ndarray, mask: np.ndarray | None) -> np.ndarray:
    if mask is None:
        return softmax(scores=scores)
    allowed = np.broadcast_to(mask, shape=scores.shape)
    weights = softmax(scores=np.where(allowed, scores, -1e30))
    return np.where(allowed, weights, 0.0)


def multi_head_attention(
    x: np.ndarray,
    w_q: np.ndarray,
    w_k: np.ndarray,
    w_v: np.ndarray,
    w_o: np.ndarray,
    num_heads: int,
    context: np.ndarray | None = None,
    mask: np.ndarray | None = None,
) -> np.ndarray:
    """Multi-head attention of x to the context, or to itself."""
    *_, d_model = x.shape
    if d_model % num_heads != 0:
        raise ValueError(f"{d_model=} is not divisible by {num_heads=}")
    source = x if context is None else context
    queries = split_heads(x=x @ w_q, num_heads=num_heads)
    keys = split_heads(x=source @ w_k, num_heads=num_heads)
    values = split_heads(x=source @ w_v, num_heads=num_heads)
    weights = weights_of(scores=scaled_scores(q=queries, k=keys), mask=mask)
    return np.matmul(concat_heads(heads=np.matmul(weights, values)), w_o)

# %% padding_mask
def padding_mask(lengths: np.ndarray, t_k: int) -> np.ndarray:
    """True at the real keys: lengths (B,), t_k a number. Returns a boolean mask (B, 1, 1, T_k)."""
    (batch,) = lengths.shape
    keep = np.arange(t_k) < lengths.reshape(batch, 1)
    return keep.reshape(batch, 1, 1, t_k)

# %% which_head
which_head = {
    "previous token": 3,
    "first token": 2,
    "same word": 1,
    "everything": 0,
}
