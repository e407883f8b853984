# %% by_hand
my_number = 863
my_score = 2.12
show_numbers("several_heads.by_hand", my_number)

# %% several_heads
def several_heads(x, w_q, w_k, w_v):
    assert len(w_q) == len(w_k) == len(w_v)
    heads = [attention_head(x, *matrices) for matrices in zip(w_q, w_k, w_v)]
    assert all(head.shape[:-1] == x.shape[:-1] for head in heads)
    return heads

# %% fuse
def fuse(matrices):
    fused = np.column_stack(matrices)
    assert fused.shape == (matrices[0].shape[0], sum(m.shape[1] for m in matrices))
    return fused

# %% columns_of_head
def columns_of_head(array, h, num_heads):
    d, left_over = divmod(array.shape[-1], num_heads)
    assert left_over == 0
    return np.take(array, np.arange(h * d, (h + 1) * d), axis=-1)

# %% largest_differences
def largest_differences(heads):
    # the maximum norm of the difference, a metric: symmetric, zeros on the diagonal
    distance = np.zeros((len(heads), len(heads)))
    for a in range(len(heads)):
        for b in range(a):
            distance[a, b] = distance[b, a] = np.linalg.norm((heads[a] - heads[b]).ravel(), np.inf)
    return distance

# %% predict_shared
different_weights = 3
different_values = 2
different_outputs = 5
zero_differences = 8.0
show_numbers("several_heads.shared", my_number)

# %% predict_slicing
notice_when_sliced = [0]
notice_when_projected = [0, 1, 3]
show_numbers("several_heads.slicing", my_number)

# %% choose_consequence
consequence = "BDEF"
