# %% by_hand
my_number = 404
my_score = 1.94
show_numbers("several_heads.by_hand", my_number)

# %% several_heads
def several_heads(x, w_q, w_k, w_v):
    heads = []
    h = 0
    while h < len(w_q):
        heads.append(attention_head(x, w_q[h], w_k[h], w_v[h]))
        h += 1
    return heads

# %% fuse
def fuse(matrices):
    rows = []
    for i in range(len(matrices[0])):
        row = []
        for matrix in matrices:
            row.extend(matrix[i].tolist())
        rows.append(row)
    return np.array(rows)

# %% columns_of_head
def columns_of_head(array, h, num_heads):
    d = array.shape[-1] // num_heads
    out = np.zeros(array.shape[:-1] + (d,))
    for place in np.ndindex(array.shape[:-1]):
        for c in range(d):
            out[place][c] = array[place][h * d + c]
    return out

# %% largest_differences
def largest_differences(heads):
    n = len(heads)
    out = [[0.0] * n for _ in range(n)]
    for a in range(n):
        for b in range(n):
            for x, y in zip(heads[a].flat, heads[b].flat):
                if abs(x - y) > out[a][b]:
                    out[a][b] = float(abs(x - y))
    return out

# %% predict_shared
different_weights = 4
different_values = 2
different_outputs = 5
zero_differences = 8
show_numbers("several_heads.shared", my_number)

# %% predict_slicing
notice_when_sliced = [3]
notice_when_projected = [1, 2, 3]
show_numbers("several_heads.slicing", my_number)

# %% choose_consequence
consequence = "BCE"
