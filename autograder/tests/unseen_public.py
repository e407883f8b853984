"""Wrong answers in the forms that public code and bug reports show, for every unit; written before the diagnosis saw them.

Each is a question, a label, the learner's cell, and the stages in which a good teacher would say that it goes wrong. Where a
function has no stages, only a name or an explanation counts.
"""

from __future__ import annotations

from textwrap import indent

from .unseen import CAUSAL, HEAD, JOINED, LAYER, MASKED, MIXED, OUTPUT, SCALED, SCORES, SPLIT, WEIGHTS, K, Q, Unseen

_SOFTMAX = """
def softmax(scores):
    exps = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exps / exps.sum(axis=-1, keepdims=True)
"""
_SIGNATURES = {
    "one_head.project": "project(x, w_q, w_k, w_v)",
    "one_head.scores": "scaled_scores(q, k)",
    "one_head.softmax": "softmax(scores)",
    "one_head.mix": "mix(weights, v)",
    HEAD: "attention_head(x, w_q, w_k, w_v)",
    "several_heads.two_heads": "several_heads(x, w_q, w_k, w_v)",
    "several_heads.fused": "fuse(matrices)",
    "several_heads.columns": "columns_of_head(array, h, num_heads)",
    "several_heads.differences": "largest_differences(heads)",
    "head_dimensions.split_heads": "split_heads(x, num_heads)",
    "head_dimensions.concat_heads": "concat_heads(heads)",
    "output_projection.apply": "apply_w_o(heads, w_o)",
    "output_projection.sum": "contributions(heads, w_o)",
    "output_projection.parameters": "layer_parameters(d_model, num_heads, d_k, d_v, d_out)",
    "causal_head.mask": "causal_mask(t)",
    CAUSAL: "causal_head(x, w_q, w_k, w_v)",
    "causal_head.one_token": "one_token(x, w_q, w_k, w_v)",
    "causal_head.decode": "decode_step(token, cache, w_q, w_k, w_v)",
    "debug_a_head.repair_a": "head_a(x, w_q, w_k, w_v)",
    LAYER: "multi_head_attention(x, w_q, w_k, w_v, w_o, num_heads, context=None, mask=None)",
    "multi_head_attention.padding_mask": "padding_mask(lengths, t_k)",
    "trained_heads.unfuse": "unfuse(c_attn, num_heads)",
    "trained_heads.weights": "attention_weights(x, c_attn, num_heads)",
    "trained_heads.previous_token": "previous_token_score(weights)",
    "trained_heads.induction": "induction_score(weights, period)",
    "trained_heads.choose": "choose_token(logits, temperature, u)",
    "long_texts.share": "share_heads(groups, num_heads)",
    "long_texts.grouped": "grouped_layer(x, w_q, w_k, w_v, w_o, num_heads, num_groups)",
    "long_texts.cache_bytes": "cache_bytes(num_layers, num_heads, num_groups, d, num_tokens, bytes_per_number)",
    "long_texts.add_block": "add_block(maximum, total, output, scores, v)",
    "long_texts.in_blocks": "attend_in_blocks(q, read, num_keys, size)",
}


def of(question: str, label: str, body: str, *stages: str) -> Unseen:
    signature = _SIGNATURES[question]
    softmax = "" if question == "one_head.softmax" else _SOFTMAX
    return Unseen(question, label, f"{softmax}\ndef {signature}:\n{indent(body.strip(), '    ')}\n", stages)


