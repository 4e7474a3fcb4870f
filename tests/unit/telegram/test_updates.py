"""What can be told of an update without reading it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.telegram.updates import Pressed, Typed, Unreadable, at_home, excuse_for, is_numbered, is_supergroup, kind_of

CHAT = {"id": 71, "type": "private"}


@pytest.mark.parametrize(
    ("data", "is_one"),
    [
        ({"update_id": 7}, True),
        ({"update_id": 0, "message": None}, True),
        ({"update_id": "7"}, False),
        ({"update_id": -7}, False),
        ({"update_id": 2**63}, False),
        ({}, False),
        ([], False),
        ("update_id", False),
        (None, False),
    ],
)
def test_an_update_has_a_number(data: object, is_one: bool) -> None:
    assert is_numbered(data) is is_one


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({"update_id": 7, "message": {}}, "message"),
        ({"poll": {}, "update_id": 7}, "poll"),
        ({"update_id": 7, "my secret": {}}, ""),
        ({"update_id": 7, "a" * 41: {}}, ""),
        ({"update_id": 7}, ""),
        ([], ""),
        (None, ""),
    ],
)
def test_a_kind_is_a_name_and_nothing_else(data: object, kind: str) -> None:
    assert kind_of(data) == kind


def test_who_wrote_to_the_bot_alone_gets_an_excuse() -> None:
    wanted = Unreadable("tg:71", "m5", "message", "utter_telegram_other")
    assert excuse_for({"update_id": 7, "message": {"chat": CHAT, "message_id": 5, "text": 3}}) == wanted


@pytest.mark.parametrize(
    "data",
    [
        None,
        {"update_id": 7},
        {"message": []},
        {"message": {"chat": CHAT}},
        {"message": {"chat": 71, "message_id": 5}},
        {"message": {"chat": {"id": "71", "type": "private"}, "message_id": 5}},
        {"message": {"chat": {"id": -71, "type": "group"}, "message_id": 5}},
        {"callback_query": {"message": {"chat": CHAT, "message_id": 5}}},
    ],
)
def test_nobody_else_does(data: object) -> None:
    assert excuse_for(data) is None


def test_only_supergroups_may_have_been_groups() -> None:
    assert [is_supergroup(name) for name in ("tg:71", "tg:-71", "tg:-1000000000071")] == [False, False, True]


@pytest.mark.parametrize(
    ("sent", "changed"),
    [
        (Typed("tg:-1000000000071", "m5", "hi"), {"client_id": "m5@-1000000000071"}),
        (
            Typed("tg:-1000000000071", "m5e9", "hi", edits="m5"),
            {"client_id": "m5e9@-1000000000071", "edits": "m5@-1000000000071"},
        ),
        (Pressed("tg:-1000000000071", "c9", "token", 5), {"client_id": "c9@-1000000000071"}),
        (Unreadable("tg:-1000000000071", "m5", "dice", "key"), {"client_id": "m5@-1000000000071"}),
    ],
)
def test_a_message_of_a_supergroup_keeps_apart_from_those_of_the_group(
    sent: Typed | Pressed | Unreadable, changed: dict[str, str]
) -> None:
    assert at_home(sent, "tg:-71") == replace(sent, conversation="tg:-71", **changed)
