"""People talk to the bot on Telegram: words, buttons, commands, links, and what it cannot read."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import pytest

from bot.delivery.telegram.store import ShownButton, TelegramOutbox
from bot.telegram import gateway
from tests.fake_engine import FakeEngine
from tests.fake_telegram.server import BOT, FakeTelegram
from tests.running_app import RunningApp, wait_until
from tests.telegram.conftest import ANA, BEN, answers, wait_for_texts

pytestmark = pytest.mark.usefixtures("app")


def test_a_question_is_answered_with_a_keyboard(telegram: FakeTelegram, engine: FakeEngine) -> None:
    telegram.say(ANA, "When do I apply?")
    assert wait_for_texts(telegram, ANA, 1) == ["You said: When do I apply?"]
    (message,) = telegram.chat(ANA)
    (button,) = message["reply_markup"]["inline_keyboard"][0]
    assert button["text"] == "What does it cost?"
    assert engine.metadata()[0] | {"message_id": ""} == {"message_id": "", "channel": "telegram", "locale": "en"}


def test_the_menu_of_commands_is_set(telegram: FakeTelegram) -> None:
    names = [command["command"] for command in telegram.commands]
    assert names == [
        "start",
        "help",
        "programs",
        "timeline",
        "compare",
        "cost",
        "profile",
        "reminders",
        "human",
        "forget",
    ]


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("/start", "/greet"),
        ("/help", "/help"),
        ("/programs", "/search_programs"),
        ("/timeline", "/plan_timeline"),
        ("/compare", "/compare_programs"),
        ("/cost", "/estimate_cost"),
        ("/profile", "/show_profile"),
        ("/reminders", '/set_reminder{"reminder": "list"}'),
        ("/human", "/request_human"),
        ("/forget@rotation_sample_bot", "/forget_me"),
        ("/programs cardiology in Texas", "cardiology in Texas"),
        ("/start visa", "/faq_visa"),
        ("/start faq_cost", "/faq_cost"),
        ("/start mayo-clinic-electives", '/ask_program{"program": "mayo-clinic-electives"}'),
        ("/start link-ABCDEFGHJK", '/set_reminder{"reminder": "link-ABCDEFGHJK"}'),
        ("/start x", "/greet"),
        ('/faq_cost{"career_stage": "student"}', 'faq_cost{"career_stage": "student"}'),
        ("/no_such_command", "no_such_command"),
    ],
)
def test_commands_and_deep_links_reach_the_engine(
    telegram: FakeTelegram, engine: FakeEngine, typed: str, asked: str
) -> None:
    telegram.say(ANA, typed)
    wait_until(lambda: bool(engine.turns()))  # On busy cores the line about a delay may come before it.
    assert engine.turns() == [asked]


def test_a_pressed_button_is_answered_at_once_and_carries_its_payload(
    telegram: FakeTelegram, engine: FakeEngine
) -> None:
    telegram.say(ANA, "hello")
    wait_for_texts(telegram, ANA, 1)
    telegram.press(ANA, "What does it cost?")
    assert wait_for_texts(telegram, ANA, 2)[1] == "You said: /faq_cost"
    assert engine.turns() == ["hello", "/faq_cost"]
    (pressed,) = telegram.called("answerCallbackQuery")
    assert pressed.at < telegram.called("sendMessage")[1].at


def test_a_button_works_after_a_restart_and_only_in_its_own_chat(
    telegram: FakeTelegram, engine: FakeEngine, app: RunningApp
) -> None:
    telegram.say(ANA, "hello")
    wait_for_texts(telegram, ANA, 1)
    app.stop()
    app.start()
    telegram.press(ANA, "What does it cost?")
    wait_for_texts(telegram, ANA, 2)
    assert engine.turns() == ["hello", "/faq_cost"]
    telegram.say(BEN, "hello")
    wait_for_texts(telegram, BEN, 1)
    foreign = telegram.chat(ANA)[0]["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    telegram.press_data(BEN, telegram.chat(BEN)[0], foreign)
    assert "too old" in wait_for_texts(telegram, BEN, 2)[1]
    telegram.press_data(BEN, telegram.chat(BEN)[0], '/forget_me{"confirmed": "yes"}')
    assert "too old" in wait_for_texts(telegram, BEN, 3)[2]


def test_every_part_of_a_reply_arrives_in_order(telegram: FakeTelegram) -> None:
    telegram.say(ANA, "everything")
    wait_until(lambda: len(telegram.chat(ANA)) >= 6)
    sent = [call.method for call in telegram.calls if call.method.startswith("send")]
    assert [method for method in sent if method != "sendChatAction"] == ["sendMessage"] * 6
    rows = telegram.chat(ANA)[-1]["reply_markup"]["inline_keyboard"]
    assert [button["text"] for button in rows[0]] == ["1", "2"]
    assert all(len(button.get("callback_data", "x").encode()) <= 64 for row in rows for button in row)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (
            {
                "sticker": {
                    "file_id": "s",
                    "file_unique_id": "s",
                    "type": "regular",
                    "width": 1,
                    "height": 1,
                    "is_animated": False,
                    "is_video": False,
                }
            },
            "sticker",
        ),
        ({"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}}, "voice"),
        ({"photo": [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]}, "pictures"),
        ({"document": {"file_id": "d", "file_unique_id": "d"}}, "files"),
        ({"location": {"latitude": 1.0, "longitude": 2.0}}, "locations"),
        ({"dice": {"emoji": "🎲", "value": 4}}, "this kind of message"),
    ],
)
def test_what_cannot_be_read_gets_a_kind_line(
    telegram: FakeTelegram, engine: FakeEngine, content: dict[str, object], line: str
) -> None:
    telegram.message(ANA, **content)
    assert line in wait_for_texts(telegram, ANA, 1)[0]
    assert engine.turns() == []


def test_an_album_gets_one_line(telegram: FakeTelegram) -> None:
    photo = [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]
    for _ in range(3):
        telegram.message(ANA, photo=photo, media_group_id="album")
    telegram.say(ANA, "hello")
    assert len(wait_for_texts(telegram, ANA, 2)) == 2


def test_the_same_update_twice_is_one_turn(telegram: FakeTelegram, engine: FakeEngine) -> None:
    sent = telegram.update(
        message={
            "message_id": 5000,
            "date": int(time.time()),
            "text": "once",
            "chat": {"id": ANA, "type": "private", "first_name": "Sample"},
            "from": {"id": ANA, "is_bot": False, "first_name": "Sample"},
        }
    )
    telegram._chats[ANA][5000] = {"message_id": 5000, "from": {"is_bot": False}}
    wait_for_texts(telegram, ANA, 1)
    telegram.update(message=sent["message"])
    telegram.say(ANA, "next")
    wait_for_texts(telegram, ANA, 2)
    assert engine.turns() == ["once", "next"]


def test_an_edited_message_is_answered_anew_unless_its_words_are_the_same(
    telegram: FakeTelegram, engine: FakeEngine
) -> None:
    number = telegram.say(ANA, "cost of electives")
    wait_for_texts(telegram, ANA, 1)
    telegram.say(ANA, "cost of electives", kind="edited_message", message_id=number, edit_date=int(time.time()))
    telegram.say(ANA, "cost of observerships", kind="edited_message", message_id=number, edit_date=int(time.time()) + 1)
    wait_for_texts(telegram, ANA, 2)
    assert engine.turns() == ["cost of electives", "cost of observerships"]


def test_in_a_group_only_a_mention_or_a_reply_is_answered(telegram: FakeTelegram, engine: FakeEngine) -> None:
    group = -500
    telegram.say(group, "nobody asked the bot")
    telegram.say(group, f"@{BOT['username']} do I need a visa?")
    wait_for_texts(telegram, group, 1)
    answer = telegram.chat(group)[0]
    telegram.say(group, "and the cost?", reply_to_message=answer)
    telegram.say(group, "/start")
    telegram.say(group, f"/help@{BOT['username']}")
    wait_for_texts(telegram, group, 3)
    assert engine.turns() == ["do I need a visa?", "and the cost?", "/help"]


def test_typing_is_shown_while_an_answer_takes_long(
    telegram: FakeTelegram, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "TYPING_AFTER", 60.0)
    telegram.say(ANA, "hello")
    wait_for_texts(telegram, ANA, 1)
    assert telegram.called("sendChatAction") == []
    monkeypatch.setattr(gateway, "TYPING_AFTER", 0.1)
    telegram.say(ANA, "held question")
    wait_until(lambda: bool(telegram.called("sendChatAction")))
    assert len(telegram.texts(ANA)) == 1
    engine.release()
    wait_for_texts(telegram, ANA, 2)
    assert telegram.called("sendChatAction")[0].params["action"] == "typing"


def test_two_messages_of_one_chat_stay_in_order_while_others_go_on(telegram: FakeTelegram) -> None:
    telegram.say(ANA, "slow first")
    telegram.say(ANA, "second")
    telegram.say(BEN, "hello")
    wait_for_texts(telegram, BEN, 1)
    assert telegram.chat(ANA) == []
    wait_until(lambda: len(answers(telegram, ANA)) == 2)
    assert answers(telegram, ANA) == ["You said: slow first", "You said: second"]


def test_a_turned_page_takes_the_place_of_the_page(telegram: FakeTelegram, app: RunningApp) -> None:
    telegram.say(ANA, "hello")
    wait_for_texts(telegram, ANA, 1)
    message = telegram.chat(ANA)[0]
    more = ShownButton('/refine_search{"page": "next"}', "More")
    with app.database.unit() as session:
        TelegramOutbox(session, datetime.now(UTC)).remember_buttons(f"tg:{ANA}", {"token": more})
    telegram.press_data(ANA, message, "token")
    wait_until(lambda: telegram.texts(ANA) == ['You said: /refine_search{"page": "next"}'])


def test_a_page_that_is_gone_is_sent_anew(telegram: FakeTelegram, app: RunningApp) -> None:
    telegram.say(ANA, "hello")
    wait_for_texts(telegram, ANA, 1)
    with app.database.unit() as session:
        previous = ShownButton('/refine_search{"page": "previous"}', "Previous")
        TelegramOutbox(session, datetime.now(UTC)).remember_buttons(f"tg:{ANA}", {"token": previous})
    telegram.press_data(ANA, {**telegram.chat(ANA)[0], "message_id": 99999}, "token")
    assert len(wait_for_texts(telegram, ANA, 2)) == 2
    assert telegram.expect_refusals() == ["editMessageText: Bad Request: message to edit not found"]


def test_hostile_words_come_back_as_words(telegram: FakeTelegram) -> None:
    said = "<b>hi</b> & </a> **x** <script>alert(1)</script> \u202e &amp; `"
    telegram.say(ANA, said)
    (text,) = wait_for_texts(telegram, ANA, 1)
    assert "<b>hi</b> & </a> x <script>alert(1)</script>" in text


def test_very_long_answers_are_split(telegram: FakeTelegram) -> None:
    telegram.say(ANA, "word & " * 280)
    (text,) = wait_for_texts(telegram, ANA, 1)
    assert "word & word" in text


def test_the_question_shows_what_was_chosen(telegram: FakeTelegram, engine: FakeEngine) -> None:
    telegram.say(ANA, "shall I?")
    wait_for_texts(telegram, ANA, 1)
    telegram.press(ANA, "What does it cost?")
    wait_for_texts(telegram, ANA, 2)
    first = telegram.chat(ANA)[0]
    assert first["text"].endswith("✓ What does it cost?")
    assert "reply_markup" not in first


def test_forgetting_says_so_and_leaves_nothing(telegram: FakeTelegram, app: RunningApp) -> None:
    from sqlalchemy import inspect, text

    telegram.say(ANA, "hello")
    wait_for_texts(telegram, ANA, 1)
    telegram.say(ANA, "forget")
    # By the engine's words, or by the worker's where the work took longer on busy cores.
    assert any(words in wait_for_texts(telegram, ANA, 2)[1] for words in ("All gone.", "has been deleted"))
    time.sleep(0.5)
    with app.database.engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            rows = connection.execute(text(f'select * from "{table}"')).mappings().all()
            assert f"tg:{ANA}" not in json.dumps([dict(row) for row in rows], default=str), table
    telegram.say(ANA, "hello again")
    assert wait_for_texts(telegram, ANA, 3)[2] == "You said: hello again"