PUBLIC = (
    of("one_head.project", "columns for rows", "return tuple(np.dot(w.T, x.T).T for w in (w_q, w_k, w_v))", Q),
    of(
        "one_head.project",
        "a dict",
        'return {"q": x @ w_q, "k": x @ w_k, "v": x @ w_v}',
        Q,
        "v",
    ),
    of("one_head.scores", "1/8 from the paper", "return q @ k.swapaxes(-1, -2) * 0.125", SCALED),
    of(
        "one_head.scores",
        "divided by what should be multiplied",
        "scale = q.shape[-1] ** -0.5\nscores = q @ np.swapaxes(k, -1, -2)\nreturn scores / scale",
        SCALED,
    ),
    of("one_head.scores", "dot with .T", "return np.dot(q, k.T) / np.sqrt(k.shape[-1])", SCORES),
    of(
        "one_head.scores",
        "d_k from axis 1",
        "d_k = k.shape[1]\nreturn np.matmul(q, np.swapaxes(k, -2, -1)) / np.sqrt(d_k)",
        SCALED,
    ),
    of(
        "one_head.softmax",
        "sum of axis 0, as in many notes",
        "e_x = np.exp(scores - np.max(scores))\nreturn e_x / e_x.sum(axis=0)",
        WEIGHTS,
    ),
    of("one_head.softmax", "no axis at all", "e = np.exp(scores - scores.max())\nreturn e / e.sum()", WEIGHTS),
    of(
        "one_head.softmax",
        "row by row for two axes",
        "out = np.zeros(scores.shape)\nfor i in range(len(scores)):\n    e = np.exp(scores[i] - scores[i].max())\n    out[i] = e / e.sum()\nreturn out",
        WEIGHTS,
    ),
    of("one_head.mix", "dot for leading axes", "return np.dot(weights, v)", MIXED),
    of("one_head.mix", "multiplied entry by entry", "return (weights * v).sum(axis=-1)", MIXED),
    of(
        HEAD,
        "output and weights",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\nscores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])\nweights = softmax(scores)\noutput = weights @ v\nreturn output, weights",
        OUTPUT,
        MIXED,
    ),
    of(
        HEAD,
        "axis 1 for the keys",
        "Q = np.matmul(x, w_q)\nK = np.matmul(x, w_k)\nV = np.matmul(x, w_v)\nscores = np.matmul(Q, K.swapaxes(-2, -1)) / np.sqrt(K.shape[-1])\nexp = np.exp(scores - np.max(scores, axis=1, keepdims=True))\nattn = exp / np.sum(exp, axis=1, keepdims=True)\nreturn np.matmul(attn, V)",
        WEIGHTS,
    ),
    of(
        HEAD,
        "scaled after softmax",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\nattn = softmax(q @ k.swapaxes(-1, -2)) / np.sqrt(k.shape[-1])\nreturn attn @ v",
        SCALED,
        WEIGHTS,
    ),
    of(
        HEAD,
        "keys made of the queries",
        "q = x @ w_q\nk = q @ w_k\nv = x @ w_v\nreturn softmax(q @ k.swapaxes(-1, -2) / np.sqrt(k.shape[-1])) @ v",
        K,
    ),
    of(
        HEAD,
        "dot all the way",
        "Q, K, V = np.dot(x, w_q), np.dot(x, w_k), np.dot(x, w_v)\nscores = np.dot(Q, K.T) / np.sqrt(Q.shape[1])\nweights = softmax(scores)\nreturn np.dot(weights, V)",
        SCORES,
    ),
    of(
        "several_heads.two_heads",
        "head 0 for all",
        "heads = []\nfor h in range(len(w_q)):\n    heads.append(attention_head(x, w_q[0], w_k[0], w_v[0]))\nreturn heads",
        Q,
    ),
    of(
        "several_heads.two_heads",
        "one after another",
        "heads = []\nout = x\nfor a, b, c in zip(w_q, w_k, w_v):\n    out = attention_head(out, a, b, c)\n    heads.append(out)\nreturn heads",
        Q,
    ),
    of(
        "several_heads.two_heads",
        "joined at once",
        "heads = [attention_head(x, w_q[i], w_k[i], w_v[i]) for i in range(len(w_q))]\nreturn np.concatenate(heads, axis=-1)",
        OUTPUT,
        JOINED,
        MIXED,
    ),
    of("several_heads.fused", "rows below rows", "return np.concatenate(matrices)"),
    of("several_heads.fused", "summed", "return sum(matrices)"),
    of(
        "several_heads.columns",
        "second axis",
        "d = array.shape[1] // num_heads\nreturn array[:, h * d:(h + 1) * d]",
    ),
    of(
        "several_heads.differences",
        "no absolute value",
        "return np.array([[(a - b).max() for b in heads] for a in heads])",
    ),
    of("several_heads.differences", "means", "return np.array([[np.abs(a - b).mean() for b in heads] for a in heads])"),
    of(
        "head_dimensions.split_heads",
        "heads folded into the batch",
        "batch, t, width = x.shape\nreturn x.reshape(batch * num_heads, -1, width // num_heads)",
    ),
    of(
        "head_dimensions.split_heads",
        "four axes in mind",
        "d = x.shape[-1] // num_heads\nx = x.reshape(x.shape[0], -1, num_heads, d)\nreturn x.transpose(0, 2, 1, 3)",
    ),
    of(
        "head_dimensions.concat_heads",
        "second axis is the heads'",
        "return np.concatenate([heads[:, i] for i in range(heads.shape[1])], axis=-1)",
    ),
    of(
        "head_dimensions.concat_heads",
        "width of one head kept",
        "*lead, h, t, d = heads.shape\nreturn np.swapaxes(heads, -3, -2).reshape(*lead, t, d)",
    ),
    of(
        "output_projection.apply",
        "w_o in front",
        "*lead, h, t, d = heads.shape\nbeside = heads.swapaxes(-3, -2).reshape(*lead, t, h * d)\nreturn w_o @ beside",
        OUTPUT,
    ),
    of(
        "output_projection.apply",
        "each head by all of w_o",
        "*lead, h, t, d = heads.shape\nreturn sum(heads[..., i, :, :] @ w_o[:d] for i in range(h))",
        OUTPUT,
        JOINED,
    ),
    of(
        "output_projection.sum",
        "einsum that adds the heads",
        "h, d = heads.shape[-3], heads.shape[-1]\nblocks = w_o.reshape(h, d, -1)\nreturn np.einsum('...htd,hdo->...to', heads, blocks)",
        OUTPUT,
    ),
    of("output_projection.parameters", "four squares", "return 4 * d_model ** 2"),
    of("causal_head.mask", "1 where hidden", "return np.triu(np.ones((t, t)), k=1)"),
    of("causal_head.mask", "ones of floats", "return np.tril(np.ones((t, t)))"),
    of(
        CAUSAL,
        "minus a billion where allowed",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\nt = x.shape[-2]\nmask = np.tril(np.ones((t, t)))\nscores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])\nscores += mask * -1e9\nreturn softmax(scores) @ v",
        MASKED,
    ),
    of(
        CAUSAL,
        "indexed by a mask of two axes",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\nscores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])\nmask = np.tri(x.shape[-2])\nscores[mask == 0] = -np.inf\nreturn softmax(scores) @ v",
        MASKED,
    ),
    of(
        CAUSAL,
        "where, the wrong way round",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\nscores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])\nscores = np.where(np.tri(x.shape[-2]) == 0, scores, -np.inf)\nreturn softmax(scores) @ v",
        MASKED,
    ),
    of(
        CAUSAL,
        "float mask times scores, diagonal off",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\nscores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])\nmask = np.tril(np.ones(scores.shape), k=-1)\nscores = np.where(mask, scores, -1e9)\nreturn softmax(scores) @ v",
        MASKED,
    ),
    of(
        "causal_head.one_token",
        "last of the first axis",
        "q = x[-1:] @ w_q\nk, v = x @ w_k, x @ w_v\nreturn softmax(q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])) @ v",
        Q,
    ),
    of(
        "causal_head.one_token",
        "axis lost",
        "q = x[..., -1, :] @ w_q\nk, v = x @ w_k, x @ w_v\nscores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])\nreturn softmax(scores) @ v",
        Q,
        SCORES,
    ),
    of(
        "causal_head.decode",
        "np.append without an axis",
        "q = token @ w_q\nk = np.append(cache['k'], token @ w_k)\nv = np.append(cache['v'], token @ w_v)\nreturn softmax(q @ k.T / np.sqrt(q.shape[-1])) @ v, {'k': k, 'v': v}",
        K,
        SCORES,
    ),
    of(
        "causal_head.decode",
        "joined along the batch",
        "q = token @ w_q\nk = np.concatenate([cache['k'], token @ w_k])\nv = np.concatenate([cache['v'], token @ w_v])\nscores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])\nreturn softmax(scores) @ v, {'k': k, 'v': v}",
        K,
    ),
    of(
        "causal_head.decode",
        "new token not seen",
        "q = token @ w_q\nscores = q @ np.swapaxes(cache['k'], -1, -2) / np.sqrt(q.shape[-1])\nout = softmax(scores) @ cache['v']\nk = np.concatenate([cache['k'], token @ w_k], axis=-2)\nv = np.concatenate([cache['v'], token @ w_v], axis=-2)\nreturn out, {'k': k, 'v': v}",
        SCORES,
        K,
    ),
    of(
        "debug_a_head.repair_a",
        "0 for hidden scores",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\nmask = np.tri(x.shape[-2], dtype=bool)\nscores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])\nscores = np.where(mask, scores, 0)\nreturn softmax(scores) @ v",
        MASKED,
    ),
    of(
        LAYER,
        "heads folded by a reshape",
        "context = x if context is None else context\nb, d = x.shape[0], w_q.shape[1] // num_heads\nq = (x @ w_q).reshape(b * num_heads, -1, d)\nk = (context @ w_k).reshape(b * num_heads, -1, d)\nv = (context @ w_v).reshape(b * num_heads, -1, w_v.shape[1] // num_heads)\nscores = q @ k.swapaxes(-1, -2) * d ** -0.5\nif mask is not None:\n    full = np.broadcast_to(mask, (b, num_heads, *scores.shape[1:])).reshape(scores.shape)\n    scores = np.where(full, scores, -1e30)\nw = softmax(scores)\nif mask is not None:\n    w = w * full\nout = (w @ v).reshape(b, -1, w_v.shape[1])\nreturn out @ w_o",
        *SPLIT,
    ),
    of(
        LAYER,
        "list of heads viewed as one",
        "context = x if context is None else context\nd, dv = w_q.shape[1] // num_heads, w_v.shape[1] // num_heads\nheads = []\nfor h in range(num_heads):\n    q = x @ w_q[:, h * d:(h + 1) * d]\n    k = context @ w_k[:, h * d:(h + 1) * d]\n    v = context @ w_v[:, h * dv:(h + 1) * dv]\n    s = q @ k.swapaxes(-1, -2) / np.sqrt(d)\n    if mask is not None:\n        m = np.broadcast_to(mask, (len(x), num_heads, *s.shape[1:]))[:, h]\n        s = np.where(m, s, -1e30)\n        w = softmax(s) * m\n    else:\n        w = softmax(s)\n    heads.append(w @ v)\nall_heads = np.array(heads)\nreturn all_heads.reshape(len(x), x.shape[1], -1) @ w_o",
        JOINED,
    ),
    of(
        LAYER,
        "1 means hidden",
        "context = x if context is None else context\nq, k, v = split_heads(x @ w_q, num_heads), split_heads(context @ w_k, num_heads), split_heads(context @ w_v, num_heads)\nscores = scaled_scores(q, k)\nif mask is not None:\n    scores = scores + mask * -1e9\nreturn concat_heads(softmax(scores) @ v) @ w_o",
        MASKED,
    ),
    of(
        LAYER,
        "heads cut along the tokens",
        "context = x if context is None else context\nq, k, v = x @ w_q, context @ w_k, context @ w_v\nparts = zip(np.array_split(q, num_heads, axis=1), np.array_split(k, num_heads, axis=1), np.array_split(v, num_heads, axis=1))\nout = [softmax(scaled_scores(a, b)) @ c for a, b, c in parts]\nreturn np.concatenate(out, axis=1) @ w_o",
        *SPLIT,
        SCORES,
    ),
    of(
        LAYER,
        "heads joined along the tokens",
        "context = x if context is None else context\nqs = np.split(x @ w_q, num_heads, axis=-1)\nks = np.split(context @ w_k, num_heads, axis=-1)\nvs = np.split(context @ w_v, num_heads, axis=-1)\nout = []\nfor h in range(num_heads):\n    s = scaled_scores(qs[h], ks[h])\n    if mask is not None:\n        s = np.where(np.broadcast_to(mask, (len(x), num_heads, *s.shape[1:]))[:, h], s, -1e30)\n    out.append(softmax(s) @ vs[h])\nreturn np.concatenate(out, axis=1) @ w_o",
        JOINED,
    ),
    of(
        LAYER,
        "length of x for the keys",
        "context = x if context is None else context\nb, t, _ = x.shape\nq, k, v = x @ w_q, context @ w_k, context @ w_v\nq = q.reshape(b, t, num_heads, -1).transpose(0, 2, 1, 3)\nk = k.reshape(b, t, num_heads, -1).transpose(0, 2, 1, 3)\nv = v.reshape(b, t, num_heads, -1).transpose(0, 2, 1, 3)\nreturn concat_heads(softmax(scaled_scores(q, k)) @ v) @ w_o",
        *SPLIT,
        K,
    ),
    of(
        "multi_head_attention.padding_mask",
        "one too many",
        "mask = np.arange(t_k)[None] <= lengths[:, None]\nreturn mask[:, None, None, :]",
    ),
    of("multi_head_attention.padding_mask", "two axes", "return np.arange(t_k)[None, :] < lengths[:, None]"),
    of(
        "trained_heads.unfuse",
        "three of each head together",
        "d_model = len(c_attn)\nparts = c_attn.reshape(d_model, num_heads, 3, -1)\nreturn tuple(parts[:, :, i].transpose(1, 0, 2) for i in range(3))",
        "w_q",
    ),
    of(
        "trained_heads.unfuse",
        "thirds of the rows",
        "q, k, v = np.split(c_attn, 3, axis=0)\nreturn tuple(np.stack(np.split(w, num_heads, axis=1)) for w in (q, k, v))",
        "w_q",
    ),
    of(
        "trained_heads.weights",
        "no mask",
        "w_q, w_k, _ = unfuse(c_attn, num_heads)\nq, k = x[..., None, :, :] @ w_q, x[..., None, :, :] @ w_k\nreturn softmax(q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1]))",
        MASKED,
    ),
    of(
        "trained_heads.previous_token",
        "diagonal above",
        "return np.diagonal(weights, offset=1, axis1=1, axis2=2).mean(axis=-1)",
    ),
    of(
        "trained_heads.induction",
        "the same token",
        "T = weights.shape[-1]\nreturn np.array([np.mean([w[t, t - period] for t in range(T - period, T)]) for w in weights])",
    ),
    of(
        "trained_heads.choose",
        "softmax divided",
        "if temperature == 0:\n    return int(np.argmax(logits))\nprobabilities = softmax(logits) / temperature\nreturn int(np.argmax(np.cumsum(probabilities) > u))",
    ),
    of("long_texts.share", "axis 1, for a batch", "return np.repeat(groups, num_heads // groups.shape[1], axis=1)"),
    of(
        "long_texts.share",
        "broadcast in front",
        "G, T, d = groups.shape[-3:]\nr = num_heads // G\nout = np.broadcast_to(groups[..., None, :, :, :], (*groups.shape[:-3], r, G, T, d))\nreturn out.reshape(*groups.shape[:-3], num_heads, T, d)",
    ),
    of(
        "long_texts.grouped",
        "queries cut into groups",
        "q = split_heads(x @ w_q, num_groups)\nk, v = split_heads(x @ w_k, num_groups), split_heads(x @ w_v, num_groups)\nscores = q @ k.swapaxes(-1, -2) / np.sqrt(k.shape[-1])\nscores = np.where(np.tri(x.shape[-2], dtype=bool), scores, -np.inf)\nreturn concat_heads(softmax(scores) @ v) @ w_o",
        SPLIT[0],
        SCORES,
    ),
    of(
        "long_texts.grouped",
        "keys not shared",
        "q = split_heads(x @ w_q, num_heads)\nk, v = split_heads(x @ w_k, num_groups), share_heads(split_heads(x @ w_v, num_groups), num_heads)\nscores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])\nscores = np.where(np.tri(x.shape[-2], dtype=bool), scores, -np.inf)\nreturn concat_heads(softmax(scores) @ v) @ w_o",
        SCORES,
        "shared heads of k",
    ),
    of(
        "long_texts.grouped",
        "scale of the group's width",
        "q = split_heads(x @ w_q, num_heads)\nk = share_heads(split_heads(x @ w_k, num_groups), num_heads)\nv = share_heads(split_heads(x @ w_v, num_groups), num_heads)\nscores = q @ k.swapaxes(-1, -2) / np.sqrt(w_k.shape[1])\nscores = np.where(np.tri(x.shape[-2], dtype=bool), scores, -np.inf)\nreturn concat_heads(softmax(scores) @ v) @ w_o",
        SCALED,
    ),
    of(
        "long_texts.cache_bytes",
        "megabytes",
        "return 2 * num_layers * num_groups * d * num_tokens * bytes_per_number / 1e6",
    ),
    of(
        "long_texts.cache_bytes",
        "all of the width",
        "return 2 * num_layers * num_heads * d * num_tokens * bytes_per_number // num_groups",
    ),
    of(
        "long_texts.add_block",
        "Python's max",
        "m = max(maximum, scores.max(axis=-1, keepdims=True))\nf = np.exp(maximum - m)\ne = np.exp(scores - m)\nreturn m, f * total + e.sum(-1, keepdims=True), f * output + e @ v",
        "running maximum",
    ),
    of(
        "long_texts.add_block",
        "no axes kept",
        "m = np.maximum(maximum, scores.max(axis=-1))\nf = np.exp(maximum - m)\ne = np.exp(scores - m)\nreturn m, f * total + e.sum(axis=-1), f * output + e @ v",
        "running maximum",
    ),
    of(
        "long_texts.add_block",
        "total of the old output",
        "m = np.maximum(maximum, scores.max(axis=-1, keepdims=True))\ns = np.where(np.isneginf(m), 0, m)\nf = np.exp(maximum - s)\ne = np.exp(scores - s)\nt = f * total + e.sum(-1, keepdims=True)\nreturn m, t, (f * total * output + e @ v) / np.where(t == 0, 1, t)",
        "running output",
    ),
    of(
        "long_texts.in_blocks",
        "a length for the stop",
        "m, t, o = np.full((len(q), 1), -np.inf), np.zeros((len(q), 1)), 0\nfor start in range(0, num_keys, size):\n    k, v, allowed = read(start, size)\n    s = np.where(allowed, q @ k.T / np.sqrt(q.shape[-1]), -np.inf)\n    m, t, o = add_block(m, t, o, s, v)\nreturn o / np.where(t == 0, 1, t)",
        "blocks",
    ),
    of(
        "long_texts.in_blocks",
        "mask forgotten",
        "m, t, o = np.full((len(q), 1), -np.inf), np.zeros((len(q), 1)), 0\nfor start in range(0, num_keys, size):\n    k, v, allowed = read(start, min(start + size, num_keys))\n    m, t, o = add_block(m, t, o, q @ k.T / np.sqrt(q.shape[-1]), v)\nreturn o / np.where(t == 0, 1, t)",
        MASKED,
    ),
)
