# %% by_hand
my_number = 210
my_score = 1.59
show_numbers("several_heads.by_hand", my_number)

# %% several_heads
def several_heads(x, w_q, w_k, w_v):
    return [attention_head(x, w_q[i], w_k[i], w_v[i]) for i in range(len(w_v))]

# %% fuse
def fuse(matrices):
    return np.concatenate(list(matrices), axis=1)

# %% columns_of_head
def columns_of_head(array, h, num_heads):
    d = int(array.shape[-1] / num_heads)
    return array[..., d * h : d * h + d]

# %% largest_differences
def largest_differences(heads):
    # mean absolute deviation
    return np.array([[np.mean(np.abs(a - b)) for b in heads] for a in heads])

# %% predict_shared
different_weights = 3
different_values = 2
different_outputs = 4
zero_differences = 10
show_numbers("several_heads.shared", my_number)

# %% predict_slicing
notice_when_sliced = [0, 1, 2, 3]
notice_when_projected = [0, 2, 3]
show_numbers("several_heads.slicing", my_number)

# %% choose_consequence
consequence = "ADE"
