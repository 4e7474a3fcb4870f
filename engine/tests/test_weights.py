"""Nothing runs on weights that are not the ones we measured."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from rotation_engine import weights
from rotation_engine.encoder import DIMENSIONS, Encoder
from rotation_engine.weights import ENCODER_SHA256, WeightsError, encoder_file, set_up, verified


def test_the_right_file_is_accepted(tmp_path: Path) -> None:
    file = tmp_path / "weights"
    file.write_bytes(b"the right bytes")
    assert verified(file, hashlib.sha256(b"the right bytes").hexdigest()) == file


def test_one_changed_byte_stops_the_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = bytearray(encoder_file().read_bytes())
    changed[len(changed) // 2] ^= 1
    (tmp_path / "encoder.onnx").write_bytes(changed)
    monkeypatch.setenv("BOT_VAR", str(tmp_path))
    with pytest.raises(WeightsError, match="sha256"):
        encoder_file()


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="make setup"):
        verified(tmp_path / "nothing", "00")


def test_a_missing_package_says_what_to_do() -> None:
    with pytest.raises(WeightsError, match="make setup"):
        weights.packaged("no_such_package", "model.onnx")


def test_preparing_gives_the_same_bytes_again(tmp_path: Path) -> None:
    weights.prepare(tmp_path / "again.onnx")
    assert verified(tmp_path / "again.onnx", weights.ENCODER_SHA256)


def test_like_sentences_are_near_and_a_batch_changes_nothing(encoder: Encoder) -> None:
    texts = ["how much does a rotation cost", "what is the price of a rotation", "my cat sleeps"]
    vectors = encoder.encode(texts)
    assert vectors.shape == (3, DIMENSIONS)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > 0.7 > 0.3 > vectors[0] @ vectors[2]
    assert encoder.encode(texts[:1])[0] @ vectors[0] > 0.98


def test_set_up_makes_the_encoder_of_another_version_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BOT_VAR", str(tmp_path))
    (tmp_path / "encoder.onnx").write_bytes(b"what another version prepared")
    with pytest.raises(WeightsError, match="sha256"):
        encoder_file()
    assert hashlib.sha256(set_up().read_bytes()).hexdigest() == ENCODER_SHA256
