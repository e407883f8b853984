"""The trained model: its size, its loss, what its heads do, and that the card says so."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import reference_impl as ref
from autograder import paths, trained_model
from autograder.problem import Problem
from autograder.trained_model import load_model, repeated_tokens

FOLDER = paths.root() / "course" / "model"
CARD = (FOLDER / "model_card.md").read_text(encoding="utf-8")
MODEL = load_model()
TRANSFORMER, VOCABULARY = MODEL.transformer, MODEL.vocabulary
PERIOD = 20
REPEATED = repeated_tokens(len(VOCABULARY), PERIOD)  # (16, 41)
HEADS = [(layer, head) for layer in range(len(TRANSFORMER.layers)) for head in range(TRANSFORMER.num_heads)]


def held_out() -> NDArray[np.int64]:
    """The passages that the model never saw, each after a start token, cut to the model's length: (N, T_max)."""
    rows = []
    for passage in (FOLDER / "held_out.txt").read_text(encoding="utf-8").splitlines():
        tokens, t = VOCABULARY.encode(passage)[1:], TRANSFORMER.max_tokens - 1
        rows += [np.concatenate([[0], tokens[i : i + t]]) for i in range(0, len(tokens) - t + 1, t)]
    return np.array(rows)


def loss_on_text(model: ref.Transformer) -> float:
    tokens = held_out()
    return float(ref.next_token_loss(model.logits(tokens), tokens).mean())


def losses_on_repeats(model: ref.Transformer) -> tuple[float, float]:
    """On the first writing, and on the second without its first token, which nothing foretells."""
    losses = ref.next_token_loss(model.logits(REPEATED), REPEATED)  # (16, 40)
    return float(losses[:, :PERIOD].mean()), float(losses[:, PERIOD + 1 :].mean())


def scores() -> dict[str, NDArray[np.floating]]:
    """Each score of every head on the repeated tokens, (layers, H)."""
    weights = TRANSFORMER.weights(REPEATED)
    return {
        "previous token": np.stack([ref.previous_token_score(w) for w in weights]),
        "induction": np.stack([ref.induction_score(w, PERIOD) for w in weights]),
        "first token": np.stack([ref.first_token_score(w) for w in weights]),
        "own token": np.stack([ref.own_token_score(w) for w in weights]),
    }


def test_the_weights_are_at_most_300_kb_and_loaded_without_pickle() -> None:
    assert (FOLDER / trained_model.WEIGHTS).stat().st_size <= 300_000
    with np.load(FOLDER / trained_model.WEIGHTS, allow_pickle=False) as stored:
        assert {stored[name].dtype for name in stored} <= {np.dtype(t) for t in (np.int8, np.float32, np.int64)}
    assert len(VOCABULARY) == len(TRANSFORMER.embedding) == TRANSFORMER.unembedding.shape[1]


