"""A clerk's morning in a real browser, against real screens, a real gateway and a real database."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, Route, expect, sync_playwright

from ansinh.desk.verdicts import TONES, Verdict
from ansinh.desk.words import VERDICTS, WORDS
from tests.desk.browsing import (
    NARROW,
    PHONE,
    ROOTS,
    at_desk,
    browser_of,
    enrol,
    new_context,
    scan,
    sign_in,
    violations,
)
from tests.desk.camera import show_to_camera
from tests.desk.world import HERE, PATIENTS, World
from tests.gateway.running import running_gateway

# Browsers are heavy: one after the other.
pytestmark = pytest.mark.xdist_group("browser")

LANGUAGES = ("vi", "en")
FIRST_PAGE_BYTES_MAX = 100_000
NEXT_PAGE_BYTES_MAX = 30_000


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


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """Each language in turn."""
    return str(request.param)


def _looks(world: World, page: Page) -> list[tuple[str, int, int]]:
    """Return officer, purpose and result of each look-up the audit has of the officer on the page."""
    officer = page.locator(".whoami span").inner_text().rpartition(" · ")[2]
    asked = "SELECT officer, purpose, result FROM audit_access WHERE facility = %s AND officer = %s ORDER BY id"
    return world.rows(asked, [HERE, officer])


def _no_line(route: Route) -> None:
    route.abort("internetdisconnected")


def test_a_scanner_and_enter_are_all_it_takes(world: World, browser: Browser, language: str) -> None:
    page = at_desk(browser, world, language)
    field = page.locator("#text")
    expect(field).to_be_focused()
    scan(page, world.citizen_card("valid_here"), "valid_here")
    told = VERDICTS[language][Verdict.VALID_HERE]
    verdict = page.locator(".verdict")
    expect(verdict.locator("h2")).to_have_text(told.headline)
    expect(verdict.locator(".action")).to_have_text(told.action)
    expect(verdict).to_contain_text("80 %")
    expect(verdict).to_contain_text("31/12/2025")
    expect(verdict).to_contain_text(world.name_of("valid_here"))
    expect(verdict).not_to_contain_text(world.number_of("valid_here"))
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    assert page.url == f"{world.base}{ROOTS[language]}"
    scan(page, world.number_of("expired"), "expired")
    expect(page.locator(".beside li")).to_have_count(2)
    assert [(purpose, result) for _, purpose, result in _looks(world, page)] == [(1, 1), (1, 1)]
    page.context.close()


def test_every_verdict_is_told_by_word_icon_and_colour(world: World, browser: Browser, language: str) -> None:
    page = at_desk(browser, world, language)
    assert violations(page) == []
    seen = {verdict: world.number_of(verdict) for verdict in (*PATIENTS, "nobody")}
    for verdict, number in (seen | {"unreadable": "12345"}).items():
        scan(page, number, verdict)
        kind = Verdict(verdict)
        expect(page.locator(".verdict h2")).to_have_text(VERDICTS[language][kind].headline)
        expect(page.locator(".verdict .tone")).to_have_text(WORDS[language][f"tone_{TONES[kind].value}"])
        expect(page.locator(".verdict > header .icon")).to_be_visible()
        assert TONES[kind].value in (page.locator(".verdict").get_attribute("class") or "")
        assert violations(page) == [], verdict
        page.keyboard.press("Escape")
    page.emulate_media(color_scheme="dark")
    for verdict in ("valid_here", "valid_elsewhere", "expired"):
        scan(page, seen[verdict], verdict)
        assert violations(page) == [], f"{verdict} in the dark"
    page.context.close()


def test_what_differs_between_card_and_record_is_marked(world: World, browser: Browser, language: str) -> None:
    page = at_desk(browser, world, language)
    scan(page, world.citizen_card("valid_here", name="Đặng Thị Quỳnh Hương", born="02031981"), "other_person")
    expect(page.locator("mark")).to_have_text(["Hương", "Như", "02/03/1981", "1980"])
    assert violations(page) == []
    scan(page, world.citizen_card("valid_here", name="ĐẶNG THỊ QUỲNH NHƯ"), "valid_here")
    expect(page.locator("mark")).to_have_count(0)
    page.context.close()


@pytest.mark.parametrize("verdict", ["valid_here", "valid_elsewhere"])
def test_a_card_held_before_the_camera_is_read(
    world: World,
    playwright: Playwright,
    tmp_path: Path,
    language: str,
    verdict: str,
) -> None:
    video = show_to_camera(world.citizen_card(verdict), tmp_path / "card.y4m")
    camera = (
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={video}",
    )
    with browser_of(playwright, *camera) as browser:
        page = at_desk(browser, world, language, permissions=["camera"])
        fetched: list[str] = []
        page.on("request", lambda request: fetched.append(request.url))
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.get_by_role("button", name=WORDS[language]["camera_on"]).click()
        page.wait_for_selector(f"[data-verdict={verdict}]")
        expect(page.locator(".verdict")).to_contain_text(world.name_of(verdict))
        expect(page.locator("#text")).to_have_value("")
        assert any("zxing" in url for url in fetched)
        assert all(url.startswith((world.base, "blob:", "data:")) for url in fetched)
        assert complaints == []
        assert violations(page) == []
        page.get_by_role("button", name=WORDS[language]["camera_off"]).click()
        expect(page.locator("video")).to_be_hidden()
        assert len(_looks(world, page)) == 1


def test_everything_but_the_camera_works_without_scripts(world: World, browser: Browser, language: str) -> None:
    page = at_desk(browser, world, language, java_script_enabled=False)
    expect(page.get_by_text(WORDS[language]["camera_on"])).to_be_hidden()
    for verdict in ("valid_here", "nobody"):
        page.fill("#text", world.number_of(verdict))
        page.keyboard.press("Enter")
        expect(page.locator(f"[data-verdict={verdict}]")).to_be_visible()
        assert world.number_of(verdict) not in page.url
    page.get_by_role("link", name=WORDS[language]["next"]).click()
    expect(page.locator(".ready")).to_be_visible()
    page.get_by_role("link", name=WORDS[language]["today_all"]).click()
    expect(page.locator(".looks li")).to_have_count(2)
    page.get_by_role("button", name=WORDS[language]["sign_out"]).click()
    expect(page.locator("h1")).to_have_text(WORDS[language]["signed_out_title"])
    page.goto(f"{world.base}{ROOTS[language]}")
    expect(page.locator("#password")).to_be_visible()
    page.context.close()


def test_the_keyboard_alone_is_enough(world: World, browser: Browser) -> None:
    page = at_desk(browser, world)
    page.keyboard.type(world.number_of("valid_here"))
    page.keyboard.press("Enter")
    expect(page.locator("[data-verdict=valid_here]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".ready")).to_be_visible()
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=WORDS["vi"]["look_up"])).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=WORDS["vi"]["camera_on"])).to_be_focused()
    page.keyboard.press("Tab")
    # A scanner does not look where the cursor is.
    page.keyboard.type(world.number_of("suspended"))
    page.keyboard.press("Enter")
    expect(page.locator("[data-verdict=suspended]")).to_be_visible()
    page.context.close()


def test_the_skip_link_comes_first_and_every_stop_is_seen(world: World, browser: Browser) -> None:
    page = new_context(browser).new_page()
    page.goto(f"{world.base}/desk/sign-in")
    stops = []
    for _ in range(9):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid", stops[-1]
    words = WORDS["vi"]
    assert stops[0] == words["skip"]
    assert stops[3:8] == ["facility", "officer", "password", "code", words["sign_in"]]
    page.context.close()


def test_on_a_bad_line_scans_wait_in_memory_and_go_when_it_is_back(
    world: World, browser: Browser, language: str
) -> None:
    page = at_desk(browser, world, language)
    page.route("**/ask", _no_line)
    for verdict in ("valid_here", "expired"):
        page.keyboard.insert_text(world.number_of(verdict))
        page.keyboard.press("Enter")
    waiting = WORDS[language]["waiting_many"].format(count=2, seconds=r"\d+")
    expect(page.locator("[data-line-words]")).to_have_text(re.compile(waiting))
    expect(page.locator(".answer .big")).to_have_text(WORDS[language]["no_answer_yet"])
    expect(page.locator(".verdict")).to_have_count(0)
    assert violations(page) == []
    kept = page.evaluate(
        "async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length, (await caches.keys()).length]"
    )
    assert kept == [0, 0, 0, 0]
    page.unroute("**/ask")
    page.get_by_role("button", name=WORDS[language]["try_now"]).click()
    expect(page.locator("[data-verdict=expired]")).to_be_visible()
    expect(page.locator(".beside li")).to_have_count(2)
    expect(page.locator("[data-line]")).to_be_hidden()
    page.context.close()


def test_a_dropped_queue_is_gone(world: World, browser: Browser) -> None:
    page = at_desk(browser, world)
    page.route("**/ask", _no_line)
    page.keyboard.insert_text(world.number_of("valid_here"))
    page.keyboard.press("Enter")
    page.get_by_role("button", name=WORDS["vi"]["drop"]).click()
    expect(page.locator(".ready")).to_be_visible()
    page.unroute("**/ask")
    scan(page, world.number_of("expired"), "expired")
    assert len(_looks(world, page)) == 1
    page.context.close()


def test_a_slow_answer_is_said_to_be_slow_and_an_old_one_loses_its_colour(world: World, browser: Browser) -> None:
    page = at_desk(browser, world)
    page.clock.install()
    page.reload()
    held: list[Route] = []
    page.route("**/ask", lambda route: held.append(route))  # noqa: PLW0108 - the driver marks the function it is given
    with page.expect_request("**/ask"):
        page.keyboard.insert_text(world.number_of("valid_here"))
        page.keyboard.press("Enter")
    expect(page.locator(".asking")).to_contain_text(WORDS["vi"]["asking"])
    page.clock.run_for(3_000)
    expect(page.locator("[data-line-words]")).to_have_text(WORDS["vi"]["slow"])
    held[0].continue_()
    expect(page.locator("[data-verdict=valid_here]")).to_be_visible()
    age = page.locator("[data-age]")
    expect(age).to_have_text(WORDS["vi"]["age_now"])
    page.clock.run_for(2 * 60_000 + 6_000)
    expect(age).to_have_text(WORDS["vi"]["age_minutes"].format(minutes=2))
    page.clock.run_for(3 * 60_000)
    shown = page.locator(".verdict").get_attribute("data-time") or ""
    expect(age).to_have_text(WORDS["vi"]["age_old"].format(time=shown))
    expect(page.locator(".verdict")).to_have_class("verdict go old")
    green = "rgb(10, 107, 82)"
    assert page.evaluate("getComputedStyle(document.querySelector('.verdict > header')).backgroundColor") != green
    assert violations(page) == []
    page.context.close()


def test_before_a_rest_ends_the_session_the_page_says_so(world: World, browser: Browser, language: str) -> None:
    page = at_desk(browser, world, language)
    page.clock.install()
    ending = page.locator("[data-ending]")
    page.reload()
    expect(ending).to_be_hidden()
    page.clock.run_for(13 * 60_000 + 10_000)
    expect(ending).to_contain_text(WORDS[language]["ending"])
    assert violations(page) == []
    page.get_by_role("button", name=WORDS[language]["stay"]).click()
    expect(ending).to_be_hidden()
    expect(page.locator("#text")).to_be_focused()
    page.context.close()


def test_an_ended_session_keeps_what_was_scanned(world: World, browser: Browser, language: str) -> None:
    page = new_context(browser).new_page()
    officer = enrol(page, world, language)
    sign_in(page, officer)
    page.wait_for_selector("#text")
    world.sql(
        f"DELETE FROM signin_session WHERE account_id = (SELECT account_id FROM signin_account WHERE officer = '{officer.number}')"
    )
    page.keyboard.insert_text(world.number_of("valid_here"))
    page.keyboard.press("Enter")
    expect(page.locator(".notice")).to_have_text(WORDS[language]["expired"])
    assert violations(page) == []
    # As if half a minute had passed: the telephone's code was used already.
    world.sql(f"UPDATE signin_account SET totp_step = 0 WHERE officer = '{officer.number}'")
    sign_in(page, officer)
    expect(page.locator("#text")).to_have_value(world.number_of("valid_here"))
    page.keyboard.press("Enter")
    expect(page.locator("[data-verdict=valid_here]")).to_be_visible()
    page.context.close()


def test_doors_name_each_problem_and_have_no_violations(world: World, browser: Browser, language: str) -> None:
    page = new_context(browser).new_page()
    words = WORDS[language]
    for address in ("sign-in", "enrol", "enrolled", "signed-out"):
        page.goto(f"{world.base}{ROOTS[language]}{address}")
        assert violations(page) == [], address
    page.goto(f"{world.base}{ROOTS[language]}sign-in")
    page.fill("#facility", HERE)
    page.get_by_role("button", name=words["sign_in"]).click()
    problem = page.get_by_role("alert")
    expect(problem).to_contain_text(words["missing_password"])
    assert page.title().startswith(words["error_title"])
    expect(page.locator("#facility")).to_have_value(HERE)
    page.get_by_role("link", name=words["missing_code"]).click()
    expect(page.locator("#code")).to_be_focused()
    assert violations(page) == []
    page.context.close()


@pytest.mark.parametrize("size", [NARROW, PHONE], ids=["320", "phone"])
def test_nothing_overflows_a_small_or_magnified_screen(
    world: World, browser: Browser, language: str, size: dict[str, int]
) -> None:
    # 1,280 pixels magnified four times are 320.
    page = at_desk(browser, world, language, viewport=size)
    spaced = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }"
    for verdict in ("valid_here", "valid_elsewhere", "reduced", "nobody"):
        scan(page, world.number_of(verdict), verdict)
        assert _overflow(page) <= 0, verdict
    scan(page, world.citizen_card("valid_here", name="Công Tằng Tôn Nữ Quỳnh Hương", born="02031981"), "other_person")
    assert _overflow(page) <= 0
    for address in ("today", "sign-in", "enrol", "signed-out"):
        page.goto(f"{world.base}{ROOTS[language]}{address}")
        assert _overflow(page) <= 0, address
        page.evaluate(
            "text => { const style = new CSSStyleSheet(); style.replaceSync(text); document.adoptedStyleSheets = [style]; }",
            spaced,
        )
        assert _overflow(page) <= 0, f"{address} with wide text spacing"
        assert violations(page) == [], address
    page.context.close()


def _overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


# What the page and everything it asked for since it was begun weigh over the wire, as the browser itself counts it.
_WEIGHT = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .reduce((sum, one) => sum + one.transferSize, 0)"""


