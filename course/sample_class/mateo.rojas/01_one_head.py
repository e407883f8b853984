# %% by_hand
my_number = 1509
my_weight = 0.9
show_numbers("one_head.by_hand", my_number)

# %% project
project = lambda x, *ws: [x @ w for w in ws]

# %% scaled_scores
scaled_scores = lambda q, k: q @ k.swapaxes(-1, -2) * q.shape[-1] ** -.5

# %% softmax
softmax = lambda s: (e := np.exp(s - s.max(-1, keepdims=True))) / e.sum(-1, keepdims=True)

# %% mix
mix = np.matmul

# %% attention_head
attention_head = lambda x, *ws: (qkv := project(x, *ws)) and mix(softmax(scaled_scores(*qkv[:2])), qkv[2])
