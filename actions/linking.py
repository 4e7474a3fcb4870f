"""Carrying on elsewhere: a code on the website, redeemed on Telegram, and the end of such a link."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from actions.base import return_to_question
from actions.turn import Outcome, Turn
from bot.linking import service as linking
from bot.reply.parts import Reply, Text

LINK, UNLINK, CODE = "link", "unlink", "link-"


def is_about_links(pressed: str) -> bool:
    """Whether a button or a deep link is about linking."""
    return pressed in (LINK, UNLINK) or pressed.startswith(CODE)


def answer_link(session: Session, turn: Turn, pressed: str) -> Outcome:
    """The link redeemed, shown or ended."""
    responses = turn.responses
    if pressed.startswith(CODE):
        return _redeem(session, turn, pressed.removeprefix(CODE))
    if pressed == UNLINK:
        linking.unlink(session, turn.conversation)
        return Outcome(return_to_question(turn, responses.reply("utter_link_ended")))
    if linking.is_linked(session, turn.conversation):
        return Outcome(responses.reply("utter_link_shown"))
    if turn.channel == "telegram":
        return Outcome(responses.reply("utter_link_none"))
    return invite(session, turn)


def invite(session: Session, turn: Turn) -> Outcome:
    """A code for Telegram; where no bot runs, the calendar is the way."""
    made = linking.invite(session, turn.conversation, turn.slots, now=datetime.now(UTC))
    if made is None:
        return Outcome(return_to_question(turn, turn.responses.reply("utter_reminder_no_telegram")))
    values = {"code": made.code, "bot": made.bot, "until": f"{made.until:%H:%M}"}
    key = "utter_reminder_only_telegram"
    return Outcome(Reply((Text(turn.responses.text(key, **values)),), turn.responses.buttons(key, **values)))


def _redeem(session: Session, turn: Turn, code: str) -> Outcome:
    """What was known on the website is known here from now on."""
    found = (
        linking.redeem(session, turn.conversation, code, slots=turn.slots, now=datetime.now(UTC))
        if turn.channel == "telegram"
        else None
    )
    if found is None:
        return Outcome(turn.responses.reply("utter_link_wrong"))
    plan = turn.responses.text("utter_link_with_plan") if found.has_plan else ""
    return Outcome(turn.responses.reply("utter_link_done", plan=plan), {**found.slots, "welcomed": True})
