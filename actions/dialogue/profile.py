"""What the bot knows about a person: shown on request, deleted on request."""

from __future__ import annotations

from actions.base import BotAction
from actions.dialogue.known import exams_ahead, fact_line
from actions.timeline.subject import graduation_words, wish_of
from actions.turn import Outcome, Turn
from bot.costs.estimate import Inquiry
from bot.dialogue.slots import from_slot
from bot.dialogue.state import FALLBACK
from bot.linking.service import is_linked
from bot.reply.parts import Reply


class ActionShowProfile(BotAction):
    """Shows everything that is known about the person."""

    def name(self) -> str:
        return "action_show_profile"

    def answer(self, turn: Turn) -> Outcome:
        """One line per known fact, and how to change or delete it."""
        known = {name: value for name, value in turn.profile.to_slots().items() if value}
        ahead = exams_ahead(turn, wish_of(turn).exam_days)
        lines = [ahead.get(name) or fact_line(turn, name, value) for name, value in known.items()]
        lines += _told_to_tasks(turn)
        if not lines:
            return Outcome(turn.responses.reply("utter_profile_empty"))
        return Outcome(turn.responses.reply("utter_profile", lines="\n".join(f"- {line}" for line in lines)))


def _told_to_tasks(turn: Turn) -> list[str]:
    """What was told for a sum or a plan, and is kept with it."""
    budget, match = from_slot(Inquiry, turn.slots.get("estimate")).budget, wish_of(turn).match_year
    told = {
        "utter_profile_budget_total": f"{budget:,.0f}" if budget else "",
        "utter_profile_match": match,
        "utter_profile_graduation": graduation_words(turn),
    }
    return [turn.responses.text(key, value=value) for key, value in told.items() if value]


class ActionForgetMe(BotAction):
    """Deletes everything about the person, after asking once."""

    task = "forget"
    lapses = True

    def name(self) -> str:
        return "action_forget_me"

    def claims(self, turn: Turn) -> bool:
        """Also what nobody could follow: it is no yes."""
        return super().claims(turn) or (turn.asked == "confirmed" and turn.message.intent == FALLBACK)

    def answer(self, turn: Turn) -> Outcome:
        """Asks first; on a yes the gateway is asked to erase, on anything else nothing is deleted."""
        if turn.message.first("confirmed") or (turn.asked == "confirmed" and turn.message.intent == "affirm"):
            gone = Reply((turn.responses.notice("utter_forgotten", effect="erase"),))
            return Outcome(gone, {"task": None, "asked": None})
        if turn.asked == "confirmed" and turn.message.intent != "forget_me":
            return Outcome(turn.responses.reply("utter_forget_kept"), {"task": None, "asked": None})
        with turn.container.database.unit() as session:
            key = "utter_forget_confirm_linked" if is_linked(session, turn.conversation) else "utter_forget_confirm"
        return Outcome(turn.responses.reply(key), {"task": "forget", "asked": "confirmed"})
