"""Changes, candidates and answers in the browser: progress without reloading, and nothing that axe objects to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from bot.content import service as changes
from bot.content.releases.publishing import enter
from bot.content.tables import CandidateRow
from bot.staff.roles import Role
from tests.e2e.console import LOOKS, Open, open_as, staff_app, unmarked_fields
from tests.e2e.test_widget_everyone import violations
from tests.integration.test_console_changes import MORE, candidate, propose
from tests.review_rows import put
from tests.running_app import RunningApp

__all__ = ["open_as", "staff_app"]
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing(look: str, staff_app: RunningApp, open_as: Open, widget_packages: Path) -> None:
    propose(staff_app)
    red, working = candidate(staff_app, is_green=False), candidate(staff_app, status="training")
    with staff_app.database.unit() as session:
        changes.withdraw(session, "test", changes.propose(session, "test", MORE).id)
        for note in ("The repository's content", "More sentences"):
            enter(session, staff_app.settings.var / "gone.tar.gz", "abc", change_ids=[], by="ann", note=note)
        asked = put(session, "ann", "can I bring my parrot").id
    page = open_as(Role.ADMIN, **LOOKS[look])
    for path in (
        "/staff/changes",
        f"/staff/changes/candidates/{red}",
        f"/staff/changes/candidates/{working}",
        f"/staff/changes/candidates/{red}/trial",
        "/staff/changes/versions",
        "/staff/answers",
        "/staff/answers/utter_faq_visa?variant=new",
        f"/staff/inbox/{asked}/question",
    ):
        page.goto(path)
        assert violations(page, widget_packages) == [], path
        assert unmarked_fields(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_progress_is_shown_and_then_the_comparison_without_a_hand(staff_app: RunningApp, open_as: Open) -> None:
    propose(staff_app)
    number = candidate(staff_app, status="training")
    page = open_as(Role.PUBLISHER, f"/staff/changes/candidates/{number}")

    def tell(**values: Any) -> None:
        with staff_app.database.unit() as session:
            for name, value in values.items():
                setattr(session.get(CandidateRow, number), name, value)

    tell(progress=40, step="Training the candidate, 12 s")
    expect(page.get_by_text("Training the candidate, 12 s")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "40")
    tell(status="ready")
    expect(page.get_by_role("heading", name="Every gate is green")).to_be_visible()
    expect(page.get_by_role("button", name="Publish")).to_be_visible()
