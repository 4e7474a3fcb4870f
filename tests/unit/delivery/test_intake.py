"""Raw input becomes something that is safe to keep and to ask."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.commands import COMMANDS
from bot.delivery.intake import LONGEST_TEXT, Intake, clean, read_payload, read_text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("  When do I apply? ", "When do I apply?"),
        ("/faq_cost", "faq_cost"),
        ('/inform{"states": "TX"}', 'inform{"states": "TX"}'),
        (" \t/ //faq_cost@1.0", "faq_cost@1.0"),
        ("/\u2003/\u00a0/faq_visa", "faq_visa"),
        ("\x00/faq_visa", "faq_visa"),
        ("\ufeff/faq_visa", "faq_visa"),
        ("\u200b\uff0ffaq_visa", "faq_visa"),
        ("a\x00b\x07c\x1b[31m", "abc[31m"),
        ("half \ud800 emoji", "half  emoji"),
        ("two\nlines\there", "two\nlines\there"),
        ("👩🏽‍⚕️👍", "👩🏽‍⚕️👍"),
        ("ما هي التكلفة؟", "ما هي التكلفة؟"),
        ("1/2 a week", "1/2 a week"),
        ("mail me: a@b.org", "mail me: [e-mail]"),
        ("/session_start", "session_start"),
    ],
)
def test_typed_text_is_cleaned_and_never_a_hidden_command(raw: str, text: str) -> None:
    assert read_text(raw) == Intake(text, text)


@pytest.mark.parametrize(
    ("raw", "intent", "shown"),
    [
        ("/help", "/help", "/help"),
        ("/START deep-link", "/greet", "/START"),
        (" /forget ", "/forget_me", "/forget"),
        ("/profile", "/show_profile", "/profile"),
        ("/restart", "/restart", "/restart"),
    ],
)
def test_known_commands_become_intents(raw: str, intent: str, shown: str) -> None:
    assert read_text(raw) == Intake(intent, shown)


@pytest.mark.parametrize("raw", ["", " \n\t ", "\x00\x01", "/", " / // "])
def test_nothing_is_a_problem_called_empty(raw: str) -> None:
    assert read_text(raw).problem == "empty"


def test_too_long_text_is_cut_and_redacted_before_the_cut() -> None:
    mail = "ana.silva@med.example.edu"
    read = read_text("x" * (LONGEST_TEXT - 10) + " " + mail + " y" * 5_000)
    assert (read.problem, len(read.text)) == ("too_long", LONGEST_TEXT)
    assert "ana" not in read.text


def test_a_button_that_we_showed_carries_its_payload_and_shows_its_title() -> None:
    assert read_payload("/faq_cost", {"/faq_cost": "What does it cost?"}.get) == Intake(
        "/faq_cost", "What does it cost?"
    )


def test_a_button_that_we_never_showed_is_only_text() -> None:
    assert read_payload('/forget_me{"a": 1}', {}.get) == Intake('forget_me{"a": 1}', 'forget_me{"a": 1}')


@given(st.text(st.characters(), max_size=300))
def test_whatever_comes_can_be_stored_and_is_no_intent(raw: str) -> None:
    read = read_text(raw)
    read.text.encode("utf8")
    assert "\x00" not in read.text
    assert not read.text.startswith("/") or read.text in {command.payload for command in COMMANDS.values()}


@given(st.text(max_size=200))
def test_cleaning_is_done_after_one_pass(raw: str) -> None:
    assert clean(clean(raw)) == clean(raw)
