"""The explorer's trained model is the course's: the same tokens, weights and logits as with NumPy, on some hundred texts."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from numpy.testing import assert_allclose

from autograder import paths
from autograder.site.book.model_data import model_data
from autograder.trained_model import load_model

NODE = shutil.which("node")
HERE = Path(__file__).parent
pytestmark = pytest.mark.skipif(NODE is None, reason="needs node on the PATH")
TEXTS = 200


def answers(texts: list[dict[str, object]]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(NODE), HERE / "trained_model_answers.mjs"],
        input=json.dumps({"data": model_data(), "texts": texts}),
        capture_output=True,
        text=True,
        check=False,
    )


def passages() -> list[dict[str, object]]:
    """Passages of the text that was held out, of all lengths that the model can read; some with a head switched off."""
    drawn = random.Random(11)
    words = (paths.root() / "course/model/held_out.txt").read_text(encoding="utf-8").split()
    texts: list[dict[str, object]] = []
    for number in range(TEXTS):
        start, length = drawn.randrange(len(words)), drawn.randint(1, 25)
        off = [f"{number % 2}.{number % 6}"] if number % 3 == 0 else []
        texts.append({"text": " ".join(words[start : start + length]).upper(), "off": off})
    return texts


def test_tokens_weights_and_logits_agree_with_the_reference() -> None:
    model, texts = load_model(), passages()
    done = answers(texts)
    assert done.returncode == 0, done.stderr
    for given, answer in zip(texts, json.loads(done.stdout), strict=True):
        tokens = model.vocabulary.encode(str(given["text"]))
        transformer = model.transformer
        for name in given["off"]:  # type: ignore[attr-defined]
            transformer = transformer.without_head(*map(int, name.split(".")))
        assert answer["tokens"] == tokens.tolist()
        assert answer["labels"] == model.vocabulary.labels(tokens)
        for ours, theirs in zip(answer["weights"], transformer.weights(tokens), strict=True):
            assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)
        assert_allclose(answer["logits"], transformer.logits(tokens)[-1], rtol=1e-9, atol=1e-9)


def test_a_character_that_the_model_never_saw_is_named() -> None:
    done = answers([{"text": "emma paid 7 £", "off": []}])
    assert done.returncode != 0
    assert "The model never saw 7 £. Use the letters a to z" in done.stderr
