"""Tunes the sentence encoder to our sentences: `python -m rotation_engine.tune`; writes `tuned.npz` beside this file.

All layers learn to bring sentences of one aspect together (cross entropy over cosine prototypes, for aspects and for
their intents, and supervised contrast within a batch); half of the sentences are misspelled on the way. What is kept is
half of the way from the original weights, each matrix as a product of two thin ones: 1.3 MB that `weights.prepare` adds
to the packaged model, so that the graph, its size and its speed stay (docs/decisions/0001-understanding.md). Takes
about fifteen minutes on two cores; needed again only when the content has become another one.
"""

from __future__ import annotations

import argparse
import functools
import random
import time
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray
from rasa.shared.nlu.training_data.loading import load_data
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from rotation_engine import noise
from rotation_engine.places import ROOT
from rotation_engine.weights import LAYERS, TUNED, tokenizer_file, weights_file

Params = dict[str, Any]
HEADS, RANK = 12, 16
BATCH, MOST_TOKENS = 48, 48
LENGTHS = (8, 12, 16, 20, 24, 32, 48)
LAYER_RATE, PROTOTYPE_RATE, DECAY = 1e-4, 2e-3, 0.01
SCALE, SMOOTHING, CONTRAST, TEMPERATURE, INTENT_SHARE = 20.0, 0.05, 0.5, 0.1, 0.5
WARMING, HALFWAY = 0.1, 0.5


def embed(params: Params, ids: Any, mask: Any) -> Any:
    """Mean-pooled unit vectors of shape (sentences, 384)."""
    x = params["words"][ids] + params["positions"][: ids.shape[1]] + params["type"]
    x = _normed(x, params["first"])
    bias = jnp.where(mask == 0, -1e9, 0.0)[:, None, None, :]
    for layer in params["layers"]:
        x = _layer(layer, x, bias)
    pooled = (x * mask[:, :, None]).sum(1) / mask.sum(1, keepdims=True)
    return pooled / jnp.linalg.norm(pooled, axis=-1, keepdims=True)


