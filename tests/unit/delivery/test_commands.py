"""Each command leads to an intent that exists, and has a title where it stands in the menu."""

from __future__ import annotations

import pytest

from bot.data_files import read_yaml
from bot.delivery.commands import COMMANDS, read_command
from bot.reply.responses import Responses
from bot.settings import ROOT

LONGEST_TITLE = 256  # Telegram's limit for a command's description

INTENTS = set(read_yaml(ROOT / "domain.yml")["intents"]) | {"restart"}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_means_something_and_its_title_can_be_said(name: str, responses: Responses) -> None:
    command = COMMANDS[name]
    assert command.payload.removeprefix("/").partition("{")[0] in INTENTS
    assert name.isalpha()
    assert name.islower()
    if command.title:
        assert 3 <= len(responses.text(command.title)) <= LONGEST_TITLE


@pytest.mark.parametrize("text", ["/forget", "/FORGET me please", "/forget\nnow"])
def test_a_command_is_read_at_the_beginning(text: str) -> None:
    assert read_command(text) is COMMANDS["forget"]


@pytest.mark.parametrize("text", ["", "/", "forget", "/forgetme", "please /forget", "/forget_me", '/greet{"a": 1}'])
def test_what_is_no_command_is_none(text: str) -> None:
    assert read_command(text) is None