def test_pages_are_light(world: World, browser: Browser) -> None:
    page = new_context(browser).new_page()
    page.goto(f"{world.base}/desk/sign-in", wait_until="load")
    assert 0 < page.evaluate(_WEIGHT) <= FIRST_PAGE_BYTES_MAX
    sign_in(page, enrol(page, world))
    page.wait_for_selector("#text")
    page.goto(f"{world.base}/desk/", wait_until="load")
    first = page.evaluate(_WEIGHT)
    assert 0 < first <= NEXT_PAGE_BYTES_MAX
    scan(page, world.number_of("valid_here"), "valid_here")
    page.wait_for_function(f"({_WEIGHT})() > {first}")
    assert page.evaluate(_WEIGHT) - first <= NEXT_PAGE_BYTES_MAX
    page.context.close()


def test_the_verdict_prints_alone(world: World, browser: Browser) -> None:
    page = at_desk(browser, world)
    scan(page, world.number_of("valid_here"), "valid_here")
    expect(page.get_by_role("button", name=WORDS["vi"]["print"])).to_be_visible()
    page.emulate_media(media="print")
    for hidden in (".ask", ".beside", ".tools", "body > header"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator(".on-paper")).to_contain_text("Vũ Thị Nga")
    expect(page.locator(".verdict")).to_contain_text(WORDS["vi"]["reference"])
    page.context.close()


