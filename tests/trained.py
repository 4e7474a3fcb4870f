"""What a house of its own need not do again: the trained model, the vectors of its sentences, what it was asked."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.settings import ROOT
from tests.databases import make_seeded

SHARED = ("encoder.onnx", "sentences-*.npz", "kinds.json", "models/rotation-*.tar.gz")
JUDGED = "judged"


def share(var: Path) -> None:
    """Puts links to what the repository's own `var` has of it into another one, and a database with the seed data."""
    shared = ROOT / "var"
    (var / "models").mkdir()
    for path in (path for pattern in SHARED for path in shared.glob(pattern)):
        (var / path.relative_to(shared)).symlink_to(path)
    (shared / JUDGED).mkdir(exist_ok=True)
    (var / JUDGED).symlink_to(shared / JUDGED)
    make_seeded(var / "bot.db")


@contextmanager
def one_candidate_at_a_time() -> Iterator[None]:
    """Candidates of several workers are made one after the other, so that the live model is asked only once.

    Two at once would share the cores and ask it twice, which takes longer for both.
    """
    with (ROOT / "var" / "candidate.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
