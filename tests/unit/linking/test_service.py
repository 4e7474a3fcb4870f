"""Linked talks share what is known about a person, in both directions, until the link ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.base import Database
from bot.linking import service as linking
from bot.linking.tables import Link, LinkCode, SharedProfile
from bot.timeline.store import find_plan, save_plan
from tests.databases import make_empty

WEB, OTHER_WEB, CHAT = "web:1", "web:2", "tg:5"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SOON = NOW + timedelta(minutes=1)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    database = Database(make_empty(tmp_path / "bot.db"))
    with database.unit() as session:
        yield session
    database.engine.dispose()


def link(session: Session, web: str = WEB, *, code: str = "ABCDEFGHJK", known: str = "student") -> None:
    slots = {"career_stage": known} if known else {}
    session.add(LinkCode(code=code, conversation_id=web, slots=slots, expires_at=SOON, used_by=""))
    session.flush()
    assert linking.redeem(session, CHAT, code, slots={"step1": "passed"}, now=NOW)


def plan(session: Session, conversation: str, title: str) -> None:
    save_plan(
        session, conversation, computed=date(2026, 11, 23), verdict="ok", title=title, words="", steps=[], now=NOW
    )


def title(session: Session, conversation: str) -> str:
    found = find_plan(session, conversation)
    return found.title if found else ""


@pytest.mark.parametrize(("here", "there"), [(WEB, CHAT), (CHAT, WEB)])
def test_what_one_talk_learns_the_other_knows(session: Session, here: str, there: str) -> None:
    link(session)
    assert linking.shared_slots(session, there)["career_stage"] == "student"
    assert linking.shared_slots(session, there)["step1"] == "passed"
    linking.share(session, here, {"career_stage": "graduate", "step1": None}, now=NOW)
    assert linking.shared_slots(session, there)["career_stage"] == "graduate"
    assert linking.shared_slots(session, there)["step1"] is None


@pytest.mark.parametrize(("here", "there"), [(WEB, CHAT), (CHAT, WEB)])
def test_a_new_plan_is_in_both_talks(session: Session, here: str, there: str) -> None:
    link(session)
    plan(session, here, "September 2027")
    linking.share(session, here, {"plan": {"start": "2027-09"}}, now=NOW)
    assert title(session, there) == "September 2027"


def test_what_is_said_between_the_code_and_its_use_comes_along(session: Session) -> None:
    code = LinkCode(code="ABCDEFGHJK", conversation_id=WEB, slots={}, expires_at=SOON, used_by="")
    session.add(code)
    linking.share(session, WEB, {"career_stage": "graduate"}, now=NOW)
    linked = linking.redeem(session, CHAT, code.code, slots={}, now=NOW)
    assert linked
    assert linked.slots["career_stage"] == "graduate"


def test_a_code_that_is_redeemed_twice_brings_nothing_old_back(session: Session) -> None:
    link(session)
    linking.share(session, CHAT, {"career_stage": "graduate"}, now=NOW)
    assert linking.redeem(session, CHAT, "ABCDEFGHJK", slots={}, now=NOW)
    assert linking.shared_slots(session, WEB)["career_stage"] == "graduate"


def test_talks_without_a_link_share_nothing(session: Session) -> None:
    linking.share(session, WEB, {"career_stage": "graduate"}, now=NOW)
    assert linking.shared_slots(session, WEB) == {}


def test_ending_one_of_two_links_leaves_the_other(session: Session) -> None:
    link(session)
    link(session, OTHER_WEB, code="KJHGFEDCBA", known="")
    linking.unlink(session, WEB)
    assert linking.shared_slots(session, WEB) == {}
    assert linking.shared_slots(session, OTHER_WEB)["career_stage"] == "student"


@pytest.mark.parametrize("conversation", [WEB, CHAT])
def test_nothing_is_left_when_the_last_link_ends_or_a_talk_is_forgotten(session: Session, conversation: str) -> None:
    link(session)
    linking.unlink(session, conversation)
    for table in (Link, LinkCode, SharedProfile):
        assert session.scalars(select(table)).all() == []
