"""The key of engine and actions is made of the secret key, is another one, and can be set or given up."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.ops import training
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


def test_engines_are_those_named_or_the_one_of_this_machine(tmp_path: Path) -> None:
    assert settings(tmp_path).engines == (("http://127.0.0.1:5005", "http://127.0.0.1:5055"),)
    shared = {"engine_urls": "http://a:5005/ , http://b:5005", "redis_url": "redis://127.0.0.1/0"}
    one_for_all = settings(tmp_path, actions_urls="http://actions:5055", **shared)
    assert one_for_all.engines == (("http://a:5005", "http://actions:5055"), ("http://b:5005", "http://actions:5055"))
    paired = settings(tmp_path, actions_urls="http://a:5055,http://b:5055", **shared)
    assert paired.engines == (("http://a:5005", "http://a:5055"), ("http://b:5005", "http://b:5055"))


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"engine_urls": "http://a:5005, http://b:5005"}, "REDIS_URL"),
        ({"engine_urls": "http://a", "actions_urls": "http://a, http://b"}, "ACTIONS_URLS"),
        ({"engine_urls": "a:5005"}, "written as"),
        ({"engine_token": "off", "engine_host": "0.0.0.0"}, "loopback only"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(tmp_path: Path, given: dict[str, str], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        settings(tmp_path, **given)


def test_an_engine_on_another_machine_is_open_to_nobody_and_keeps_its_locks_in_redis(tmp_path: Path) -> None:
    here = training.engine_environment(settings(tmp_path))
    assert (here["BOT_ENGINE_CLOSED"], here["LOCK_STORE"]) == ("", "in_memory")
    urls = {"engine_urls": "http://a:5005, http://b:5005", "redis_url": "rediss://:a%20key@cache:6380/3"}
    there = training.engine_environment(settings(tmp_path, engine_host="0.0.0.0", **urls))
    assert there["BOT_ENGINE_CLOSED"] == "1"
    locks = {name: there[f"LOCK_{name}"] for name in ("STORE", "HOST", "PORT", "DB", "PASSWORD", "TLS")}
    assert locks == {"STORE": "redis", "HOST": "cache", "PORT": "6380", "DB": "3", "PASSWORD": "a key", "TLS": "1"}
