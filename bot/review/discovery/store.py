"""What is asked of the tables of discovery: the newest run, known vectors, and who belongs where."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.review.discovery.tables import ClusterMember, DiscoveryRun, MessageVector


def newest_run(session: Session) -> DiscoveryRun | None:
    """The last run that was asked for."""
    return session.scalar(select(DiscoveryRun).order_by(DiscoveryRun.id.desc()).limit(1))


def vectors_of(session: Session, messages: list[int]) -> dict[int, bytes]:
    """The known vectors of these messages."""
    found: dict[int, bytes] = {}
    for start in range(0, len(messages), 500):
        asked = MessageVector.message_id.in_(messages[start : start + 500])
        for message, vector in session.execute(select(MessageVector.message_id, MessageVector.vector).where(asked)):
            found[message] = vector
    return found


def members_by_cluster(session: Session) -> dict[int, set[int]]:
    """The messages of each group of the newest run."""
    found: dict[int, set[int]] = {}
    rows = select(ClusterMember.cluster_id, ClusterMember.message_id).where(ClusterMember.cluster_id.is_not(None))
    for cluster, message in session.execute(rows):
        if cluster is not None:
            found.setdefault(cluster, set()).add(message)
    return found


def drop_members(session: Session) -> None:
    """Forgets where every message belongs, before a run says it anew."""
    session.execute(delete(ClusterMember))
