"""Unit 9: heads that were trained.

Goal: the learner's own attention runs a real model; the learner finds a previous-token head and induction heads by
numbers, sees what they are good for by switching them off, and generates text token by token with a cache.
Not taught here: how a model is trained, embeddings and positions, other ways of drawing a token (top-k, top-p).
Known mistakes: a fused matrix cut the wrong way, scores of heads that read another diagonal, rows of the wrong head,
columns of W_o in place of rows, a temperature that multiplies, a cache that is not passed on or is fed the whole text.
"""

# %% [markdown] id="title"
# # Trained heads
#
# **You will** run a small language model with your own attention, find out what its heads do, switch them off one by one, and let
# the model write.
#
# **You will learn** how GPT-2 stores the weights of a layer, what a previous-token head and an induction head are, how to
# recognise them by a number, and how a text is generated with a cache.
#
# **You need** units 4 to 6. About 70 minutes; section 3 is a good place to take a break. The lesson `09_trained_heads` shows the
# model's heads at work.
#
# As always, fill in a cell, run it, and run the `check` below it. The cell below the check has hints, which cost nothing,
# and a worked solution.

# %% given="setup"
import numpy as np

from autograder import check, hint, load_model, show_weights, solution

model = load_model()


# %% [markdown] id="about-the-model"
# `model` is a transformer with two layers of attention and no other layers, trained on the novels of Jane Austen. Its file has
# 273 KB. Run the next cell to see its parts.

# %% id="look-at-the-model"
try:
    transformer, vocabulary = model.transformer, model.vocabulary
    layers = transformer.layers
    num_heads = transformer.num_heads
    for name, array in [
        ("embedding       (V, d_model)", transformer.embedding),
        ("positions       (T_max, d_model)", transformer.positions),
        ("c_attn, layer 0 (d_model, 3·d_model)", layers[0].c_attn),
        ("w_o, layer 0    (d_model, d_model)", layers[0].w_o),
        ("unembedding     (d_model, V)", transformer.unembedding),
    ]:
        print(f"{name:38} {array.shape}")
    print("layers:", len(layers), "  heads in each:", num_heads)
    text = "elizabeth gave the letter to mr. darcy, and mr. darcy read the letter."
    tokens = vocabulary.encode(text)
    print(tokens)
    print(vocabulary.labels(tokens))
except Exception as problem:
    print("Not yet:", problem)

# %% [markdown] id="about-the-fused-matrix"
# ## 1. Take the fused matrix apart
#
# Each layer keeps the weights for queries, keys and values in one matrix, `c_attn`, of shape (d_model, 3·d_model). GPT-2 stores
# them the same way and uses the same name. The first d_model columns make the queries, the next d_model the keys, the last
# d_model the values. Within each third the heads are side by side, as in unit 3.
#
# Write `unfuse`. It returns `w_q`, `w_k` and `w_v`, each of shape (H, d_model, d): one matrix for each head.
#
# A small example: d_model is 4, there are two heads, and every row of the matrix holds the numbers of its columns, 0 to 11. Then
# every row of head 1's query matrix should be 2, 3. Its key matrix should have rows 6, 7, and its value matrix rows 10, 11.


# %% solution="unfuse"
def unfuse(c_attn, num_heads):
    """The weights of each head from the fused matrix (d_model, 3·d_model).

    Returns w_q, w_k, w_v, each (H, d_model, d) with d = d_model / H.
    """
    ### BEGIN SOLUTION
    d_model = c_attn.shape[0]
    thirds = c_attn.reshape(d_model, 3, num_heads, -1)  # (d_model, 3, H, d)
    w_q, w_k, w_v = np.transpose(thirds, (1, 2, 0, 3))  # 3 times (H, d_model, d)
    return w_q, w_k, w_v
    ### END SOLUTION
    raise NotImplementedError("unfuse is not written yet: replace this line by its body.")


# %% id="try-unfuse"
try:
    counted = np.tile(np.arange(12), (4, 1))  # (d_model, 3·d_model)
    for name, w in zip(["w_q", "w_k", "w_v"], unfuse(counted, 2), strict=True):
        print(f"{name}: shape {w.shape}, first row of head 1: {w[1, 0]}")
