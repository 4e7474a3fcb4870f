"""The trained model: which one belongs to the present content, and how it is made.

A model's name is a hash of everything that it is made of, so the right one is found without a record of its own.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import time
from pathlib import Path

from bot.content import check_training
from bot.errors import ContentError, EnvironmentMissingError, TrainingFailedError
from bot.settings import ROOT, Settings

INGREDIENTS = ("config.yml", "domain.yml", "data/**/*.yml", "engine/rotation_engine/**/*.py", "engine/uv.lock")
ENGINE_PYTHON = ROOT / "engine" / ".venv" / "bin" / "python"
SHOWN_FINDINGS = 5


def fingerprint(root: Path = ROOT) -> str:
    """Twelve hex digits that change whenever anything changes that a model is made of."""
    digest = hashlib.sha256()
    for pattern in INGREDIENTS:
        for path in sorted(root.glob(pattern)):
            digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def current(settings: Settings) -> Path:
    """Where the model of the present content is, or will be once it is trained."""
    return settings.var / "models" / f"rotation-{fingerprint()}.tar.gz"


def engine_environment(settings: Settings) -> dict[str, str]:
    """The environment of every engine process."""
    tracker = settings.tracker
    return os.environ | {
        "BOT_VAR": str(settings.var),
        "ACTIONS_URL": f"{settings.actions_url}/webhook",
        "TRACKER_URL": tracker,
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONPATH": str(ROOT / "engine"),
        "PYTHONWARNINGS": "ignore",
    }


def train(settings: Settings, *, force: bool = False) -> Path:
    """The model of the present content, trained unless it is there already.

    Raises:
        ContentError: the content lint found something.
        EnvironmentMissingError: engine/.venv is not built.
        TrainingFailedError: Rasa ended without a model; the log's path is in the message.
    """
    model = current(settings)
    if model.exists() and not force:
        return model
    if findings := check_training(ROOT):
        shown = "\n  ".join(str(finding) for finding in findings[:SHOWN_FINDINGS])
        raise ContentError(f"The content has {len(findings)} errors; mend them and try again:\n  {shown}")
    if not ENGINE_PYTHON.exists():
        raise EnvironmentMissingError("The engine's environment is missing. Run `make setup` first.")
    model.parent.mkdir(parents=True, exist_ok=True)
    log, started = settings.var / "logs" / "train.log", time.monotonic()
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf8") as output:
        done = subprocess.run(
            [ENGINE_PYTHON, "-m", "rotation_engine", "train", "--config", "config.yml", "--domain", "domain.yml",
             "--data", "data/nlu", "data/rules.yml", "data/responses",
             "--out", model.parent, "--fixed-model-name", model.name.removesuffix(".tar.gz")],
            cwd=ROOT, env=engine_environment(settings), stdout=output, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
    if done.returncode or not model.exists():
        raise TrainingFailedError(f"Training failed after {time.monotonic() - started:.0f} s; {log} says why.")
    return model
