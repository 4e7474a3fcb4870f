"""Nobody without the token reads a conversation, changes the engine, or speaks as a real person."""

from __future__ import annotations

from typing import Any

import pytest
from rotation_engine.access import Access

JSON = {"content-type": "application/json"}
KEY = "the key"
SOMEBODY_NEW = {"sender": "talk-1", "message": "hello"}
REST = ("POST", "/webhooks/rest/webhook")


def refusal(
    call: tuple[str, str],
    headers: dict[str, str] | None = None,
    *,
    token: str = "",
    body: Any = None,
    access: Access | None = None,
) -> int:
    return (access or Access(KEY)).refusal(*call, JSON if headers is None else headers, token=token, body=body)


@pytest.mark.parametrize(
    "call",
    [
        ("GET", "/conversations/web:1/tracker"),
        ("GET", "/conversations/web:1/story"),
        ("POST", "/conversations/web:1/messages"),
        ("POST", "/conversations/web:1/trigger_intent"),
        ("PUT", "/conversations/web:1/tracker/events"),
        ("PUT", "/model"),
        ("DELETE", "/model"),
        ("POST", "/model/train"),
        ("POST", "/model/predict"),
        ("POST", "/model/test/intents"),
        ("GET", "/domain"),
        ("GET", "/webhooks/rest/webhook"),
        ("POST", "/webhooks/rest/webhook/"),
        ("POST", "/somewhere/new"),
    ],
)
def test_what_reads_or_changes_needs_the_token(call: tuple[str, str]) -> None:
    assert refusal(call) == 401
    assert refusal(call, token="another key") == 401
    assert refusal(call, JSON | {"authorization": "Bearer another key"}) == 401
    assert refusal(call, token=KEY) == 0
    assert refusal(call, JSON | {"authorization": f"Bearer {KEY}"}) == 0


@pytest.mark.parametrize("call", [("GET", "/"), ("GET", "/version"), ("GET", "/status")])
def test_whether_it_is_up_is_no_secret(call: tuple[str, str]) -> None:
    assert refusal(call, {}, access=Access(KEY, is_closed=True)) == 0


@pytest.mark.parametrize("call", [REST, ("POST", "/model/parse")])
def test_somebody_new_may_ask_without_the_token_unless_the_engine_is_closed(call: tuple[str, str]) -> None:
    assert refusal(call, body=SOMEBODY_NEW) == 0
    assert refusal(call, body=SOMEBODY_NEW, access=Access(KEY, is_closed=True)) == 401
    assert refusal(call, body=SOMEBODY_NEW, access=Access(KEY, is_closed=True), token=KEY) == 0


@pytest.mark.parametrize("sender", ["web:6f1c", "tg:12345"])
def test_nobody_speaks_in_the_conversation_of_a_real_person_without_the_token(sender: str) -> None:
    body = {"sender": sender, "message": "what do you know about me?"}
    assert refusal(REST, body=body) == 401
    assert refusal(REST, body=body, token=KEY) == 0


@pytest.mark.parametrize(
    "headers",
    [{}, {"content-type": "text/plain"}, {"content-type": "application/x-www-form-urlencoded"}],
)
def test_a_form_of_another_website_is_refused_whatever_it_knows(headers: dict[str, str]) -> None:
    assert refusal(REST, headers, body=SOMEBODY_NEW) == 415
    assert refusal(REST, headers, body=SOMEBODY_NEW, access=Access("")) == 415
    assert refusal(("PUT", "/model"), headers, token=KEY) == 415


def test_a_page_that_took_our_name_is_refused() -> None:
    assert refusal(REST, JSON | {"origin": "http://rebound.example:5005"}, body=SOMEBODY_NEW) == 401


def test_json_may_name_its_encoding() -> None:
    assert refusal(REST, {"content-type": "application/json; charset=utf-8"}, body=SOMEBODY_NEW) == 0


def test_without_a_key_everything_is_open_to_json() -> None:
    assert refusal(("PUT", "/model"), access=Access("")) == 0
    assert refusal(("GET", "/conversations/web:1/tracker"), {}, access=Access("")) == 0


@pytest.mark.parametrize("body", [None, [], "web:1", 7, {"sender": None}, {"sender": 5}])
def test_a_body_that_is_no_message_breaks_nothing(body: Any) -> None:
    assert refusal(REST, body=body) == 0
