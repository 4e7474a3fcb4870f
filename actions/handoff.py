"""Somebody wants a person: put on the staff's list, told honestly what happens now, and asked for an address."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from actions.base import BotAction, return_to_question
from actions.turn import Outcome, Turn
from bot.handoff import service
from bot.handoff.hours_words import hours_words
from bot.handoff.service import HandoffPolicy, HandoffWish
from bot.handoff.wishes import declines
from bot.reply.parts import Reply, Text

EMAIL = "handoff_email"


class ActionRequestHuman(BotAction):
    """Takes care of everything between a person and staff."""

    task = "handoff"
    lapses = True

    def name(self) -> str:
        return "action_request_human"

    def claims(self, turn: Turn) -> bool:
        """Only a plain yes or no answers the question for an address; the gateway notices an address itself."""
        return turn.asked == EMAIL and (turn.message.intent in ("affirm", "deny") or declines(turn.message))

    def answer(self, turn: Turn) -> Outcome:
        """What happens now, or what became of the address."""
        pressed = (turn.message.first("handoff") or "") if turn.message.is_button else ""
        if not pressed and turn.asked == EMAIL and turn.message.intent != "request_human":
            pressed = "ask" if turn.message.intent == "affirm" else "skip"
        with turn.container.database.unit() as session:
            return _Talk(session, turn).answer(pressed)


class _Talk:
    """One turn about staff, inside one unit of work."""

    def __init__(self, session: Session, turn: Turn) -> None:
        self.session = session
        self.turn = turn
        self.policy = HandoffPolicy.of(turn.container.settings)

    def answer(self, pressed: str) -> Outcome:
        conversation = self.turn.conversation
        match pressed:
            case "noted":
                return self._said("utter_handoff_email_noted", days=self.policy.contact_days)
            case "drop":
                is_gone = service.delete_address(self.session, conversation)
                return self._said("utter_handoff_email_deleted" if is_gone else "utter_handoff_email_none")
            case "skip":
                service.want_address(self.session, conversation, is_wanted=False)
                return self._said("utter_handoff_email_skipped")
            case "bot" if service.go_on_with_bot(self.session, conversation):
                return self._said("utter_handoff_bot_again")
            case "ask" if service.want_address(self.session, conversation, is_wanted=True):
                return self._asking(self.turn.responses.reply("utter_handoff_email_ask", days=self.policy.contact_days))
        asked = service.ask_for_person(self.session, self.policy, conversation, now=datetime.now(UTC))
        if asked is None:
            return Outcome(return_to_question(self.turn, self.turn.responses.reply("utter_request_human")))
        return self._listed(asked)

    def _listed(self, asked: HandoffWish) -> Outcome:
        responses = self.turn.responses
        if asked.is_taken:
            return self._said("utter_handoff_is_taken", name=asked.staff)
        key = "utter_handoff_asked" if asked.is_new else "utter_handoff_still_waiting"
        hours = hours_words(self.policy.hours, responses, now=self._now())
        told = "\n\n".join(filter(None, (responses.text(key), hours.text if hours else "")))
        if asked.has_address:
            return self._close(Reply((Text(told),), responses.buttons("utter_handoff_email_kept")))
        if not asked.is_new:
            return self._close(Reply((Text(told),), responses.buttons("utter_handoff_still_waiting")))
        service.want_address(self.session, self.turn.conversation, is_wanted=True)
        question = responses.reply("utter_handoff_email_ask", days=self.policy.contact_days)
        return self._asking(Reply((Text(told), *question.parts), question.suggestions))

    def _now(self) -> datetime:
        return datetime.combine(self.turn.today, datetime.now(UTC).time(), UTC)

    def _asking(self, reply: Reply) -> Outcome:
        return Outcome(reply, {"task": "handoff", "asked": EMAIL})

    def _said(self, key: str, **values: object) -> Outcome:
        return self._close(self.turn.responses.reply(key, **values))

    def _close(self, reply: Reply) -> Outcome:
        """The end of the matter; another task's open question comes back."""
        if self.turn.task == "handoff":
            return Outcome(reply, {"task": None, "asked": None})
        return Outcome(return_to_question(self.turn, reply))
