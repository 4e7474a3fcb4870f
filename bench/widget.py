"""The widget's budgets, in a real browser on a page of another website: `.venv/bin/python -m bench.widget`.

Bytes as gzip sends them; requests to anybody but the website and the bot; what axe finds closed, open and in a
conversation, light and dark; time to the launcher and to the open panel, plain and at 4 x slower CPU with 1.6 Mbit/s.
Needs chromium, Node and npm (axe-core comes from widget/package-lock.json). Ends with 1 when a budget is missed.
"""

from __future__ import annotations

import gzip
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bot.settings import ROOT
from bot.web.widget import BUILT, manifest
from tests.conftest import free_port
from tests.e2e.conftest import QUIET
from tests.e2e.talking import launcher, line, open_chat, panel, show_everything
from tests.e2e.test_widget_everyone import violations
from tests.e2e.website import Website, plain
from tests.fake_engine import FakeEngine
from tests.running_app import RunningApp

LOADER_BYTES, OPENED_BYTES = 2 * 1024, 25 * 1024
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
RUNS = 5


def main() -> int:
    """Print one line for each budget; 0 when all are kept."""
    modules = ROOT / "widget/node_modules"
    if not modules.exists():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=ROOT / "widget", check=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        engine, website = FakeEngine(free_port(), Path(folder)), Website(free_port())
        engine.start()
        app = RunningApp(free_port(), engine.port, folder=Path(folder), sites={"clinic": [website.url]})
        app.start()
        address = website.put(plain(line(app)))
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        try:
            kept = [*sizes(), foreign(browser, address, (app.url, website.url)), axe(browser, address, modules)]
            times(browser, address)
        finally:
            browser.close()
            app.stop()
            website.stop()
            engine.kill()
    return 0 if all(kept) else 1


def sizes() -> list[bool]:
    """What the loader and everything together weigh."""
    loader, component = (
        len(gzip.compress((BUILT / manifest()[part]["file"]).read_bytes(), 9)) for part in ("loader", "component")
    )
    return [
        report("loader, gzip", loader, LOADER_BYTES, "bytes"),
        report("component, gzip", component, OPENED_BYTES, "bytes"),
        report("loader and component, gzip", loader + component, OPENED_BYTES, "bytes"),
    ]


def foreign(browser: Browser, address: str, ours: tuple[str, str]) -> bool:
    """Requests to third parties over a whole conversation."""
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    open_chat(page)
    show_everything(page)
    page.wait_for_timeout(500)
    page.close()
    return report(f"third-party requests of {len(asked)}", len([url for url in asked if not url.startswith(ours)]), 0)


def axe(browser: Browser, address: str, modules: Path) -> bool:
    """Violations in three states and two color schemes."""
    found: list[str] = []
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(address)
        launcher(page).wait_for()
        found += violations(page, modules)
        open_chat(page)
        found += violations(page, modules)
        show_everything(page)
        found += violations(page, modules)
        context.close()
    return report("axe violations, 3 states x 2 schemes", len(found), 0)


def times(browser: Browser, address: str) -> None:
    """Medians; this machine's own load is in them."""
    for name, is_slow in (("plain", False), ("4 x slower CPU, 1.6 Mbit/s", True)):
        measured = [visit(browser, address, is_slow=is_slow) for _ in range(RUNS)]
        shown, opened = (statistics.median(run[i] for run in measured) for i in (0, 1))
        print(f"{name}: launcher after {shown:.0f} ms, panel {opened:.0f} ms after the click")


def visit(browser: Browser, address: str, *, is_slow: bool) -> tuple[float, float]:
    """Milliseconds to the launcher, and from the click to the panel."""
    context = browser.new_context()
    page = context.new_page()
    if is_slow:
        slow_down(page)
    started = time.perf_counter()
    page.goto(address, wait_until="commit")
    launcher(page).wait_for()
    shown = time.perf_counter()
    launcher(page).click()
    panel(page).wait_for()
    opened = time.perf_counter()
    context.close()
    return (shown - started) * 1000, (opened - shown) * 1000


def slow_down(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", SLOW)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 4})


def report(name: str, value: int, budget: int, unit: str = "") -> bool:
    """One line; whether the budget is kept."""
    is_kept = value <= budget
    print(f"{name}: {value:,} {unit} (budget {budget:,}) {'kept' if is_kept else 'MISSED'}".replace("  ", " "))
    return is_kept


if __name__ == "__main__":
    sys.exit(main())
