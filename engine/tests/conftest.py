"""Shared fixtures: the encoder's files go to a folder of their own, made once per test run."""

from __future__ import annotations

import pytest
from rotation_engine.encoder import Encoder, shared_encoder


@pytest.fixture(scope="session", autouse=True)
def var(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Tests neither read nor write the project's var/."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BOT_VAR", str(tmp_path_factory.mktemp("var")))
        shared_encoder()
        yield


@pytest.fixture(scope="session")
def encoder(var: None) -> Encoder:
    return shared_encoder()
