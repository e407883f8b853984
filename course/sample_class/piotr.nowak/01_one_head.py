# %% by_hand
my_number = 404
my_weight = 0.2
show_numbers("one_head.by_hand", my_number)

# %% project
def project(x, w_q, w_k, w_v):
    if x.ndim > 2:
        parts = [project(sequence, w_q, w_k, w_v) for sequence in x]
        return [np.array([part[i] for part in parts]) for i in range(3)]
    results = []
    for w in (w_q, w_k, w_v):
        rows = []
        for token in x:
            row = []
            for column in range(w.shape[1]):
                total = 0.0
                for i in range(len(token)):
                    total += token[i] * w[i, column]
                row.append(total)
            rows.append(row)
        results.append(np.array(rows))
    return results

# %% scaled_scores
def scaled_scores(q, k):
    if q.ndim > 2:
        return np.array([scaled_scores(q[b], k[b]) for b in range(len(q))])
    n_q, d_k = q.shape
    n_k = k.shape[0]
    out = [[0.0] * n_k for _ in range(n_q)]
    for i in range(n_q):
        for j in range(n_k):
            s = 0.0
            for c in range(d_k):
                s += float(q[i, c]) * float(k[j, c])
            out[i][j] = s / math.sqrt(d_k)
    return np.array(out)


import math

# %% softmax
def softmax(scores):
    out = np.empty(scores.shape, dtype=float)
    for place in np.ndindex(scores.shape[:-1]):
        row = scores[place].tolist()
        top = max(row)
        exps = [math.exp(s - top) for s in row]
        total = sum(exps)
        out[place] = [e / total for e in exps]
    return out

# %% mix
def mix(weights, v):
    if v.ndim > 2:
        return np.array([mix(weights[b], v[b]) for b in range(len(v))])
    out = []
    for row in weights:
        mixed = np.zeros(v.shape[1])
        for weight, value in zip(row, v):
            mixed = mixed + weight * value
        out.append(mixed)
    return np.array(out)

# %% attention_head
def attention_head(x, w_q, w_k, w_v):
    q, k, v = project(x, w_q, w_k, w_v)
    scores = scaled_scores(q, k)
    weights = softmax(scores)
    return mix(weights, v)
