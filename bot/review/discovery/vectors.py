"""Sentence vectors for the review: the engine's encoder is asked in a process of its own, which ends afterwards.

The encoder's libraries live in the engine's environment; here a vector is only bytes.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence

from bot.errors import EncodingError, EnvironmentMissingError
from bot.ops.training import ENGINE_PYTHON, engine_environment
from bot.settings import ROOT, Settings

DIMENSIONS = 384
BYTES = DIMENSIONS * 2
LIMIT_SECONDS = 600


def encode(settings: Settings, texts: Sequence[str]) -> list[bytes]:
    """One vector per text: 384 little-endian float16 numbers of length 1. About 2 ms a text, and 1 s to start.

    Raises:
        EnvironmentMissingError: engine/.venv is not built.
        EncodingError: the encoder failed; the message holds its last line.
    """
    if not texts:
        return []
    if not ENGINE_PYTHON.exists():
        raise EnvironmentMissingError("The engine's environment is missing. Run `make setup` first.")
    lines = "".join(json.dumps(text) + "\n" for text in texts)
    done = subprocess.run(
        [ENGINE_PYTHON, "-m", "rotation_engine.vectors"],
        input=lines.encode(),
        capture_output=True,
        check=False,
        cwd=ROOT,
        env=engine_environment(settings),
        timeout=LIMIT_SECONDS,
    )
    if done.returncode or len(done.stdout) != BYTES * len(texts):
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise EncodingError(f"The sentence encoder failed: {said[-1] if said else 'it said nothing'}.")
    return [done.stdout[start : start + BYTES] for start in range(0, len(done.stdout), BYTES)]
