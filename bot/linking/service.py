"""Links a talk on the website with a Telegram chat: a one-time code joins them, and from then on profile and plan are
the same in both. Every turn of a linked talk begins with what the others learned and ends by telling them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.delivery.telegram.store import bot_name
from bot.dialogue.profile import Profile
from bot.linking.store import drop_links, home_of, partners, telegram_of
from bot.linking.tables import Link, LinkCode, SharedProfile
from bot.timeline.store import find_plan, save_plan

VALID = timedelta(minutes=30)
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LETTERS = 10
TASK_SLOTS = (
    *("plan", "query", "estimate", "advice", "last_topic", "last_title", "last_question"),
    *(
        "last_results",
        "focus",
        "earlier",
        "discussed",
        "asked_of_program",
        "asked_of_it",
        "asked_for",
        "talked_of",
        "letters",
    ),
)
"""What the talk was about, which follows the person too; a question that is open does not."""
SHARED = (*Profile().to_slots(), *TASK_SLOTS)


@dataclass(frozen=True)
class Invitation:
    """A new code, the bot that takes it, and until when (aware UTC)."""

    code: str
    bot: str
    until: datetime


@dataclass(frozen=True)
class Linked:
    """What came over: slots to be set, and whether a plan came with them."""

    slots: dict[str, Any]
    has_plan: bool


def invite(session: Session, web: str, slots: Mapping[str, Any], *, now: datetime) -> Invitation | None:
    """A code for a website conversation; None when no Telegram bot runs."""
    bot = bot_name(session)
    if not bot:
        return None
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LETTERS))
    kept = {name: slots[name] for name in SHARED if slots.get(name) not in (None, [], "")}
    session.add(LinkCode(code=code, conversation_id=web, slots=kept, expires_at=now + VALID, used_by=""))
    return Invitation(code, bot, now + VALID)


def redeem(session: Session, telegram: str, code: str, *, slots: Mapping[str, Any], now: datetime) -> Linked | None:
    """Link with the conversation that the code was made in; None when the code is wrong, used or too old.

    `slots` is what is known in the chat; where both know something, the website's is newer.

    The same chat may redeem its code again: a message that is delivered twice links once.
    """
    row = session.get(LinkCode, code.strip().upper(), with_for_update=True)
    if row is None or row.used_by not in ("", telegram) or (not row.used_by and row.expires_at <= now):
        return None
    if not row.used_by:
        row.used_by = telegram
        session.merge(Link(web=row.conversation_id, telegram=telegram, created_at=now))
        known = {name: slots.get(name) for name in SHARED} | shared_slots(session, telegram) | dict(row.slots)
        session.merge(SharedProfile(home=telegram, slots=known))
    return Linked(dict(row.slots), _copy_plan(session, row.conversation_id, telegram, now=now))


def shared_slots(session: Session, conversation: str) -> dict[str, Any]:
    """What is known about the person in all linked talks; empty for a talk without a link."""
    home = home_of(session, conversation)
    row = session.get(SharedProfile, home) if home else None
    return dict(row.slots) if row else {}


def share(session: Session, conversation: str, changed: Mapping[str, Any], *, now: datetime) -> None:
    """Tell the linked talks what a turn changed, its plan too; a code that nobody used yet carries it as well."""
    unused = (LinkCode.conversation_id == conversation, LinkCode.used_by == "")
    for code in session.scalars(select(LinkCode).where(*unused)):
        code.slots = {**code.slots, **changed}
    home = home_of(session, conversation)
    row = session.get(SharedProfile, home, with_for_update=True) if home else None
    if row is not None:
        row.slots = {**row.slots, **changed}
    if "plan" in changed:
        for partner in partners(session, conversation):
            _copy_plan(session, conversation, partner, now=now)


def is_linked(session: Session, conversation: str) -> bool:
    """Whether a conversation has a partner."""
    return bool(partners(session, conversation))


def unlink(session: Session, conversation: str) -> None:
    """End the links of a conversation; what was said stays in each of the talks."""
    drop_links(session, conversation)


def _copy_plan(session: Session, source: str, target: str, *, now: datetime) -> bool:
    plan = find_plan(session, source)
    if plan is None:
        return False
    save_plan(
        session,
        target,
        computed=plan.computed,
        verdict=plan.verdict,
        title=plan.title,
        words=plan.words,
        steps=plan.steps,
        now=now,
    )
    return True


__all__ = [
    "SHARED",
    "Invitation",
    "Linked",
    "invite",
    "is_linked",
    "partners",
    "redeem",
    "share",
    "shared_slots",
    "telegram_of",
    "unlink",
]
