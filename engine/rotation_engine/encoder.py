"""Turns sentences into unit vectors (all-MiniLM-L6-v2 through onnxruntime, one thread)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from rotation_engine.places import var_folder
from rotation_engine.vector_file import VectorFile
from rotation_engine.weights import ENCODER_SHA256, encoder_file, tokenizer_file, untuned_file

MAX_TOKENS = 64
DIMENSIONS = 384
VECTORS = "vectors"
KEPT_VECTORS = 32_768
"""Fifty megabytes at most: what many people ask, and what two models are asked one after the other, is encoded once."""


class Encoder:
    """Mean-pooled, normalized sentence vectors. One per process: the session holds the weights."""

    def __init__(
        self, session: onnxruntime.InferenceSession, tokenizer: Tokenizer, kept: VectorFile | None = None
    ) -> None:
        self._session, self._tokenizer, self._kept = session, tokenizer, kept
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()
        self._vector = lru_cache(maxsize=KEPT_VECTORS)(self._encode_one if kept is None else self._kept_one)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of shape (len(texts), 384), float32, length 1.

        One by one: sentences of a batch share the scales of its integers, so a vector would depend on its neighbors,
        and a new sentence would move many old ones. Alone, a sentence has the same vector in training and in a talk.
        """
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self._vector(text)
        return vectors

    def _kept_one(self, text: str) -> NDArray[np.float32]:
        assert self._kept
        vector = self._kept.get(text)
        if vector is None:
            vector = self._encode_one(text)
            self._kept.put(text, vector)
        return vector

    def _encode_one(self, text: str) -> NDArray[np.float32]:
        ids = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        pooled: NDArray[np.float32] = self._session.run(None, inputs)[0][0].mean(axis=0)
        return pooled / np.float32(np.linalg.norm(pooled))


class RememberingEncoder:
    """An encoder that keeps the vectors of sentences on disk: training again encodes only what is new, on all cores."""

    def __init__(self, encoder: Encoder, file: Path) -> None:
        self._encoder, self._file = encoder, file

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As Encoder.encode; the file then holds these sentences and no others."""
        known = self._read()
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            vectors = pool.map(self._encoder.encode, ([text] for text in missing))
            known.update((text, vector) for text, (vector,) in zip(missing, vectors, strict=True))
        kept = list(dict.fromkeys(texts))
        self._file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self._file.with_suffix(f".{os.getpid()}.npz")
        np.savez(unfinished, texts=np.array(kept), vectors=np.stack([known[text] for text in kept]))
        unfinished.replace(self._file)
        return np.stack([known[text] for text in texts])

    def _read(self) -> dict[str, NDArray[Any]]:
        if not self._file.exists():
            return {}
        with np.load(self._file, allow_pickle=False) as stored:
            return dict(zip((str(text) for text in stored["texts"]), stored["vectors"], strict=True))


def training_encoder() -> RememberingEncoder:
    """The encoder for training; its memory belongs to exactly these weights."""
    return RememberingEncoder(shared_encoder(), var_folder() / f"sentences-{ENCODER_SHA256[:8]}.npz")


@lru_cache(maxsize=1)
def shared_encoder() -> Encoder:
    """The process's encoder, loaded and checked on first use (about 0.3 s).

    Where `var` has a folder `vectors`, which only that of a rehearsal has, it keeps what it encodes there.
    """
    kept = var_folder() / VECTORS
    return _loaded(encoder_file(), VectorFile(kept / f"{ENCODER_SHA256[:8]}.db") if kept.is_dir() else None)


@lru_cache(maxsize=1)
def untuned_encoder() -> Encoder:
    """The encoder as it was packaged: what sentences of unknown topics are compared with."""
    return _loaded(untuned_file())


def _loaded(file: Path, kept: VectorFile | None = None) -> Encoder:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    return Encoder(session, Tokenizer.from_file(str(tokenizer_file())), kept)


@lru_cache(maxsize=1)
def real_words() -> frozenset[str]:
    """The whole words of the encoder's vocabulary (about 21,000): what stands here is not a misspelling."""
    vocabulary = Tokenizer.from_file(str(tokenizer_file())).get_vocab()
    return frozenset(word for word in vocabulary if word.isalpha() and len(word) > 2)
