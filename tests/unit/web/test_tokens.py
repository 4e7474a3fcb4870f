"""A token opens one conversation, for a while, and cannot be made up."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from bot.web.tokens import LIFETIME, TokenError, Tokens


def test_a_token_opens_its_conversation() -> None:
    before = datetime.now(UTC)
    token, expires_at = Tokens("key").issue("web:1")
    assert Tokens("key").conversation(token) == "web:1"
    assert before + LIFETIME <= expires_at <= datetime.now(UTC) + LIFETIME


@pytest.mark.parametrize("change", ["", "x", "web:2", "a.b.c", "\x00", "é"])
def test_a_made_up_token_is_refused(change: str) -> None:
    with pytest.raises(TokenError):
        Tokens("key").conversation(change)


def test_a_changed_token_is_refused() -> None:
    token, _ = Tokens("key").issue("web:1")
    other, _ = Tokens("key").issue("web:2")
    mixed = ".".join([other.split(".")[0], *token.split(".")[1:]])
    with pytest.raises(TokenError):
        Tokens("key").conversation(mixed)
    with pytest.raises(TokenError):
        Tokens("another key").conversation(token)


def test_an_old_token_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    token, _ = Tokens("key").issue("web:1")
    later = time.time() + LIFETIME.total_seconds() + 60
    monkeypatch.setattr(time, "time", lambda: later)
    with pytest.raises(TokenError):
        Tokens("key").conversation(token)
