"""Where things lie on disk, and the fingerprint that makes Rasa retrain when our own code or data changed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
ROOT = PACKAGE.parent.parent
UMASK = 0o077  # what is made at run time is read by the account that runs the bot and by nobody else
DATA = ROOT / "data"
LEXICON, GRAMMAR = DATA / "lexicon.yml", DATA / "grammar.yml"


def var_folder() -> Path:
    """The folder for everything made at run time: `BOT_VAR`, or `var/` in the project."""
    return Path(os.environ.get("BOT_VAR") or ROOT / "var")


def gazetteer_file() -> Path:
    """The institutions' names, one JSON object per line, written from the database."""
    return var_folder() / "gazetteer.jsonl"


def fingerprint(*files: Path) -> str:
    """Hash of this package's source and of `files`: Rasa's training cache looks at neither by itself."""
    digest = hashlib.sha256()
    for file in (*sorted(PACKAGE.rglob("*.py")), *files):
        digest.update(file.read_bytes() if file.exists() else b"missing")
    return digest.hexdigest()
