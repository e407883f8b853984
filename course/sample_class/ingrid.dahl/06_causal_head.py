# %% by_hand
my_number = 724
my_entry = -0.07
show_numbers("causal_head.by_hand", my_number)

# %% causal_mask
def causal_mask(t: int) -> np.ndarray:
    """The causal mask for t tokens: (t, t), dtype bool, True where a query may attend to a key."""
    return np.tri(N=t, M=t, k=0, dtype=bool)

# %% causal_steps
causal_steps: list[str] = [
    "project_q",
    "project_k",
    "project_v",
    "scores",
    "mask",
    "scale",
    "softmax",
    "mix",
]

# %% causal_head
def attend(
    queries: np.ndarray, keys: np.ndarray, values: np.ndarray, *, allowed: np.ndarray | None = None
) -> np.ndarray:
    *_, d_k = queries.shape
    scores = np.matmul(queries, np.swapaxes(keys, axis1=-1, axis2=-2)) / np.sqrt(d_k)
    if allowed is not None:
        scores = np.where(allowed, scores, -np.inf)
    return np.matmul(softmax(scores=scores), values)


def causal_head(x: np.ndarray, w_q: np.ndarray, w_k: np.ndarray, w_v: np.ndarray) -> np.ndarray:
    """One causal attention head."""
    *_, tokens, _ = x.shape
    return attend(queries=x @ w_q, keys=x @ w_k, values=x @ w_v, allowed=causal_mask(t=tokens))

# %% one_token
def one_token(x: np.ndarray, w_q: np.ndarray, w_k: np.ndarray, w_v: np.ndarray) -> np.ndarray:
    """The causal head's output for the last token of x."""
    last = x[..., -1:, :]
    return attend(queries=last @ w_q, keys=x @ w_k, values=x @ w_v)

# %% decode_step
Cache = dict[str, np.ndarray]


def decode_step(
    token: np.ndarray, cache: Cache, w_q: np.ndarray, w_k: np.ndarray, w_v: np.ndarray
) -> tuple[np.ndarray, Cache]:
    """One step of decoding: the new token's output, and the cache for the next step."""

    def grown(name: str, weight: np.ndarray) -> np.ndarray:
        return np.concatenate([cache[name], token @ weight], axis=-2)

    following: Cache = {"k": grown(name="k", weight=w_k), "v": grown(name="v", weight=w_v)}
    return attend(queries=token @ w_q, keys=following["k"], values=following["v"]), following
