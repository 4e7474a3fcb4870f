"""One search for groups among the messages that were not answered well: `bot review discover`.

It runs in a process of its own (scikit-learn is large), reads once, computes, and writes everything in one unit of
work, so that staff never see half a result. Progress and errors stand in the row of the run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import numpy as np
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.content.change import AddSentences, NewTopic, read_change
from bot.content.edit.sentences import LEARNED, read_sentences
from bot.content.store import changes_in
from bot.db.base import Database
from bot.review.discovery import grouping, vectors
from bot.review.discovery.clusters import once_per_person, same_groups, trend
from bot.review.discovery.service import open_messages
from bot.review.discovery.store import drop_members, members_by_cluster, vectors_of
from bot.review.discovery.tables import DONE, FAILED, RUNNING, Cluster, ClusterMember, DiscoveryRun, MessageVector
from bot.review.tables import ReviewMessage as Message
from bot.settings import ROOT, Settings

MOST_MESSAGES = 4000
FEWEST_PEOPLE = 4
NEAR = 0.35  # cosine to a center from which a loose message is shown beside its group
SENTENCES_PER_TOPIC = 6
"""Enough for the middle of a question; with nine hundred questions each more takes seconds."""


@dataclass(frozen=True)
class FoundGroup:
    """One group: positions of its messages in the list that was grouped, its center and its name."""

    rows: tuple[int, ...]
    center: grouping.Vectors
    name: str


def run(settings: Settings, database: Database, run_id: int, *, now: datetime) -> int:
    """Does the run with this id and returns how many groups there are; a failure is written into its row and raised."""
    tell = _teller(database, run_id)
    try:
        with database.unit() as session:
            messages = open_messages(session, most=MOST_MESSAGES)
        tell("Reading the messages", messages=len(messages), status=RUNNING)
        points = _vectors(settings, database, messages)
        tell("Looking for groups")
        found = find(points, [m.text for m in messages], people=[m.conversation_id for m in messages])
        tell("Comparing with the topics that exist")
        topics = _topics(settings, database)
        tell("Drawing the map")
        places = grouping.places(points)
        with database.unit() as session:
            _store(session, messages, points, found=found, topics=topics, places=places, now=now)
        tell(
            "", status=DONE, found=len(found), finished_at=now, newest_message=max((m.id for m in messages), default=0)
        )
        return len(found)
    except Exception as error:
        tell("", status=FAILED, error=str(error), finished_at=datetime.now(UTC))
        raise


def find(points: grouping.Vectors, texts: Sequence[str], *, people: Sequence[str]) -> list[FoundGroup]:
    """Groups that at least FEWEST_PEOPLE different people asked for, the most wanted first."""
    twins = grouping.equals(points)
    kept = once_per_person(list(zip(people, twins, strict=True)))
    labels = dict(zip(kept, grouping.groups(points[kept]), strict=True))
    names = grouping.names([texts[row] for row in kept], [labels[row] for row in kept])
    by_point = {(people[row], twins[row]): label for row, label in labels.items()}
    rows: dict[int, list[int]] = {}
    for row in range(len(texts)):
        rows.setdefault(by_point[people[row], twins[row]], []).append(row)
    wanted = {label: len({people[row] for row in found}) for label, found in rows.items()}
    order = sorted(
        (label for label in rows if wanted[label] >= FEWEST_PEOPLE), key=lambda label: (-wanted[label], label)
    )
    return [
        FoundGroup(tuple(rows[label]), grouping.center(points[rows[label]]), names.get(label, texts[rows[label][0]]))
        for label in order
    ]


def _vectors(settings: Settings, database: Database, messages: Sequence[Message]) -> grouping.Vectors:
    """The vectors of messages as one array; those not known yet are made and kept."""
    with database.unit() as session:
        known = vectors_of(session, [message.id for message in messages])
    missing = [message for message in messages if message.id not in known]
    made = dict(zip((m.id for m in missing), vectors.encode(settings, [m.text for m in missing]), strict=True))
    with database.unit() as session:
        session.add_all(MessageVector(message_id=key, vector=vector) for key, vector in made.items())
    return _array([(known | made)[message.id] for message in messages])


def _array(rows: Sequence[bytes]) -> grouping.Vectors:
    return np.frombuffer(b"".join(rows), "<f2").reshape(len(rows), vectors.DIMENSIONS).astype(np.float32)


def _topics(settings: Settings, database: Database) -> dict[str, grouping.Vectors]:
    """The center of each intent that people can ask for, from a sample of its sentences."""
    with database.unit() as session:
        sentences = _sentences(session)
    sample = [(intent, text) for intent, texts in sentences.items() for text in _spread(texts)]
    points = _array(vectors.encode(settings, [text for _, text in sample]))
    rows: dict[str, list[int]] = {}
    for row, (intent, _) in enumerate(sample):
        rows.setdefault(intent, []).append(row)
    return {intent: grouping.center(points[own]) for intent, own in rows.items()}


def _spread(texts: Sequence[str]) -> Sequence[str]:
    """A few of the sentences, from all parts of the list."""
    return list(islice(texts[:: max(len(texts) // SENTENCES_PER_TOPIC, 1)], SENTENCES_PER_TOPIC))


def _sentences(session: Session) -> dict[str, list[str]]:
    """Training sentences by intent: those of the repository, and those that staff published."""
    found: dict[str, list[str]] = {}
    for sentence in read_sentences(ROOT, LEARNED):
        found.setdefault(sentence.intent, []).append(sentence.text)
    for row in changes_in(session, "published"):
        change = read_change(row.kind, row.payload)
        if isinstance(change, AddSentences | NewTopic):
            found.setdefault(change.intent, []).extend(change.sentences)
    return {intent: texts for intent, texts in found.items() if intent not in ("", "out_of_scope") and texts}


def _store(
    session: Session,
    messages: Sequence[Message],
    points: grouping.Vectors,
    *,
    found: Sequence[FoundGroup],
    topics: dict[str, grouping.Vectors],
    places: Sequence[tuple[float, float]],
    now: datetime,
) -> None:
    before = members_by_cluster(session)
    kept = same_groups(before, [{messages[row].id for row in group.rows} for group in found])
    drop_members(session)
    for old in session.scalars(select(Cluster).where(Cluster.is_current)):
        old.is_current = False
    clusters = [
        _cluster(session, key, group, messages=messages, topics=topics, now=now)
        for key, group in zip(kept, found, strict=True)
    ]
    session.flush()
    session.add_all(_members(messages, points, clusters=[c.id for c in clusters], found=found, places=places))


def _cluster(
    session: Session,
    key: int | None,
    group: FoundGroup,
    *,
    messages: Sequence[Message],
    topics: dict[str, grouping.Vectors],
    now: datetime,
) -> Cluster:
    row = session.get(Cluster, key) if key else None
    if row is None:
        row = Cluster(name=group.name, first_seen_at=now)
        session.add(row)
    own = [messages[place] for place in group.rows]
    weeks = trend(((message.conversation_id, message.received_at) for message in own), now)
    nearest = max(topics, key=lambda intent: float(topics[intent] @ group.center), default="")
    row.people, row.messages = len({message.conversation_id for message in own}), len(own)
    row.this_week, row.last_week = weeks.this_week, weeks.last_week
    row.nearest_intent = nearest
    row.similarity = round(float(topics[nearest] @ group.center), 3) if nearest else 0.0
    row.is_current, row.updated_at = True, now
    return row


def _members(
    messages: Sequence[Message],
    points: grouping.Vectors,
    *,
    clusters: Sequence[int],
    found: Sequence[FoundGroup],
    places: Sequence[tuple[float, float]],
) -> Iterator[ClusterMember]:
    own = {row: number for number, group in enumerate(found) for row in group.rows}
    fits = points @ np.stack([group.center for group in found]).T if found else np.zeros((len(points), 0))
    for row, message in enumerate(messages):
        number = own.get(row)
        best = int(fits[row].argmax()) if found else 0
        is_near = number is None and bool(found) and float(fits[row, best]) >= NEAR
        yield ClusterMember(
            message_id=message.id,
            cluster_id=None if number is None else clusters[number],
            near_id=clusters[best] if is_near else None,
            x=places[row][0],
            y=places[row][1],
            fit=round(float(fits[row, best if number is None else number]), 4) if found else 0.0,
        )


def _teller(database: Database, run_id: int) -> Callable[..., None]:
    """Writes progress into the row of the run."""

    def tell(step: str, **values: Any) -> None:
        with database.unit() as session:
            values |= {"step": step, "beat_at": datetime.now(UTC)}
            session.execute(update(DiscoveryRun).where(DiscoveryRun.id == run_id).values(**values))

    return tell
