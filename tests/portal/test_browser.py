"""The portal at a browser, on a telephone and a desk, in both languages, with and without scripts: everything can be reached, read and heard."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from ansinh.portal.door.guard import cookie_name
from ansinh.portal.navigation import WAYS, is_there
from ansinh.portal.words import root
from ansinh.portal.words.card import WORDS as CARD
from ansinh.portal.words.home import WORDS as HOME
from ansinh.portal.words.shell import WORDS as SHELL
from ansinh.screens.appearance import LOOK_COOKIE
from tests.desk.browsing import DESKTOP, NARROW, PHONE, new_context, picture, violations
from tests.portal.household import MOTHER, TODDLER, Household, lively, name_of, secrets_of
from tests.portal.walking import every_page
from tests.support.citizens import session_key_of
from tests.support.screens import screens_at

# One household, one server and one browser serve them all.
pytestmark = pytest.mark.xdist_group("portal")

SESSIONS = 12
NARROW_PHONE: ViewportSize = {"width": 360, "height": 740}
PICTURED = {"vi": "phone", "en": "desktop-en"}
# States of a page besides the one its address shows at first.
STATES = ("/gallery?problem=1", "/pension?ask=1")
PICTURES = os.environ.get("ANSINH_SCREENS")


@dataclass(frozen=True)
class Screens:
    """Where the screens are, and the browser at them."""

    base: str
    browser: Browser
    keys: list[str]
    found: tuple[str, ...]

    def page(self, *, signed_in: bool = True, **options: Any) -> Page:
        """A page of a browser in which the mother is signed in, or nobody."""
        page = new_context(self.browser, **options).new_page()
        if signed_in:
            page.context.add_cookies([{"name": cookie_name(), "value": self.keys.pop(), "url": self.base}])
        return page


@pytest.fixture(scope="module")
def screens(household: Household, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screens]:
    """The people's screens as a real process on the household's database."""
    lively(household)
    found = every_page(MOTHER)
    folder = tmp_path_factory.mktemp("screens")
    with screens_at(folder, lambda: [session_key_of(MOTHER, 2) for _ in range(SESSIONS)]) as (base, browser, keys):
        yield Screens(base, browser, keys, found)


@pytest.mark.parametrize(("language", "size"), [("vi", NARROW_PHONE), ("en", DESKTOP)], ids=["vi-phone", "en-desktop"])
def test_every_page_can_be_read_and_heard(screens: Screens, language: str, size: ViewportSize) -> None:
    page = screens.page(viewport=size)
    found = {}
    for address in screens.found + STATES:
        page.goto(f"{screens.base}{root(language)}{address.removeprefix('/')}")
        wrong = [] if page.locator("h1").count() == 1 else ["not one heading"]
        found[address] = wrong + violations(page) + (["wider than the screen"] if _overflow(page) > 0 else [])
        if PICTURES:
            picture(
                page, Path(PICTURES), f"portal-{address.strip('/').replace('/', '-') or 'home'}-{PICTURED[language]}"
            )
    assert not {address: wrong for address, wrong in found.items() if wrong}
    page.context.close()


@pytest.mark.parametrize("look", ["dark.largest", "contrast.large", "light.largest"])
def test_every_look_can_be_read_on_a_narrow_screen(screens: Screens, look: str) -> None:
    page = screens.page(viewport=NARROW)
    page.context.add_cookies([{"name": LOOK_COOKIE, "value": look, "url": screens.base}])
    for address in ("", "payments", "gallery?problem=1"):
        page.goto(f"{screens.base}/{address}")
        assert page.locator("html").get_attribute("data-theme") == look.partition(".")[0]
        assert violations(page) == [], address
        assert _overflow(page) <= 0, address
    page.context.close()


@pytest.mark.parametrize(("language", "scripts"), [("vi", True), ("en", False)], ids=["vi-scripts", "en-no-scripts"])
def test_a_citizen_finds_everything_in_two_taps_and_acts_for_a_child(
    screens: Screens, language: str, scripts: bool
) -> None:
    # Given a mother at her telephone
    page = screens.page(viewport=PHONE, java_script_enabled=scripts)
    page.goto(f"{screens.base}{root(language)}")
    expect(page.get_by_role("heading", level=1)).to_have_text(HOME[language]["hello"].format(name=name_of(MOTHER)))
    # When she opens the list of all ways, then each way is one tap away
    for way in (one for one in WAYS if is_there(one) and one.address != "menu"):
        page.goto(f"{screens.base}{root(language)}menu")
        page.get_by_role("main").get_by_role("link", name=way.name(language), exact=True).click()
        expect(page.locator("h1")).to_have_count(1)
        expect(page).to_have_url(f"{screens.base}{root(language)}{way.address}")
    # When she acts for her child, then every page says so, and she finds back
    page.goto(f"{screens.base}{root(language)}family")
    page.get_by_role("button", name=name_of(TODDLER)).click()
    expect(page.locator(".acting")).to_contain_text(name_of(TODDLER))
    page.goto(f"{screens.base}{root(language)}health/visits/1")
    expect(page.get_by_role("main")).to_contain_text(secrets_of(TODDLER)[0])
    page.get_by_role("button", name=SHELL[language]["acting_end"]).click()
    expect(page.locator(".acting")).to_have_count(0)
    page.context.close()


def test_a_reader_chooses_letters_and_colours_with_keys_alone(screens: Screens) -> None:
    page = screens.page(signed_in=False, viewport=PHONE)
    page.goto(f"{screens.base}/display")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.locator("#theme-3").focus()
    page.keyboard.press("Space")
    page.locator("#text-2").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text(SHELL["vi"]["display_saved"])
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("html")).to_have_attribute("data-text", "large")
    page.context.close()


def test_a_card_kept_on_the_device_opens_without_a_line_until_it_is_removed(screens: Screens) -> None:
    page = screens.page(viewport=PHONE)
    page.goto(f"{screens.base}/card")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.get_by_role("button", name=CARD["vi"]["keep"]).click()
    expect(page.get_by_text(CARD["vi"]["kept"], exact=True)).to_be_visible()
    page.reload()
    page.context.set_offline(True)
    page.goto(f"{screens.base}/card")
    expect(page.get_by_role("img", name=CARD["vi"]["code_described"])).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(name_of(MOTHER))
    page.goto(f"{screens.base}/payments")
    expect(page.get_by_role("main")).not_to_contain_text(name_of(MOTHER))
    page.context.set_offline(False)
    page.goto(f"{screens.base}/card")
    page.get_by_role("button", name=CARD["vi"]["drop"]).click()
    expect(page.get_by_text(CARD["vi"]["dropped"], exact=True)).to_be_visible()
    page.context.set_offline(True)
    page.goto(f"{screens.base}/card/kept")
    expect(page.get_by_role("main")).not_to_contain_text(name_of(MOTHER))
    page.context.close()


def _overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
