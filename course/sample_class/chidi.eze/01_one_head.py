# %% by_hand
my_number = 1418
my_weight = 0.63
show_numbers("one_head.by_hand", my_number)

# %% project
def project(x, w_q, w_k, w_v):
    """Queries, keys and values of the tokens.

    x (..., T, d_model); w_q, w_k (d_model, d_k); w_v (d_model, d_v).
    Returns q (..., T, d_k), k (..., T, d_k), v (..., T, d_v).
    """
    # The token's row (d_model numbers) meets a column of the matrix (d_model numbers): one number of the query.
    # All columns together: d_k numbers. All rows together: T of those.
    q = x @ w_q
    # The same tokens, compared later with the queries, so the same width d_k.
    k = x @ w_k
    # What is handed on. Its width d_v is a choice of its own.
    v = x @ w_v
    # Order matters: the next cells unpack q, k, v.
    return q, k, v

# %% scaled_scores
def scaled_scores(q, k):
    """Scaled scores of every query for every key.

    q (..., T_q, d_k); k (..., T_k, d_k). Returns (..., T_q, T_k).
    """
    # I want q_i . k_j in row i, column j. The keys must stand as columns for that.
    # k.T would turn round ALL axes, also the batch, so I swap just the last two.
    k_as_columns = np.swapaxes(k, -1, -2)
    # (..., T_q, d_k) @ (..., d_k, T_k): d_k is summed over and disappears.
    dots = q @ k_as_columns
    # A sum of d_k products of numbers around 1 has a spread of sqrt(d_k). Undo that.
    d_k = q.shape[-1]
    return dots / np.sqrt(d_k)

# %% softmax
def softmax(scores):
    """Weights from scores, over the last axis; safe for large scores.

    scores (..., T_q, T_k). Returns weights of the same shape; each row sums to 1.
    """
    # The largest of each row, kept as a column so that it lines up with its row: (..., T_q, 1).
    largest = np.max(scores, axis=-1, keepdims=True)
    # Now the largest exponent is exp(0) = 1. Nothing overflows, and the factor cancels below.
    e = np.exp(scores - largest)
    # Shares of the row's sum. At least one e is 1, so this never divides by 0.
    return e / np.sum(e, axis=-1, keepdims=True)

# %% mix
def mix(weights, v):
    """The values mixed by the weights.

    weights (..., T_q, T_k); v (..., T_k, d_v). Returns (..., T_q, d_v).
    """
    # Output i = sum over j of weights[i, j] * v[j]. That IS the matrix product.
    return np.matmul(weights, v)

# %% attention_head
def attention_head(x, w_q, w_k, w_v):
    """One attention head.

    x (..., T, d_model); w_q, w_k (d_model, d_k); w_v (d_model, d_v). Returns (..., T, d_v).
    """
    # 1. three parts of every token
    q, k, v = project(x, w_q, w_k, w_v)
    # 2. who fits whom, (..., T, T)
    s = scaled_scores(q, k)
    # 3. as shares, still (..., T, T)
    w = softmax(s)
    # 4. take the values by these shares, (..., T, d_v)
    return mix(w, v)
