"""The attention-only transformer: against the formula on lists, with a cache against without one, and its heads."""

from itertools import islice

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import reference_impl as mha

from . import lists

V, D_MODEL, T_MAX, H = 11, 12, 9, 3


def draw_model(seed: int = 0) -> mha.Transformer:
    rng = np.random.default_rng(seed)
    return mha.Transformer(
        embedding=rng.normal(size=(V, D_MODEL)),
        positions=rng.normal(size=(T_MAX, D_MODEL)),
        layers=tuple(
            mha.Layer(rng.normal(size=(D_MODEL, 3 * D_MODEL)) / 2, rng.normal(size=(D_MODEL, D_MODEL)) / 3)
            for _ in range(2)
        ),
        unembedding=rng.normal(size=(D_MODEL, V)),
        num_heads=H,
    )


MODEL = draw_model()
TOKENS = np.random.default_rng(1).integers(0, V, (2, 7))


def plain_logits(model: mha.Transformer, tokens: list[int]) -> list[list[float]]:
    def norm(rows: list[list[float]]) -> list[list[float]]:
        return [[n / (sum(m * m for m in row) / len(row) + 1e-5) ** 0.5 for n in row] for row in rows]

    x = [
        [e + p for e, p in zip(model.embedding[token], model.positions[t], strict=True)]
        for t, token in enumerate(tokens)
    ]
    mask = [[j <= i for j in range(len(x))] for i in range(len(x))]
    for layer in model.layers:
        w_q, w_k, w_v = ([row[i * D_MODEL : (i + 1) * D_MODEL] for row in layer.c_attn.tolist()] for i in range(3))
        read = norm(x)
        added = lists.multi_head(read, read, w_q, w_k, w_v, layer.w_o.tolist(), model.num_heads, mask)
        x = [[a + b for a, b in zip(*rows, strict=True)] for rows in zip(x, added, strict=True)]
    return lists.matmul(norm(x), model.unembedding.tolist())


def test_logits_equal_the_formula_on_lists() -> None:
    for tokens in TOKENS:
        assert_allclose(MODEL.logits(tokens), plain_logits(MODEL, tokens.tolist()), atol=1e-10)
    assert_allclose(MODEL.logits(TOKENS), [MODEL.logits(tokens) for tokens in TOKENS], atol=1e-12)


def test_later_tokens_change_no_earlier_logits() -> None:
    changed = TOKENS.copy()
    changed[:, 4:] = (changed[:, 4:] + 1) % V
    assert_allclose(MODEL.logits(changed)[:, :4], MODEL.logits(TOKENS)[:, :4], atol=1e-12)
    assert np.abs(MODEL.logits(changed)[:, 4:] - MODEL.logits(TOKENS)[:, 4:]).max() > 0.01


def test_weights_are_those_that_mix_the_values() -> None:
    x = MODEL.embed(TOKENS)
    for layer, weights in zip(MODEL.layers, MODEL.weights(TOKENS), strict=True):
        assert weights.shape == (2, H, 7, 7)
        _, _, w_v = mha.split_fused(layer.c_attn)
        values = mha.split_heads(mha.rms_norm(x) @ w_v, H)
        x = x + mha.concat_heads(weights @ values) @ layer.w_o
    assert_allclose(mha.rms_norm(x) @ MODEL.unembedding, MODEL.logits(TOKENS), atol=1e-12)


@pytest.mark.parametrize("cuts", [[], [1], [3, 4], [1, 2, 3, 4, 5, 6]])
def test_steps_with_a_cache_equal_the_whole(cuts: list[int]) -> None:
    caches: tuple[mha.KVCache, ...] = ()
    parts = []
    for tokens in np.split(TOKENS, cuts, axis=-1):
        logits, caches = MODEL.step(tokens, caches)
        parts.append(logits)
    assert_allclose(np.concatenate(parts, axis=-2), MODEL.logits(TOKENS), atol=1e-12)
    assert [len(cache) for cache in caches] == [7, 7]


def test_greedy_generation_takes_the_largest_logit_each_time_until_the_positions_end() -> None:
    tokens = TOKENS[0, :3].tolist()
    for token in MODEL.generate(tokens[:3]):
        assert token == int(np.argmax(MODEL.logits(tokens)[-1]))
        tokens.append(token)
    assert len(tokens) == T_MAX + 1  # the last one is chosen, and there is no position for it


