"""Views of the inbox that all staff share: filters under a name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.review.tables import SavedView
from bot.staff.audit import audit
from bot.staff.roles import Staff

MOST_VIEWS = 50


class ViewError(ValueError):
    """A view that cannot be saved; the text says why, for staff."""


def views(session: Session) -> list[SavedView]:
    """All saved views, by name."""
    return list(session.scalars(select(SavedView).order_by(SavedView.name)))


def save_view(session: Session, staff: Staff, name: str, query: str, *, now: datetime) -> None:
    """Keep filters under a name, for all staff; the same name replaces them.

    Raises:
        ViewError: the name is empty or too long, or there are too many views.
    """
    name = " ".join(name.split())
    if not 1 <= len(name) <= 60:
        raise ViewError("A view needs a name of 1 to 60 characters.")
    known = {view.name: view for view in views(session)}
    if name not in known and len(known) >= MOST_VIEWS:
        raise ViewError(f"There are {MOST_VIEWS} views already; delete one first.")
    before = {"query": known[name].query} if name in known else None
    if name in known:
        known[name].query, known[name].made_by, known[name].created_at = query, staff.name, now
    else:
        session.add(SavedView(name=name, query=query, made_by=staff.name, created_at=now))
    audit(session, staff, "save view", f"view {name}", before, {"query": query})


def delete_view(session: Session, staff: Staff, number: int) -> None:
    """Delete a saved view; nothing happens when it is gone already."""
    view = session.get(SavedView, number)
    if view is not None:
        session.delete(view)
        audit(session, staff, "delete view", f"view {view.name}", {"query": view.query}, None)
