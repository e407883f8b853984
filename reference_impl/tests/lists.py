"""Attention from the formula, on lists, with nothing but math.exp: written apart from the reference, to test it."""

import math
from collections.abc import Sequence

Row = Sequence[float]
Matrix = Sequence[Row]


def matmul(a: Matrix, b: Matrix) -> list[list[float]]:
    columns = list(zip(*b, strict=True))
    return [[sum(p * q for p, q in zip(row, column, strict=True)) for column in columns] for row in a]


def softmax(row: Row) -> list[float]:
    """Over the finite scores; the others, and rows without a finite score, get zeros."""
    finite = [score for score in row if score > -math.inf]
    exps = [math.exp(score - max(finite)) if score > -math.inf else 0.0 for score in row]
    return [e / sum(exps) for e in exps] if finite else exps


def weights(q: Matrix, k: Matrix, mask: Sequence[Sequence[bool]] | None = None) -> list[list[float]]:
    scores = matmul(q, [list(column) for column in zip(*k, strict=True)])
    scaled = [[score / math.sqrt(len(q[0])) for score in row] for row in scores]
    if mask is not None:
        scaled = [
            [score if may else -math.inf for score, may in zip(row, allowed, strict=True)]
            for row, allowed in zip(scaled, mask, strict=True)
        ]
    return [softmax(row) for row in scaled]


def attention(q: Matrix, k: Matrix, v: Matrix, mask: Sequence[Sequence[bool]] | None = None) -> list[list[float]]:
    return matmul(weights(q, k, mask), v)


def multi_head(
    x: Matrix,
    context: Matrix,
    w_q: Matrix,
    w_k: Matrix,
    w_v: Matrix,
    w_o: Matrix,
    num_heads: int,
    mask: Sequence[Sequence[bool]] | None = None,
) -> list[list[float]]:
    """One sequence: each head takes its own columns of the weights, and the rows of the heads are joined end to end."""

    def own_columns(w: Matrix, head: int) -> list[Row]:
        width = len(w[0]) // num_heads
        return [row[head * width : (head + 1) * width] for row in w]

    heads = [
        attention(
            matmul(x, own_columns(w_q, head)),
            matmul(context, own_columns(w_k, head)),
            matmul(context, own_columns(w_v, head)),
            mask,
        )
        for head in range(num_heads)
    ]
    joined = [[number for head in heads for number in head[token]] for token in range(len(x))]
    return matmul(joined, w_o)
