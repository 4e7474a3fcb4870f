"""Discovery in the browser: groups, the map, a new topic, and everything taken back."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from bot.content.change import NewTopic, read_change
from bot.content.tables import ChangeRow
from bot.db.base import Database
from bot.reply.responses import Responses
from bot.review.discovery import run as search
from bot.review.discovery import service as discovery
from bot.review.tables import ReviewMessage
from bot.settings import ROOT, Settings
from bot.staff.roles import Role
from tests.chats import ALL, DOGS, MORE_WAYS
from tests.conftest import free_port
from tests.databases import make_empty
from tests.e2e.console import LOOKS, Open, open_as, staff_page, unmarked_fields
from tests.e2e.test_widget_everyone import violations
from tests.fake_engine import FakeEngine
from tests.review_rows import put
from tests.running_app import RunningApp

__all__ = ["open_as", "staff_page"]
pytestmark = pytest.mark.browser
PICTURES = os.environ.get("PICTURES", "")


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with sixty chats and a search that is done, made once."""
    path, now = tmp_path_factory.mktemp("searched") / "bot.db", datetime.now(UTC)
    database = Database(make_empty(path))
    with database.unit() as session:
        for number, text in enumerate(ALL):
            put(session, f"web:{number}", text, at=now - timedelta(days=number % 12, hours=1))
        run = discovery.ask(session, "test", now).id
    search.run(Settings(var=ROOT / "var"), database, run, now=now)  # type: ignore[call-arg]
    database.engine.dispose()
    return path


@pytest.fixture
def staff_app(tmp_path: Path, engine: FakeEngine, searched: Path, responses: Responses) -> Iterator[RunningApp]:
    """The application with its real words over a copy of that database."""
    shutil.copy(searched, tmp_path / "bot.db")
    running = RunningApp(free_port(), engine.port, folder=tmp_path, responses=responses, discover_after=0)
    running.start()
    yield running
    running.stop()


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def reviews(app: RunningApp) -> list[str]:
    with app.database.unit() as session:
        return list(session.scalars(select(ReviewMessage.review)))


def fill_topic(page: Page) -> None:
    page.get_by_label("Title").fill("Bringing a dog")
    page.get_by_label("More ways to ask").fill("\n".join(MORE_WAYS))
    page.get_by_label("For everybody").fill("Most hospitals keep no place for a **dog**; ask the landlord.")
    page.get_by_role("textbox", name="Source 1", exact=True).fill("Hospital visitor guide")
    page.get_by_label("Address of source 1").fill("https://www.hospital.example/visitors")
    page.get_by_label("Date of source 1").fill("2026-05")


def test_a_group_becomes_a_new_topic_and_is_taken_back(staff_page: Page, staff_app: RunningApp) -> None:
    page = staff_page
    page.goto("/staff/discovery")
    picture(page, "discovery")
    page.get_by_role("link", name="dog", exact=False).first.click()
    picture(page, "group")
    chosen = page.locator("input[name=message]:checked").count()
    assert chosen >= 12
    page.get_by_role("button", name="New topic").click()
    expect(page.get_by_role("heading", name="New topic")).to_be_visible()
    assert page.get_by_label("Name").input_value() == "dog_american"
    held_out = page.locator("select[name=use]").evaluate_all("all => all.filter(s => s.value === 'hold_out').length")
    assert 2 <= held_out <= chosen // 4
    picture(page, "topic")
    fill_topic(page)
    page.get_by_role("button", name="Propose this topic").click()
    expect(page.get_by_role("status").first).to_contain_text("is proposed")
    with staff_app.database.unit() as session:
        row = session.scalars(select(ChangeRow)).one()
        change = read_change(row.kind, row.payload)
    assert isinstance(change, NewTopic)
    assert (change.name, change.sources[0].date) == ("dog_american", "2026-05")
    assert len(change.held_out) == held_out
    assert len(change.sentences) == chosen - held_out + len(MORE_WAYS)
    assert set(change.sentences) | set(change.held_out) <= {*DOGS, *MORE_WAYS}
    assert reviews(staff_app).count("resolved") == chosen
    picture(page, "discovery-done")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status").first).to_contain_text("Taken back")
    assert set(reviews(staff_app)) == {"open"}


