"""A doctor's encounter in a real browser: purpose once, the book on one page, the glass in an emergency; without scripts, by keyboard, in both languages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from ansinh.desk.patient_words import WORDS
from ansinh.foundation.clock import VIET_NAM
from tests.desk.browsing import NARROW, PHONE, ROOTS, at_desk, browser_of, picture, violations
from tests.desk.world import HERE, World
from tests.health_reading.books import add_papers, add_visit, check_in, looks

# Browsers are heavy: one after the other.
pytestmark = pytest.mark.xdist_group("browser")

# Where to keep pictures of the pages, for docs/screens; nowhere unless asked.
PICTURES = os.environ.get("DESK_PICTURES")
PRESENT, STRANGER = 1, 2
OTHER = "01004"


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """The driver of browsers. It keeps a loop running in this thread, which Django must be told is not its concern."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as driver:
        yield driver
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The machine's Chromium."""
    with browser_of(playwright) as one:
        yield one


@pytest.fixture(scope="module")
def books(world: World) -> World:
    """Two patients of the clinic: one is there now, the other is known elsewhere only."""
    # The gateway lives on the nation's day, with the real time of day.
    today = datetime.now(VIET_NAM).replace(year=2025, month=6, day=3)
    with psycopg.connect(world.database.urls.owner) as owner:
        ago = {name: today - timedelta(days=days) for name, days in {"year": 300, "month": 40, "week": 9}.items()}
        add_visit(
            owner, PRESENT, 101, facility=HERE, admitted_at=ago["month"], diagnosis="E11.9", text="Đái tháo đường týp 2"
        )
        add_visit(
            owner, PRESENT, 102, facility=OTHER, admitted_at=ago["week"], diagnosis="J18.9", text="Viêm phổi thùy"
        )
        add_visit(
            owner, PRESENT, 103, facility=OTHER, admitted_at=ago["year"], diagnosis="Z88.0", text="Dị ứng penicillin"
        )
        add_visit(
            owner,
            PRESENT,
            104,
            facility=OTHER,
            admitted_at=ago["week"],
            diagnosis="F32.1",
            text="Trầm cảm",
            sensitive=["mental"],
        )
        add_papers(owner, PRESENT, 105, OTHER)
        owner.execute(
            "INSERT INTO healthbook_allergy (person_id, allergy_id, statement, substance, facility, officer, recorded_at) "
            "VALUES (%s, 1, 'allergy', 'Cephalexin', %s, 'BS-17', now())",
            [PRESENT, OTHER],
        )
        check_in(owner, PRESENT, today - timedelta(hours=1), facility=HERE)
        add_visit(owner, STRANGER, 201, facility=OTHER, admitted_at=ago["month"], diagnosis="D66", text="Hemophilia A")
    return world


def open_book(page: Page, world: World, language: str, patient: str, purpose: str = "treatment") -> None:
    """Go to the doctor's page by keyboard alone: type the number, choose the purpose, Enter."""
    page.goto(f"{world.base}{ROOTS[language]}patient")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type(world.number_of(patient))
    page.check(f"input[value={purpose}]")
    page.keyboard.press("Enter")


def keep(page: Page, name: str) -> None:
    if PICTURES:
        picture(page, Path(PICTURES), name)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_book_of_a_patient_who_is_here_on_one_page(books: World, browser: Browser, language: str) -> None:
    words = WORDS[language]
    page = (
        at_desk(browser, books, language, java_script_enabled=False)
        if language == "en"
        else at_desk(browser, books, language)
    )
    open_book(page, books, language, "valid_here")
    expect(page.locator(".patient-bar h1")).to_have_text(books.name_of("valid_here"))
    assert books.number_of("valid_here") not in page.url + page.content()
    risks = page.locator("#risks li")
    expect(risks).to_have_count(3)
    expect(risks.first).to_have_class("stop")
    expect(risks.first).to_contain_text(words["allergy"].format(substance="Cephalexin"))
    expect(risks.nth(1)).to_contain_text("Z88.0")
    expect(page.locator("#new")).to_contain_text("Viêm phổi thùy")
    expect(page.locator("#new")).not_to_contain_text("penicillin")
    expect(page.locator("#medicines tbody tr")).to_have_count(2)
    visits = page.locator(".visits li")
    expect(visits).to_have_count(3)
    expect(visits.first).to_contain_text("Viêm phổi thùy")
    expect(visits.first).to_contain_text("BS-001")
    expect(page.locator("#history")).to_contain_text(words["withheld"].format(count=1))
    assert "Trầm cảm" not in page.content()
    expect(page.locator("#papers li")).to_have_count(2)
    if language == "vi":
        assert violations(page) == []
    keep(page, f"patient-book-{language}")
    page.locator(".visits li a").first.click()
    expect(page.locator("main")).to_contain_text("chỉ số Viêm phổi thùy · 5.2")
    if language == "vi":
        assert violations(page) == []
    keep(page, f"patient-visit-{language}")
    page.context.close()


