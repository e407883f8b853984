"""Wrong answers that were written after the diagnosis was finished and were not tuned to: what they get is the honest number.

Each is a question, a label, the learner's cell, and the stages in which a good teacher would say that it goes wrong.
"""

from __future__ import annotations

from typing import NamedTuple


class Unseen(NamedTuple):
    question: str
    label: str
    cell: str
    stages: tuple[str, ...]


HEAD, CAUSAL, LAYER = "one_head.head", "causal_head.head", "multi_head_attention.layer"
Q, K, V = "q", "k", "v"
SPLIT = ("split heads of q", "split heads of k", "split heads of v")
SCORES, SCALED, MASKED = "scores", "scaled scores", "masked scores"
WEIGHTS, MIXED, JOINED, OUTPUT = "weights", "mixed values", "concatenation", "output"

_SOFTMAX = """
def soft(a):
    a = a - np.max(a, axis=-1, keepdims=True)
    e = np.exp(a)
    return e / np.sum(e, axis=-1, keepdims=True)
"""


def _head(label: str, body: str, *stages: str) -> Unseen:
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    return Unseen(HEAD, label, f"{_SOFTMAX}\ndef attention_head(x, w_q, w_k, w_v):\n{lines}\n", stages)


def _causal(label: str, body: str, *stages: str) -> Unseen:
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    return Unseen(CAUSAL, label, f"{_SOFTMAX}\ndef causal_head(x, w_q, w_k, w_v):\n{lines}\n", stages)


_LAYER = """
def multi_head_attention(x, w_q, w_k, w_v, w_o, num_heads, context=None, mask=None):
    if context is None:
        context = x
    batch, t_q, _ = x.shape
    t_k = context.shape[1]
    Q, K, V = x @ w_q, context @ w_k, context @ w_v
    dk, dv = Q.shape[-1] // num_heads, V.shape[-1] // num_heads
    Q = Q.reshape(batch, t_q, num_heads, dk).transpose(0, 2, 1, 3)
    K = K.reshape(batch, t_k, num_heads, dk).transpose(0, 2, 1, 3)
    V = V.reshape(batch, t_k, num_heads, dv).transpose(0, 2, 1, 3)
    att = Q @ K.transpose(0, 1, 3, 2) / dk ** 0.5
    if mask is not None:
        att = np.where(mask, att, -1e30)
    att = soft(att)
    if mask is not None:
        att = att * mask
    out = att @ V
    out = out.transpose(0, 2, 1, 3).reshape(batch, t_q, num_heads * dv)
    return out @ w_o
"""


def _layer(label: str, changes: dict[str, str], *stages: str) -> Unseen:
    cell = _LAYER
    for before, after in changes.items():
        assert before in cell, before
        cell = cell.replace(before, after, 1)
    return Unseen(LAYER, label, _SOFTMAX + cell, stages)


