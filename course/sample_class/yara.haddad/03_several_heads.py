# %% by_hand
my_number = 1119
my_score = 0.71
show_numbers("several_heads.by_hand", my_number)

# %% several_heads
def several_heads(x, w_q, w_k, w_v):
    return [attention_head(x, w_q[h], w_k[h], w_v[h]) for h in range(len(w_q))]

# %% fuse
def fuse(matrices):
    return np.hstack(matrices)

# %% columns_of_head
def columns_of_head(array, h, num_heads):
    return array.reshape(array.shape[:-1] + (num_heads, -1))[..., h, :]

# %% largest_differences
def largest_differences(heads):
    return np.array([[abs(a - b).max() for b in heads] for a in heads])

# %% predict_shared
different_weights = 2
different_values = 4
different_outputs = 6
zero_differences = 8
show_numbers("several_heads.shared", my_number)

# %% predict_slicing
notice_when_sliced = [0]
notice_when_projected = [0]
show_numbers("several_heads.slicing", my_number)

# %% choose_consequence
consequence = "ABE"