def test_keys_reach_every_part_and_small_screens_hold_the_page(books: World, browser: Browser) -> None:
    page = at_desk(browser, books, "vi")
    open_book(page, books, "vi", "valid_here")
    expect(page.locator("#papers")).to_be_visible()
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate("document.activeElement.getAttribute('href') || document.activeElement.textContent.trim()")
        )
    assert {"#risks", "#new", "#medicines", "#history", "#papers", "/desk/patient/102", WORDS["vi"]["close"]} <= reached
    for size, name in ((PHONE, "phone"), (NARROW, "narrow")):
        page.set_viewport_size(size)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), name
        assert violations(page) == []
    page.set_viewport_size(PHONE)
    keep(page, "patient-book-vi-phone")
    page.emulate_media(color_scheme="dark")
    assert violations(page) == []
    page.context.close()


def test_without_a_ground_the_glass_is_broken_with_a_reason(books: World, browser: Browser) -> None:
    page, words = at_desk(browser, books, "vi"), WORDS["vi"]
    open_book(page, books, "vi", "expired")
    expect(page.locator(".no-ground h2")).to_have_text(words["no_ground"])
    assert "Hemophilia" not in page.content()
    assert violations(page) == []
    keep(page, "patient-no-ground-vi")
    page.fill("#reason", "ngắn")
    page.locator(".glass button").click()
    expect(page.locator("#reason-error")).to_be_visible()
    assert violations(page) == []
    page.fill("#reason", "hôn mê, cần biết bệnh máu")
    page.keyboard.press("Enter")
    expect(page.locator(".emergency")).to_contain_text(words["glass_open"])
    expect(page.locator("#risks li.stop")).to_contain_text("D66")
    expect(page.locator("#risks")).to_contain_text(words["allergies_not_asked"])
    assert violations(page) == []
    keep(page, "patient-emergency-vi")
    told = books.rows("SELECT template FROM notices_message WHERE person_id = %s", [STRANGER])
    assert told == [("health_book_opened",)]
    page.get_by_role("button", name=words["close"]).click()
    expect(page.locator("#text")).to_be_visible()
    page.go_back()
    page.reload()
    expect(page.locator("#text")).to_be_visible()
    page.context.close()
    with psycopg.connect(books.database.urls.owner) as owner:
        seen = [(call, purpose, result) for call, purpose, result, _, _ in looks(owner, STRANGER)]
    assert (6, 1, 7) in seen
    assert (12, 7, 1) in seen
    assert (6, 7, 1) in seen


def test_what_is_no_number_or_purpose_is_told_and_nothing_opens(books: World, browser: Browser) -> None:
    page, words = at_desk(browser, books, "vi"), WORDS["vi"]
    page.goto(f"{books.base}{ROOTS['vi']}patient")
    keep(page, "patient-open-vi")
    assert violations(page) == []
    page.fill("#text", "12345")
    page.keyboard.press("Enter")
    expect(page.locator("#text-error")).to_be_visible()
    expect(page.locator("#text")).to_have_value("12345")
    assert violations(page) == []
    open_book(page, books, "vi", "nobody", "referral")
    expect(page.locator("main")).to_contain_text(words["nobody"])
    page.context.clear_cookies()
    page.goto(f"{books.base}{ROOTS['vi']}patient/102")
    expect(page).to_have_url(f"{books.base}{ROOTS['vi']}sign-in")
    page.context.close()