def test_a_model_that_was_saved_is_loaded_as_it_was(tmp_path: Path) -> None:
    trained_model.save(MODEL, tmp_path)
    again = load_model(tmp_path)
    np.testing.assert_allclose(again.transformer.logits(REPEATED[:2]), TRANSFORMER.logits(REPEATED[:2]), atol=1e-4)
    assert again.vocabulary.pieces == VOCABULARY.pieces


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (trained_model.WEIGHTS, None, "weights.npz is missing"),
        (trained_model.PIECES, None, "pieces.json is missing"),
        (trained_model.WEIGHTS, b"no weights", "do not hold a trained model"),
        (trained_model.PIECES, b"[", "do not hold a trained model"),
    ],
)
def test_a_file_that_is_missing_or_damaged_is_told(
    tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    trained_model.save(MODEL, tmp_path)
    (tmp_path / name).unlink() if content is None else (tmp_path / name).write_bytes(content)
    with pytest.raises(Problem, match=message):
        load_model(tmp_path)


def test_there_are_a_previous_token_head_and_an_induction_head() -> None:
    measured = scores()
    assert measured["previous token"].max() >= 0.8
    assert measured["induction"].max() >= 0.7


def test_the_previous_token_head_does_the_same_on_text() -> None:
    layer, head = np.unravel_index(
        scores()["previous token"].argmax(), (len(TRANSFORMER.layers), TRANSFORMER.num_heads)
    )
    assert ref.previous_token_score(TRANSFORMER.weights(held_out()[:, : 2 * PERIOD + 1])[layer])[head] >= 0.8


def test_the_card_says_where_the_previous_token_heads_end() -> None:
    weights = TRANSFORMER.weights(repeated_tokens(len(VOCABULARY), 40))
    found = re.search(r"40 tokens written twice the largest score is (\d\.\d+)", CARD)
    assert found is not None
    assert float(found[1]) == pytest.approx(max(ref.previous_token_score(w).max() for w in weights), abs=0.006)


def test_on_repeats_it_knows_what_comes_and_on_first_sight_it_guesses() -> None:
    first, second = losses_on_repeats(TRANSFORMER)
    assert first > np.log(len(VOCABULARY)) - 0.1
    assert second < 0.5


def test_without_the_previous_token_head_or_an_induction_head_repeats_cost_more() -> None:
    with_all = losses_on_repeats(TRANSFORMER)[1]
    for of_head in (scores()["previous token"], scores()["induction"]):
        layer, head = np.unravel_index(of_head.argmax(), of_head.shape)
        assert losses_on_repeats(TRANSFORMER.without_head(int(layer), int(head)))[1] > with_all + 0.02


def test_text_generated_with_a_cache_is_the_text_generated_without_one() -> None:
    tokens = VOCABULARY.encode("elizabeth was").tolist()
    for token in islice(TRANSFORMER.generate(tokens), 20):
        assert token == int(TRANSFORMER.logits(tokens)[-1].argmax())
        tokens.append(token)


def test_the_card_gives_the_losses_that_are_measured() -> None:
    first, second = losses_on_repeats(TRANSFORMER)
    for said, measured in (
        (r"held_out\.txt`[^|]*\| ([\d.]+)", loss_on_text(TRANSFORMER)),
        (r"random tokens, the first time[^|]*\| ([\d.]+)", first),
        (r"random tokens, the second time[^|]*\| ([\d.]+)", second),
    ):
        found = re.search(said, CARD)
        assert found is not None, said
        assert float(found[1]) == pytest.approx(measured, abs=0.006)


def test_the_card_gives_the_scores_of_every_head() -> None:
    measured = scores()
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]] for line in CARD.splitlines() if re.match(r"\| \d\.\d", line)
    ]
    assert [row[0] for row in rows] == [f"{layer}.{head}" for layer, head in HEADS]
    for (layer, head), row in zip(HEADS, rows, strict=True):
        without = TRANSFORMER.without_head(layer, head)
        want = [
            measured["previous token"][layer, head],
            measured["induction"][layer, head],
            measured["first token"][layer, head],
            losses_on_repeats(without)[1],
            loss_on_text(without),
        ]
        assert [float(cell) for cell in row[1:6]] == pytest.approx(want, abs=0.006), row[0]


# Only where the extra `train` is installed: nobody else needs JAX.
if all(importlib.util.find_spec(name) for name in ("jax", "rdata")):

    def test_the_same_seed_trains_the_same_weights(tmp_path: Path) -> None:
        small = (
            "import sys; sys.path.insert(0, sys.argv[1])\n"
            "import numpy as np\n"
            "from training import Plan, train\n"
            "plan = Plan(num_pieces=20, d_model=8, num_heads=2, max_tokens=12, steps=3, batch=4)\n"
            "text = np.random.default_rng(0).integers(1, 20, 300)\n"
            "models = [train(plan, text, say=lambda line: None) for _ in range(2)]\n"
            "one, other = (np.concatenate([m.embedding.ravel(), m.layers[1].w_o.ravel()]) for m in models)\n"
            "assert np.array_equal(one, other)\n"
        )
        ran = subprocess.run([sys.executable, "-c", small, FOLDER], capture_output=True, text=True, cwd=paths.root())
        assert ran.returncode == 0, ran.stderr


def test_it_has_two_layers_of_four_or_more_heads_with_fused_weights() -> None:
    assert TRANSFORMER.num_heads >= 4
    assert len(TRANSFORMER.layers) == 2
    for layer in TRANSFORMER.layers:
        d_model = len(layer.w_o)
        assert layer.c_attn.shape == (d_model, 3 * d_model)


def test_the_lesson_gives_the_scores_and_losses_of_every_head() -> None:
    lesson = (paths.root() / "course" / "lessons" / "09_trained_heads.md").read_text(encoding="utf-8")
    rows = [[c.strip() for c in line.split("|")[1:-1]] for line in lesson.splitlines() if re.match(r"\| \d\.\d", line)]
    measured = scores()
    assert [row[0] for row in rows] == [f"{layer}.{head}" for layer, head in HEADS]
    for (layer, head), row in zip(HEADS, rows, strict=True):
        want = [
            measured["previous token"][layer, head],
            measured["induction"][layer, head],
            losses_on_repeats(TRANSFORMER.without_head(layer, head))[1],
        ]
        assert [float(cell) for cell in row[1:]] == pytest.approx(want, abs=0.006), row[0]
    without = TRANSFORMER
    for head in (0, 2, 3):
        without = without.without_head(0, head)
    assert f"jumps to {losses_on_repeats(without)[1]:.2f} nats" in lesson
