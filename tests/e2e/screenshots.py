"""Takes the pictures of docs/widget.md: `make screenshots`.

Not a test; somebody has to look at them. `tests/fake_telegram/phone.py` says how the one of docs/telegram.md is taken.
"""

from __future__ import annotations

import io
import json
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from bot.settings import ROOT
from tests.conftest import free_port
from tests.e2e.conftest import QUIET
from tests.e2e.talking import open_chat
from tests.fake_engine import FakeEngine
from tests.running_app import RunningApp

PICTURES = ROOT / "docs/images"
SAMPLES = ROOT / "tests/golden/replies/everything.json"
COLORS = 96
LARGEST = 120 * 1024


def answer_with(*kinds: str, suggest: bool = True) -> Any:
    """A stand-in for the server that answers with the sample parts of these kinds."""
    reply = json.loads(SAMPLES.read_text(encoding="utf8"))
    reply["parts"] = [part for part in reply["parts"] if part["type"] in kinds]
    for part in reply["parts"]:
        part.pop("picture", None)
        if part["type"] == "text":
            part["text"] = part["text"].partition("\n\nRead [")[0]
    if not suggest:
        reply["suggestions"] = []

    def fulfill(route: Route) -> None:
        if route.request.method == "POST":
            sent = route.request.post_data_json
            answer = {"seq": 2, "reply": reply, "in_reply_to": sent["id"]}
            route.fulfill(json={"seq": 1, "replies": [answer], "status": "answered"})
        else:
            route.continue_()

    return fulfill


def talk(page: Page, url: str, question: str, *kinds: str) -> None:
    """The page with one question and its answer."""
    page.route("**/api/v1/messages*", answer_with(*kinds))
    page.goto(url)
    open_chat(page)
    box = page.locator("textarea")  # Its label is in the language of the page.
    box.fill(question)
    box.press("Enter")
    expect(page.get_by_role("article").last).to_be_visible()
    page.wait_for_timeout(400)


def keep(page: Page, name: str, *, only_panel: bool = False) -> None:
    """The picture, with few colors so that it stays small."""
    target = page.get_by_role("dialog", name="Rotation Bot") if only_panel else page
    taken = Image.open(io.BytesIO(target.screenshot())).convert("RGB")
    path = PICTURES / f"{name}.png"
    taken.quantize(COLORS, dither=Image.Dither.NONE).save(path, optimize=True)
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)}: {size:,} bytes")
    assert size <= LARGEST, path


def take(browser: Browser, app: RunningApp) -> None:
    """All pictures."""
    large, phone = {"width": 1080, "height": 720}, {"width": 375, "height": 700}

    def page(**options: Any) -> Page:
        return browser.new_context(
            locale="en-US", reduced_motion="reduce", **({"viewport": large} | options)
        ).new_page()

    shown = page()
    shown.goto(app.url)
    open_chat(shown)
    shown.wait_for_timeout(300)
    keep(shown, "widget-open")
    shown = page()
    talk(shown, app.url, "Internal medicine in Texas", "programs")
    keep(shown, "widget-cards", only_panel=True)
    shown = page()
    talk(shown, app.url, "What do I need?", "text", "comparison")
    keep(shown, "widget-comparison", only_panel=True)
    shown = page()
    talk(shown, app.url, "I want to start in September 2027", "timeline")
    keep(shown, "widget-plan", only_panel=True)
    shown = page(viewport=phone, has_touch=True, is_mobile=True)
    talk(shown, app.url, "When do I apply?", "text")
    keep(shown, "widget-phone")
    shown = page(color_scheme="dark")
    talk(shown, app.url, "Internal medicine in Texas", "programs")
    keep(shown, "widget-dark", only_panel=True)
    shown = page()
    talk(shown, f"{app.url}/widget/playground?lang=ar", "How much does it cost?", "text", "notice")
    keep(shown, "widget-rtl", only_panel=True)
    shown = page(forced_colors="active")
    talk(shown, app.url, "When do I apply?", "text", "notice")
    keep(shown, "widget-forced-colors", only_panel=True)
    shown = page(viewport={"width": 540, "height": 360}, device_scale_factor=2)  # As enlarged to 200 %.
    talk(shown, app.url, "When do I apply?", "text")
    keep(shown, "widget-enlarged")
    shown = page()
    talk(shown, app.url, "Which programs in internal medicine may I look at?", "text", "programs")
    shown.screenshot(path=PICTURES / "conversation.png")


def main() -> None:
    """Start everything, take the pictures, stop."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        engine = FakeEngine(free_port(), Path(folder))
        engine.start()
        app = RunningApp(free_port(), engine.port, folder=Path(folder))
        app.start()
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        try:
            take(browser, app)
        finally:
            browser.close()
            app.stop()
            engine.kill()


if __name__ == "__main__":
    main()
