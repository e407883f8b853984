"""Train the course's small model again, from a seed: `python course/model/train.py FOLDER`.

FOLDER is the data folder of Debian's package r-cran-janeaustenr; austen.py says how to get it. Needs JAX and rdata,
`pip install .[train]`. Takes about ten minutes on one core and writes weights.npz and pieces.json, and held_out.txt
with the passages that the losses in model_card.md are measured on.
"""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

import numpy as np
from austen import novels
from pieces import learn_pieces
from training import Plan, train

from autograder import trained_model
from autograder.trained_model import TrainedModel
from autograder.vocabulary import Vocabulary

HELD_OUT = 0.02  # the end of each novel, which the model never sees
EXCERPT = 2000  # characters of each end that are kept in held_out.txt


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="holds Rdata.rdx and Rdata.rdb")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="where the files go (default: here)")
    for field in dataclasses.fields(Plan):
        parser.add_argument(f"--{field.name}", type=type(field.default), default=field.default)
    given = vars(parser.parse_args())
    folder, out = given.pop("folder"), given.pop("out")
    plan = Plan(**given)

    books = novels(folder)
    seen = {name: text[: _cut(text)] for name, text in books.items()}
    vocabulary = Vocabulary(learn_pieces(" ".join(seen.values()), plan.num_pieces))
    tokens = np.concatenate([vocabulary.encode(text)[1:] for text in seen.values()])
    print(f"{len(tokens)} tokens, {sum(map(len, seen.values()))} characters of text")
    transformer = train(plan, tokens)

    out.mkdir(parents=True, exist_ok=True)
    trained_model.save(TrainedModel(transformer, vocabulary), out)
    excerpts = (text[_cut(text) :][:EXCERPT].partition(" ")[2].rpartition(" ")[0] for text in books.values())
    (out / "held_out.txt").write_text("\n".join(excerpts) + "\n", encoding="utf-8")


def _cut(text: str) -> int:
    return round(len(text) * (1 - HELD_OUT))


if __name__ == "__main__":
    main()
