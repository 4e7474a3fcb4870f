"""Vectors kept on disk are those that were encoded, and no fault of the file costs more than encoding again."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest
from rotation_engine import encoder as module
from rotation_engine import vector_file
from rotation_engine.encoder import VECTORS, Encoder, shared_encoder, tokenizer_file
from rotation_engine.vector_file import VectorFile
from tokenizers import Tokenizer

TEXT, OTHER = "how long is a rotation", "na\u00efve \u2014 \U0001f600"
VECTOR = np.linspace(-1, 1, 384, dtype=np.float32)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "vectors.db"


def test_the_next_process_finds_what_was_kept(file: Path) -> None:
    first = VectorFile(file)
    assert first.get(TEXT) is None
    first.put(TEXT, VECTOR)
    first.put(OTHER, -VECTOR)
    found = VectorFile(file).get(TEXT)
    assert found is not None
    np.testing.assert_array_equal(found, VECTOR)
    np.testing.assert_array_equal(VectorFile(file).get(OTHER), -VECTOR)


@pytest.mark.parametrize("broken", [b"", b"no database at all" * 400])
def test_a_broken_file_is_begun_anew(file: Path, broken: bytes) -> None:
    file.write_bytes(broken)
    kept = VectorFile(file)
    kept.put(TEXT, VECTOR)
    assert VectorFile(file).get(TEXT) is not None


def test_a_file_that_is_broken_in_the_middle_is_begun_anew(file: Path) -> None:
    kept = VectorFile(file)
    for number in range(200):
        kept.put(f"sentence {number}", VECTOR)
    del kept
    content = bytearray(file.read_bytes())
    content[4096:8192] = b"\xff" * 4096
    file.write_bytes(content)
    VectorFile(file).put("sentence 1", VECTOR)
    assert VectorFile(file).get("sentence 1") is not None


def test_a_file_that_grew_too_large_is_begun_anew(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    VectorFile(file).put(TEXT, VECTOR)
    assert VectorFile(file).get(TEXT) is not None
    monkeypatch.setattr(vector_file, "LARGEST", 1)
    assert VectorFile(file).get(TEXT) is None


def test_a_file_that_somebody_writes_costs_no_answer(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_file, "WAIT_SECONDS", 0.01)
    kept = VectorFile(file)
    with sqlite3.connect(file) as other:
        other.execute("INSERT INTO vectors VALUES ('x', x'00')")
        kept.put(TEXT, VECTOR)
        assert kept.get(TEXT) is None
    other.close()


def test_a_sentence_is_encoded_once_for_all_processes(file: Path, encoder: Encoder) -> None:
    tokenizer = Tokenizer.from_file(str(tokenizer_file()))
    one = Encoder(encoder._session, tokenizer, VectorFile(file)).encode([TEXT])
    again = Encoder(None, tokenizer, VectorFile(file)).encode([TEXT])  # type: ignore[arg-type]
    np.testing.assert_array_equal(one, encoder.encode([TEXT]))
    np.testing.assert_array_equal(again, one)


@pytest.mark.parametrize("is_rehearsal", [True, False])
def test_only_an_engine_of_a_rehearsal_keeps_what_it_is_asked(
    is_rehearsal: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "encoder.onnx").symlink_to(module.encoder_file())
    if is_rehearsal:
        (tmp_path / VECTORS).mkdir()
    monkeypatch.setenv("BOT_VAR", str(tmp_path))
    shared_encoder.__wrapped__().encode([TEXT])
    assert bool(list(tmp_path.glob("**/*.db"))) is is_rehearsal
