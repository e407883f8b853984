"""Draws the pictures of the quiz: weights and masks computed by the reference, not painted.

    python course/quiz/pictures/draw.py

Each picture is an SVG file beside this one. A question names it with `picture: name`.
"""

from pathlib import Path

import numpy as np

import reference_impl as ref
from autograder.quiz.svg import Panel, draw

HERE = Path(__file__).parent
WORDS = ["the", "cat", "sat", "and", "ate"]
ROWS_ARE_QUERIES = "Heat maps of weights: rows are queries, columns are keys, and a darker cell is a larger weight."


def weights(scores, mask=None):
    """Softmax of scores (T_q, T_k), with the reference's attention, whose weights do not depend on the values."""
    scores = np.asarray(scores, float)
    q = scores * np.sqrt(scores.shape[1])  # with keys that are the identity, the scaled scores are these
    return ref.scaled_dot_product_attention(q, np.eye(scores.shape[1]), scores.T, mask, return_weights=True)[1]


def maps(title, panels, rows=WORDS, columns=WORDS, words=ROWS_ARE_QUERIES, numbers=False):
    made = [Panel(name, np.asarray(cells, float).round(4).tolist(), rows, columns) for name, cells in panels.items()]
    return draw(title, words, made, numbers=numbers)


def pictures():
    """Every picture by its name."""
    t = len(WORDS)
    causal = ref.causal_mask(t)
    rng = np.random.default_rng(7)
    some = rng.normal(size=(t, t))
    clear = 4.0
    first = np.zeros((t, t))
    first[:, 0] = clear
    previous = clear * np.eye(t, k=-1)
    previous[0, 0] = clear
    made = {
        "four_patterns": maps(
            "Weights of four heads",
            {
                "A": weights(clear * np.eye(t)),
                "B": weights(previous),
                "C": weights(first),
                "D": weights(np.zeros((t, t))),
            },
        ),
        "one_dark_cell": maps(
            "Weights of one head",
            {"": weights(0.4 * some + 3.6 * (np.arange(t)[:, None] == 4) * (np.arange(t) == 1))},
        ),
        "even_triangle": maps("Weights of a head", {"": weights(np.zeros((t, t)), causal)}),
        "read_a_row": maps(
            "Weights of one head",
            {"": np.array([[0.7, 0.1, 0.2], [0.25, 0.25, 0.5], [0.0, 0.9, 0.1]])},
            WORDS[:3],
            WORDS[:3],
            numbers=True,
        ),
        "four_masks": maps(
            "Four masks",
            {"A": causal, "B": causal.T, "C": np.tri(t, k=-1), "D": np.eye(t) + np.eye(t, k=-1)},
            words="Masks: rows are queries, columns are keys, and a dark cell is True, which means may attend.",
        ),
        "softmax_direction": maps(
            "Weights of three heads",
            {"A": weights(1.5 * some), "B": weights(1.5 * some.T).T, "C": weights(1.5 * some, causal)},
            numbers=True,
        ),
        "late_mask": maps("Weights of one head", {"": np.where(causal, weights(0.6 * some), 0)}, numbers=True),
        "three_scales": maps(
            "Weights of three heads",
            {
                "A": weights(some / 4, causal),
                "B": weights(some * 4, causal),
                "C": weights(some, causal),
            },
        ),
        "two_heads_each": maps(
            "Two layers with two heads each",
            {
                "layer P, head 0": weights(previous),
                "layer P, head 1": weights(clear * np.eye(t)),
                "layer Q, head 0": weights(1.5 * some),
                "layer Q, head 1": weights(1.5 * some),
            },
        ),
        "rectangle": maps(
            "Weights of one head",
            {
                "": weights(
                    [
                        [3, 0, 0, 0, 0, 0.5],
                        [0, 2.5, 0, 0, 1, 0],
                        [0, 0, 0, 3, 0, 0],
                        [0.5, 0, 2, 0, 0, 0],
                    ]
                )
            },
            ["le", "chat", "noir", "dort"],
            ["the", "black", "cat", "is", "now", "asleep"],
        ),
        "padded": maps(
            "Weights of two heads",
            {
                "A": weights(np.where(np.arange(t)[:, None] < 3, some, 0)),
                "B": weights(some, np.arange(t) < np.full((t, 1), 3)),
            },
            ["the", "cat", "sat", "[pad]", "[pad]"],
            ["the", "cat", "sat", "[pad]", "[pad]"],
        ),
        "same_word": maps(
            "Weights of one head",
            {
                "": weights(
                    clear
                    * np.array(
                        [
                            [a == b for b in ("we", "like", "what", "we", "see")]
                            for a in ("we", "like", "what", "we", "see")
                        ]
                    )
                )
            },
            ["we", "like", "what", "we", "see"],
            ["we", "like", "what", "we", "see"],
        ),
    }
    column = [str(number) for number in range(6)]
    head_of = np.repeat([0.15, 0.5, 0.95], 2)  # one shade for each of three heads of width 2
    made["joined_heads"] = draw(
        "Three ways to join three heads of width 2, for three tokens",
        "Each row is a token, each column a column of the result. Light, middle and dark cells hold what head 0, head 1 "
        "and head 2 have made. 0.15 stands for head 0, 0.5 for head 1 and 0.95 for head 2.",
        [
            Panel("A", [head_of.tolist()] * 3, ["t0", "t1", "t2"], column),
            Panel("B", [head_of.reshape(3, 2).T.ravel().tolist()] * 3, ["t0", "t1", "t2"], column),
            Panel(
                "C",
                [[shade] * 6 for shade in (0.15, 0.5, 0.95)],
                ["t0", "t1", "t2"],
                column,
            ),
        ],
    )
    marked = np.zeros((6, 4))
    made["blocks_of_w_o"] = draw(
        "W_o of three heads with d_v = 2 and an output of width 4, four times",
        "The matrix W_o with its rows and columns numbered from 0. The dark cells are the marked entries, 1 where marked.",
        [
            Panel("A", _marked(marked, slice(2, 4), slice(None)), column, column[:4]),
            Panel("B", _marked(marked, slice(None), slice(1, 2)), column, column[:4]),
            Panel("C", _marked(marked, slice(1, None, 3), slice(None)), column, column[:4]),
            Panel("D", _marked(marked, slice(None), slice(2, 4)), column, column[:4]),
        ],
    )
    heads, two = [f"head {h}" for h in range(4)], np.eye(2)[:, None, :]
    ways = {
        "A": ref.share_heads(two, 4),
        "B": np.eye(4)[:, None, :],
        "C": np.tile(two, (2, 1, 1)),
        "D": np.ones((4, 1, 1)),
    }
    made["four_ways_to_share"] = draw(
        "Four layers with four heads",
        "Each row is a head and each column a set of keys and values. A dark cell, 1, is a set that the head reads.",
        [
            Panel(name, reads[:, 0].tolist(), heads, [f"set {g}" for g in range(reads.shape[-1])])
            for name, reads in ways.items()
        ],
    )
    made["steps_of_a_cache"] = maps(
        "The row of weights of four decoding steps",
        {"": np.where(ref.causal_mask(4), weights(0.8 * some[:4, :4], ref.causal_mask(4)), 0)},
        ["step 1", "step 2", "step 3", "step 4"],
        ["k 1", "k 2", "k 3", "k 4"],
        "Each row holds the weights that one decoding step computes; columns are the keys in the cache.",
    )
    return made


def _marked(matrix, rows, columns):
    copy = matrix.copy()
    copy[rows, columns] = 1
    return copy.tolist()


if __name__ == "__main__":
    for name, svg in pictures().items():
        (HERE / f"{name}.svg").write_text(svg, encoding="utf-8")
