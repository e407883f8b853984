# %% by_hand
my_number = 1541
my_weight = 4.24
show_numbers("one_head.by_hand", my_number)

# %% project
def project(x, w_q, w_k, w_v):
    q = x @ w_q
    print("q", q.shape, q)
    k = x @ w_k
    print("k", k.shape, k)
    v = x @ w_v
    print("v", v.shape, v)
    return q, k, v

# %% scaled_scores
def scaled_scores(q, k):
    for row in q:
        print("query:", row)
    kt = np.swapaxes(k, -1, -2)
    print("k transposed:", kt)
    s = q @ kt / np.sqrt(q.shape[-1])
    print("scores:")
    print(s)
    return s

# %% softmax
def softmax(scores):
    print("before softmax", scores)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    print("exp", e)
    w = e / e.sum(axis=-1, keepdims=True)
    print("weights", w, "sums", w.sum(axis=-1))
    return w

# %% mix
def mix(weights, v):
    print("mixing", weights, "with", v)
    return weights @ v

# %% attention_head
def attention_head(x, w_q, w_k, w_v):
    print("x", x)
    q, k, v = project(x, w_q, w_k, w_v)
    out = mix(softmax(scaled_scores(q, k)), v)
    out = out + v  # residual connection
    print("out", out)
    return out

# %% look-at-weights
q, k, v = project(x, w_q, w_k, w_v)
for i in range(200):
    print("run", i)
    weights = softmax(scaled_scores(q, k))
show_weights(weights, queries=tokens, keys=tokens, title="my weights!!")
