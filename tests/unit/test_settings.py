"""The key of engine and actions is made of the secret key, is another one, and can be set or given up."""

from __future__ import annotations

import stat
from pathlib import Path

from bot.settings import Settings


def settings(var: Path, **given: str) -> Settings:
    return Settings(var=var, **{"secret_key": "", "engine_token": "", **given})  # type: ignore[arg-type]


def test_the_key_is_the_same_in_every_process_and_another_in_every_installation(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    assert settings(here).engine_key() == settings(here).engine_key()
    assert settings(here).engine_key() != settings(there).engine_key()
    assert stat.S_IMODE((here / "secret.key").stat().st_mode) == 0o600


def test_who_knows_the_key_of_the_engine_does_not_know_what_signs_tokens(tmp_path: Path) -> None:
    made = settings(tmp_path, secret_key="a secret")
    assert len(made.engine_key()) == 64
    assert "a secret" not in made.engine_key()
    assert made.engine_key() != settings(tmp_path, secret_key="another").engine_key()


def test_a_key_of_ones_own_is_taken_and_off_is_none(tmp_path: Path) -> None:
    assert settings(tmp_path, engine_token="mine").engine_key() == "mine"
    assert settings(tmp_path, engine_token="off").engine_key() == ""
