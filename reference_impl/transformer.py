"""An attention-only transformer: tokens in, for each one the scores of what may come next out.

A stack of causal multi-head attention layers between an embedding and an unembedding. Each layer reads the normalised
tokens and adds its output to them; there are no other layers. The weights that make queries, keys and values lie in one
fused matrix (d_model, 3·d_model), as in GPT-2, whose name for it, c_attn, is kept.

Letters as in the package; V is the number of different tokens, T_max the longest text.

Sources: Vaswani et al. 2017, section 3; Radford et al. 2019 (GPT-2) for the fused matrix; Zhang and Sennrich 2019 for
the normalisation, here without a gain; Elhage et al. 2021, "A Mathematical Framework for Transformer Circuits", for
attention-only models.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .arguments import Array, as_floats, as_size
from .attention import causal_mask, softmax
from .decoding import KVCache, multi_head_decode_step
from .errors import ShapeError
from .heads import multi_head_attention
from .projection import linear

# Keeps the normalisation of a token of zeros from dividing by zero.
EPSILON = 1e-5


@dataclass(frozen=True, eq=False)
class Layer:
    """The weights of one layer: c_attn (d_model, 3·d_model) and w_o (d_model, d_model)."""

    c_attn: Array
    w_o: Array


@dataclass(frozen=True, eq=False)
class Transformer:
    """The weights of a model: embedding (V, d_model), positions (T_max, d_model), unembedding (d_model, V), the layers.

    Tokens are given by their numbers, integers from 0 to V - 1 in an array (..., T).
    """

    embedding: Array
    positions: Array
    layers: tuple[Layer, ...]
    unembedding: Array
    num_heads: int

    @property
    def max_tokens(self) -> int:
        """T_max, the longest text the model has positions for."""
        return len(self.positions)

    def logits(self, tokens: ArrayLike) -> Array:
        """The scores (..., T, V) of what comes after each token, before a softmax makes probabilities of them.

        Raises ShapeError for more than T_max tokens or a number that is no token, TypeError for what is no integer.
        """
        x = self.embed(tokens)  # (..., T, d_model)
        for layer in self.layers:
            x = x + fused_causal_attention(rms_norm(x), layer.c_attn, layer.w_o, self.num_heads)
        return linear(rms_norm(x), self.unembedding)

    def weights(self, tokens: ArrayLike) -> list[Array]:
        """The attention weights of each layer, (..., H, T, T). Errors as in `logits`."""
        x, found = self.embed(tokens), []
        for layer in self.layers:
            output, weights = fused_causal_attention(
                rms_norm(x), layer.c_attn, layer.w_o, self.num_heads, return_weights=True
            )
            x = x + output
            found.append(weights)
        return found

    def embed(self, tokens: ArrayLike, start: int = 0) -> Array:
        """What the first layer reads: the embedding of each token plus that of its position, (..., T, d_model).

        start  the position of the first token, where others come before it
        """
        tokens = self._as_tokens(tokens)
        end = start + tokens.shape[-1]
        if end > self.max_tokens:
            raise ShapeError("tokens", f"{end} of them", f"at most T_max = {self.max_tokens}")
        x: Array = self.embedding[tokens] + self.positions[start:end]
        return x

    def step(self, tokens: ArrayLike, caches: Sequence[KVCache] = ()) -> tuple[Array, tuple[KVCache, ...]]:
        """The logits (..., T_new, V) of new tokens only, and the caches, one a layer, to give to the next step.

        tokens (..., T_new) follow those in the caches; without caches they are the first. The logits equal the last
        T_new rows of `logits` over all the tokens. Errors as in `logits`, counting the tokens in the caches.
        """
        x, grown = self.embed(tokens, start=len(caches[0]) if caches else 0), []
        for i, layer in enumerate(self.layers):
            w_q, w_k, w_v = split_fused(layer.c_attn)
            output, cache = multi_head_decode_step(
                rms_norm(x), w_q, w_k, w_v, layer.w_o, self.num_heads, cache=caches[i] if caches else None
            )
            x = x + output
            grown.append(cache)
        return linear(rms_norm(x), self.unembedding), tuple(grown)

    def generate(
        self, tokens: ArrayLike, temperature: float = 0.0, rng: np.random.Generator | None = None
    ) -> Iterator[int]:
        """One next token after the other, each chosen from the logits of the last and appended, until T_max tokens.

        tokens (T,) is the text so far. Temperature 0 takes the token with the largest logit; a higher one draws from
        softmax(logits / temperature), for which `rng` is needed.

        Raises ValueError for a negative temperature or a missing `rng`; otherwise errors as in `logits`.
        """
        tokens = self._as_tokens(tokens)
        if tokens.ndim != 1:
            raise ShapeError("tokens", f"shape {tokens.shape}", "shape (T,)")
        logits, caches = self.step(tokens)
        while True:
            chosen = choose_token(logits[-1], temperature, rng)
            yield chosen
            if len(caches[0]) == self.max_tokens:
                return
            logits, caches = self.step([chosen], caches)

    def without_head(self, layer: SupportsIndex, head: SupportsIndex) -> "Transformer":
        """The model with one head switched off: its rows of w_o are zero, so nothing of it reaches the output.

        Raises ShapeError for a layer or head that there is not.
        """
        layer, head = as_size("layer", layer, least=0), as_size("head", head, least=0)
        if layer >= len(self.layers):
            raise ShapeError("layer", f"{layer}", f"0 to {len(self.layers) - 1}")
        if head >= self.num_heads:
            raise ShapeError("head", f"{head}", f"0 to {self.num_heads - 1}")
        w_o = self.layers[layer].w_o.copy()
        d_v = len(w_o) // self.num_heads
        w_o[head * d_v : (head + 1) * d_v] = 0
        changed = (*self.layers[:layer], replace(self.layers[layer], w_o=w_o), *self.layers[layer + 1 :])
        return replace(self, layers=changed)

    def _as_tokens(self, tokens: ArrayLike) -> NDArray[np.integer[Any]]:
        array = np.asarray(tokens)
        if array.dtype.kind not in "iu":
            raise TypeError(f"tokens: got dtype {array.dtype}, expected integers, the numbers of the tokens")
        if array.ndim == 0 or array.shape[-1] == 0:
            raise ShapeError("tokens", f"shape {array.shape}", "shape (..., T) with at least one token")
        if array.size and not 0 <= array.min() <= array.max() < len(self.embedding):
            came = f"numbers from {array.min()} to {array.max()}"
            raise ShapeError("tokens", came, f"numbers from 0 to {len(self.embedding) - 1}")
        return array


def split_fused(c_attn: ArrayLike) -> tuple[Array, Array, Array]:
    """w_q, w_k and w_v of a fused matrix (d_model, 3·width), each (d_model, width): the queries' columns come first.

    Raises ShapeError where the columns are not three equal parts.

    >>> [w.tolist() for w in split_fused([[1, 2, 3, 4, 5, 6]])]
    [[[1.0, 2.0]], [[3.0, 4.0]], [[5.0, 6.0]]]
    """
    c_attn = as_floats("c_attn", c_attn, "d_model", "3·width")
    if c_attn.ndim != 2 or c_attn.shape[1] % 3:
        raise ShapeError("c_attn", f"shape {c_attn.shape}", "shape (d_model, 3·width)")
    w_q, w_k, w_v = np.split(c_attn, 3, axis=1)
    return w_q, w_k, w_v


def fused_causal_attention(
    x: ArrayLike, c_attn: ArrayLike, w_o: ArrayLike, num_heads: SupportsIndex, *, return_weights: bool = False
) -> Any:
    """Causal multi-head attention with the weights of a fused matrix: x (..., T, d_model) gives (..., T, d_out).

    With `return_weights` the result is (output, weights), weights (..., H, T, T).

    Raises ShapeError for shapes that do not fit and heads that do not divide a width.
    """
    x = as_floats("x", x, "T", "d_model")
    mask = causal_mask(x.shape[-2])
    return multi_head_attention(x, *split_fused(c_attn), w_o, num_heads, mask=mask, return_weights=return_weights)


def rms_norm(x: ArrayLike) -> Array:
    """Each token divided by the root of the mean of its squares: afterwards the squares' mean is 1.

    >>> rms_norm([[3.0, 4.0]]).round(3)
    array([[0.849, 1.131]])
    """
    x = as_floats("x", x, "d_model")
    normalised: Array = x / np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + EPSILON)
    return normalised


def next_token_loss(logits: ArrayLike, tokens: ArrayLike) -> Array:
    """-log of the probability given to each token that came, in nats: (..., T - 1) for tokens (..., T).

    logits (..., T, V) are those of the tokens themselves: row t is compared with token t + 1, and the last with none.
    Guessing among V tokens alike costs log(V).

    >>> next_token_loss(np.zeros((3, 10)), [7, 1, 4]).round(3)
    array([2.303, 2.303])
    """
    scores = as_floats("logits", logits, "T", "V")[..., :-1, :]  # (..., T - 1, V)
    following = np.asarray(tokens)[..., 1:]  # (..., T - 1)
    if scores.shape[:-1] != following.shape:
        expected = f"shape {(*following.shape[:-1], following.shape[-1] + 1)} and V"
        raise ShapeError("logits", f"shape {np.shape(logits)}", expected)
    scores = scores - scores.max(axis=-1, keepdims=True)
    chosen: Array = np.take_along_axis(scores, following[..., None], axis=-1)[..., 0]
    loss: Array = np.log(np.exp(scores).sum(axis=-1)) - chosen
    return loss


def choose_token(logits: ArrayLike, temperature: float = 0.0, rng: np.random.Generator | None = None) -> int:
    """The next token, chosen from its logits (V,); see `Transformer.generate`.

    >>> choose_token([0.1, 2.0, 1.0])
    1
    """
    logits = as_floats("logits", logits, "V")
    if temperature < 0:
        raise ValueError(f"temperature: got {temperature}, expected 0 or more")
    if temperature == 0:
        return int(np.argmax(logits))
    if rng is None:
        raise ValueError("rng: got None, expected a numpy Generator to draw with, since the temperature is above 0")
    return int(rng.choice(logits.size, p=softmax(logits.astype(np.float64) / temperature)))
