"""Files come in whole or not at all, twice without a trace, and go out as they came."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.db.base import Database
from bot.db.migrate import upgrade
from bot.ops.seeding import seed
from bot.programs.importer import add_missing_facts, export_facts, export_programs, import_facts, import_programs
from bot.programs.rows import COLUMNS, LATER_COLUMNS
from bot.programs.store import all_programs, catalog_version
from bot.programs.tables import FactRecord, InstitutionAlias, ProgramRow
from bot.programs.vocabulary import families
from bot.settings import Settings
from tests.databases import make_seeded
from tests.unit.conftest import FACTS, PROGRAMS, TODAY, rows

GOOD = {
    **dict.fromkeys(COLUMNS, ""),
    "slug": "example-hospital-observership",
    "institution": "Example Hospital",
    "program_name": "Observership",
    "provider_type": "hospital",
    "rotation_types": "observership",
    "source_url": "https://example.org/observers",
    "confidence": "high",
}


def text_of(*lines: dict[str, str], header: tuple[str, ...] = COLUMNS) -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, header, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(lines)
    return file.getvalue()


def with_fields(**fields: str) -> Callable[[], str]:
    return lambda: text_of(GOOD | fields)


BROKEN: dict[str, tuple[Callable[[], str], str, str]] = {
    "a missing column": (lambda: text_of(GOOD, header=COLUMNS[:-1]), "confidence", "column is missing"),
    "an unknown column": (lambda: text_of(GOOD, header=(*COLUMNS, "color")), "color", "unknown column"),
    "a column twice": (lambda: text_of(GOOD, header=(*COLUMNS, "slug")), "slug", "column appears twice"),
    "a short row": (lambda: text_of(GOOD) + "only,two\n", "row", f"has 2 fields instead of {len(COLUMNS)}"),
    "an open quote": (lambda: text_of(GOOD) + '"never closed\n', "row", "cannot be read as CSV"),
    "no slug": (with_fields(slug=""), "slug", "is empty"),
    "a slug with spaces": (with_fields(slug="My Program"), "slug", "is not of the form"),
    "a slug twice": (lambda: text_of(GOOD, GOOD), "slug", "already stands on line 2"),
    "no institution": (with_fields(institution=""), "institution", "is empty"),
    "a strange provider": (with_fields(provider_type="castle"), "provider_type", "“castle” is not one of"),
    "a strange route": (with_fields(route="pigeon"), "route", "“pigeon” is not one of"),
    "an impossible state": (with_fields(state="XX"), "state", "“XX” is not a two-letter US state"),
    "a strange type": (with_fields(rotation_types="elective;holiday"), "rotation_types", "“holiday” is not one of"),
    "an empty item": (with_fields(specialties="surgery;;urology"), "specialties", "has an empty item"),
    "an item twice": (with_fields(audience="students;students"), "audience", "names an item twice"),
    "capitals in a specialty": (with_fields(specialties="Surgery"), "specialties", "lower case"),
    "a word for yes": (with_fields(hands_on="sometimes"), "hands_on", "“sometimes” is not one of"),
    "words for a number": (
        with_fields(fee_usd_min="about 500", fee_period="one_time"),
        "fee_usd_min",
        "is not a plain number",
    ),
    "a negative price": (with_fields(application_fee_usd="-50"), "application_fee_usd", "is negative"),
    "endless weeks": (with_fields(duration_weeks_max="9000"), "duration_weeks_max", "is not between 0 and 520"),
    "a fee upside down": (
        with_fields(fee_usd_min="900", fee_usd_max="100", fee_period="one_time"),
        "fee_usd_max",
        "fee_usd_min is more than fee_usd_max",
    ),
    "weeks upside down": (
        with_fields(duration_weeks_min="8", duration_weeks_max="4"),
        "duration_weeks_max",
        "duration_weeks_min is more than duration_weeks_max",
    ),
    "a fee without a period": (with_fields(fee_usd_min="100"), "fee_period", "is empty although a fee is given"),
    "a free fee": (
        with_fields(fee_usd_min="100", fee_period="free"),
        "fee_period",
        "says free although a fee is given",
    ),
    "restricted without a word": (with_fields(accepts_international="restricted"), "notes", "must say who is excluded"),
    "a year without a price": (with_fields(fee_year="2026"), "fee_year", "is given although no fee is"),
    "a season that is none": (with_fields(fee_year="2026-28"), "fee_year", "is not YYYY or YYYY-YY"),
    "too many years": (with_fields(graduated_within_years="99"), "graduated_within_years", "is not between 0 and 50"),
    "a strange citizenship": (with_fields(citizenship="ours"), "citizenship", "“ours” is not one of"),
    "no source": (with_fields(source_url=""), "source_url", "is empty"),
    "a script for a source": (with_fields(source_url="javascript:alert(1)"), "source_url", "is not a web address"),
    "a day that is not": (with_fields(source_date="2026-02-31"), "source_date", "is not a day of the calendar"),
    "a date in words": (with_fields(source_date="last May"), "source_date", "is not YYYY"),
    "an unsure confidence": (with_fields(confidence="maybe"), "confidence", "“maybe” is not one of"),
    "a line break": (with_fields(notes="one\ntwo"), "notes", "contains a line break"),
    "a very long field": (with_fields(notes="x" * 5000), "notes", "is longer than 2000 characters"),
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """A database with one program that no broken file may touch."""
    folder = tmp_path_factory.mktemp("kept")
    upgrade(f"sqlite:///{folder / 'bot.db'}")
    database = Database(f"sqlite:///{folder / 'bot.db'}")
    (folder / "good.csv").write_text(text_of(GOOD | {"slug": "kept"}), encoding="utf8")
    import_programs(database, folder / "good.csv")
    return database


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_the_reason_and_changes_nothing(
    name: str, kept: Database, tmp_path: Path
) -> None:
    write, column, reason = BROKEN[name]
    path = tmp_path / "broken.csv"
    path.write_text(write(), encoding="utf8")
    with kept.unit() as session:
        before = (all_programs(session), catalog_version(session))
    report = import_programs(kept, path)
    assert not report.applied
    assert [problem for problem in report.problems if problem.column == column and reason in problem.reason]
    with kept.unit() as session:
        assert (all_programs(session), catalog_version(session)) == before


def test_all_problems_of_a_file_are_reported_with_their_lines(empty: Database, tmp_path: Path) -> None:
    path = tmp_path / "broken.csv"
    lines = [
        GOOD,
        GOOD | {"slug": "b", "state": "ZZ", "lor": "perhaps"},
        GOOD | {"slug": "c", "source_url": "ftp://x.org"},
    ]
    path.write_text(text_of(*lines), encoding="utf8")
    report = import_programs(empty, path)
    assert [(problem.line, problem.column) for problem in report.problems] == [
        (3, "state"),
        (3, "lor"),
        (4, "source_url"),
    ]
    assert report.rejected == 2


def test_a_partial_import_keeps_the_good_rows(empty: Database, tmp_path: Path) -> None:
    path = tmp_path / "half.csv"
    path.write_text(text_of(GOOD, GOOD | {"slug": "b", "state": "ZZ"}), encoding="utf8")
    report = import_programs(empty, path, partial=True)
    assert (report.added, report.rejected, report.applied) == (1, 1, True)
    with empty.unit() as session:
        assert [program.slug for program in all_programs(session)] == [GOOD["slug"]]


def test_a_file_that_is_not_text_is_refused(empty: Database, tmp_path: Path) -> None:
    path = tmp_path / "picture.csv"
    path.write_bytes(b"\x89PNG\xff\xfe\x00")
    (problem,) = import_programs(empty, path).problems
    assert "is not UTF-8 text" in problem.reason


def test_the_seed_files_come_in_once_and_go_out_unchanged(empty: Database) -> None:
    seen: list[tuple[int, int]] = []
    first = import_programs(empty, PROGRAMS, families=families(), progress=lambda done, of: seen.append((done, of)))
    count = len(rows(PROGRAMS))
    assert (first.added, first.changed, first.problems) == (count, 0, ())
    assert seen[-1] == (count, count)
    import_facts(empty, FACTS)
    with empty.unit() as session:
        version = catalog_version(session)
    assert import_programs(empty, PROGRAMS, families=families()).unchanged == count
    assert import_facts(empty, FACTS).unchanged == len(rows(FACTS))
    with empty.unit() as session:
        assert catalog_version(session) == version
        assert export_programs(session).encode() == PROGRAMS.read_bytes()
        assert export_facts(session).encode() == FACTS.read_bytes()


def test_a_changed_row_is_updated_and_unnamed_rows_stay(empty: Database, tmp_path: Path) -> None:
    path = tmp_path / "programs.csv"
    other = GOOD | {"slug": "other", "specialties": "surgery;urology", "documents": "cv;photo"}
    path.write_text(text_of(GOOD, other), encoding="utf8")
    import_programs(empty, path)
    changed = other | {
        "specialties": "urology;surgery;neurology",
        "documents": "photo",
        "step1": "required",
        "fee_usd_min": "10",
        "fee_period": "per_day",
    }
    path.write_text(text_of(changed), encoding="utf8")
    report = import_programs(empty, path)
    assert (report.added, report.changed) == (0, 1)
    with empty.unit() as session:
        found = {program.slug: program for program in all_programs(session)}
    assert set(found) == {GOOD["slug"], "other"}
    assert found["other"].specialties == ("urology", "surgery", "neurology")
    assert found["other"].fee_usd_min == 10


def test_a_file_older_than_a_column_leaves_it_alone(empty: Database, tmp_path: Path) -> None:
    path = tmp_path / "programs.csv"
    path.write_text(text_of(GOOD | {"certificate": "yes", "graduated_within_years": "5"}), encoding="utf8")
    import_programs(empty, path)
    older = tuple(name for name in COLUMNS if name not in LATER_COLUMNS)
    path.write_text(text_of(GOOD, GOOD | {"slug": "new"}, header=older), encoding="utf8")
    report = import_programs(empty, path)
    assert (report.added, report.unchanged, report.problems) == (1, 1, ())
    path.write_text(text_of(GOOD | {"city": "Erie"}, header=older), encoding="utf8")
    assert import_programs(empty, path).changed == 1
    with empty.unit() as session:
        found = next(item for item in all_programs(session) if item.slug == GOOD["slug"])
    assert (found.city, found.certificate, found.graduated_within_years) == ("Erie", "yes", 5)


def test_every_change_through_a_session_moves_the_version(empty: Database, tmp_path: Path) -> None:
    path = tmp_path / "programs.csv"
    path.write_text(text_of(GOOD), encoding="utf8")
    import_programs(empty, path)
    with empty.unit() as session:
        before = catalog_version(session)
    with empty.unit() as session:
        session.scalars(select(ProgramRow)).unique().one().notes = "edited by staff"
    with empty.unit() as session:
        assert catalog_version(session) > before


def test_every_alias_belongs_to_an_institution_of_the_seed(seeded: Database) -> None:
    known = {row["institution"] for row in rows(PROGRAMS)}
    strange = [name for family in families() for name in family["institutions"] if name not in known]
    assert strange == []
    with seeded.unit() as session:
        named = set(session.scalars(select(InstitutionAlias.alias)))
    assert {"UCSF", "WashU", "MSK", "Hopkins", "Mayo", "UIC", "NIH", "MGH"} <= named


def test_a_start_adds_facts_that_the_database_never_had_and_leaves_staffs_work_alone(
    tmp_path: Path,
) -> None:
    seeded = Database(make_seeded(tmp_path / "seeded.db"))
    with seeded.unit() as session:
        gone, mended, retired = session.scalars(select(FactRecord).order_by(FactRecord.id).limit(3))
        names = gone.key, mended.key, retired.key
        session.delete(gone)
        mended.value, retired.retired_at = "mended", datetime.combine(TODAY, time(12), UTC)
    seed(Settings(var=tmp_path), seeded)  # type: ignore[call-arg]
    with seeded.unit() as session:
        now = {row.key: row for row in session.scalars(select(FactRecord))}
        assert [now[name].value for name in names] == [rows(FACTS)[0]["value"], "mended", rows(FACTS)[2]["value"]]
        assert now[names[2]].retired_at
        assert len(now) == len(rows(FACTS))
    assert add_missing_facts(seeded, FACTS) == 0
