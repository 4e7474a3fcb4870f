"""Tells staff by mail that somebody waits: one mail for each wish, several of the same moment in one, tried again.

Nothing of what was said is in it, only how many wait and where to read. A process may die between the server taking a
mail and our writing it down; what is then sent again has the id of the first, so that mailboxes drop it.
"""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

from sqlalchemy.orm import Session

from bot.handoff.store import mark_mailed, open_handoffs, unmailed
from bot.handoff.tables import WAITING
from bot.reply.responses import Responses
from bot.settings import Settings

PLACE = "/staff/handoff"
MOST_ATTEMPTS = 20
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
TIMEOUT_SECONDS = 15.0
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class MailRefusedError(Exception):
    """The settings do not allow to send, or the server will not take the mail."""


@dataclass(frozen=True)
class Call:
    """A mail to be sent: the handoffs that it tells of, how many people wait, and an `id` made of these handoffs."""

    numbers: tuple[int, ...]
    waiting: int
    id: str


def due_call(session: Session, now: datetime) -> Call | None:
    """The mail that is due; until `sent` it is due again after a pause that grows, and one day given up."""
    rows = unmailed(session)
    if not any(row.mail_due_at and row.mail_due_at <= now for row in rows):
        return None
    for row in rows:
        pause = min(FIRST_PAUSE * 2**row.mail_attempts, LONGEST_PAUSE)
        row.mail_attempts += 1
        row.mail_due_at = now + pause if row.mail_attempts < MOST_ATTEMPTS else None
    told = "\n".join(f"{row.id} {row.asked_at.isoformat()}" for row in rows)
    return Call(
        numbers=tuple(row.id for row in rows),
        waiting=sum(row.state == WAITING for row in open_handoffs(session)),
        id=hashlib.blake2b(told.encode(), digest_size=16).hexdigest(),
    )


def sent(session: Session, call: Call) -> None:
    """The server has taken the mail."""
    mark_mailed(session, call.numbers)


def write(settings: Settings, responses: Responses, call: Call) -> EmailMessage:
    """The mail itself."""
    mail = EmailMessage()
    mail["From"] = settings.smtp_from or settings.smtp_to.split(",")[0].strip()
    mail["To"] = settings.smtp_to
    mail["Subject"] = responses.text("utter_handoff_mail_subject", count=call.waiting)
    mail["Date"] = formatdate()
    mail["Message-ID"] = f"<{call.id}@{urlsplit(settings.base_url).hostname}>"
    mail["Auto-Submitted"] = "auto-generated"
    link = settings.base_url + PLACE
    mail.set_content(responses.text("utter_handoff_mail_body", count=call.waiting, link=link))
    return mail


def send(settings: Settings, mail: EmailMessage) -> None:
    """Hand the mail to the server. Blocks; a password travels encrypted, or to this machine only.

    Raises:
        MailRefusedError, OSError, smtplib.SMTPException: it was not taken.
    """
    address = urlsplit(settings.smtp_url)
    host, is_safe = address.hostname or "localhost", address.scheme == "smtps"
    with _connect(host, address.port, is_safe=is_safe) as server:
        if not is_safe and host not in LOOPBACK:
            with suppress(smtplib.SMTPNotSupportedError):
                server.starttls(context=ssl.create_default_context())
                is_safe = True
        if address.username:
            if not (is_safe or host in LOOPBACK):
                raise MailRefusedError("the server offers no encryption, so the password is not sent")
            server.login(unquote(address.username), unquote(address.password or ""))
        server.send_message(mail)


def _connect(host: str, port: int | None, *, is_safe: bool) -> smtplib.SMTP:
    if is_safe:
        return smtplib.SMTP_SSL(
            host, port or smtplib.SMTP_SSL_PORT, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
        )
    return smtplib.SMTP(host, port or smtplib.SMTP_PORT, timeout=TIMEOUT_SECONDS)