UNSEEN = (
    _head(
        "bias of one in the scores",
        "q = x @ w_q\nk = x @ w_k\ns = (q @ k.swapaxes(-1, -2) + 1) / q.shape[-1]\nreturn soft(s) @ (x @ w_v)",
        SCALED,
    ),
    _head(
        "square of the scores",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\ns = (q @ k.swapaxes(-1, -2)) ** 2\nreturn soft(s / np.sqrt(q.shape[-1])) @ v",
        SCORES,
        SCALED,
    ),
    _head(
        "absolute scores",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\nscores = np.abs(np.matmul(q, np.swapaxes(k, 1, 2) if k.ndim == 3 else np.swapaxes(k, -1, -2)))\nreturn soft(scores / np.sqrt(q.shape[-1])) @ v",
        SCORES,
    ),
    _head(
        "relu on the queries",
        "q = np.maximum(x @ w_q, 0)\nk, v = x @ w_k, x @ w_v\nreturn soft(q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])) @ v",
        Q,
    ),
    _head(
        "queries normalised",
        "q = x @ w_q\nq = (q - q.mean(-1, keepdims=True)) / (q.std(-1, keepdims=True) + 1e-6)\nk, v = x @ w_k, x @ w_v\nreturn soft(q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])) @ v",
        Q,
    ),
    _head(
        "keys reversed in time",
        "q, k, v = x @ w_q, (x @ w_k)[..., ::-1, :], x @ w_v\nreturn soft(q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])) @ v",
        K,
    ),
    _head(
        "values reversed in time",
        "q, k, v = x @ w_q, x @ w_k, (x @ w_v)[..., ::-1, :]\nscores = q @ k.swapaxes(-1, -2)\nscores = scores / np.sqrt(q.shape[-1])\nw = soft(scores)\nreturn w @ v",
        V,
    ),
    _head(
        "sqrt of d_k + 1",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\nscores = q @ k.swapaxes(-1, -2)\nscores = scores / np.sqrt(q.shape[-1] + 1)\nreturn soft(scores) @ v",
        SCALED,
    ),
    _head(
        "scaled twice",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\nq = q / np.sqrt(q.shape[-1])\nreturn soft(q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])) @ v",
        SCALED,
    ),
    _head(
        "temperature 2",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\nreturn soft(q @ k.swapaxes(-1, -2) / (2 * np.sqrt(q.shape[-1]))) @ v",
        SCALED,
    ),
    _head(
        "softmax of base 2",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\ns = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])\np = 2 ** (s - s.max(-1, keepdims=True))\np = p / p.sum(-1, keepdims=True)\nreturn p @ v",
        WEIGHTS,
    ),
    _head(
        "sigmoid for softmax",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\ns = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])\np = 1 / (1 + np.exp(-np.clip(s, -50, 50)))\nreturn p @ v",
        WEIGHTS,
    ),
    _head(
        "sigmoid, normalised",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\ns = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])\np = 1 / (1 + np.exp(-np.clip(s, -50, 50)))\np /= p.sum(-1, keepdims=True)\nreturn p @ v",
        WEIGHTS,
    ),
    _head(
        "tanh before softmax",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\ns = np.tanh(q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1]))\nreturn soft(s) @ v",
        SCALED,
        MASKED,
        WEIGHTS,
    ),
    _head(
        "dropout of small weights",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\nw = soft(q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1]))\nw = np.where(w < 0.1, 0, w)\nreturn w @ v",
        WEIGHTS,
    ),
    _head(
        "weights of the maximum",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\ns = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])\nw = s / s.max(-1, keepdims=True)\nreturn w @ v",
        WEIGHTS,
    ),
    _head(
        "norm of 2 for the sum",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\ns = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])\ne = np.exp(s - s.max(-1, keepdims=True))\nw = e / np.sqrt((e ** 2).sum(-1, keepdims=True))\nreturn w @ v",
        WEIGHTS,
    ),
    _head(
        "residual of the values",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\nw = soft(q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1]))\nreturn v + w @ v",
        MIXED,
        OUTPUT,
    ),
    _head(
        "divided by T at the end",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\nw = soft(q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1]))\nreturn w @ v / x.shape[-2]",
        MIXED,
        OUTPUT,
    ),
    _head(
        "one expression, times d_k",
        "return soft(x @ w_q @ (x @ w_k).swapaxes(-1, -2) * w_q.shape[1]) @ (x @ w_v)",
        SCALED,
    ),
    _head(
        "one expression, v squared",
        "return soft(x @ w_q @ (x @ w_k).swapaxes(-1, -2) / w_q.shape[1] ** 0.5) @ (x @ w_v) ** 2",
        MIXED,
        V,
        OUTPUT,
    ),
    _head(
        "einsum with the queries' axis summed",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\nw = soft(np.einsum('...id,...jd->...ij', q, k) / np.sqrt(q.shape[-1]))\nreturn np.einsum('...ij,...id->...jd', w, v)",
        MIXED,
    ),
    _head(
        "row loop with the wrong row",
        "if x.ndim > 2:\n    return np.stack([attention_head(a, w_q, w_k, w_v) for a in x])\nq, k, v = x @ w_q, x @ w_k, x @ w_v\nout = np.zeros_like(v)\nfor i in range(len(x)):\n    w = soft(k @ q[0] / np.sqrt(q.shape[1]))\n    out[i] = w @ v\nreturn out",
        SCALED,
        SCORES,
        WEIGHTS,
    ),
    _head(
        "q and k added",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\ns = (q[..., :, None, :] + k[..., None, :, :]).sum(-1) / np.sqrt(q.shape[-1])\nreturn soft(s) @ v",
        SCORES,
        SCALED,
    ),
    _head(
        "d_model not d_k, and over queries",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\ns = q @ k.swapaxes(-1, -2) / np.sqrt(x.shape[-1])\ne = np.exp(s - s.max(-2, keepdims=True))\nreturn e / e.sum(-2, keepdims=True) @ v",
        SCALED,
    ),
    _head(
        "keys not transposed",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\ns = q @ k\nreturn soft(s / np.sqrt(q.shape[-1])) @ v",
        SCORES,
    ),
    _head(
        "PyTorch's transpose",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\ns = q @ k.transpose(-2, -1)\nreturn soft(s / np.sqrt(q.shape[-1])) @ v",
        SCORES,
    ),
    _head(
        "no return",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\nout = soft(q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])) @ v",
        OUTPUT,
    ),
    _head(
        "a name misspelt",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\nscore = q @ k.swapaxes(-1, -2)\nreturn soft(scores / np.sqrt(q.shape[-1])) @ v",
        SCALED,
    ),
    _head(
        "softmax with dim",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\ns = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])\ne = np.exp(s - np.max(s, dim=-1))\nreturn e / e.sum(-1) @ v",
        WEIGHTS,
    ),
    _causal(
        "mask one too wide, bias -3",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\ns = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])\ns = s - 3 * np.triu(np.ones(s.shape[-2:]), 1)\nreturn soft(s) @ v",
        MASKED,
    ),
    _causal(
        "window of two",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\ns = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])\nt = x.shape[-2]\nm = np.tri(t, dtype=bool) & ~np.tri(t, k=-2, dtype=bool)\ns = np.where(m, s, -np.inf)\nreturn soft(s) @ v",
        MASKED,
    ),
    _causal(
        "all but the first",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\ns = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])\nm = np.tri(x.shape[-2], dtype=bool)\nm[1:, 0] = False\nreturn soft(np.where(m, s, -np.inf)) @ v",
        MASKED,
    ),
    _causal(
        "masked with the minimum",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\ns = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])\ns = np.where(np.tri(x.shape[-2], dtype=bool), s, s.min())\nreturn soft(s) @ v",
        MASKED,
    ),
    _causal(
        "tril of the scores",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\ns = np.tril(q @ k.swapaxes(-1, -2)) / np.sqrt(q.shape[-1])\nreturn soft(s) @ v",
        MASKED,
    ),
    _causal(
        "tril of the weights",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\nw = np.tril(soft(q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])))\nreturn w @ v",
        MASKED,
        WEIGHTS,
    ),
    _causal(
        "mask before the scale, scaled by d_k",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\ns = q @ k.swapaxes(-1, -2)\ns = np.where(np.tri(x.shape[-2], dtype=bool), s, -np.inf)\nreturn soft(s / q.shape[-1]) @ v",
        SCALED,
    ),
    _causal(
        "cumulative mean",
        "v = x @ w_v\nn = np.arange(1, x.shape[-2] + 1)[:, None]\nreturn np.cumsum(v, axis=-2) / n",
        WEIGHTS,
        MIXED,
        OUTPUT,
    ),
    _causal(
        "strided loop",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\nrows = []\nfor t in range(x.shape[-2]):\n    s = q[..., t:t+1, :] @ k[..., :t+2, :].swapaxes(-1, -2) / np.sqrt(q.shape[-1])\n    rows.append(soft(s) @ v[..., :t+2, :])\nreturn np.concatenate(rows, axis=-2)",
        MASKED,
        SCALED,
        WEIGHTS,
        SCORES,
    ),
    _causal(
        "mask of the wrong length",
        "q, k, v = x @ w_q, x @ w_k, x @ w_v\ns = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])\nreturn soft(np.where(np.tri(5, dtype=bool), s, -np.inf)) @ v",
        MASKED,
    ),
    _layer(
        "heads interleaved in the split of v",
        {
            "V.reshape(batch, t_k, num_heads, dv).transpose(0, 2, 1, 3)": "V.reshape(batch, t_k, dv, num_heads).transpose(0, 3, 1, 2)"
        },
        SPLIT[2],
    ),
    _layer(
        "q by a reshape alone",
        {"Q.reshape(batch, t_q, num_heads, dk).transpose(0, 2, 1, 3)": "Q.reshape(batch, num_heads, t_q, dk)"},
        SPLIT[0],
    ),
    _layer(
        "k by a reshape alone",
        {"K.reshape(batch, t_k, num_heads, dk).transpose(0, 2, 1, 3)": "K.reshape(batch, num_heads, t_k, dk)"},
        SPLIT[1],
    ),
    _layer("k transposed by a reshape", {"K.transpose(0, 1, 3, 2)": "K.reshape(batch, num_heads, dk, t_k)"}, SCORES),
    _layer("scaled by dv", {"/ dk ** 0.5": "/ dv ** 0.5"}, SCALED),
    _layer("cube root", {"/ dk ** 0.5": "/ dk ** (1 / 3)"}, SCALED),
    _layer("mask taken as additive", {"np.where(mask, att, -1e30)": "att + np.where(mask, 0, -2.0)"}, MASKED),
    _layer(
        "mask on the rows by any",
        {"np.where(mask, att, -1e30)": "np.where(np.any(mask, axis=-2, keepdims=True), att, -1e30)"},
        MASKED,
        WEIGHTS,
    ),
    _layer(
        "softmax over the flattened heads",
        {
            "att = soft(att)": "att = soft(att.reshape(batch, -1, t_k).swapaxes(-1, -2)).swapaxes(-1, -2).reshape(batch, num_heads, t_q, t_k)"
        },
        WEIGHTS,
    ),
    _layer("zeroed by the inverse", {"att = att * mask": "att = att * ~mask"}, WEIGHTS, MASKED),
    _layer(
        "joined without moving the heads",
        {"out.transpose(0, 2, 1, 3).reshape(batch, t_q, num_heads * dv)": "out.reshape(batch, t_q, num_heads * dv)"},
        JOINED,
    ),
    _layer("joined features first", {"out.transpose(0, 2, 1, 3)": "out.transpose(0, 2, 3, 1)"}, JOINED),
    _layer(
        "heads averaged and repeated",
        {"return out @ w_o": "return np.tile(out.reshape(batch, t_q, num_heads, dv).mean(2), num_heads) @ w_o"},
        JOINED,
        OUTPUT,
    ),
    _layer("W_o halved", {"return out @ w_o": "return out @ (w_o / 2)"}, OUTPUT),
    _layer("W_o's rows reversed", {"return out @ w_o": "return out @ w_o[::-1]"}, OUTPUT),
    _layer("keys from x", {"context @ w_k": "x @ w_k", "K.reshape(batch, t_k,": "K.reshape(batch, t_q,"}, K),
    _layer(
        "values from the keys",
        {"V = V.reshape(batch, t_k, num_heads, dv).transpose(0, 2, 1, 3)": "V = K"},
        V,
        SPLIT[2],
        MIXED,
    ),
    _layer("d_model for the width", {"Q.shape[-1] // num_heads, V": "x.shape[-1] // num_heads, V"}, *SPLIT),
    _layer("float width", {"Q.shape[-1] // num_heads, V": "Q.shape[-1] / num_heads, V"}, *SPLIT),
    _layer("no scale, heads reversed", {" / dk ** 0.5": "", "out = att @ V": "out = (att @ V)[:, ::-1]"}, SCALED),
    _layer(
        "no mask, W_o left out",
        {"np.where(mask, att, -1e30)": "att", "att = att * mask": "pass", "return out @ w_o": "return out"},
        MASKED,
    ),
    _layer(
        "scaled by d_model, merged by a reshape, no mask",
        {
            "/ dk ** 0.5": "/ x.shape[-1] ** 0.5",
            "np.where(mask, att, -1e30)": "att",
            "att = att * mask": "pass",
            "out.transpose(0, 2, 1, 3)": "out",
        },
        SCALED,
    ),
    _layer("a tuple missing", {"return out @ w_o": "out = np.concatenate(out, out)\n    return out @ w_o"}, OUTPUT),
    _layer("weights returned", {"return out @ w_o": "return att"}, OUTPUT),
)