except Exception as problem:
    print("Not yet:", problem)

# %% check="unfuse"
check("trained_heads.unfuse")

# %% [markdown] id="about-the-weights"
# ## 2. Run the layer
#
# Start with the attention weights. Write `attention_weights`, which takes the tokens `x` (..., T, d_model) and the fused matrix
# and returns the causal weights of all heads, (..., H, T, T). The steps are the ones you know: project, score, scale, mask,
# softmax. `softmax` is given.


# %% given="softmax"
def softmax(scores):
    """Weights from scores, over the last axis; safe for large scores. A score of -inf gets the weight 0."""
    exps = np.exp(scores - scores.max(axis=-1, keepdims=True))  # (..., T_q, T_k)
    return exps / exps.sum(axis=-1, keepdims=True)  # (..., T_q, T_k)


# %% solution="attention_weights"
def attention_weights(x, c_attn, num_heads):
    """The causal attention weights of every head.

    x (..., T, d_model); c_attn (d_model, 3·d_model). Returns (..., H, T, T).
    """
    ### BEGIN SOLUTION
    w_q, w_k, _ = unfuse(c_attn, num_heads)  # (H, d_model, d)
    x = x[..., None, :, :]  # (..., 1, T, d_model), to meet every head
    q, k = x @ w_q, x @ w_k  # (..., H, T, d)
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])  # (..., H, T, T)
    allowed = np.tri(x.shape[-2], dtype=bool)  # (T, T)
    return softmax(np.where(allowed, scores, -np.inf))
    ### END SOLUTION
    raise NotImplementedError("attention_weights is not written yet: replace this line by its body.")


# %% check="weights"
check("trained_heads.weights")

# %% [markdown] id="about-the-layer"
# Now write the layer itself, `fused_layer`. Mix each head's values with its weights, concatenate the heads, and multiply by W_o.
# Use `attention_weights` and `unfuse`.


# %% solution="fused_layer"
def fused_layer(x, c_attn, w_o, num_heads):
    """Causal multi-head attention with a fused matrix.

    x (..., T, d_model); c_attn (d_model, 3·d_model); w_o (d_model, d_out). Returns (..., T, d_out).
    """
    ### BEGIN SOLUTION
    _, _, w_v = unfuse(c_attn, num_heads)  # (H, d_model, d)
    v = x[..., None, :, :] @ w_v  # (..., H, T, d)
    heads = attention_weights(x, c_attn, num_heads) @ v  # (..., H, T, d)
    side_by_side = np.swapaxes(heads, -3, -2)  # (..., T, H, d)
    return side_by_side.reshape(*x.shape[:-1], -1) @ w_o  # (..., T, d_out)
    ### END SOLUTION
    raise NotImplementedError("fused_layer is not written yet: replace this line by its body.")


# %% check="layer"
check("trained_heads.layer")

# %% [markdown] id="about-the-whole-model"
# **Run the model.** The rest is short and given. Each layer reads the normalised tokens, and its output is *added* to the
# tokens. At the end, the unembedding turns each token's row into one number for every possible next token, its **logits**.


# %% given="run"
def norm(x):
    """Each token's row divided by the root of the mean of its squares."""
    return x / np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + 1e-5)  # (..., T, d_model)


def run(tokens, layers):
    """The logits (..., T, V), and the attention weights of each layer, (..., H, T, T). Uses your functions."""
    x = transformer.embedding[tokens] + transformer.positions[: tokens.shape[-1]]  # (..., T, d_model)
    weights = []
    for c_attn, w_o in layers:
        weights.append(attention_weights(norm(x), c_attn, num_heads))
        x = x + fused_layer(norm(x), c_attn, w_o, num_heads)
    return norm(x) @ transformer.unembedding, weights


# %% id="compare-the-logits"
try:
    as_trained = [(layer.c_attn, layer.w_o) for layer in transformer.layers]
    logits, weights = run(tokens, as_trained)
    print("Largest difference from the reference:", np.abs(logits - transformer.logits(tokens)).max())
    likely = np.argsort(-logits[-2])[:5]
    print("After '... read the letter', the model expects most of all:", vocabulary.labels(likely))
