"""A clerk at a browser: enrols with a telephone, signs in, scans."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # carries no types
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, ViewportSize, expect

from tests.desk.world import HERE, PASSWORD, World

DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
NARROW: ViewportSize = {"width": 320, "height": 640}
ROOTS = {"vi": "/desk/", "en": "/en/desk/"}
# Long enough for a machine that does much else; what comes sooner is not waited for.
WAIT_MS = 30_000
expect.set_options(timeout=WAIT_MS)
# WCAG 2.2 AA and best practice, as the bar for every page and state.
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def chromium_of_this_machine() -> str:
    """Return the path of the machine's Chromium; nothing is ever downloaded."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    return found


@contextmanager
def browser_of(playwright: Playwright, *arguments: str) -> Iterator[Browser]:
    """The machine's Chromium without a window."""
    browser = playwright.chromium.launch(
        executable_path=chromium_of_this_machine(), args=["--no-sandbox", "--disable-gpu", *arguments]
    )
    try:
        yield browser
    finally:
        browser.close()


@dataclass
class Officer:
    """An officer with an account, and the telephone they enrolled with."""

    facility: str
    number: str
    telephone: pyotp.TOTP

    def next_code(self) -> str:
        """Return the code of the next half minute, which is good already and was not used to enrol."""
        return self.telephone.at(datetime.now(UTC) + timedelta(seconds=30))


def new_context(browser: Browser, **options: Any) -> BrowserContext:
    """A browser that knows nobody yet."""
    context = browser.new_context(**({"viewport": DESKTOP, "color_scheme": "light", "locale": "vi-VN"} | options))
    context.set_default_timeout(WAIT_MS)
    return context


def enrol(page: Page, world: World, language: str = "vi", facility: str = HERE) -> Officer:
    """Go through the enrolment page as an invited officer; ends on the sign-in page."""
    number, code = world.invite(facility)
    page.goto(f"{world.base}{ROOTS[language]}enrol")
    page.fill("#facility", facility)
    page.fill("#officer", number)
    page.fill("#invitation", code)
    telephone = pyotp.TOTP(page.locator("code").inner_text().replace(" ", ""))
    page.fill("#password", PASSWORD)
    page.fill("#code", telephone.now())
    page.locator("main form button").click()
    page.wait_for_url("**/enrolled")
    return Officer(facility, number, telephone)


def sign_in(page: Page, officer: Officer) -> None:
    """Fill in the sign-in page that is open."""
    page.fill("#facility", officer.facility)
    page.fill("#officer", officer.number)
    page.fill("#password", PASSWORD)
    page.fill("#code", officer.next_code())
    page.locator("main form button").click()


def at_desk(browser: Browser, world: World, language: str = "vi", facility: str = HERE, **options: Any) -> Page:
    """Return a page at which a new officer has just signed in."""
    page = new_context(browser, **options).new_page()
    sign_in(page, enrol(page, world, language, facility))
    page.wait_for_selector("#text")
    # Until its script has run, the page is a plain form, and another promise is tried.
    page.wait_for_load_state()
    return page


def scan(page: Page, text: str, verdict: str) -> None:
    """Let a keyboard-wedge scanner type a card's text and Enter, and wait for the verdict."""
    page.keyboard.insert_text(text)
    page.keyboard.press("Enter")
    page.wait_for_selector(f"[data-verdict={verdict}]")


def violations(page: Page) -> list[str]:
    """Return what axe finds on the page once it stands still, in one line each: what fades in is read when it is there."""
    page.evaluate("Promise.all(document.getAnimations().map(one => one.finished.catch(() => null)))")
    found = Axe().run(page, options=AXE).response["violations"]
    return [f"{one['id']}: {[node['html'][:160] for node in one['nodes']]}" for one in found]


def picture(page: Page, folder: Path, name: str) -> None:
    """Keep a picture of the whole page."""
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png", full_page=True)
