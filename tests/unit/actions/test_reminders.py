"""Talks about reminders and about carrying on elsewhere, with the actions alone. Today is 23 November 2026."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from actions import base
from actions.dialogue.profile import ActionForgetMe
from actions.reminders import ActionSetReminder
from bot.app import forget
from bot.bootstrap import Container
from bot.db.base import Base, Database
from bot.delivery.store import MessageStore
from bot.delivery.telegram.store import TelegramOutbox
from bot.linking.store import partners
from bot.reply.parts import Reply, Timeline
from bot.settings import Settings
from bot.timeline.plan import Step
from bot.timeline.service import steps_to_json
from bot.timeline.store import find_plan, save_plan
from tests.databases import make_empty
from tests.unit.actions.conftest import Talk, said

CHAT, WEB = "tg:9", "web:1"


class ReminderTalk(Talk):
    """A talk in a given conversation."""

    def __init__(self, database: Database, conversation: str) -> None:
        super().__init__()
        self.database = database
        self.conversation = conversation

    def say(self, text: str, intent: str = "set_reminder", action: Any = None, **entities: str) -> Reply:
        parse = {"metadata": {"channel": "telegram" if self.conversation == CHAT else "web"}}
        items = [{"entity": name, "value": value} for name, value in entities.items()]
        return self.hear(action or ActionSetReminder(), text, intent, items, **parse)

    def press(self, payload: str, action: Any = None) -> Reply:
        intent, _, rest = payload.removeprefix("/").partition("{")
        return self.say(payload, intent, action, **(json.loads("{" + rest) if rest else {}))

    def press_titled(self, reply: Reply, title: str) -> Reply:
        return self.press(next(item.payload for item in reply.suggestions if title in item.title))

    def hear(self, action: Any, text: str, intent: str, entities: Any = None, **parse: Any) -> Reply:
        import tests.unit.actions.conftest as ground

        kept = ground.Tracker
        ground.Tracker = lambda _sender, *rest: kept(self.conversation, *rest)  # type: ignore[misc, assignment]
        try:
            return super().hear(action, text, intent, entities, **parse)
        finally:
            ground.Tracker = kept  # type: ignore[misc]


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    settings = Settings(var=tmp_path, bot_today="2026-11-23")  # type: ignore[call-arg]
    made = Database(make_empty(tmp_path / "bot.db"))
    monkeypatch.setattr(base, "container", lambda: Container(settings, made))
    with made.unit() as session:
        MessageStore(session, datetime.now(UTC)).open(CHAT, locale="ur")
    yield made
    made.engine.dispose()


@pytest.fixture
def talk(database: Database) -> ReminderTalk:
    return ReminderTalk(database, CHAT)


@pytest.fixture
def web(database: Database) -> ReminderTalk:
    return ReminderTalk(database, WEB)


def keep_plan(database: Database, conversation: str) -> None:
    steps = [
        Step("apply", "Apply for the rotation", date(2026, 12, 1), date(2027, 1, 1), date(2027, 3, 1), 30, "on_track"),
        Step("visa_interview", "Visa interview", date(2027, 4, 1), date(2027, 5, 1), date(2027, 6, 1), 30, "on_track"),
        Step(
            "rotation",
            "Rotation begins",
            date(2027, 9, 1),
            date(2027, 9, 1),
            date(2027, 9, 1),
            0,
            "on_track",
            event=True,
        ),
    ]
    with database.unit() as session:
        save_plan(
            session,
            conversation,
            computed=date(2026, 11, 23),
            verdict="feasible",
            title="Plan",
            words="words",
            steps=steps_to_json(steps),
            now=datetime.now(UTC),
        )


def test_two_weeks_before_a_step_of_the_plan_is_worked_out_and_told(talk: ReminderTalk) -> None:
    keep_plan(talk.database, CHAT)
    reply = talk.say("remind me two weeks before I must apply")
    assert "February 15, 2027" in said(reply)
    assert "Apply for the rotation: the last day is March 1, 2027" in said(reply)


def test_the_time_zone_is_asked_once_with_a_guess_and_changes_the_hour(talk: ReminderTalk) -> None:
    first = talk.say("remind me tomorrow to call")
    assert "Asia/Karachi" in said(first)
    assert talk.slots["asked"] == "reminder_zone"
    reply = talk.press_titled(first, "Asia/Karachi")
    assert "I remind you at 09:00" in said(reply)
    assert talk.slots["asked"] is None
    assert "which city" not in said(talk.say("remind me on March 1 to pay"))


def test_a_city_in_words_answers_the_question_and_an_unknown_one_is_asked_again(talk: ReminderTalk) -> None:
    talk.say("remind me tomorrow to call")
    assert "don't know that place" in said(talk.say("Atlantis", "nlu_fallback"))
    assert "never between 22:00 and 08:00" in said(talk.say("Lagos", "nlu_fallback"))


def test_a_city_that_looks_out_of_scope_is_an_answer_and_a_question_is_not(talk: ReminderTalk) -> None:
    from actions.dialogue.talk import ActionRefuse

    talk.say("remind me tomorrow to call")
    assert "never between" in said(talk.say("Karachi", "out_of_scope", ActionRefuse()))
    talk.say("remind me to renew my passport")
    assert "outside what I know" in said(talk.say("who won the match?", "out_of_scope", ActionRefuse()))


def test_without_a_day_it_is_asked_and_the_subject_is_kept(talk: ReminderTalk) -> None:
    reply = talk.say("remind me to renew my passport")
    assert "When shall I remind you" in said(reply)
    reply = talk.say("in two weeks", "inform")
    assert "December 7, 2026" in said(reply)
    assert "renew my passport" in said(reply)


def test_buttons_for_a_day_work(talk: ReminderTalk) -> None:
    reply = talk.say("remind me to renew my passport")
    assert "renew my passport" in said(talk.press_titled(reply, "In a week"))


def test_a_step_without_a_plan_leads_to_planning(talk: ReminderTalk) -> None:
    reply = talk.say("remind me two weeks before I must apply")
    assert reply.suggestions[0].payload == "/plan_timeline"


def test_a_step_that_the_plan_lacks_is_chosen_from_those_it_has(talk: ReminderTalk) -> None:
    keep_plan(talk.database, CHAT)
    reply = talk.say("remind me a week before the rank list")
    assert [item.title for item in reply.suggestions] == ["Apply for the rotation", "Visa interview"]
    assert "February 22, 2027" in said(talk.press_titled(reply, "Apply"))


def test_all_steps_are_taken_at_once(talk: ReminderTalk) -> None:
    keep_plan(talk.database, CHAT)
    offered = talk.say("remind me")
    reply = talk.press_titled(offered, "all of them")
    assert "February 22, 2027" in said(reply)
    assert "May 25, 2027" in said(reply)
    assert "Rotation begins" not in said(reply)


def test_the_list_shows_deletes_and_ends(talk: ReminderTalk) -> None:
    assert "no reminders" in said(talk.say("my reminders"))
    talk.say("remind me tomorrow to call")
    talk.say("remind me on March 1 to pay the fee")
    listed = talk.say("which reminders do I have")
    assert "1. November 24, 2026: call" in said(listed)
    assert "Deleted: call" in said(talk.press_titled(listed, "Delete 1"))
    assert "no longer there" in said(talk.press_titled(listed, "Delete 1"))
    assert "Deleted: pay the fee" in said(talk.say("cancel the reminder about the fee"))
    talk.say("remind me tomorrow to call")
    assert "All your reminders are deleted" in said(talk.say("stop reminding me"))


def test_a_day_that_has_passed_or_is_too_far_is_asked_again(talk: ReminderTalk) -> None:
    assert "has passed" in said(talk.say("remind me on 2020-01-01 to laugh"))
    assert "further away" in said(talk.say("remind me on 2040-01-01 to laugh"))
    assert "laugh" in said(talk.say("tomorrow", "inform"))


def test_snoozing_and_done(talk: ReminderTalk) -> None:
    talk.say("remind me tomorrow to call")
    assert "November 30, 2026" in said(talk.press('/set_reminder{"reminder": "snooze-1-7"}'))
    assert "Well done" in said(talk.press('/set_reminder{"reminder": "done-1"}'))
    assert "no longer there" in said(talk.press('/set_reminder{"reminder": "snooze-99-7"}'))


def test_the_zone_question_lapses_when_something_else_is_said(talk: ReminderTalk) -> None:
    from actions.dialogue.talk import ActionThank

    talk.say("remind me tomorrow to call")
    talk.say("thank you", "thank", ActionThank())
    assert talk.slots["asked"] is None


def test_on_the_website_without_a_bot_the_calendar_is_offered(web: ReminderTalk) -> None:
    assert "can't send reminders on this page" in said(web.say("remind me tomorrow"))
    assert web.slots.get("asked") is None


def test_with_a_plan_the_website_gives_its_calendar_file_instead(web: ReminderTalk) -> None:
    keep_plan(web.database, WEB)
    reply = web.say("remind me a week before I must apply")
    assert "your own calendar can" in said(reply)
    (plan,) = (part for part in reply.parts if isinstance(part, Timeline))
    assert plan.ics
    invite(web)
    assert any(isinstance(part, Timeline) for part in web.say("remind me tomorrow").parts)


def invite(web: ReminderTalk) -> tuple[Reply, str]:
    with web.database.unit() as session:
        TelegramOutbox(session, datetime.now(UTC)).name_bot("rotation_sample_bot")
    reply = web.say("remind me tomorrow")
    url = next(item.payload for item in reply.suggestions if item.payload.startswith("https://"))
    return reply, url.partition("start=")[2]


def test_a_code_carries_profile_and_plan_to_telegram_once(web: ReminderTalk, talk: ReminderTalk) -> None:
    web.slots |= {"career_stage": "graduate", "states": ["TX"], "asked": "budget", "plan": {"first": "2027-09-01"}}
    keep_plan(web.database, WEB)
    reply, start = invite(web)
    assert "https://t.me/rotation_sample_bot?start=link-" in reply.suggestions[0].payload
    done = talk.press(f'/set_reminder{{"reminder": "{start}"}}')
    assert "Linked" in said(done)
    assert (talk.slots["career_stage"], talk.slots["states"]) == ("graduate", ["TX"])
    assert talk.slots["plan"] == {"first": "2027-09-01"}
    assert "asked" not in talk.slots
    with talk.database.unit() as session:
        assert find_plan(session, CHAT)
        assert (partners(session, CHAT), partners(session, WEB)) == ([WEB], [CHAT])
    stranger = ReminderTalk(talk.database, "tg:666")
    assert "not valid" in said(stranger.press(f'/set_reminder{{"reminder": "{start}"}}'))


def test_an_old_code_is_refused(web: ReminderTalk, talk: ReminderTalk) -> None:
    from bot.linking.tables import LinkCode

    _, start = invite(web)
    with web.database.unit() as session:
        code = session.get(LinkCode, start.removeprefix("link-"))
        assert code is not None
        code.expires_at = datetime.now(UTC) - timedelta(seconds=1)
    assert "not valid" in said(talk.press(f'/set_reminder{{"reminder": "{start}"}}'))
    assert "not valid" in said(talk.press('/set_reminder{"reminder": "link-NOSUCHCODE"}'))


def test_once_linked_the_website_sends_reminders_to_telegram(web: ReminderTalk, talk: ReminderTalk) -> None:
    _, start = invite(web)
    talk.press(f'/set_reminder{{"reminder": "{start}"}}')
    assert "send it to your Telegram" in said(web.say("remind me tomorrow to call"))
    assert "call" in said(talk.say("my reminders"))


def test_the_link_is_shown_told_before_forgetting_and_ended(web: ReminderTalk, talk: ReminderTalk) -> None:
    _, start = invite(web)
    assert "not linked" in said(talk.press('/set_reminder{"reminder": "link"}'))
    talk.press(f'/set_reminder{{"reminder": "{start}"}}')
    assert "the linked one" in said(web.press("/forget_me", ActionForgetMe()))
    shown = talk.press('/set_reminder{"reminder": "link"}')
    assert "ended" in said(talk.press_titled(shown, "End the link"))
    assert "the linked one" not in said(web.press("/forget_me", ActionForgetMe()))


def test_forgetting_leaves_no_row(web: ReminderTalk, talk: ReminderTalk) -> None:
    _, start = invite(web)
    talk.press(f'/set_reminder{{"reminder": "{start}"}}')
    keep_plan(talk.database, CHAT)
    talk.say("remind me tomorrow to call")
    with talk.database.unit() as session:
        for conversation in (CHAT, WEB):
            forget(session, conversation)
    with talk.database.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name not in ("conversations", "telegram_bot", "projection_lease"):
                assert connection.execute(table.select()).all() == [], table.name
