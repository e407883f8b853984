# %% by_hand
my_number = 1509
my_score = 1.06
show_numbers("several_heads.by_hand", my_number)

# %% several_heads
several_heads = lambda x, *ws: [attention_head(x, *w) for w in zip(*ws)]

# %% fuse
fuse = np.hstack

# %% columns_of_head
columns_of_head = lambda a, h, n: np.split(a, n, -1)[h]

# %% largest_differences
largest_differences = lambda hs: np.array([[abs(a - b).max() for b in hs] for a in hs])

# %% predict_shared
different_weights, different_values, different_outputs, zero_differences = 4, 3, 5, 8
show_numbers("several_heads.shared", my_number)

# %% predict_slicing
notice_when_sliced, notice_when_projected = [2], [0, 1, 3]
show_numbers("several_heads.slicing", my_number)

# %% choose_consequence
consequence = "AB"
