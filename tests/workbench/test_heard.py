"""Every page of the workbench that walking finds, seen and heard: one heading, nothing axe objects to, nothing wider than the screen."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import resolve
from playwright.sync_api import Browser, ViewportSize

from ansinh.access.charters import CHARTERS
from ansinh.workbench.words import root
from tests.desk.browsing import DESKTOP, new_context, picture, violations
from tests.portal.conftest import household  # noqa: F401  # a fixture
from tests.portal.household import Household, lively
from tests.portal.walking import FormFound
from tests.support.officers import officer_with, session_key_of
from tests.support.screens import screens_at

pytestmark = pytest.mark.xdist_group("workbench")
NARROW_PHONE: ViewportSize = {"width": 360, "height": 740}
PICTURED = {"vi": "phone", "en": "desktop-en"}
PICTURES = os.environ.get("ANSINH_SCREENS")
PAGES_MAX = 300


@dataclass(frozen=True)
class Bench:
    """Where the screens are, the browser at them, the key of an officer who may do everything, and the pages that walking found."""

    base: str
    browser: Browser
    key: str
    found: tuple[str, ...]


@pytest.fixture(scope="module")
def bench(household: Household, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:  # noqa: F811  # a fixture
    """A family with something on every page, and an officer of every role."""
    lively(household)
    number = officer_with(*sorted(CHARTERS), number="hanoi.moi")
    found = every_page(session_key_of(number))
    with screens_at(tmp_path_factory.mktemp("heard"), lambda: session_key_of(number)) as (base, browser, key):
        yield Bench(base, browser, key, found)


def every_page(key: str) -> tuple[str, ...]:
    """Follow every link from the inbox on, and return the shortest address of each page there is, in Vietnamese."""
    client, seen, shown = Client(), set[str](), dict[str, str]()
    client.cookies[django_settings.SESSION_COOKIE_NAME] = key
    waiting = [root("vi")]
    while waiting and len(seen) < PAGES_MAX:
        address = waiting.pop()
        if (
            address in seen
            or not address.startswith(root("vi"))
            or address.startswith((root("en"), f"{root('vi')}sign"))
        ):
            continue
        seen.add(address)
        answer = client.get(address)
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        route = str(resolve(address.partition("?")[0]).route)
        shown[route] = min(shown.get(route, address), address, key=lambda one: (len(one), one))
        page = FormFound()
        page.feed(answer.content.decode())
        waiting += sorted(page.links - seen, reverse=True)
    return tuple(sorted(shown.values()))


@pytest.mark.parametrize(("language", "size"), [("vi", NARROW_PHONE), ("en", DESKTOP)], ids=["vi-phone", "en-desktop"])
def test_every_page_can_be_seen_and_heard(bench: Bench, language: str, size: ViewportSize) -> None:
    page = new_context(bench.browser, viewport=size).new_page()
    page.context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": bench.key, "url": bench.base}])
    found = {}
    for address in bench.found:
        page.goto(f"{bench.base}{root(language)}{address.removeprefix(root('vi'))}")
        wrong = [] if page.locator("h1").count() == 1 else ["not one heading"]
        wrong += ["not signed in"] if page.locator(".whoami").count() != 1 else []
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found[address] = wrong + violations(page) + (["wider than the screen"] if wide > 0 else [])
        if PICTURES:
            name = address.removeprefix(root("vi")).strip("/").partition("?")[0].replace("/", "-") or "inbox"
            picture(page, Path(PICTURES), f"workbench-{name}-{PICTURED[language]}")
    assert not {address: wrong for address, wrong in found.items() if wrong}
    page.context.close()
