"""What the bot knows about a person: shown on request, deleted on request."""

from __future__ import annotations

from typing import Any

from actions.base import BotAction
from actions.turn import Outcome, Turn
from bot.linking.service import is_linked
from bot.reply.parts import Notice, Reply

LINES = {
    "career_stage": "utter_profile_career_stage",
    "graduation_year": "utter_profile_graduation_year",
    "specialties": "utter_profile_specialties",
    "states": "utter_profile_states",
    "rotation_types": "utter_profile_rotation_types",
    "budget_usd_per_4_weeks": "utter_profile_budget",
    "start_month": "utter_profile_start_month",
    "weeks": "utter_profile_weeks",
    "visa_status": "utter_profile_visa_status",
    "step1": "utter_profile_step1",
    "step2ck": "utter_profile_step2ck",
    "english_test": "utter_profile_english_test",
    "route": "utter_profile_route",
    "goal": "utter_profile_goal",
    "nationality": "utter_profile_nationality",
    "home_school": "utter_profile_home_school",
    "consulate": "utter_profile_consulate",
}
WAITS = ((30, "utter_profile_wait_months"), (7, "utter_profile_wait_weeks"), (1, "utter_profile_wait_days"))
"""How a wait is said: in the largest unit, in days, that fits."""


class ActionShowProfile(BotAction):
    """Shows everything that is known about the person."""

    def name(self) -> str:
        return "action_show_profile"

    def answer(self, turn: Turn) -> Outcome:
        """One line per known fact, and how to change or delete it."""
        known = {name: value for name, value in turn.profile.to_slots().items() if value}
        if not known:
            return Outcome(turn.responses.reply("utter_profile_empty"))
        lines = [_line(turn, name, value) for name, value in known.items()]
        return Outcome(turn.responses.reply("utter_profile", lines="\n".join(f"- {line}" for line in lines)))


class ActionForgetMe(BotAction):
    """Deletes everything about the person, after asking once."""

    task = "forget"
    lapses = True

    def name(self) -> str:
        return "action_forget_me"

    def answer(self, turn: Turn) -> Outcome:
        """Asks first; on a yes the gateway is asked to erase, on anything else nothing is deleted."""
        if turn.message.first("confirmed") or (turn.asked == "confirmed" and turn.message.intent == "affirm"):
            gone = Reply((Notice(turn.responses.text("utter_forgotten"), effect="erase"),))
            return Outcome(gone, {"task": None, "asked": None})
        if turn.asked == "confirmed" and turn.message.intent != "forget_me":
            return Outcome(turn.responses.reply("utter_forget_kept"), {"task": None, "asked": None})
        with turn.container.database.unit() as session:
            key = "utter_forget_confirm_linked" if is_linked(session, turn.conversation) else "utter_forget_confirm"
        return Outcome(turn.responses.reply(key), {"task": "forget", "asked": "confirmed"})


def _line(turn: Turn, name: str, value: Any) -> str:
    if name == "consulate_wait_days":
        unit, key = next((unit, key) for unit, key in WAITS if value % unit == 0)
        return turn.responses.text(key, value=value // unit)
    return turn.responses.text(LINES[name], value=_plain(value))


def _plain(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.2f}".removesuffix(".00")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
