"""The audit log: who did what and when, to be read and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from bot.bounds import Number, read_day
from bot.console.access import Role, Staff, requires
from bot.console.context import console_of
from bot.console.rendering import page
from bot.staff.store import audit_choices, audit_entries

router = APIRouter()
PAGE = 50


@router.get("/audit")
def show(
    request: Request,
    _: Annotated[Staff, requires(Role.ADMIN)],
    who: str = "",
    action: str = "",
    subject: str = "",
    since: str = "",
    until: str = "",
    before: Number | None = None,
) -> Response:
    """The newest entries that fit the wishes; a day that cannot be read is no wish."""
    first, last = _day(since), _day(until)
    with console_of(request).database.unit() as session:
        entries = audit_entries(
            session,
            who=who,
            action=action,
            subject=subject.strip(),
            since=first,
            until=last + timedelta(days=1) if last else None,
            before_id=before,
            limit=PAGE + 1,
        )
        names, actions = audit_choices(session)
    wishes = {"who": who, "action": action, "subject": subject, "since": since, "until": until}
    older = urlencode({**wishes, "before": entries[PAGE - 1].id}) if len(entries) > PAGE else ""
    return page(
        request,
        "audit.html",
        entries=entries[:PAGE],
        names=names,
        actions=actions,
        wishes=wishes,
        older=older,
        is_first=before is None,
    )


def _day(text: str) -> datetime | None:
    day = read_day(text)
    return datetime.combine(day, time(), UTC) if day else None
