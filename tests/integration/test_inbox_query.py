"""The inbox's filters find what plain Python finds, on SQLite and PostgreSQL, with few messages and with many."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete

from bot.db.base import Database
from bot.delivery.tables import Conversation
from bot.review.inbox import store as inbox
from bot.review.inbox.filters import Filters
from bot.review.inbox.store import InboxPage, find
from bot.review.projection.reading import TRIGGERS
from bot.review.tables import ReviewMessage

START = datetime(2026, 11, 1, tzinfo=UTC)
WORDS = "visa visas letter Cost costs café B1/B2 step1 2,500 O'Brien don't 100% [e-mail] 手続き".split()  # noqa: SIM905
HOSTILE = [
    "'; DROP TABLE messages; --",
    '"visa',
    "visa OR 1=1",
    "visa* NEAR(cost)",
    "text:visa",
    "-visa",
    "visa & !cost",
    "')) OR 1=1 --",
    "%",
    "_",
    "\\",
    "visa\x00cost",
    "<script>alert(1)</script>",
    "^visa",
    "(visa",
    ":*",
    "''",
    "😀",
]
ALL = Filters(review="every", trigger="every")
COUNT = 400


def made(number: int, chance: random.Random) -> ReviewMessage:
    confidence = round(chance.random(), 3)
    trigger = chance.choice(["", "", *TRIGGERS])
    review = chance.choice(["open", "claimed", "resolved", "ignored"]) if trigger else "open"
    said = [*chance.sample(WORDS, 3), *chance.sample(HOSTILE[:6], chance.choice([0, 0, 1]))]
    return ReviewMessage(
        conversation_id="web:1",
        message_id=f"m-{number}",
        channel=chance.choice(["web", "telegram"]),
        received_at=START + timedelta(hours=number + chance.randrange(-50, 50)),
        text=" ".join(said),
        intent=chance.choice(["faq_cost", "faq_visa", "", "greet"]),
        confidence=confidence if number % 9 else None,
        margin=round(confidence * chance.random(), 3) if number % 9 else None,
        trigger=trigger,
        review=review,
        claimed_by=chance.choice(["Ada", "Bo"]) if review == "claimed" else "",
        model_id=chance.choice(["m1", "m2"]),
        feedback=chance.choice(["", "", "up", "down"]),
        outcome=chance.choice(["answered", "fallback", "pending"]),
    )


@pytest.fixture(scope="module")
def database(new_database: Callable[[], str]) -> Iterator[Database]:
    database, chance = Database(new_database()), random.Random(1)
    with database.unit() as session:
        session.add(Conversation(id="web:1", created_at=START, last_seen_at=START))
        session.flush()
        session.add_all(made(number, chance) for number in range(COUNT))
    yield database
    database.engine.dispose()


@pytest.fixture(params=["few", "many"])
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways of the search must find the same; with so few messages, "many" are more than three."""
    if request.param == "many":
        monkeypatch.setattr(inbox, "FEW", 3)
        monkeypatch.setattr(inbox, "FEW_READ", 3)
    return str(request.param)


def expected(database: Database, filters: Filters) -> list[int]:
    """What plain Python finds, newest first."""
    with database.unit() as session:
        rows = session.query(ReviewMessage).order_by(ReviewMessage.id.desc()).all()
    return [row.id for row in rows if fits(row, filters)]


def fits(row: ReviewMessage, wanted: Filters) -> bool:
    said = re.findall(r"[^\W_]+", row.text.lower())
    looked_for = re.findall(r"[^\W_]+", wanted.text.lower())
    confidence, margin = row.confidence, row.margin
    return all(
        (
            {
                "todo": row.review in ("open", "claimed"),
                "mine": row.review == "claimed" and row.claimed_by == "Ada",
                "every": True,
            }.get(wanted.review, row.review == wanted.review),
            {"raised": bool(row.trigger), "every": True}.get(wanted.trigger, row.trigger == wanted.trigger),
            wanted.since is None or row.received_at.date() >= wanted.since,
            wanted.until is None or row.received_at.date() <= wanted.until,
            wanted.channel in ("", row.channel),
            wanted.intent in ("", row.intent),
            wanted.outcome in ("", row.outcome),
            wanted.confidence_min is None or (confidence is not None and confidence >= wanted.confidence_min),
            wanted.confidence_max is None or (confidence is not None and confidence <= wanted.confidence_max),
            wanted.margin_max is None or (margin is not None and margin <= wanted.margin_max),
            wanted.feedback in ("", row.feedback),
            wanted.model in ("", row.model_id),
            all(any(word.startswith(part) for word in said) for part in looked_for),
        )
    )


def search(database: Database, filters: Filters) -> list[int]:
    with database.unit() as session:
        return list(find(session, filters, me="Ada", size=COUNT).ids)


