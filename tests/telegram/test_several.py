"""Several applications over one database: one fetches Telegram's updates, and another goes on when it ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tests.fake_engine import FakeEngine
from tests.fake_telegram.server import FakeTelegram
from tests.running_app import RunningApp, wait_until
from tests.telegram.conftest import ANA, QUICK


def test_one_application_fetches_updates_and_another_goes_on_after_it(
    make_app: Callable[..., RunningApp], telegram: FakeTelegram, engine: FakeEngine
) -> None:
    timing = replace(QUICK, lease=60.0)  # It shall not end by itself on busy cores, only with the application.
    first = make_app(timing=timing)
    wait_until(lambda: bool(telegram.called("getUpdates")))
    make_app(timing=timing)
    telegram.say(ANA, "hello")
    wait_until(lambda: "You said: hello" in telegram.texts(ANA))
    telegram.say(ANA, "and again")
    wait_until(lambda: "You said: and again" in telegram.texts(ANA))
    assert [call.status for call in telegram.called("getUpdates") if call.status == 409] == []
    first.stop()
    telegram.say(ANA, "still there?")
    wait_until(lambda: "You said: still there?" in telegram.texts(ANA))
    assert engine.turns() == ["hello", "and again", "still there?"]
    assert telegram.texts(ANA).count("You said: hello") == 1
