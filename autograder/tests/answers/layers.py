"""Layers written in many styles, right and wrong, without the catalogue's code: for the answers of unit 8."""

from __future__ import annotations

import numpy as np


def softmax(scores, axis=-1):
    exps = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return exps / exps.sum(axis=axis, keepdims=True)


def split(x, h):
    b, t, width = x.shape
    return x.reshape(b, t, h, width // h).transpose(0, 2, 1, 3)


def concat(heads):
    b, h, t, d = heads.shape
    return heads.transpose(0, 2, 1, 3).reshape(b, t, h * d)


def normal(rows):
    """Layer normalisation, without what is learned in it."""
    return (rows - rows.mean(axis=-1, keepdims=True)) / np.sqrt(rows.var(axis=-1, keepdims=True) + 1e-5)


def attend(q, k, v, mask):
    """-inf where forbidden, and zeros for rows without a key."""
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    if mask is None:
        return softmax(scores) @ v
    weights = softmax(np.where(mask, scores, -np.inf))
    return np.where(mask.any(axis=-1, keepdims=True), weights, 0) @ v


def layer(
    split=split,
    attend=attend,
    concat=concat,
    output=lambda joined, w_o: joined @ w_o,
    project=lambda x, c, w_q, w_k, w_v: (x @ w_q, c @ w_k, c @ w_v),
):
    def multi_head_attention(x, w_q, w_k, w_v, w_o, num_heads, context=None, mask=None):
        context = x if context is None else context
        q, k, v = (split(part, num_heads) for part in project(x, context, w_q, w_k, w_v))
        return output(concat(attend(q, k, v, mask)), w_o)

    return {"multi_head_attention": multi_head_attention}


def in_loops(x, w_q, w_k, w_v, w_o, num_heads, context=None, mask=None):
    """Sequence by sequence, head by head, query by query; W_o block by block."""
    context = x if context is None else context
    d_k, d_v = w_q.shape[1] // num_heads, w_v.shape[1] // num_heads
    out = np.zeros((len(x), x.shape[1], w_o.shape[1]))
    full = np.broadcast_to(True if mask is None else mask, (len(x), num_heads, x.shape[1], context.shape[1]))
    for b, h in np.ndindex(len(x), num_heads):
        of_k, of_v = slice(h * d_k, (h + 1) * d_k), slice(h * d_v, (h + 1) * d_v)
        keys, values = context[b] @ w_k[:, of_k], context[b] @ w_v[:, of_v]
        for i, token in enumerate(x[b]):
            seen = full[b, h, i]
            if seen.any():
                scores = keys[seen] @ (token @ w_q[:, of_k]) / d_k**0.5
                weights = np.exp(scores - scores.max())
                out[b, i] += weights / weights.sum() @ values[seen] @ w_o[of_v]
    return out


def by_einsum(x, w_q, w_k, w_v, w_o, num_heads, context=None, mask=None):
    context = x if context is None else context
    q = np.einsum("btd,dhk->bhtk", x, w_q.reshape(len(w_q), num_heads, -1))
    k = np.einsum("bsd,dhk->bhsk", context, w_k.reshape(len(w_k), num_heads, -1))
    v = np.einsum("bsd,dhv->bhsv", context, w_v.reshape(len(w_v), num_heads, -1))
    scores = np.einsum("bhtk,bhsk->bhts", q, k) * q.shape[-1] ** -0.5
    if mask is not None:
        scores = scores + np.where(mask, 0, -np.inf)
    exps = np.exp(scores - np.maximum(scores.max(axis=-1, keepdims=True), -1e300))
    weights = exps / np.maximum(exps.sum(axis=-1, keepdims=True), 1e-300)
    return np.einsum("bhts,bhsv,hvo->bto", weights, v, w_o.reshape(num_heads, -1, w_o.shape[1]))


def divided_where(x, w_q, w_k, w_v, w_o, num_heads, context=None, mask=None):
    """-inf where forbidden; rows without a key are not divided at all."""
    context = x if context is None else context
    q, k, v = (split(part, num_heads) for part in (x @ w_q, context @ w_k, context @ w_v))
    scores = np.where(True if mask is None else mask, q @ k.mT / np.sqrt(q.shape[-1]), -np.inf)
    top = scores.max(axis=-1, keepdims=True)
    exps = np.exp(scores - np.where(np.isfinite(top), top, 0))
    total = exps.sum(axis=-1, keepdims=True)
    weights = np.divide(exps, total, out=np.zeros_like(exps), where=total > 0)
    return np.einsum("bhqv,hvo->bqo", weights @ v, w_o.reshape(num_heads, -1, w_o.shape[-1]))


def folded(x, w_q, w_k, w_v, w_o, num_heads, context=None, mask=None):
    """The heads folded into the batch, the masks repeated to match."""
    context = x if context is None else context
    q, k, v = (split(part, num_heads) for part in (x @ w_q, context @ w_k, context @ w_v))
    b, h, t_q, t_k = *q.shape[:3], k.shape[2]
    q, k, v = (part.reshape(b * h, *part.shape[2:]) for part in (q, k, v))
    if mask is not None:
        mask = np.broadcast_to(mask, (b, h, t_q, t_k)).reshape(b * h, t_q, t_k)
    heads = attend(q, k, v, mask)
    return concat(heads.reshape(b, h, t_q, -1)) @ w_o


def float32(x, w_q, w_k, w_v, w_o, num_heads, context=None, mask=None):
    x, w_q, w_k, w_v, w_o = (np.asarray(a, dtype=np.float32) for a in (x, w_q, w_k, w_v, w_o))
    context = None if context is None else context.astype(np.float32)
    return layer()["multi_head_attention"](x, w_q, w_k, w_v, w_o, num_heads, context, mask)


def additive(low):
    def other(q, k, v, mask):
        scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
        if mask is None:
            return softmax(scores) @ v
        return (softmax(scores + (1.0 - mask) * low) * mask) @ v

    return other


def nan_to_num(q, k, v, mask):
    scores = q @ k.mT / np.sqrt(q.shape[-1])
    return np.nan_to_num(softmax(scores if mask is None else np.where(mask, scores, -np.inf))) @ v


def zeroed_after_mixing(q, k, v, mask):
    scores = q @ np.moveaxis(k, -1, -2) / q.shape[-1] ** 0.5
    if mask is None:
        return softmax(scores) @ v
    mixed = softmax(np.where(mask, scores, -1e9)) @ v
    return np.where(np.broadcast_to(mask, scores.shape).any(-1)[..., None], mixed, 0)


def joined_in_a_list(heads):
    return np.concatenate([heads[:, h] for h in range(heads.shape[1])], axis=-1)


def scaled_by(root):
    def other(q, k, v, mask):
        return attend(q / root(q, k, v) * np.sqrt(q.shape[-1]), k, v, mask)

    return other


def softmaxed(softmax, low=-np.inf):
    def other(q, k, v, mask):
        scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
        if mask is None:
            return softmax(scores) @ v
        return np.where(mask.any(-1, keepdims=True), softmax(np.where(mask, scores, low)), 0) @ v

    return other


def masked(mask_scores, after=lambda weights, mask: weights):
    def other(q, k, v, mask):
        scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
        if mask is None:
            return softmax(scores) @ v
        return after(softmax(mask_scores(scores, mask)), mask) @ v

    return other


def with_d_model(x, w_q, w_k, w_v, w_o, num_heads, context=None, mask=None):
    """The scale from sqrt(d_model)."""
    other = w_q * np.sqrt(w_q.shape[1] / num_heads / x.shape[-1])
    return layer()["multi_head_attention"](x, other, w_k, w_v, w_o, num_heads, context, mask)


def with_d_model_per_head(x, w_q, w_k, w_v, w_o, num_heads, context=None, mask=None):
    other = w_q * np.sqrt(w_q.shape[1] / x.shape[-1])
    return layer()["multi_head_attention"](x, other, w_k, w_v, w_o, num_heads, context, mask)


def with_num_heads(x, w_q, w_k, w_v, w_o, num_heads, context=None, mask=None):
    other = w_q * np.sqrt(w_q.shape[1]) / num_heads
    return layer()["multi_head_attention"](x, other, w_k, w_v, w_o, num_heads, context, mask)


def tiled(x, w_q, w_k, w_v, w_o, num_heads, context=None, mask=None):
    """Heads folded into the batch; a mask for each sequence tiled."""
    context = x if context is None else context
    q, k, v = (split(part, num_heads) for part in (x @ w_q, context @ w_k, context @ w_v))
    b, h, t_q, t_k = *q.shape[:3], k.shape[2]
    q, k, v = (part.reshape(b * h, *part.shape[2:]) for part in (q, k, v))
    if mask is not None and mask.ndim == 4:
        mask = np.concatenate([np.broadcast_to(mask[:, 0], (b, t_q, t_k))] * h)
    elif mask is not None:
        mask = np.broadcast_to(mask, (b, h, t_q, t_k)).reshape(b * h, t_q, t_k)
    return concat(attend(q, k, v, mask).reshape(b, h, t_q, -1)) @ w_o


def mask_of_the_first(q, k, v, mask):
    return attend(q, k, v, mask[0] if mask is not None and mask.ndim == 4 else mask)


def shared(x, w_q, w_k, w_v, w_o, num_heads, context=None, mask=None):
    """Every head uses columns 0 to d."""
    context = x if context is None else context
    q, k, v = x @ w_q, context @ w_k, context @ w_v
    heads = [
        attend(*(p[..., : p.shape[-1] // num_heads] for p in (q, k, v)), of_head(mask, h)) for h in range(num_heads)
    ]
    return np.concatenate(heads, axis=-1) @ w_o


def of_head(mask, h):
    if mask is None or mask.ndim == 2:
        return mask
    return mask[:, 0] if mask.ndim == 4 else mask[h]


def sliced(x, w_q, w_k, w_v, w_o, num_heads, context=None, mask=None):
    """Head h projects only its slice of x."""
    context = x if context is None else context
    d = x.shape[-1] // num_heads
    heads = []
    for h in range(num_heads):
        own = slice(h * d, (h + 1) * d)
        parts = [(x, w_q), (context, w_k), (context, w_v)]
        q, k, v = (a[..., own] @ np.split(w, num_heads, axis=1)[h][own] for a, w in parts)
        heads.append(attend(q, k, v, of_head(mask, h)))
    return np.concatenate(heads, axis=-1) @ w_o


def among_heads(x, w_q, w_k, w_v, w_o, num_heads, context=None, mask=None):
    context = x if context is None else context
    q, k, v = (p.reshape(*p.shape[:2], num_heads, -1) for p in (x @ w_q, context @ w_k, context @ w_v))
    out = attend(q, k, v, mask)
    return out.reshape(*out.shape[:2], -1) @ w_o


def integers(x, w_q, w_k, w_v, w_o, num_heads, context=None, mask=None):
    out = np.empty((*x.shape[:2], w_o.shape[1]), dtype=x.dtype)
    out[:] = layer()["multi_head_attention"](x, w_q, w_k, w_v, w_o, num_heads, context, mask)
    return out


def integer_heads(x, w_q, w_k, w_v, w_o, num_heads, context=None, mask=None):
    joined = np.zeros((*x.shape[:2], w_v.shape[1]), dtype=x.dtype)
    d_v = w_v.shape[1] // num_heads
    context = x if context is None else context
    q, k, v = (split(part, num_heads) for part in (x @ w_q, context @ w_k, context @ w_v))
    heads = attend(q, k, v, mask)
    for h in range(num_heads):
        joined[..., h * d_v : (h + 1) * d_v] = heads[:, h]
    return joined @ w_o


def in_place(x, w_q, w_k, w_v, w_o, num_heads, context=None, mask=None):
    w_q /= np.sqrt(w_q.shape[1] / num_heads)
    context = x if context is None else context
    q, k, v = (split(part, num_heads) for part in (x @ w_q, context @ w_k, context @ w_v))
    return concat(attend(q * q.shape[-1] ** 0.5, k, v, mask)) @ w_o


KEPT = []


def state_kept(x, w_q, w_k, w_v, w_o, num_heads, context=None, mask=None):
    KEPT.append(x)
    return layer()["multi_head_attention"](x * (2 + len(KEPT) % 2), w_q, w_k, w_v, w_o, num_heads, context, mask)


def squeezed(x, w_q, w_k, w_v, w_o, num_heads, context=None, mask=None):
    return layer()["multi_head_attention"](x, w_q, w_k, w_v, w_o, num_heads, context, mask).squeeze()


def minus_infinity(scores, mask):
    return np.where(mask, scores, -np.inf)


def zero_rows(weights, mask):
    return np.where(mask.any(-1, keepdims=True), weights, 0)


def masked_and(after):
    """Right weights, and something done to them after softmax; no scale before."""

    def other(q, k, v, mask):
        scores = q @ k.swapaxes(-1, -2)
        if mask is None:
            return after(softmax(scores), q) @ v
        return after(zero_rows(softmax(np.where(mask, scores, -np.inf)), mask), q) @ v

    return other
