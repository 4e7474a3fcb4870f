"""Reminders reach the chat once, wait for the morning, move and stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.app import DELIVERY, REMINDERS
from bot.db.base import Database
from bot.delivery.store import MessageStore
from bot.reminders import service
from bot.reminders.service import ReminderDraft, TooManyRemindersError
from bot.reply.responses import Responses
from tests.fake_telegram.server import FakeTelegram
from tests.running_app import RunningApp, wait_until
from tests.telegram.conftest import ANA, wait_for_texts

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOME = "tg:71"


@pytest.fixture
def app(make_app: Callable[..., RunningApp], telegram: FakeTelegram) -> RunningApp:
    """The application, polling, with the worker that sends reminders."""
    running = make_app(workers=(DELIVERY, REMINDERS))
    wait_until(lambda: bool(telegram.commands))
    return running


@pytest.fixture
def database(new_database: Callable[[], str]) -> Iterator[Database]:
    made = Database(new_database())
    with made.unit() as session:
        MessageStore(session, NOON).open(HOME, locale="en")
    yield made
    made.engine.dispose()


def sent(database: Database) -> list[str]:
    with database.unit() as session:
        return [answer.reply["parts"][0]["text"] for answer in MessageStore(session, NOON).answers_after(HOME, 0)]


def test_a_reminder_fires_once_however_many_processes_ask(database: Database, responses: Responses) -> None:
    with database.unit() as session:
        for number in range(8):
            draft = ReminderDraft(f"thing {number}", day=date(2026, 11, 24))
            service.set_reminder(session, HOME, draft, now=NOON)

    def ring(_: int) -> list[str]:
        with database.unit() as session:
            return service.fire_due(session, responses, NOON + timedelta(days=1))

    with ThreadPoolExecutor(4) as pool:
        fired = [name for names in pool.map(_until_it_works(ring), range(12)) for name in names]
    assert len(fired) == 8
    assert sorted(sent(database)) == [f"⏰ **Reminder:** thing {number}" for number in range(8)]


def _until_it_works(ring):  # type: ignore[no-untyped-def]
    """As the alarm does: what fails for a moment is tried again."""
    from sqlalchemy.exc import OperationalError

    def again(number: int) -> list[str]:
        while True:
            try:
                return ring(number)
            except OperationalError:
                continue

    return again


def test_it_is_not_fired_before_its_time(database: Database, responses: Responses) -> None:
    with database.unit() as session:
        service.set_reminder(session, HOME, ReminderDraft("x", day=date(2026, 11, 24)), now=NOON)
        assert service.fire_due(session, responses, datetime(2026, 11, 24, 8, 59, tzinfo=UTC)) == []
        assert service.fire_due(session, responses, datetime(2026, 11, 24, 9, 0, tzinfo=UTC)) == [HOME]
        assert service.fire_due(session, responses, datetime(2026, 11, 25, 9, 0, tzinfo=UTC)) == []


def test_the_morning_is_the_persons_own_and_moves_with_their_zone(database: Database) -> None:
    with database.unit() as session:
        service.set_reminder(session, HOME, ReminderDraft("x", day=date(2026, 12, 1)), now=NOON)
        service.set_zone(session, HOME, "Asia/Karachi", now=NOON)
        (reminder,) = service.reminders_of(session, HOME)
        assert reminder.when.astimezone(UTC) == datetime(2026, 12, 1, 4, tzinfo=UTC)
        assert reminder.when.time() == time(9)


def test_late_at_night_it_waits_for_the_morning_unless_the_hour_was_named(
    database: Database, responses: Responses
) -> None:
    night = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)
    with database.unit() as session:
        service.set_reminder(session, HOME, ReminderDraft("any time", day=date(2026, 11, 25)), now=NOON)
        service.set_reminder(session, HOME, ReminderDraft("at eleven", day=date(2026, 11, 25), at=time(23)), now=NOON)
        service.set_reminder(session, HOME, ReminderDraft("exactly", moment=night), now=NOON)
        assert service.fire_due(session, responses, night) == [HOME, HOME]
        (left,) = service.reminders_of(session, HOME)
        assert (left.subject, left.when) == ("any time", datetime(2026, 11, 26, 8, tzinfo=UTC))


def test_a_delivered_reminder_can_be_snoozed_and_comes_again_once(database: Database, responses: Responses) -> None:
    with database.unit() as session:
        made, _ = service.set_reminder(session, HOME, ReminderDraft("x", day=date(2026, 11, 24)), now=NOON)
        service.fire_due(session, responses, NOON + timedelta(days=1))
        later = service.snooze(session, HOME, made.id, days=7, now=NOON + timedelta(days=1))
        assert later is not None
        assert later.when == datetime(2026, 12, 1, 9, tzinfo=UTC)
        assert service.fire_due(session, responses, NOON + timedelta(days=9)) == [HOME]
        assert service.fire_due(session, responses, NOON + timedelta(days=10)) == []


def test_the_same_twice_is_one_and_fifty_are_enough(database: Database) -> None:
    with database.unit() as session:
        _, first = service.set_reminder(session, HOME, ReminderDraft("x", day=date(2026, 12, 1)), now=NOON)
        _, second = service.set_reminder(session, HOME, ReminderDraft("x", day=date(2026, 12, 1)), now=NOON)
        assert (first, second) == (True, False)
        for number in range(49):
            service.set_reminder(session, HOME, ReminderDraft(f"{number}", day=date(2026, 12, 1)), now=NOON)
        with pytest.raises(TooManyRemindersError):
            service.set_reminder(session, HOME, ReminderDraft("one more", day=date(2026, 12, 1)), now=NOON)


def test_others_cannot_touch_it(database: Database) -> None:
    with database.unit() as session:
        made, _ = service.set_reminder(session, HOME, ReminderDraft("x", day=date(2026, 12, 1)), now=NOON)
        assert service.delete_reminder(session, "tg:5", made.id) is None
        assert service.snooze(session, "tg:5", made.id, days=1, now=NOON) is None
        assert service.delete_reminder(session, HOME, made.id)
        assert service.reminders_of(session, HOME) == []


def set_due(database: Database, subject: str) -> None:
    with database.unit() as session:
        moment = datetime.now(UTC) - timedelta(seconds=1)
        service.set_reminder(session, f"tg:{ANA}", ReminderDraft(subject, moment=moment), now=moment)


def test_a_due_reminder_arrives_in_the_chat_with_its_buttons_also_after_a_restart(
    app: RunningApp, telegram: FakeTelegram
) -> None:
    telegram.say(ANA, "hello")
    wait_for_texts(telegram, ANA, 1)
    set_due(app.database, "Apply <b>now</b>")
    assert wait_for_texts(telegram, ANA, 2)[1] == "⏰ Reminder: Apply <b>now</b>"
    app.stop()
    set_due(app.database, "second")
    app.start()
    assert wait_for_texts(telegram, ANA, 3)[2] == "⏰ Reminder: second"
    buttons = [b["text"] for row in telegram.chat(ANA)[-1]["reply_markup"]["inline_keyboard"] for b in row]
    assert buttons == ["Done", "In a day", "In a week"]
    assert len(telegram.chat(ANA)) == 3


def test_reminders_stop_when_the_person_blocks_the_bot(app: RunningApp, telegram: FakeTelegram) -> None:
    telegram.say(ANA, "hello")
    wait_for_texts(telegram, ANA, 1)
    with app.database.unit() as session:
        service.set_reminder(session, f"tg:{ANA}", ReminderDraft("x", day=date(2030, 1, 1)), now=NOON)
    telegram.block(ANA)

    def count() -> int:
        with app.database.unit() as session:
            return len(service.reminders_of(session, f"tg:{ANA}"))

    wait_until(lambda: count() == 0)
    set_due(app.database, "never")
    telegram.say(ANA + 5, "hello")
    wait_for_texts(telegram, ANA + 5, 1)
    assert len(telegram.chat(ANA)) == 1


def test_somebody_who_blocked_the_bot_unnoticed_is_not_tried_again_and_again(
    app: RunningApp, telegram: FakeTelegram
) -> None:
    telegram.say(ANA, "hello")
    wait_for_texts(telegram, ANA, 1)
    telegram.blocked.add(ANA)
    set_due(app.database, "first")
    wait_until(lambda: any(call.status == 403 for call in telegram.called("sendMessage")))
    set_due(app.database, "second")
    telegram.say(ANA + 5, "hello")
    wait_for_texts(telegram, ANA + 5, 1)
    assert sum(call.status == 403 for call in telegram.called("sendMessage")) == 1
    telegram.blocked.discard(ANA)
    telegram.say(ANA, "back again")
    wait_until(lambda: "You said: back again" in telegram.texts(ANA))
