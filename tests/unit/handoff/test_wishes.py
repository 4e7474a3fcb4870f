"""What a message means while a talk waits for a person."""

from __future__ import annotations

import pytest

from bot.delivery.redaction import first_address, redact
from bot.handoff.wishes import declines, wants_address_gone, wants_all_gone
from tests.unit.extractor import message


@pytest.mark.parametrize(
    "text",
    ["no", "Skip", "skip this please", "No, thanks!", "rather not", "I\u2019d rather not", "none", "no e-mail please"],
)
def test_a_no_is_a_no(text: str) -> None:
    assert declines(message(text))


@pytest.mark.parametrize("text", ["no visa yet", "which programs have no fee", "skip that, what does it cost?", ""])
def test_other_words_are_no_answer(text: str) -> None:
    assert not declines(message(text))


@pytest.mark.parametrize("text", ["delete my e-mail", "please remove my email address", "Forget the E-Mail I gave you"])
def test_the_address_shall_go(text: str) -> None:
    assert wants_address_gone(text)


@pytest.mark.parametrize("text", ["my e-mail is [e-mail]", "forget me", "how do I email a program?"])
def test_the_address_may_stay(text: str) -> None:
    assert not wants_address_gone(text)


@pytest.mark.parametrize(
    "text",
    ["forget me", "Please forget everything", "delete all of my data", "erase this conversation"],
)
def test_somebody_wants_to_be_forgotten(text: str) -> None:
    assert wants_all_gone(text)


@pytest.mark.parametrize("text", ["don't forget the documents", "remove Texas from my search", "delete my e-mail"])
def test_everything_may_stay(text: str) -> None:
    assert not wants_all_gone(text)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("a.b+c@mail.example.org", "a.b+c@mail.example.org"),
        ("Write to ana@example.com, or ben@example.com.", "ana@example.com"),
        ("ana at example dot com", "ana@example.com"),
        ("ana [at] example [dot] com please", "ana@example.com"),
        ("I am at Yale", ""),
        ("@ana on Telegram", ""),
    ],
)
def test_the_address_is_found_where_redaction_finds_one(text: str, address: str) -> None:
    assert first_address(text) == address
    assert ("[e-mail]" in redact(text)) is bool(address)
