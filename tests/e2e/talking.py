"""What every test of the widget does: open it, ask, see the answer."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.running_app import RunningApp


def line(app: RunningApp, options: str = "") -> str:
    """The one line that a website pastes."""
    return f'<script src="{app.url}/widget.js" data-site="clinic" {options} async></script>'


def launcher(page: Page) -> Locator:
    return page.get_by_role("button", name="Open chat")


def panel(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Rotation Bot")


def open_chat(page: Page) -> Locator:
    """The panel, opened by its launcher."""
    launcher(page).click()
    expect(panel(page)).to_be_visible()
    return panel(page)


def choose(page: Page, name: str) -> None:
    """Press what stands in the menu."""
    page.get_by_role("button", name="Menu", exact=True).click()
    page.get_by_role("button", name=name, exact=True).click()


def write(page: Page, words: str) -> None:
    """Type and send."""
    page.get_by_label("Your question").fill(words)
    page.get_by_label("Your question").press("Enter")


def ask(page: Page, words: str) -> None:
    """Send, and wait for the echo."""
    write(page, words)
    expect(page.get_by_text(f"You said: {words}")).to_be_visible()


def show_everything(page: Page) -> Locator:
    """The answer that holds every kind of part."""
    write(page, "show everything")
    answer = page.get_by_role("article").last
    expect(answer.get_by_text("Ready for September 2027")).to_be_visible()
    return answer


def reach(button: Locator, answer: Locator) -> Locator:
    """A button below pictures, when they are all there: one that comes late moves it, and a click would miss."""
    for picture in answer.locator("img").all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", True)
    button.scroll_into_view_if_needed()
    return button
