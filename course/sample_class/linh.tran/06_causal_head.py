# %% by_hand
my_number = 88
my_entry = 1.31
show_numbers("causal_head.by_hand", my_number)

# %% causal_mask
def causal_mask(t):
    i, j = np.ogrid[:t, :t]
    return j <= i

# %% causal_steps
causal_steps = [
    "project_k",
    "project_q",
    "scores",
    "mask",
    "scale",
    "softmax",
    "project_v",
    "mix",
]

# %% causal_head
def causal_head(x, w_q, w_k, w_v):
    s = np.einsum("...im,md,nd,...jn->...ij", x, w_q, w_k, x) / w_q.shape[1] ** 0.5
    i, j = np.ogrid[: x.shape[-2], : x.shape[-2]]
    s = np.where(j > i, -np.inf, s)
    return np.einsum("...ij,...jm,mv->...iv", softmax(s), x, w_v)

# %% one_token
def one_token(x, w_q, w_k, w_v):
    s = np.einsum("...m,md,nd,...jn->...j", x[..., -1, :], w_q, w_k, x) / w_q.shape[1] ** 0.5
    return np.einsum("...j,...jm,mv->...v", softmax(s), x, w_v)[..., None, :]

# %% decode_step
def decode_step(token, cache, w_q, w_k, w_v):
    k = np.concatenate((cache["k"], np.einsum("...tm,md->...td", token, w_k)), axis=-2)
    v = np.concatenate((cache["v"], np.einsum("...tm,md->...td", token, w_v)), axis=-2)
    s = np.einsum("...im,md,...jd->...ij", token, w_q, k) / w_q.shape[1] ** 0.5
    return np.einsum("...ij,...jd->...id", softmax(s), v), {"k": k, "v": v}
