"""A citizen at the door with a browser: in at two levels, the own devices, out again; also when the e-ID says so. Two programs, two sites, nothing played."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django import DjangoDbBlocker

from ansinh.portal.words.door import WORDS
from ansinh_sandbox.eid.citizens import sign_in
from ansinh_sandbox.eid.pages import PASSCODE
from ansinh_sandbox.eid.pages import WORDS as THEIR_WORDS
from tests.desk.browsing import DESKTOP, PHONE, browser_of, new_context, picture, violations
from tests.journeys.doors import Place, allow, open_door, prove
from tests.support.database import SharedServer, pointed_at

NUMBER, PERSON = "001150000031", 9001
PICTURES = os.environ.get("DOOR_PICTURES")


@pytest.fixture(scope="module")
def place(
    database_server: SharedServer,
    database_template: str,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Place]:
    """The door, with one citizen known on both sides of it."""
    with (
        database_server.copy_of(database_template, "f") as database,
        django_db_blocker.unblock(),
        pointed_at(database),
    ):
        with psycopg.connect(database.urls.owner) as connection:
            connection.execute(
                "INSERT INTO people_identifier (value, scheme, person_id, valid_from) VALUES (%s, 'pin', %s, '2020-01-01')",
                [NUMBER, PERSON],
            )
        with open_door(database, tmp_path_factory.mktemp("door"), {NUMBER: "Nguyễn Thị Sáu"}) as found:
            yield found


@pytest.fixture(scope="module")
def browser(place: Place) -> Iterator[Browser]:
    """One browser for all journeys of the door; begun after the place, because Django refuses to work beside the browser's loop."""
    with sync_playwright() as playwright, browser_of(playwright) as found:
        yield found


def _kept(page: Page, name: str) -> None:
    if PICTURES:
        picture(page, Path(PICTURES), name)


@pytest.mark.parametrize(
    ("language", "size", "scripts"),
    [("vi", PHONE, True), ("en", DESKTOP, False), ("en", PHONE, False), ("vi", DESKTOP, True)],
    ids=["vi-phone", "en-desktop-no-script", "en-phone-no-script", "vi-desktop"],
)
def test_a_citizen_comes_in_at_two_levels_and_leaves(
    browser: Browser, place: Place, language: str, size: dict[str, int], scripts: bool
) -> None:
    # Given somebody whom nobody knows yet, on a page of their own
    page = new_context(browser, viewport=size, java_script_enabled=scripts).new_page()
    root, words, theirs = ("/", "/en/")[language == "en"], WORDS[language], THEIR_WORDS[language]
    name = f"{language}-{size['width']}"
    page.goto(f"{place.ours}{root}devices")
    expect(page.get_by_role("heading", level=1)).to_have_text(words["in_title"])
    _kept(page, f"door-start-{name}")
    if scripts:
        assert violations(page) == []

    # When they go to the e-ID and allow it to say who they are
    page.get_by_role("button", name=words["in_button"]).click()
    expect(page).to_have_url(re.compile(f"^{re.escape(place.theirs)}"))
    _kept(page, f"door-eid-{name}")
    prove(page, language, NUMBER)
    expect(page.get_by_role("heading", level=1)).to_contain_text(theirs["consent"])
    _kept(page, f"door-consent-{name}")
    allow(page, language)

    # Then they are back on their page, at level 1
    expect(page).to_have_url(f"{place.ours}{root}devices")
    expect(page.get_by_role("heading", level=1)).to_have_text(words["devices_title"])
    expect(page.get_by_text(words["level"].format(level=1), exact=True)).to_have_count(1)

    # And a surer page asks for the face, and then lets them in
    page.goto(f"{place.ours}{root}sign-in?level=2&next={root}devices")
    expect(page.get_by_role("heading", level=1)).to_have_text(words["up_title"])
    _kept(page, f"door-step-up-{name}")
    page.get_by_role("button", name=words["up_button"]).click()
    prove(page, language, NUMBER)
    page.get_by_role("button", name=theirs["face_do"]).click()
    allow(page, language)
    expect(page).to_have_url(f"{place.ours}{root}devices")
    expect(page.get_by_text(words["level"].format(level=2), exact=True)).to_have_count(1)
    _kept(page, f"door-devices-{name}")
    if scripts:
        assert violations(page) == []

    # And when they leave, nothing is left here or there
    page.get_by_role("button", name=words_of_shell(language)).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words["out_title"])
    _kept(page, f"door-out-{name}")
    page.goto(f"{place.ours}{root}devices")
    expect(page.get_by_role("heading", level=1)).to_have_text(words["in_title"])
    page.get_by_role("button", name=words["in_button"]).click()
    expect(page.locator("#number")).to_be_visible()
    page.context.close()


def words_of_shell(language: str) -> str:
    """Return the name of the button that signs out."""
    return {"vi": "Đăng xuất", "en": "Sign out"}[language]


def test_whoever_signs_out_at_the_eid_is_signed_out_here(browser: Browser, place: Place) -> None:
    page = new_context(browser, viewport=PHONE).new_page()
    words = WORDS["vi"]
    page.goto(f"{place.ours}/devices")
    page.get_by_role("button", name=words["in_button"]).click()
    prove(page, "vi", NUMBER)
    allow(page, "vi")
    expect(page.get_by_role("heading", level=1)).to_have_text(words["devices_title"])

    page.goto(f"{place.theirs}/end")
    page.get_by_role("button", name=THEIR_WORDS["vi"]["out_do"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(THEIR_WORDS["vi"]["out_done"])

    page.goto(f"{place.ours}/devices")
    expect(page.get_by_role("heading", level=1)).to_have_text(words["in_title"])
    page.context.close()


def test_whoever_is_not_known_learns_what_to_do(browser: Browser, place: Place) -> None:
    page = new_context(browser, viewport=PHONE).new_page()
    page.goto(f"{place.ours}/sign-in")
    page.get_by_role("button", name=WORDS["vi"]["in_button"]).click()
    page.fill("#number", "000000000107")
    page.fill("#passcode", PASSCODE)
    page.get_by_role("button", name=THEIR_WORDS["vi"]["next"], exact=True).click()
    allow(page, "vi")
    expect(page.get_by_role("heading", level=1)).to_have_text(WORDS["vi"]["stranger_title"])
    _kept(page, "door-stranger-vi-390")
    assert violations(page) == []
    # Another account is asked for anew, though the e-ID still knows the first.
    page.get_by_role("link", name=WORDS["vi"]["another"]).click()
    page.get_by_role("button", name=WORDS["vi"]["in_button"]).click()
    expect(page.locator("#number")).to_be_visible()
    page.context.close()


def test_citizens_of_the_invented_nation_sign_in_without_a_browser(place: Place) -> None:
    visits = sign_in(place.ours, [NUMBER, "000000000107", NUMBER], through_app=1)
    assert (visits.let_in, dict(visits.turned_away)) == (2, {403: 1})
    # Django refuses to work beside the browser's loop, so the list is read without it.
    newest = "SELECT channel, device FROM signin_citizenentry WHERE person_id = %s ORDER BY entered_at DESC LIMIT 2"
    with psycopg.connect(place.database) as connection:
        found = connection.execute(newest, [PERSON]).fetchall()
    assert found == [("portal", "Chrome · Android"), ("app", "Chrome · Android")]
