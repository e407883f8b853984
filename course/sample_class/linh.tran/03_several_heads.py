# %% by_hand
my_number = 88
my_score = 2.3
show_numbers("several_heads.by_hand", my_number)

# %% several_heads
def several_heads(x, w_q, w_k, w_v):
    q = np.einsum("...tm,hmd->h...td", x, np.stack(w_q))
    k = np.einsum("...tm,hmd->h...td", x, np.stack(w_k))
    v = np.einsum("...tm,hmd->h...td", x, np.stack(w_v))
    s = np.einsum("...id,...jd->...ij", q, k) / q.shape[-1] ** 0.5
    e = np.exp(s - s.max(axis=-1, keepdims=True))
    out = np.einsum("...ij,...jd->...id", e, v) / np.einsum("...ij->...i", e)[..., None]
    return list(out)

# %% fuse
def fuse(matrices):
    stacked = np.einsum("hmd->mhd", np.stack(matrices))
    return stacked.reshape(stacked.shape[0], -1)

# %% columns_of_head
def columns_of_head(array, h, num_heads):
    pick = np.eye(num_heads)[h]
    return np.einsum("...hd,h->...d", array.reshape(*array.shape[:-1], num_heads, -1), pick)

# %% largest_differences
def largest_differences(heads):
    flat = np.stack(heads).reshape(len(heads), -1)
    return np.abs(flat[:, None] - flat[None, :]).max(axis=-1)

# %% predict_shared
difference_when_shared = 0
different_weights = 2
different_values = 3
different_outputs = 4

# %% predict_slicing
notice_when_sliced = [1]
notice_when_projected = [0, 1, 2]

# %% choose_consequence
consequence = "BDEF"
