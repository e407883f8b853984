"""Draws the pictures of lesson 09: two heads of the trained model at work, and what the model loses without each head."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import reference_impl as ref
from autograder.trained_model import load_model, repeated_tokens

SENTENCE = "emma read the letter, and then she read it again."
REPEATED = "letter sir world fanny would house letter sir world fanny would house"
PERIOD = 20

model = load_model()
transformer, vocabulary = model.transformer, model.vocabulary
repeated = repeated_tokens(len(vocabulary), PERIOD)


def largest(scores: np.ndarray) -> tuple[int, int]:
    """The layer and the head of the largest score (layers, H)."""
    layer, head = np.unravel_index(int(scores.argmax()), scores.shape)
    return int(layer), int(head)


def loss_on_repeat(changed: ref.Transformer) -> float:
    """The mean loss on the second writing without its first token, which nothing foretells."""
    return float(ref.next_token_loss(changed.logits(repeated), repeated)[:, PERIOD + 1 :].mean())


def heat(axis: Axes, weights: np.ndarray, labels: list[str], title: str) -> None:
    """A head's weights (T, T), with the words on both sides."""
    axis.imshow(weights, cmap="Blues", vmin=0, vmax=1)
    axis.set_title(title, fontsize=10)
    axis.set_xticks(range(len(labels)), labels, rotation=90, fontsize=8)
    axis.set_yticks(range(len(labels)), labels, fontsize=8)
    axis.tick_params(length=0)
    axis.set_xlabel("key", fontsize=8)


def save(figure: Figure, name: str) -> None:
    figure.savefig(Path(__file__).with_name(name), facecolor="white")


of_repeats = transformer.weights(repeated)
previous = largest(np.stack([ref.previous_token_score(w) for w in of_repeats]))
induction = largest(np.stack([ref.induction_score(w, PERIOD) for w in of_repeats]))

figure = Figure(figsize=(8.6, 4.6), dpi=110, layout="constrained")
axes = figure.subplots(1, 2)
shown = ((SENTENCE, previous, "previous-token head"), (REPEATED, induction, "induction head"))
for axis, (text, (layer, head), what) in zip(axes, shown, strict=True):
    tokens = vocabulary.encode(text)
    weights = transformer.weights(tokens)[layer][head]
    heat(axis, weights, vocabulary.labels(tokens), f"layer {layer}, head {head}: {what}")
axes[0].set_ylabel("query", fontsize=8)
save(figure, "trained_heads_patterns.png")

names, losses = [], []
for layer in range(len(transformer.layers)):
    for head in range(transformer.num_heads):
        names.append(f"{layer}.{head}")
        losses.append(loss_on_repeat(transformer.without_head(layer, head)))
with_all = loss_on_repeat(transformer)
together = transformer
for head in np.flatnonzero(ref.previous_token_score(of_repeats[0]) >= 0.8):
    together = together.without_head(0, int(head))
names.append("all previous-\ntoken heads")
losses.append(loss_on_repeat(together))
figure = Figure(figsize=(8.2, 3.0), dpi=110, layout="constrained")
axis = figure.subplots()
axis.bar(names, losses, color="#4477aa")
axis.axhline(with_all, color="black", linewidth=1)
axis.text(-0.5, with_all + 0.4, f"all heads on: {with_all:.2f}", ha="left", va="bottom", fontsize=8)
axis.axhline(np.log(len(vocabulary)), color="0.5", linestyle="--", linewidth=1)
axis.text(-0.5, np.log(len(vocabulary)), "guessing", ha="left", va="bottom", fontsize=8, color="0.35")
axis.set_xlabel("head switched off (layer.head)", fontsize=9)
axis.set_ylabel("loss on the repeat, nats", fontsize=9)
axis.tick_params(labelsize=8)
save(figure, "trained_heads_switched_off.png")
