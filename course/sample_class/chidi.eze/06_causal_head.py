# %% by_hand
my_number = 1418
my_entry = 0.73
show_numbers("causal_head.by_hand", my_number)

# %% causal_mask
def causal_mask(t):
    """The causal mask for t tokens: (t, t), dtype bool, True where a query may attend to a key."""
    # Start with nobody allowed anything.
    mask = np.zeros((t, t), dtype=bool)
    for i in range(t):
        # Query i may see keys 0 to i. The end of a slice is left out, so + 1.
        mask[i, : i + 1] = True
    return mask

# %% causal_steps
# The mask belongs to the scores: softmax turns -inf into 0 and shares out the rest.
causal_steps = [
    "project_q",
    "project_k",
    "scores",
    "scale",
    "mask",
    "softmax",
    "project_v",
    "mix",
]

# %% causal_head
def causal_head(x, w_q, w_k, w_v):
    """One causal attention head.

    x (..., T, d_model); w_q, w_k (d_model, d_k); w_v (d_model, d_v). Returns (..., T, d_v).
    """
    # the three parts of every token
    q = x @ w_q
    k = x @ w_k
    v = x @ w_v
    # who fits whom, (..., T, T)
    s = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    # -inf where the key is later than the query; (T, T) lines up with the last two axes
    s = np.where(causal_mask(x.shape[-2]), s, -np.inf)
    # exp(-inf) = 0, so the later ones get nothing
    return softmax(s) @ v

# %% one_token
def one_token(x, w_q, w_k, w_v):
    """The causal head's output for the last token of x.

    x (..., t, d_model); w_q, w_k (d_model, d_k); w_v (d_model, d_v). Returns (..., 1, d_v).
    """
    # Only the last token asks. -1: and not -1, to keep the axis.
    q = x[..., -1:, :] @ w_q
    # All of them answer.
    k = x @ w_k
    v = x @ w_v
    # Nothing to mask: nothing is later than the last.
    s = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    return softmax(s) @ v
