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
different_weights = 2
different_values = 4
different_outputs = 5
zero_differences = 8
show_numbers("several_heads.shared", my_number)

# %% predict_slicing
notice_when_sliced = [2]
notice_when_projected = [0, 2, 3]
show_numbers("several_heads.slicing", my_number)

# %% choose_consequence
consequence = "BDEF"
