"""The trained model: which one belongs to the present content, and how it is made.

A model's name is a hash of everything that it is made of, so the right one is found without a record of its own.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from sqlalchemy import make_url

from bot.errors import ContentError, EnvironmentMissingError, TrainingFailedError
from bot.lint import Finding, check_training
from bot.private_files import UMASK
from bot.settings import ROOT, Settings

INGREDIENTS = ("config.yml", "domain.yml", "data/**/*.yml", "engine/rotation_engine/**/*.py", "engine/uv.lock")
ENGINE_PYTHON = ROOT / "engine" / ".venv" / "bin" / "python"
WORDS = "data/responses"
SHOWN_FINDINGS = 5
TICK_SECONDS = 0.5
LOCK_SECONDS = "20"


def fingerprint(root: Path = ROOT) -> str:
    """Twelve hex digits that change whenever anything changes that a model is made of."""
    return _digest(root, lambda _: True)


def learned(root: Path) -> str:
    """The same of all that is learned from: it stays when only the bot's words are others."""
    return _digest(root, lambda name: not name.startswith(f"{WORDS}/"))


def _digest(root: Path, counts: Callable[[str], bool]) -> str:
    digest = hashlib.sha256()
    for pattern in INGREDIENTS:
        for path in sorted(root.glob(pattern)):
            if counts(name := str(path.relative_to(root))):
                digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def current(settings: Settings, root: Path = ROOT) -> Path:
    """Where the model of a tree's content is, or will be once it is trained."""
    return settings.var / "models" / f"rotation-{fingerprint(root)}.tar.gz"


def import_path(first: Path) -> str:
    """A PYTHONPATH that begins with a folder and goes on with this process's own."""
    return os.pathsep.join(filter(None, (str(first), os.environ.get("PYTHONPATH"))))


def engine_environment(settings: Settings, changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of every engine process: this one's with the changes, and what the settings say."""
    tracker = settings.tracker
    return {
        **os.environ,
        **(changes or {}),
        "BOT_VAR": str(settings.var),
        "ACTIONS_URL": f"{settings.actions_url}/webhook",
        "TRACKER_URL": tracker,
        "BOT_ENGINE_KEY": settings.engine_key(),
        "ACTIONS_AUTHORIZATION": f"Bearer {settings.engine_key()}",
        "BOT_ENGINE_CLOSED": "" if settings.is_engine_open else "1",
        **_locks(settings),
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "PYTHONPATH": import_path(ROOT / "engine"),
        "PYTHONWARNINGS": "ignore",
    }


def _locks(settings: Settings) -> dict[str, str]:
    """Where the engine keeps its locks on conversations (endpoints.yml): in memory, or in Redis for several engines.

    A killed engine leaves its locks in Redis; whoever comes next waits until they are too old.
    """
    shared = make_url(settings.redis_url) if settings.shares_locks else None
    return {
        "LOCK_STORE": "redis" if shared else "in_memory",
        "LOCK_HOST": str(shared.host) if shared else "",
        "LOCK_PORT": str(shared.port or 6379) if shared else "6379",
        "LOCK_DB": str(shared.database or 0) if shared else "0",
        "LOCK_PASSWORD": str(shared.password or "") if shared else "",
        "LOCK_TLS": "1" if shared and shared.drivername == "rediss" else "",
        **({"TICKET_LOCK_LIFETIME": LOCK_SECONDS} if shared else {}),
    }


def in_the_terminal(findings: Sequence[Finding]) -> str:
    """What the lint found, for somebody who has the files before them."""
    shown = "\n  ".join(str(finding) for finding in findings[:SHOWN_FINDINGS])
    return f"The content has {len(findings)} errors; mend them and try again:\n  {shown}"


def train(
    settings: Settings,
    *,
    root: Path = ROOT,
    force: bool = False,
    waiting: Callable[[float], None] = lambda _: None,
    refusal: Callable[[Sequence[Finding]], str] = in_the_terminal,
) -> Path:
    """The model of a tree's content, trained unless it is there already; `waiting` hears the seconds gone so far.

    The lint looks at the content while Rasa begins, and ends that where it finds something; `refusal` words it.

    Raises:
        ContentError: the content lint found something.
        EnvironmentMissingError: engine/.venv is not built.
        TrainingFailedError: Rasa ended without a model; the log's path is in the message.
    """
    model = current(settings, root)
    if model.exists() and not force:
        return model
    if not ENGINE_PYTHON.exists():
        raise EnvironmentMissingError("The engine's environment is missing. Run `make setup` first.")
    model.parent.mkdir(parents=True, exist_ok=True)
    log, started = settings.var / "logs" / "train.log", time.monotonic()
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf8") as output:
        child = subprocess.Popen(
            _command(root, model),
            cwd=ROOT,
            env=engine_environment(settings, {"BOT_CONTENT": str(root)}),
            stdout=output,
            stderr=subprocess.STDOUT,
            umask=UMASK,
        )
        try:
            findings = check_training(root)
            while not findings and not _has_ended(child):
                waiting(time.monotonic() - started)
        finally:
            child.kill()
            child.wait()
    if findings:
        model.unlink(missing_ok=True)
        raise ContentError(refusal(findings))
    if child.returncode or not model.exists():
        raise TrainingFailedError(f"Training failed after {time.monotonic() - started:.0f} s; {log} says why.")
    return model


def _command(root: Path, model: Path) -> list[str | Path]:
    """Rasa's own validation is left out: it takes as long as the training and finds less than the content lint.

    All is trained: finding out by fingerprints what need not be takes as long (rotation_engine/loading.py). Stories are
    not glued together (Rasa's augmentation): both policies of config.yml leave what comes of that out.
    """
    return [
        ENGINE_PYTHON,
        "-m",
        "rotation_engine",
        "train",
        "--skip-validation",
        "--force",
        "--augmentation",
        "0",
        "--config",
        root / "config.yml",
        "--domain",
        root / "domain.yml",
        "--data",
        root / "data" / "nlu.yml",
        root / "data" / "rules.yml",
        root / "data" / "stories.yml",
        root / "data" / "responses",
        "--out",
        model.parent,
        "--fixed-model-name",
        model.name.removesuffix(".tar.gz"),
    ]


def _has_ended(child: subprocess.Popen[bytes]) -> bool:
    try:
        child.wait(TICK_SECONDS)
    except subprocess.TimeoutExpired:
        return False
    return True