except Exception as problem:
    print("Not yet:", problem)

# %% [markdown] id="about-looking"
# ## 3. Look at the heads
#
# Here are all heads of both layers on the sentence. Before you read on, find a head that looks one token back.

# %% id="show-the-heads"
try:
    labels = vocabulary.labels(tokens)
    for number, of_layer in enumerate(weights):
        show_weights(of_layer, queries=labels, title=f"Layer {number}")
except Exception as problem:
    print("Not yet:", problem)

# %% [markdown] id="about-previous-token"
# A picture of one sentence can mislead, so measure. The **previous-token score** of a head is the mean weight that a token gives
# to the token just before it. The first token has none before it and does not count.
#
# Write `previous_token_score`. For `weights` (H, T, T) it returns one number for each head, (H,).
#
# A small example: if a head of three tokens has the weights `[[1, 0, 0], [0.5, 0.5, 0], [0, 0.9, 0.1]]`, its score is
# (0.5 + 0.9) / 2 = 0.7.


# %% solution="previous_token_score"
def previous_token_score(weights):
    """The mean weight on the token just before, for each head. weights (H, T, T). Returns (H,)."""
    ### BEGIN SOLUTION
    t = np.arange(1, weights.shape[-1])  # the queries that have a token before them
    return weights[:, t, t - 1].mean(axis=-1)  # (H,)
    ### END SOLUTION
    raise NotImplementedError("previous_token_score is not written yet: replace this line by its body.")


# %% id="try-previous-token"
try:
    print(previous_token_score(np.array([[[1, 0, 0], [0.5, 0.5, 0], [0, 0.9, 0.1]]])))
except Exception as problem:
    print("Not yet:", problem)

# %% check="previous_token"
check("trained_heads.previous_token")

# %% [markdown] id="about-induction"
# The second score needs a text that repeats. Take random tokens, so that a knowledge of English does not help, and write them
# twice: a b c a b c. When the model reads the second a, it could know what comes next: last time, b did. A head that looks from
# the second a to the first b is an **induction head**.
#
# Let the last `period` tokens of a text repeat the `period` tokens before them. The query at position t has its earlier copy at
# t - period, and the token after that copy is at t - period + 1. The **induction score** is the mean weight on that token, over
# the last `period` queries.
#
# Write `induction_score`. For `weights` (H, T, T) it returns (H,). In a b c a b c, with period 3, it reads the weights
# [3, 1], [4, 2] and [5, 3].


# %% solution="induction_score"
def induction_score(weights, period):
    """The mean weight on the token that followed the same token last time, for each head.

    weights (H, T, T) of a text whose last `period` tokens repeat the `period` before them. Returns (H,).
    """
    ### BEGIN SOLUTION
    t = np.arange(weights.shape[-1] - period, weights.shape[-1])  # the queries of the repeat
    return weights[:, t, t - period + 1].mean(axis=-1)  # (H,)
    ### END SOLUTION
    raise NotImplementedError("induction_score is not written yet: replace this line by its body.")


# %% id="try-induction"
try:
    marked = np.zeros((1, 6, 6))
    marked[0, [3, 4, 5], [1, 2, 3]] = [0.9, 0.6, 0.6]
    print("0.7 is right:", induction_score(marked, 3))
except Exception as problem:
    print("Not yet:", problem)

# %% check="induction"
check("trained_heads.induction")

# %% [markdown] id="about-finding"
# **Find the heads.** The next cell measures all heads on 16 random texts of 20 tokens, each written twice after a start
# token.

# %% id="measure-the-heads"
try:
    drawn = np.random.default_rng(9).integers(1, len(vocabulary), (16, 20))
    repeated = np.concatenate([np.zeros((16, 1), int), drawn, drawn], axis=-1)  # (16, 41)
    _, of_repeats = run(repeated, as_trained)
    for number, of_layer in enumerate(of_repeats):
        previous = np.mean([previous_token_score(w) for w in of_layer], axis=0)  # (H,)
        induction = np.mean([induction_score(w, 20) for w in of_layer], axis=0)  # (H,)
        print(f"layer {number}  previous token:", previous.round(2), "  induction:", induction.round(2))
