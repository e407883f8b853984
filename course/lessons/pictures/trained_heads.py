"""The pictures of lesson 09: two heads of the trained model at work, and what the model loses without each head."""

from __future__ import annotations

import numpy as np

import reference_impl as ref
from autograder.notebook.bars import draw_bars
from autograder.notebook.drawing import Grid, Picture, Row, numbers, picture
from autograder.trained_model import load_model, repeated_tokens

SENTENCE = "emma read the letter, and then she read it again."
REPEATED = "letter sir world fanny would house letter sir world fanny would house"
PERIOD = 20

model = load_model()
transformer, vocabulary = model.transformer, model.vocabulary
repeated = repeated_tokens(len(vocabulary), PERIOD)
of_repeats = transformer.weights(repeated)


def largest(scores: np.ndarray) -> tuple[int, int]:
    """The layer and the head of the largest score (layers, H)."""
    layer, head = np.unravel_index(int(scores.argmax()), scores.shape)
    return int(layer), int(head)


def loss_on_repeat(changed: ref.Transformer) -> float:
    """The mean loss on the second writing without its first token, which nothing foretells."""
    return float(ref.next_token_loss(changed.logits(repeated), repeated)[:, PERIOD + 1 :].mean())


def heat(text: str, layer: int, head: int, what: str, down: str) -> Grid:
    """A head's weights (T, T) on a text, with the words on both sides."""
    tokens = vocabulary.encode(text)
    labels = vocabulary.labels(tokens)
    weights = transformer.weights(tokens)[layer][head]
    title = f"layer {layer}, head {head}: {what}"
    cells = numbers(weights, decimals=None)
    return Grid(cells, labels, labels, title, down, "key", width=20, height=20)


def patterns() -> Picture:
    previous = largest(np.stack([ref.previous_token_score(w) for w in of_repeats]))
    induction = largest(np.stack([ref.induction_score(w, PERIOD) for w in of_repeats]))
    left = heat(SENTENCE, *previous, "previous-token head", "query")
    right = heat(REPEATED, *induction, "induction head", "")
    return picture(
        [Row([left, right])],
        "Weights of two heads of the trained model. On the left a sentence: nearly all weight lies one step below the "
        "diagonal. On the right six words, written twice: the second time most weight lies on the tokens that "
        "followed the same words before.",
    )


def switched_off() -> Picture:
    losses = {
        f"{layer}.{head}": loss_on_repeat(transformer.without_head(layer, head))
        for layer in range(len(transformer.layers))
        for head in range(transformer.num_heads)
    }
    together = transformer
    for head in np.flatnonzero(ref.previous_token_score(of_repeats[0]) >= 0.8):
        together = together.without_head(0, int(head))
    losses["together"] = loss_on_repeat(together)
    lines = {"all heads on": loss_on_repeat(transformer), "guessing": float(np.log(len(vocabulary)))}
    return draw_bars(
        losses,
        lines,
        "Loss on the repeat in nats, by the head switched off (layer.head)",
        "The loss on the repeat with one head switched off, head by head, is low; with all previous-token heads of "
        "layer 0 switched off together it is higher than that of guessing.",
    )


def pictures() -> dict[str, Picture]:
    return {"trained_heads_patterns": patterns(), "trained_heads_switched_off": switched_off()}
