"""What a house of its own need not do again: the trained model, the vectors of its sentences."""

from __future__ import annotations

from pathlib import Path

from bot.settings import ROOT

SHARED = ("encoder.onnx", "sentences-*.npz", "kinds.json", "models/rotation-*.tar.gz")


def share(var: Path) -> None:
    """Puts links to what the repository's own `var` has of it into another one."""
    shared = ROOT / "var"
    (var / "models").mkdir()
    for path in (path for pattern in SHARED for path in shared.glob(pattern)):
        (var / path.relative_to(shared)).symlink_to(path)
