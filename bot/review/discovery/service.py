"""Discovery for staff: ask for a search, read what was found, act on many messages at once, take it back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from bot.review.discovery.store import newest_run
from bot.review.discovery.tables import QUEUED, RUNNING, Cluster, ClusterMember, DiscoveryRun
from bot.review.projection.reading import FAILED_TURN, HANDOFF
from bot.review.tables import ReviewMessage as Message

ALIVE = timedelta(minutes=5)
SHORTEST_TEXT = 2


class DiscoveryError(ValueError):
    """What was asked for cannot be done; the text says why, for staff."""


@dataclass(frozen=True)
class GroupMember:
    """A message with its place: `fit` is the cosine to the center of its group (or of the nearest one)."""

    id: int
    text: str
    received_at: datetime
    conversation_id: str
    cluster_id: int | None
    near_id: int | None
    fit: float
    x: float
    y: float


@dataclass(frozen=True)
class Group:
    """A cluster with what is still open in it, nearest to the center first."""

    cluster: Cluster
    members: tuple[GroupMember, ...]


def is_unresolved() -> list[ColumnElement[bool]]:
    """The conditions on messages that discovery looks at: not those of a broken turn or a wish for a person."""
    return [
        Message.trigger.not_in(("", HANDOFF, FAILED_TURN)),
        Message.review == "open",
        Message.kind == "typed",
        Message.trigger != "",  # said once more, so that the index of raised messages serves
        func.length(Message.text) >= SHORTEST_TEXT,
    ]


def open_messages(session: Session, *, most: int) -> list[Message]:
    """Messages that were not answered well and that nobody has looked at, newest first."""
    return list(session.scalars(select(Message).where(*is_unresolved()).order_by(Message.id.desc()).limit(most)))


def ask(session: Session, staff_name: str, now: datetime) -> DiscoveryRun:
    """A new run, to be started by `bot review discover <id>`.

    Raises:
        DiscoveryError: one is at work already.
    """
    if is_running(session, now):
        raise DiscoveryError("A search is running already; its result appears here.")
    run = DiscoveryRun(asked_by=staff_name, asked_at=now, beat_at=now)
    session.add(run)
    session.flush()
    return run


def is_due(session: Session, *, after: int, now: datetime) -> bool:
    """Whether at least `after` unresolved messages have come since the last search, and none is at work."""
    if is_running(session, now):
        return False
    seen = session.scalar(select(func.max(DiscoveryRun.newest_message))) or 0
    fresh = select(Message.id).where(*is_unresolved(), Message.id > seen).limit(after).subquery()
    return (session.scalar(select(func.count()).select_from(fresh)) or 0) >= after > 0


def groups(session: Session) -> list[Group]:
    """The groups of the newest run that still hold open messages, the most wanted first."""
    clusters = session.scalars(select(Cluster).where(Cluster.is_current).order_by(Cluster.people.desc(), Cluster.id))
    members = _members(session)
    found = (Group(row, tuple(m for m in members if m.cluster_id == row.id)) for row in clusters)
    return [group for group in found if group.members]


def group(session: Session, cluster_id: int) -> tuple[Group, tuple[GroupMember, ...]]:
    """One group, and the loose messages near it.

    Raises:
        DiscoveryError: there is none with this id.
    """
    row = session.get(Cluster, cluster_id)
    if row is None:
        raise DiscoveryError("This group does not exist (any more).")
    own = _members(session, ClusterMember.cluster_id == cluster_id)
    near = _members(session, ClusterMember.near_id == cluster_id)
    return Group(row, own), near


def loose(session: Session) -> tuple[GroupMember, ...]:
    """Open messages in no group, those nearest to one first."""
    return _members(session, ClusterMember.cluster_id.is_(None))


def chosen(session: Session, ids: Collection[int]) -> tuple[GroupMember, ...]:
    """The open ones among these messages, nearest to the center of their group first."""
    return _members(session, Message.id.in_(list(ids)))


def rename(session: Session, cluster_id: int, name: str) -> Cluster:
    """Gives a group a name by hand; it keeps it."""
    row = session.get(Cluster, cluster_id)
    name = " ".join(name.split())[:120]
    if row is None or not name:
        raise DiscoveryError("A group needs a name.")
    row.name = name
    return row


def _members(session: Session, *conditions: ColumnElement[bool]) -> tuple[GroupMember, ...]:
    rows = session.execute(
        select(
            Message.id,
            Message.text,
            Message.received_at,
            Message.conversation_id,
            ClusterMember.cluster_id,
            ClusterMember.near_id,
            ClusterMember.fit,
            ClusterMember.x,
            ClusterMember.y,
        )
        .join(ClusterMember, ClusterMember.message_id == Message.id)
        .where(*is_unresolved(), *conditions)
        .order_by(ClusterMember.fit.desc(), Message.id)
    )
    return tuple(GroupMember(*row) for row in rows)


def is_running(session: Session, now: datetime) -> bool:
    """Whether a search is at work; one that gave no sign of life for five minutes is not."""
    last = newest_run(session)
    return last is not None and last.status in (QUEUED, RUNNING) and now - last.beat_at < ALIVE


def total(session: Session) -> int:
    """How many open messages the newest search placed on the map."""
    rows = select(func.count()).join(ClusterMember, ClusterMember.message_id == Message.id).where(*is_unresolved())
    return session.scalar(rows.select_from(Message)) or 0
