"""Where a candidate is played: with the vectors that rehearsals keep, which a trial never sees."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.content.candidates import rehearsal
from bot.content.evaluation import golden
from bot.ops import system
from bot.settings import Settings

KEPT = "75104c69.db"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / rehearsal.ENCODER).write_bytes(b"weights")
    return Settings(var=tmp_path)  # type: ignore[call-arg]


@pytest.fixture(autouse=True)
def seen(monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    """What stood in the folder of each engine when it would have been started; it writes down a vector."""
    seen: list[set[str]] = []

    @contextmanager
    def temporary(var: Path, _model: Path, **_: Any) -> Iterator[tuple[Settings, None]]:
        seen.append({path.name for path in var.iterdir()})
        if (var / rehearsal.VECTORS).exists():
            (var / rehearsal.VECTORS / KEPT).touch()
        yield Settings(var=var), None  # type: ignore[call-arg]

    monkeypatch.setattr(system, "temporary", temporary)
    return seen


def test_what_a_rehearsal_has_encoded_is_there_for_the_next_one(settings: Settings, seen: list[set[str]]) -> None:
    for candidate in (1, 2):
        with rehearsal.stage(settings, candidate, settings.var / "live.tar.gz"):
            pass
    both_engines = [{rehearsal.ENCODER, rehearsal.VECTORS}] * 2
    assert seen == both_engines * 2
    assert [path.name for path in (settings.var / rehearsal.JUDGED / rehearsal.VECTORS).iterdir()] == [KEPT]
    assert not (settings.var / "candidates" / "1" / "rehearsal").exists()


def test_what_staff_say_in_a_trial_is_kept_nowhere(settings: Settings, seen: list[set[str]]) -> None:
    with rehearsal.stage(settings, 1, settings.var / "live.tar.gz"):
        pass
    with rehearsal.standing(settings.var / "trial", settings, settings.var / "live.tar.gz", today=golden.DAY):
        pass
    assert seen[-1] == {rehearsal.ENCODER}