def test_drawn_generation_follows_the_temperature_and_the_generator() -> None:
    def text(seed: int, temperature: float) -> list[int]:
        return list(MODEL.generate(TOKENS[0, :2], temperature, np.random.default_rng(seed)))

    assert text(3, 1.0) == text(3, 1.0)
    assert len({tuple(text(seed, 1.0)) for seed in range(5)}) > 1
    assert text(3, 1e-6) == list(MODEL.generate(TOKENS[0, :2]))


def test_a_token_is_drawn_as_often_as_the_softmax_says() -> None:
    logits, rng = [0.0, 1.0, -1.0], np.random.default_rng(0)
    drawn = [mha.choose_token(logits, 2.0, rng) for _ in range(20_000)]
    assert_allclose(np.bincount(drawn) / 20_000, mha.softmax(np.divide(logits, 2)), atol=0.015)


def test_a_head_is_switched_off_and_the_others_stay() -> None:
    without = MODEL.without_head(1, 2)
    d_v = D_MODEL // H
    assert_array_equal(without.layers[1].w_o[2 * d_v :], 0)
    assert_array_equal(without.layers[1].w_o[: 2 * d_v], MODEL.layers[1].w_o[: 2 * d_v])
    assert without.layers[0] is MODEL.layers[0]
    assert MODEL.layers[1].w_o[2 * d_v :].any()
    x = mha.rms_norm(MODEL.embed(TOKENS))
    one = MODEL.without_head(0, 1).layers[0]
    w_q, w_k, w_v = (w[:, d_v : 2 * d_v] for w in mha.split_fused(one.c_attn))
    head = mha.attention_head(x, w_q, w_k, w_v, mask=mha.causal_mask(7)) @ MODEL.layers[0].w_o[d_v : 2 * d_v]
    missing = [mha.fused_causal_attention(x, layer.c_attn, layer.w_o, H) for layer in (MODEL.layers[0], one)]
    assert_allclose(missing[0] - missing[1], head, atol=1e-12)


def test_loss_is_minus_the_log_of_the_probability() -> None:
    logits = MODEL.logits(TOKENS)
    probabilities = mha.softmax(logits)
    want = [[-np.log(probabilities[b, t, TOKENS[b, t + 1]]) for t in range(6)] for b in range(2)]
    assert_allclose(mha.next_token_loss(logits, TOKENS), want, atol=1e-12)
    assert np.isfinite(mha.next_token_loss(logits * 1e5, TOKENS)).all()


def test_norm_makes_the_mean_square_one_and_survives_zeros() -> None:
    x = np.random.default_rng(0).normal(size=(4, 8))
    assert_allclose((mha.rms_norm(x) ** 2).mean(axis=-1), 1, atol=1e-4)
    assert_array_equal(mha.rms_norm(np.zeros((2, 3))), 0)


@pytest.mark.parametrize(
    ("tokens", "message"),
    [
        (np.zeros(T_MAX + 1, int), "tokens: got 10 of them, expected at most T_max = 9"),
        ([0, V], "tokens: got numbers from 0 to 11, expected numbers from 0 to 10"),
        ([-1], "tokens: got numbers from -1 to -1, expected numbers from 0 to 10"),
        (np.zeros(0, int), "at least one token"),
    ],
)
def test_tokens_that_do_not_fit_are_refused(tokens: object, message: str) -> None:
    with pytest.raises(mha.ShapeError, match=message):
        MODEL.logits(tokens)  # type: ignore[arg-type]


def test_other_arguments_that_do_not_fit_are_refused() -> None:
    with pytest.raises(TypeError, match="tokens: got dtype float64, expected integers"):
        MODEL.logits([0.5])
    with pytest.raises(mha.ShapeError, match="T_max = 9"):
        MODEL.step([1], MODEL.step(np.zeros(T_MAX, int))[1])
    with pytest.raises(mha.ShapeError, match=r"shape \(T,\)"):
        next(MODEL.generate(TOKENS))
    with pytest.raises(mha.ShapeError, match=r"c_attn: got shape \(4, 10\)"):
        mha.split_fused(np.ones((4, 10)))
    with pytest.raises(mha.ShapeError, match="layer: got 2"):
        MODEL.without_head(2, 0)
    with pytest.raises(mha.ShapeError, match="head: got 3"):
        MODEL.without_head(0, H)
    with pytest.raises(mha.ShapeError, match=r"logits: got shape \(3, 11\)"):
        mha.next_token_loss(np.zeros((3, V)), [1, 2])
    with pytest.raises(ValueError, match="temperature: got -1"):
        mha.choose_token([1.0, 2.0], -1)
    with pytest.raises(ValueError, match="rng: got None"):
        list(islice(MODEL.generate([1], 1.0), 1))
