"""Looks after those who wait for a person: staff are told by mail, the bot speaks again when staff fall silent, and
addresses are deleted when their time is over. Every process may run one: the database hands out each task once.
Whoever listens here also sees that staff write whom another process serves."""

from __future__ import annotations

import asyncio
import smtplib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar

import structlog
from sqlalchemy.orm import Session

from bot.bootstrap import Container
from bot.db.base import Database
from bot.delivery.notifier import News, Notifier
from bot.handoff import agents, mail
from bot.handoff.service import HandoffPolicy
from bot.handoff.store import drop_old_contacts, silent_since, writing_since
from bot.reply.responses import Responses

log = structlog.get_logger(__name__)
T = TypeVar("T")


class HandoffWorker:
    """One round every few seconds."""

    every = 10.0  # seconds

    def __init__(self, container: Container, responses: Responses, notifier: Notifier) -> None:
        self._settings = container.settings
        self._database = container.database
        self._policy = HandoffPolicy.of(container.settings)
        self._responses = responses
        self._notifier = notifier

    async def round(self) -> bool:
        """Silences, mail, old addresses."""
        for conversation in await asyncio.to_thread(self.end_silences, datetime.now(UTC)):
            self._notifier.announce(conversation, News())
        await asyncio.to_thread(self.call_staff, datetime.now(UTC))
        await asyncio.to_thread(self._in_unit, lambda session: drop_old_contacts(session, datetime.now(UTC)))
        return False

    def end_silences(self, now: datetime) -> list[str]:
        """Give back to the bot what staff left; the conversations that have something new."""
        numbers = self._in_unit(lambda session: silent_since(session, now - self._policy.silence))
        ended = [self._in_unit(partial(self._end, number=number, now=now)) for number in numbers]
        return [conversation for conversation in ended if conversation]

    def call_staff(self, now: datetime) -> bool:
        """Send the mail that is due; whether one went out. What fails is due again later."""
        if not self._policy.sends_mail:
            return False
        call = self._in_unit(lambda session: mail.due_call(session, now))
        if call is None:
            return False
        try:
            mail.send(self._settings, mail.write(self._settings, self._responses, call))
        except (mail.MailRefusedError, OSError, smtplib.SMTPException) as error:
            log.warning("staff could not be told by mail", error=type(error).__name__, detail=str(error))
            return False
        self._in_unit(lambda session: mail.sent(session, call))
        return True

    def _end(self, session: Session, *, number: int, now: datetime) -> str | None:
        return agents.end_silence(session, self._responses, number, policy=self._policy, now=now)

    def _in_unit(self, work: Callable[[Session], T]) -> T:
        with self._database.unit() as session:
            return work(session)


class TypingWorker:
    """Shows to those who listen in this process that staff write, wherever that was noted."""

    every = 1.0  # seconds

    def __init__(self, database: Database, notifier: Notifier) -> None:
        self._database = database
        self._notifier = notifier

    async def round(self) -> bool:
        """A sign is shown until the round after the next, so that none falls between two."""
        if names := self._notifier.listened():
            since = datetime.now(UTC) - timedelta(seconds=2 * self.every)
            for conversation, name in (await asyncio.to_thread(self._writing, names, since)).items():
                self._notifier.whisper(conversation, News(typing=name))
        return False

    def _writing(self, conversations: list[str], since: datetime) -> dict[str, str]:
        with self._database.look() as session:
            return writing_since(session, conversations, since)