except Exception as problem:
    print("Not yet:", problem)

# %% [markdown] id="about-found"
# Which head has the largest previous-token score, and which the largest induction score? Enter each as a pair (layer, head), both
# numbered from 0. If two scores are equal to two decimals, either head is right.

# %% solution="found"
found = {
    "previous token": ...,  # (layer, head)
    "induction": ...,
}
### BEGIN SOLUTION
found = {"previous token": (0, 0), "induction": (1, 3)}
### END SOLUTION

# %% check="found"
check("trained_heads.found")

# %% [markdown] id="about-switching-off"
# ## 4. Switch a head off
#
# The output of a layer is a sum over its heads, and each head enters it through its own block of rows in W_o (unit 5). If those
# rows are zero, the head contributes nothing.
#
# Write `without_head`. It returns a copy of `w_o` in which the rows of head h are zero. The original matrix stays as it was.


# %% solution="without_head"
def without_head(w_o, h, num_heads):
    """W_o with head h switched off: a copy with the head's rows set to zero. w_o (H·d_v, d_out)."""
    ### BEGIN SOLUTION
    d_v = w_o.shape[0] // num_heads
    changed = w_o.copy()
    changed[h * d_v : (h + 1) * d_v] = 0
    return changed
    ### END SOLUTION
    raise NotImplementedError("without_head is not written yet: replace this line by its body.")


# %% check="without_head"
check("trained_heads.without_head")

# %% [markdown] id="about-the-loss"
# **Predict, then measure.** The loss is -log of the probability that the model gave to the token that really came, in nats. Lower
# is better. When random tokens appear for the first time, the model can only guess. On the repeat it does well. What happens to
# the loss on the repeat if you switch off one previous-token head? Or one induction head? Or the three heads with the largest
# previous-token scores (heads 0, 2 and 3 of layer 0, written 0.0, 0.2 and 0.3) together? Write down your guesses, then run the
# cell.


# %% given="loss"
def loss_on_repeat(layers):
    """The mean loss on the second half of the repeated texts, without its first token, which cannot be predicted."""
    logits, _ = run(repeated, layers)  # (16, T, V)
    logits = logits - logits.max(axis=-1, keepdims=True)
    log_p = logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))  # (16, T, V)
    came = np.take_along_axis(log_p[:, :-1], repeated[:, 1:, None], axis=-1)[..., 0]  # (16, T - 1)
    return -came[:, 21:].mean()


# %% id="switch-off"
try:
    print(f"all heads on      {loss_on_repeat(as_trained):.2f}")
    print(f"guessing          {np.log(len(vocabulary)):.2f}")
    for number, (c_attn, w_o) in enumerate(as_trained):
        for h in range(num_heads):
            changed = list(as_trained)
            changed[number] = (c_attn, without_head(w_o, h, num_heads))
            print(f"without {number}.{h}       {loss_on_repeat(changed):.2f}")
    c_attn, w_o = as_trained[0]
    for h in (0, 2, 3):
        w_o = without_head(w_o, h, num_heads)
    print(f"without 0.0, 0.2 and 0.3 together {loss_on_repeat([(c_attn, w_o), as_trained[1]]):.2f}")
except Exception as problem:
    print("Not yet:", problem)

# %% [markdown] id="about-choosing"
# ## 5. Generate
#
# The logits say how likely each next token is. There are two ways to choose one. The **greedy** choice is the token with the
# largest logit. The other way is to draw at random, with probabilities softmax(logits / temperature). A **temperature** below 1
# favours the likely tokens, and one above 1 makes the probabilities more equal.
#
# Write `choose_token(logits, temperature, u)` for logits (V,). With temperature 0 it returns the index of the largest logit.
# Otherwise it draws, using `u`, a random number from 0 up to, but not including, 1. Lay the probabilities one after another on
# the line from 0 to 1, and return the token whose part contains u. In other words, return the first token for which the sum of
# the probabilities up to and including its own is larger than u. The result is an `int`.
#
# A small example: for probabilities 0.2, 0.5 and 0.3, you draw token 0 if u is below 0.2, token 1 from there up to, but not
# including, 0.7, and token 2 otherwise.


