"""Insights in the browser: charts drawn from the tables, nothing refused, nothing that axe objects to."""

from __future__ import annotations

import os
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bot.staff.roles import Role
from tests.e2e.console import LOOKS, Open, open_as, staff_app
from tests.e2e.test_widget_everyone import violations
from tests.review_rows import put
from tests.running_app import RunningApp

__all__ = ["open_as", "staff_app"]
pytestmark = pytest.mark.browser
PICTURES = os.environ.get("PICTURES", "")


@pytest.fixture
def busy_app(staff_app: RunningApp) -> RunningApp:
    """Eight weeks of messages, more each week."""
    dice, now = random.Random(3), datetime.now(UTC)
    with staff_app.database.unit() as session:
        for number in range(900):
            age = timedelta(days=56 * dice.random() ** 1.5, hours=1)
            put(
                session,
                f"web:{dice.randrange(200)}",
                at=now - age,
                message_id=f"m{number}",
                reply_ms=dice.randrange(40, 400),
                channel=dice.choice(["web", "web", "telegram"]),
                model_id="2f0c1d" if age.days > 20 else "8aa41e",
                intent=dice.choice(["faq_cost", "faq_visa", "faq_documents", "search_programs", "plan_timeline"]),
                outcome=dice.choices(["answered", "fallback", "refused", "failed", "handed_off"], [85, 7, 4, 1, 3])[0],
                feedback=dice.choices(["", "up", "down"], [85, 11, 4])[0],
                facts=dice.choice(
                    [
                        {},
                        {},
                        {"timeline": {"verdict": dice.choice(["feasible", "tight"])}},
                        {
                            "search": {
                                "states": [dice.choice(["TX", "NY", "CA", "FL"])],
                                "found": dice.randrange(5),
                                "specialties": [dice.choice(["Cardiology", "Surgery", "Pediatrics"])],
                            }
                        },
                    ]
                ),
            )
    return staff_app


@pytest.mark.parametrize("look", ["light", "phone"])
def test_three_charts_and_no_violation(look: str, open_as: Open, busy_app: RunningApp, widget_packages: Path) -> None:
    page = open_as(Role.VIEWER, "/staff/insights", **LOOKS[look])
    expect(page.locator(".uplot canvas")).to_have_count(3)
    painted = page.locator(".uplot canvas").first.evaluate(
        "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(value => value > 0)"
    )
    assert painted
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"insights-{look}.png", full_page=True)
    page.get_by_text("The same numbers as a table").click()
    assert violations(page, widget_packages) == []


def test_filters_stay_in_the_address_and_work_without_scripts(open_as: Open, busy_app: RunningApp) -> None:
    page = open_as(Role.VIEWER, "/staff/insights", java_script_enabled=False)
    page.locator("select[name=channel]").select_option("telegram")
    page.locator("select[name=days]").select_option("90")
    page.get_by_role("button", name="Show").click()
    assert "channel=telegram" in page.url
    assert page.locator("select[name=days]").input_value() == "90"
    expect(page.locator("#channels tbody tr")).to_have_count(1)
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="CSV of the table “By channel”").click()
    assert Path(downloaded.value.path()).read_text(encoding="utf8").splitlines()[1].startswith("telegram,")
