"""What docs/operations.md says about the engine's old libraries and its token is so."""

from __future__ import annotations

import re
import tomllib

import pytest

from bot.data_files import read_yaml
from bot.ops.log_files import KEPT_FILES, LARGEST_BYTES
from bot.ops.supervisor import Watch
from bot.settings import ROOT, Settings

GUIDE = (ROOT / "docs" / "operations.md").read_text(encoding="utf8")
OLD = re.compile(r"(skops|scikit-learn|aiohttp|sanic|websockets|SQLAlchemy|pydantic|numpy) (\d[\d.]*)")


def locked() -> dict[str, str]:
    lock = tomllib.loads((ROOT / "engine" / "uv.lock").read_text(encoding="utf8"))
    return {package["name"]: package["version"] for package in lock["package"] if "version" in package}


def test_the_old_libraries_are_named_as_they_are_locked() -> None:
    versions, named = locked(), dict(OLD.findall(GUIDE))
    assert len(named) == 8
    assert "tensorflow" not in versions
    for name, version in named.items():
        assert f"{versions[name.lower()]}.".startswith(f"{version}."), name


def test_no_component_is_made_of_what_the_guide_calls_unused() -> None:
    config = read_yaml(ROOT / "config.yml")
    assert all(part["name"].startswith("rotation_engine.") for part in config["pipeline"])
    source = "".join(path.read_text(encoding="utf8") for path in (ROOT / "engine" / "rotation_engine").glob("*.py"))
    assert not re.search(r"import (pickle|joblib|skops|tensorflow)|from (pickle|joblib|skops|tensorflow)", source)
    assert "allow_pickle=True" not in source
    credentials = read_yaml(ROOT / "credentials.yml")
    assert set(credentials) == {"rotation_engine.channel.RestChannel"}


def test_the_figures_of_the_guide_are_those_of_the_code() -> None:
    assert f"At {LARGEST_BYTES // 1_000_000} MB" in GUIDE
    assert f"up to `.{KEPT_FILES}`" in GUIDE
    assert Watch() == Watch(seconds=10, unanswered=4, grace=300), "the guide says ten seconds, four, five minutes"


@pytest.mark.parametrize("setting", ["engine_token"])
def test_the_token_is_explained(setting: str) -> None:
    assert setting in Settings.model_fields
    assert f"| `{setting.upper()}` |" in GUIDE