def _layer(layer: Params, x: Any, bias: Any) -> Any:
    rows, length, width = x.shape

    def heads(name: str) -> Any:
        return (x @ layer[name]["w"].T + layer[name]["b"]).reshape(rows, length, HEADS, -1).transpose(0, 2, 1, 3)

    query, key, value = heads("attention.self.query"), heads("attention.self.key"), heads("attention.self.value")
    shares = jax.nn.softmax(query @ key.transpose(0, 1, 3, 2) / np.sqrt(width // HEADS) + bias, axis=-1)
    seen = (shares @ value).transpose(0, 2, 1, 3).reshape(rows, length, width)
    out, up, down = layer["attention.output.dense"], layer["intermediate.dense"], layer["output.dense"]
    x = _normed(x + seen @ out["w"].T + out["b"], layer["attention.output.LayerNorm"])
    inner = jax.nn.gelu(x @ up["w"].T + up["b"], approximate=False)
    return _normed(x + inner @ down["w"].T + down["b"], layer["output.LayerNorm"])


def _normed(x: Any, norm: Params) -> Any:
    mean, variance = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
    return (x - mean) / jnp.sqrt(variance + 1e-12) * norm["w"] + norm["b"]


def read_params(file: Path) -> Params:
    """The packaged weights as nested arrays."""
    stored = load_file(str(file))
    first = {"w": stored["embeddings.LayerNorm.weight"], "b": stored["embeddings.LayerNorm.bias"]}
    layers = [
        {
            name: {
                "w": stored[f"encoder.layer.{at}.{name}.weight"],
                "b": stored[f"encoder.layer.{at}.{name}.bias"],
            }
            for name in LAYERS
        }
        for at in range(6)
    ]
    return {
        "words": stored["embeddings.word_embeddings.weight"],
        "positions": stored["embeddings.position_embeddings.weight"],
        "type": stored["embeddings.token_type_embeddings.weight"][0],
        "first": first,
        "layers": layers,
    }


def loss(learned: Params, fixed: Params, batch: dict[str, Any], owner: Any) -> Any:
    """How badly a batch is told apart."""
    vectors = embed({**fixed, "layers": learned["layers"]}, batch["ids"], batch["mask"])
    prototypes = learned["prototypes"] / jnp.linalg.norm(learned["prototypes"], axis=-1, keepdims=True)
    logits = SCALE * vectors @ prototypes.T
    intents = jnp.log(
        jax.ops.segment_sum(jnp.exp(logits.T - SCALE), owner, num_segments=int(batch["intents"].shape[0])).T
    )
    told = _missed(logits, batch["labels"]) + INTENT_SHARE * _missed(intents, owner[batch["labels"]])
    near = vectors @ vectors.T / TEMPERATURE - 1e9 * jnp.eye(len(vectors))
    same = (batch["labels"][:, None] == batch["labels"][None]) * (1.0 - jnp.eye(len(vectors)))
    friends = same.sum(1)
    pulled = (jax.nn.log_softmax(near, axis=1) * same).sum(1) / friends.clip(1)
    return told - CONTRAST * (pulled * (friends > 0)).sum() / (friends > 0).sum().clip(1)


def _missed(logits: Any, labels: Any) -> Any:
    shares = jax.nn.log_softmax(logits, axis=1)
    right = jnp.take_along_axis(shares, labels[:, None], axis=1)[:, 0]
    return -((1 - SMOOTHING) * right + SMOOTHING * shares.mean(1)).mean()


@functools.partial(jax.jit, donate_argnums=(0, 1))
def step(learned: Params, moments: Any, fixed: Params, batch: dict[str, Any], owner: Any, at: Any, rate: Any) -> Any:
    """One step of AdamW."""
    value, slope = jax.value_and_grad(loss)(learned, fixed, batch, owner)
    norm = jnp.sqrt(sum((leaf**2).sum() for leaf in jax.tree_util.tree_leaves(slope["layers"])))
    slope["layers"] = jax.tree_util.tree_map(lambda leaf: leaf / jnp.maximum(1.0, norm), slope["layers"])
    first = jax.tree_util.tree_map(lambda m, g: 0.9 * m + 0.1 * g, moments[0], slope)
    second = jax.tree_util.tree_map(lambda m, g: 0.999 * m + 0.001 * g * g, moments[1], slope)

    def moved(speed: float, decay: float) -> Any:
        def leaf_moved(leaf: Any, m: Any, v: Any) -> Any:
            pace = (m / (1 - 0.9**at)) / (jnp.sqrt(v / (1 - 0.999**at)) + 1e-8)
            return leaf - rate * speed * (pace + decay * leaf)

        return leaf_moved

    moves = {"layers": moved(LAYER_RATE, DECAY), "prototypes": moved(PROTOTYPE_RATE, 0.0)}
    new = {name: jax.tree_util.tree_map(move, learned[name], first[name], second[name]) for name, move in moves.items()}
    return new, (first, second), value


def tokens(tokenizer: Tokenizer, texts: list[str]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Token numbers and their mask, both of shape (sentences, one of LENGTHS)."""
    rows = [encoded.ids[:MOST_TOKENS] for encoded in tokenizer.encode_batch(texts)]
    longest = max(map(len, rows))
    length = next(size for size in LENGTHS if size >= longest)
    ids, mask = np.zeros((len(rows), length), np.int32), np.zeros((len(rows), length), np.float32)
    for at, row in enumerate(rows):
        ids[at, : len(row)], mask[at, : len(row)] = row, 1.0
    return ids, mask


def corrupted(text: str, chance: random.Random) -> str:
    """Half of the sentences as they are, half misspelled in one way or another."""
    kind = chance.random()
    if kind < 0.5:
        return text
    if kind < 0.75:
        return noise.typos(text, chance)
    return noise.sms(text, chance) if kind < 0.85 else noise.typos(noise.sms(text, chance), chance, rate=0.06)


def tune(params: Params, texts: list[str], aspects: list[str], *, epochs: int, seed: int = 0) -> list[Params]:
    """The tuned layers."""
    tokenizer = Tokenizer.from_file(str(tokenizer_file()))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MOST_TOKENS)
    names = sorted(set(aspects))
    intents = sorted({name.partition("/")[0] for name in names})
    owner = jnp.array([intents.index(name.partition("/")[0]) for name in names])
    labels, chance = np.array([names.index(aspect) for aspect in aspects]), random.Random(seed)
    fixed = {name: value for name, value in params.items() if name != "layers"}
    vectors = np.vstack(
        [embed(params, *tokens(tokenizer, texts[at : at + BATCH])) for at in range(0, len(texts), BATCH)]
    )
    prototypes = np.stack([vectors[labels == at].mean(0) for at in range(len(names))])
    learned: Params = {"layers": params["layers"], "prototypes": prototypes}
    learned = jax.tree_util.tree_map(jnp.array, learned)
    zeros = jax.tree_util.tree_map(jnp.zeros_like, learned)
    moments, at, total = (zeros, jax.tree_util.tree_map(jnp.copy, zeros)), 0, epochs * (len(texts) // BATCH)
    started = time.monotonic()
    for _ in range(epochs):
        for rows in _batches(texts, chance):
            at += 1
            ids, mask = tokens(tokenizer, [corrupted(texts[row], chance) for row in rows])
            batch = {"ids": ids, "mask": mask, "labels": labels[rows], "intents": np.zeros(len(intents))}
            rate = min(1.0, at / (WARMING * total)) * max(0.0, 1 - at / total)
            learned, moments, value = step(learned, moments, fixed, batch, owner, float(at), rate)
            if at % 50 == 0:
                print(f"step {at} of {total}, loss {float(value):.3f}, {time.monotonic() - started:.0f} s", flush=True)
    return [jax.tree_util.tree_map(np.asarray, layer) for layer in learned["layers"]]


def _batches(texts: list[str], chance: random.Random) -> list[list[int]]:
    """Full batches of sentences of like length, in a random order."""
    order = list(range(len(texts)))
    chance.shuffle(order)
    handfuls = [
        sorted(order[at : at + BATCH * 8], key=lambda row: len(texts[row])) for at in range(0, len(order), BATCH * 8)
    ]
    batches = [rows[at : at + BATCH] for rows in handfuls for at in range(0, len(rows), BATCH)]
    full = [rows for rows in batches if len(rows) == BATCH]
    chance.shuffle(full)
    return full


def differences(before: list[Params], after: list[Params]) -> dict[str, NDArray[Any]]:
    """Half of what changed: matrices as two factors of RANK columns, all else as it is; half precision."""
    found: dict[str, NDArray[Any]] = {}
    for at, (old, new) in enumerate(zip(before, after, strict=True)):
        for name in LAYERS:
            found[f"{at}.{name}.b"] = (HALFWAY * (new[name]["b"] - old[name]["b"])).astype(np.float16)
            change = HALFWAY * (new[name]["w"] - old[name]["w"])
            if change.ndim == 1:
                found[f"{at}.{name}.w"] = change.astype(np.float16)
                continue
            left, sizes, right = np.linalg.svd(change, full_matrices=False)
            root = np.sqrt(sizes[:RANK])
            found[f"{at}.{name}.left"] = (left[:, :RANK] * root).astype(np.float16)
            found[f"{at}.{name}.right"] = (right[:RANK] * root[:, None]).astype(np.float16)
    return found


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", default=str(ROOT / "data" / "nlu.yml"))
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--out", type=Path, default=TUNED)
    options = parser.parse_args()
    examples = [item for item in load_data(options.train).intent_examples if item.get("text")]
    texts = [item.get("text") for item in examples]
    aspects = [item.get("intent_response_key") or item.get("intent") for item in examples]
    params = read_params(weights_file())
    layers = tune(params, texts, aspects, epochs=options.epochs)
    np.savez_compressed(options.out, **differences(params["layers"], layers))
    print(f"{options.out} has {options.out.stat().st_size / 1e6:.1f} MB.")


if __name__ == "__main__":
    main()