SINGLE = [
    Filters(),
    ALL,
    Filters(review="mine"),
    Filters(review="open"),
    Filters(review="claimed", trigger="every"),
    Filters(review="resolved"),
    Filters(review="ignored"),
    *(Filters(trigger=trigger) for trigger in TRIGGERS),
    *(
        Filters(review="every", trigger="every", **{name: value})
        for name, value in [
            ("since", date(2026, 11, 8)),
            ("until", date(2026, 11, 8)),
            ("channel", "web"),
            ("channel", "telegram"),
            ("intent", "faq_cost"),
            ("intent", "faq_nothing"),
            ("outcome", "fallback"),
            ("confidence_min", 0.9),
            ("confidence_max", 0.05),
            ("confidence_max", 0.5),
            ("margin_max", 0.01),
            ("feedback", "up"),
            ("feedback", "down"),
            ("model", "m1"),
            ("model", "m9"),
            ("text", "visa"),
            ("text", "VISAS"),
            ("text", "vis cos"),
            ("text", "step1"),
            ("text", "b2"),
            ("text", "500"),
            ("text", "xylophone"),
            ("text", "手続き"),
            ("text", "café"),
            ("text", "o'brien"),
            ("text", "e-mail"),
        ]
    ),
]


@pytest.mark.parametrize("filters", SINGLE, ids=lambda filters: filters.to_query() or "as it opens")
def test_each_filter_finds_what_plain_python_finds(database: Database, size: str, filters: Filters) -> None:
    assert search(database, filters) == expected(database, filters)


def test_filters_together_find_what_plain_python_finds(database: Database, size: str) -> None:
    chance = random.Random(3)
    for _ in range(150):
        chosen = Filters.read(
            {
                "review": chance.choice(["", "every", "mine", "open", "resolved"]),
                "trigger": chance.choice(["", "every", *TRIGGERS]),
                "since": chance.choice(["", "2026-11-05"]),
                "until": chance.choice(["", "2026-11-12"]),
                "channel": chance.choice(["", "web"]),
                "intent": chance.choice(["", "", "faq_cost"]),
                "confidence_max": chance.choice(["", "0.7"]),
                "margin_max": chance.choice(["", "0.4"]),
                "feedback": chance.choice(["", "", "down"]),
                "model": chance.choice(["", "m2"]),
                "text": chance.choice(["", "", "visa", "cost b1", *HOSTILE]),
            }
        )
        assert search(database, chosen) == expected(database, chosen), chosen


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_only_words(database: Database, size: str, hostile: str) -> None:
    filters = Filters(review="every", trigger="every", text=hostile)
    assert search(database, filters) == expected(database, filters)


def pages(database: Database, filters: Filters, *, size: int = 7) -> Iterator[InboxPage]:
    before = None
    while True:
        with database.unit() as session:
            found = find(session, filters, me="Ada", before=before, size=size)
        yield found
        if not found.has_older:
            return
        before = found.ids[-1]


@pytest.mark.parametrize("filters", [ALL, Filters(), Filters(review="every", trigger="every", text="visa")])
def test_paging_loses_and_doubles_nothing_while_messages_arrive(
    database: Database, size: str, filters: Filters
) -> None:
    wanted, seen, chance = expected(database, filters), [], random.Random(5)
    for number, found in enumerate(pages(database, filters)):
        seen += found.ids
        with database.unit() as session:
            session.add(made(10_000 + number, chance))
    with database.unit() as session:
        session.execute(delete(ReviewMessage).where(ReviewMessage.id > COUNT))
    assert seen == wanted


def test_going_back_shows_the_page_before(database: Database, size: str) -> None:
    shown = [found.ids for found in pages(database, ALL)]
    with database.unit() as session:
        back = find(session, ALL, me="Ada", after=shown[2][0], size=7)
        top = find(session, ALL, me="Ada", after=shown[1][0], size=7)
        below = find(session, ALL, me="Ada", before=shown[1][-1], size=7)
    assert (back.ids, back.has_newer, back.has_older) == (shown[1], True, True)
    assert (top.ids, top.has_newer) == (shown[0], False)
    assert (below.ids, below.has_newer) == (shown[2], True)


def test_the_count_ends_where_it_is_no_longer_read(
    database: Database, size: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.unit() as session:
        assert find(session, ALL, me="Ada").total == COUNT
        monkeypatch.setattr(inbox, "COUNTED", 100)
        assert find(session, ALL, me="Ada").total == 101


def test_an_address_says_what_it_was_made_of() -> None:
    for filters in SINGLE:
        pairs = dict(part.split("=", 1) for part in filters.to_query().split("&") if part)
        values = {name: value.replace("+", " ").replace("%27", "'") for name, value in pairs.items()}
        assert filters.text.isascii() is False or Filters.read(values) == filters


def test_words_are_looked_for_as_they_were_stored() -> None:
    assert Filters.read({"text": "\uff36isa \u200bco\u00adst"}).words == ("visa", "cost")


def test_nonsense_in_an_address_is_left_out() -> None:
    nonsense = {
        "review": "x",
        "trigger": "' OR 1=1",
        "since": "2026-99-01",
        "until": "0001-01-01",
        "channel": "fax",
        "confidence_min": "nan",
        "confidence_max": "7",
        "margin_max": "-1",
        "feedback": "sideways",
        "outcome": "x",
    }
    assert Filters.read(nonsense) == Filters()
