# %% by_hand
my_number = 1509
my_entry = -0.49
show_numbers("causal_head.by_hand", my_number)

# %% causal_mask
causal_mask = lambda t: np.tri(t) == 1

# %% causal_steps
causal_steps = "project_q project_k project_v scores scale mask softmax mix".split()

# %% causal_head
causal_head = lambda x, q, k, v: softmax(np.where(causal_mask(x.shape[-2]), x @ q @ (x @ k).swapaxes(-1, -2) * q.shape[1] ** -.5, -np.inf)) @ x @ v

# %% one_token
one_token = lambda x, *ws: causal_head(x, *ws)[..., -1:, :]

# %% decode_step
def decode_step(t, c, q, k, v):
    c = {n: np.append(c[n], t @ w, -2) for n, w in zip("kv", (k, v))}
    return softmax(t @ q @ c["k"].swapaxes(-1, -2) * q.shape[1] ** -.5) @ c["v"], c
