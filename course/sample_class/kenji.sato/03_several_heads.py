# %% by_hand
my_number = 2976
my_score = -1.06
show_numbers("several_heads.by_hand", my_number)

# %% several_heads
def several_heads(x, w_q, w_k, w_v):
    results = []
    for weights_q, weights_k, weights_v in zip(w_q, w_k, w_v, strict=True):
        queries = np.matmul(x, weights_q) / np.sqrt(weights_q.shape[-1])
        keys = np.matmul(x, weights_k)
        values = np.matmul(x, weights_v)
        scores = np.matmul(queries, np.matrix_transpose(keys))
        exps = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
        results.append(np.matmul(exps / np.sum(exps, axis=-1, keepdims=True), values))
    return results

# %% fuse
def fuse(matrices):
    # side by side = one below the other, transposed
    return np.concatenate([np.matrix_transpose(m) for m in matrices], axis=0).T

# %% columns_of_head
def columns_of_head(array, h, num_heads):
    first = np.moveaxis(array, -1, 0)  # (H·d, ...)
    d = first.shape[0] // num_heads
    return np.moveaxis(first[h * d : (h + 1) * d], 0, -1)

# %% largest_differences
def largest_differences(heads):
    stacked = np.stack(heads)
    gaps = np.abs(np.expand_dims(stacked, 0) - np.expand_dims(stacked, 1))
    return np.max(gaps, axis=tuple(range(2, gaps.ndim)))

# %% predict_shared
different_weights = 4
different_values = 2
different_outputs = 5
zero_differences = 8
show_numbers("several_heads.shared", my_number)

# %% predict_slicing
notice_when_sliced = [1]
notice_when_projected = [0, 1, 3]
show_numbers("several_heads.slicing", my_number)

# %% choose_consequence
consequence = "BE"