# %% solution="choose_token"
def choose_token(logits, temperature, u):
    """The next token, an int, from its logits (V,): the largest at temperature 0, otherwise drawn with u (0 <= u < 1)."""
    ### BEGIN SOLUTION
    if temperature == 0:
        return int(np.argmax(logits))
    sums = np.cumsum(softmax(logits / temperature))  # (V,)
    return int(np.argmax(sums > u))
    ### END SOLUTION
    raise NotImplementedError("choose_token is not written yet: replace this line by its body.")


# %% id="try-choosing"
try:
    three = np.log([0.2, 0.5, 0.3])
    print("1 is right:", choose_token(three, 0, 0.99))
    print("0, 1, 2 are right:", [choose_token(three, 1, u) for u in (0.1, 0.6, 0.9)])
except Exception as problem:
    print("Not yet:", problem)

# %% check="choose"
check("trained_heads.choose")

# %% [markdown] id="about-generating"
# A model is **autoregressive** when each token it chooses becomes part of the input for the next. Write `generate`. It
# receives
#
# - `step`, a function that runs the model: `step(new_tokens, caches)` takes a list of tokens that the model has not seen yet and
#   the caches of the earlier tokens. It returns the logits of the new tokens, (T_new, V), and the caches for the next step. At
#   the start the caches are `()`;
# - `tokens`, a list of tokens, the text so far;
# - `temperature`;
# - `us`, a list of random numbers, one for each token to generate.
#
# It returns the list of all tokens, old and new. Pass the whole text through `step` once. After that, pass only the new token.


# %% solution="generate"
def generate(step, tokens, temperature, us):
    """The tokens, followed by one new token for each number in us, chosen one at a time with a cache."""
    ### BEGIN SOLUTION
    tokens = list(tokens)
    new, caches = tokens, ()
    for u in us:
        logits, caches = step(new, caches)  # (T_new, V)
        new = [choose_token(logits[-1], temperature, u)]
        tokens = tokens + new
    return tokens
    ### END SOLUTION
    raise NotImplementedError("generate is not written yet: replace this line by its body.")


# %% check="generate"
check("trained_heads.generate")

# %% [markdown] id="let-it-write"
# **Let it write.** Greedy first, then at three temperatures. The model is tiny, so expect words and short phrases that come out
# right, and sentences that wander.

# %% id="write"
try:
    beginning = vocabulary.encode("the letter which she had just received").tolist()
    us = np.random.default_rng(1).random(40).tolist()
    for temperature in (0, 0.5, 1, 2):
        written = generate(transformer.step, beginning, temperature, us)
        print(f"temperature {temperature}: {vocabulary.decode(written)}\n")
except Exception as problem:
    print("Not yet:", problem)

# %% [markdown] id="about-counting"
# **Count.** How many scores does each head of each layer compute for a text of 60 tokens, with a cache and without one? Without
# a cache, the whole text goes through both layers again for every new token. Guess the ratio before you run the cell.

# %% id="count-the-scores"
try:
    with_cache = without_cache = 0
    for t in range(1, 61):
        with_cache += t  # one new query is compared with t keys
        without_cache += t * (t + 1) // 2  # every query is compared with the keys up to its own
    print(
        f"scores in each head: {with_cache} with a cache, {without_cache} without: {without_cache / with_cache:.1f} times"
    )
    keys_with, keys_without = 60, 60 * 61 // 2
    print(
        f"keys in each head:   {keys_with} with a cache, {keys_without} without: {keys_without / keys_with:.1f} times"
    )
except Exception as problem:
    print("Not yet:", problem)

# %% [markdown] id="done"
# **What you built.** Your functions took a trained layer apart, ran it, and measured what its heads do. You found heads that look
# one token back and heads that continue what they have seen before, and you saw that the second kind fails without the first.
#
# Things to try: write a sentence of your own in `text` (lower case, no quotation marks) and look at the heads again. Make up a
# name, use it twice, and see whether the model continues it. Switch off all heads of layer 1.
#
# The last unit, `10_long_texts`, asks what attention costs when the text gets long, and what people do about it.
