"""Where things lie on disk, and the fingerprint of the reader's code."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
ROOT = PACKAGE.parent.parent
UMASK = 0o077  # what is made at run time is read by the account that runs the bot and by nobody else
DATA = Path(os.environ.get("BOT_CONTENT") or ROOT) / "data"
"""The content that a model is trained of: that of a candidate, or the project's."""
GRAMMAR = DATA / "grammar.yml"


def var_folder() -> Path:
    """The folder for everything made at run time: `BOT_VAR`, or `var/` in the project."""
    return Path(os.environ.get("BOT_VAR") or ROOT / "var")


def gazetteer_file() -> Path:
    """The institutions' names, one JSON object per line, written from the database."""
    return var_folder() / "gazetteer.jsonl"


def kinds_file() -> Path:
    """What the frames of training sentences have, kept for the next training."""
    return var_folder() / "kinds.json"


def fingerprint(*texts: str) -> str:
    """Hash of the source of what reads a sentence, and of some texts."""
    digest = hashlib.sha256()
    for file in sorted((PACKAGE / "understanding").rglob("*.py")):
        digest.update(file.read_bytes())
    for text in texts:
        digest.update(text.encode())
    return digest.hexdigest()
