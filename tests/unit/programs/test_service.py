"""The catalog is read once and again after every change; a new program is found by name at once."""

from __future__ import annotations

from bot.db.base import Database
from bot.programs import service
from bot.programs.program import Program
from bot.programs.query import Query
from tests.unit.conftest import TODAY

NEW = Program(
    slug="new-place-elective",
    institution="Bluebird Medical Center",
    program_name="Elective",
    provider_type="hospital",
    rotation_types=("elective",),
    accepts_international="yes",
    state="WY",
    source_url="https://example.org",
    confidence="high",
)


def test_a_program_added_to_the_database_is_found_by_name_at_once(empty: Database) -> None:
    with empty.unit() as session:
        assert service.is_empty(session)
        assert service.shelves(session).directory.family("bluebird medical center") == ()
    with empty.unit() as session:
        service.save(session, NEW)
    with empty.unit() as session:
        known = service.shelves(session)
        assert known.directory.family("Bluebird medical center") == (NEW.institution,)
        assert known.catalog.by_slug[NEW.slug] == NEW
        assert NEW.institution in [entry["value"] for entry in service.gazetteer(session)]
        found = service.search(session, Query(states=("WY",)), today=TODAY)
    assert [hit.program.slug for hit in found.hits] == [NEW.slug]


def test_the_catalog_is_read_once_while_nothing_changes(seeded: Database) -> None:
    with seeded.unit() as session:
        first = service.shelves(session)
    with seeded.unit() as session:
        assert service.shelves(session) is first
        assert len(first.programs_of(("Yale School of Medicine",))) == 2


def test_two_databases_do_not_share_a_catalog(seeded: Database, empty: Database) -> None:
    with seeded.unit() as one, empty.unit() as other:
        assert len(service.shelves(one).catalog) > 0
        assert len(service.shelves(other).catalog) == 0
