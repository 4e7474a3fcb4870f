"""The commands that people may type ("/forget"), on every channel: one table, to which a new command is a line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """What a command means to the engine (`payload`), and the response that titles it in Telegram's menu.

    A command without a title is understood, but stands in no menu.
    """

    payload: str
    title: str = ""


COMMANDS = {
    "start": Command("/greet", "utter_telegram_command_start"),
    "help": Command("/help", "utter_telegram_command_help"),
    "programs": Command("/search_programs", "utter_telegram_command_programs"),
    "timeline": Command("/plan_timeline", "utter_telegram_command_timeline"),
    "compare": Command("/compare_programs", "utter_telegram_command_compare"),
    "cost": Command("/estimate_cost", "utter_telegram_command_cost"),
    "profile": Command("/show_profile", "utter_telegram_command_profile"),
    "reminders": Command('/set_reminder{"reminder": "list"}', "utter_telegram_command_reminders"),
    "human": Command("/request_human", "utter_telegram_command_human"),
    "forget": Command("/forget_me", "utter_telegram_command_forget"),
    "link": Command('/set_reminder{"reminder": "link"}'),
    "restart": Command("/restart"),
}
"""By name, in the order of the menu."""


def read_command(text: str) -> Command | None:
    """The command that a message begins with; None when it begins with none that we know."""
    name = text.split(maxsplit=1)[0] if text.startswith("/") else ""
    return COMMANDS.get(name.removeprefix("/").lower()) if name else None