def test_somebody_taken_off_the_list_is_shown_the_door(world: World, browser: Browser) -> None:
    page = at_desk(browser, world)
    officer = page.locator(".whoami span").inner_text().rpartition(" · ")[2]
    world.sql(f"UPDATE access_facilityofficer SET active = false WHERE officer = '{officer}'")
    page.keyboard.insert_text(world.number_of("valid_here"))
    page.keyboard.press("Enter")
    expect(page.locator("#password")).to_be_visible()
    assert world.rows("SELECT count(*) FROM audit_access WHERE officer = %s", [officer]) == [(0,)]
    page.context.close()


def test_with_the_gateway_away_an_old_answer_is_shown_as_old_until_a_fresh_one_comes(
    world: World,
    browser: Browser,
) -> None:
    page = at_desk(browser, world)
    scan(page, world.number_of("valid_here"), "valid_here")
    world.gateway.kill()
    page.keyboard.insert_text(world.number_of("valid_here"))
    page.keyboard.press("Enter")
    expect(page.locator("[data-verdict=away]")).to_be_visible()
    page.wait_for_selector("[data-line]:not([hidden])")
    expect(page.locator(".last-known")).to_contain_text("Đây không phải kết quả mới")
    expect(page.locator(".verdict")).to_have_class("verdict unknown")
    expect(page.locator("[data-line]")).to_be_visible()
    assert violations(page) == []
    port = int(world.gateway.base.rpartition(":")[2])
    with running_gateway(world.database, world.folder, workers=1, port=port):
        # The page asks again by itself too; whichever comes first.
        page.get_by_role("button", name=WORDS["vi"]["try_now"]).evaluate_all(
            "found => found.forEach(one => one.click())"
        )
        expect(page.locator("[data-verdict=valid_here]")).to_be_visible()
    page.context.close()