def test_a_form_without_a_source_comes_back_with_what_was_written(staff_page: Page, staff_app: RunningApp) -> None:
    page = staff_page
    page.goto("/staff/discovery")
    page.get_by_role("link", name="dog", exact=False).first.click()
    page.get_by_role("button", name="New topic").click()
    fill_topic(page)
    page.get_by_role("textbox", name="Source 1", exact=True).evaluate(
        "field => { field.required = false; field.value = ''; }"
    )
    page.get_by_role("button", name="Propose this topic").click()
    expect(page.get_by_role("alert")).to_contain_text("source")
    expect(page.get_by_label("Title")).to_have_value("Bringing a dog")
    assert set(reviews(staff_app)) == {"open"}


def test_a_topic_with_too_few_sentences_is_told_so_before_any_training(staff_page: Page, staff_app: RunningApp) -> None:
    page = staff_page
    page.goto("/staff/discovery")
    page.get_by_role("link", name="dog", exact=False).first.click()
    page.get_by_role("button", name="New topic").click()
    fill_topic(page)
    page.get_by_label("More ways to ask").fill("")
    page.get_by_role("button", name="Propose this topic").click()
    expect(page.get_by_role("alert")).to_contain_text("at least 25 are needed")


def test_dots_within_a_line_are_chosen_and_added_to_a_topic(staff_page: Page, staff_app: RunningApp) -> None:
    page = staff_page
    page.goto("/staff/discovery/map")
    frame = page.locator("svg.map").bounding_box()
    assert frame
    corners = [(0.01, 0.01), (0.99, 0.01), (0.99, 0.99), (0.01, 0.99), (0.01, 0.02)]
    points = [(frame["x"] + x * frame["width"], frame["y"] + y * frame["height"]) for x, y in corners]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=4)
    page.mouse.up()
    expect(page.locator("#map-chosen")).to_have_text(f"{len(ALL)} chosen")
    picture(page, "map")
    page.mouse.click(*points[0])
    expect(page.locator("#map-chosen")).to_have_text("Nothing chosen yet")
    page.get_by_text("In no group").click()
    page.get_by_label("who won the champions league").check()  # the list does the same without a mouse
    page.get_by_label("asdfgh").check()
    expect(page.locator("#map-chosen")).to_have_text("2 chosen")
    page.get_by_label("They ask for").select_option("out_of_scope")
    page.get_by_role("button", name="Add all to this topic").click()
    expect(page.get_by_role("status").first).to_contain_text("Proposed")
    assert reviews(staff_app).count("resolved") == 2


def test_ignoring_and_renaming_work_without_scripts(open_as: Open, staff_app: RunningApp) -> None:
    page = open_as(Role.ANNOTATOR, "/staff/discovery", java_script_enabled=False)
    page.get_by_role("link", name="scrubs", exact=False).first.click()
    page.get_by_label("Name of the group").fill("What to wear")
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What to wear")
    page.get_by_role("button", name="Ignore").click()
    assert reviews(staff_app).count("ignored") >= 5
    expect(page.get_by_role("link", name="What to wear")).to_have_count(0)


def test_who_only_looks_sees_no_button_to_change_anything(open_as: Open) -> None:
    page = open_as(Role.VIEWER, "/staff/discovery")
    expect(page.get_by_role("button", name="Search now")).to_have_count(0)
    page.get_by_role("link", name="dog", exact=False).first.click()
    expect(page.get_by_role("button", name="Ignore")).to_have_count(0)


@pytest.mark.parametrize("look", ["light", "phone"])
def test_axe_finds_nothing(look: str, open_as: Open, widget_packages: Path) -> None:
    page = open_as(Role.ADMIN, "/staff/discovery", **LOOKS[look])
    assert violations(page, widget_packages) == []
    page.get_by_role("link", name="dog", exact=False).first.click()
    assert violations(page, widget_packages) == []
    page.get_by_role("button", name="New topic").click()
    assert violations(page, widget_packages) == []
    assert unmarked_fields(page) == []
    page.goto("/staff/discovery/map")
    page.get_by_text("In no group").click()
    assert violations(page, widget_packages) == []
    picture(page, f"map-{look}")
