"""What becomes of a message to staff on its way into the inbox, before anything is stored or asked.

An address that was asked for is kept apart, encrypted; what is said to a person who has taken over the talk does not
go to the engine, and neither does the word on whether that talk helped.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot.delivery.intake import Intake, clean
from bot.delivery.reception import Received
from bot.delivery.redaction import first_address
from bot.encryption import Encryption
from bot.handoff.store import has_contact, open_handoff, put_contact, rate_last
from bot.handoff.tables import TAKEN
from bot.handoff.wishes import DROP, NOTED, wants_address_gone, wants_all_gone
from bot.reply.responses import Responses

LONGEST_ADDRESS = 254
RATINGS = {'/give_feedback{"handoff": "helped"}': "up", '/give_feedback{"handoff": "not_helped"}': "down"}
"""The buttons below `utter_handoff_closed`."""


class HandoffReception:
    """Looks at every message once, inside the unit of work that stores it."""

    def __init__(self, encryption: Encryption, responses: Responses) -> None:
        self._encryption, self._responses = encryption, responses

    def receive(self, session: Session, conversation: str, intake: Intake, *, typed: str, now: datetime) -> Received:
        """What becomes of a message; `typed` are the person's raw words, empty for a button."""
        typed = clean(typed)
        if (rating := RATINGS.get(intake.text)) and not typed and rate_last(session, conversation, rating):
            return Received(intake, reply=self._responses.reply("utter_handoff_rated"))
        if typed and wants_address_gone(typed) and has_contact(session, conversation):
            return Received(replace(intake, text=DROP, problem=""))
        row = open_handoff(session, conversation)
        if row is None:
            return Received(intake)
        if row.email_wanted and (address := first_address(typed)) and len(address) <= LONGEST_ADDRESS:
            put_contact(session, conversation, self._encryption.encrypt(address), now=now)
            return Received(replace(intake, text=NOTED, problem=""))
        return Received(intake, is_held=row.state == TAKEN and _is_for_staff(intake, typed))


def _is_for_staff(intake: Intake, typed: str) -> bool:
    """Commands and buttons are addressed to the bot, and so is the wish to be forgotten."""
    return bool(typed) and not (intake.problem or intake.text.startswith("/") or wants_all_gone(typed))
