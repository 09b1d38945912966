"""The acting pages in a browser: what a form shows on its way has nothing for axe to find either; the same journey with scripts and without."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from tests.acts.test_confirming import asked
from tests.acts.world import GRANDFATHER_NAME, GRANDFATHER_PIN, code_told
from tests.desk.browsing import DESKTOP, browser_of, new_context, violations
from tests.mandates.family import GRANDMOTHER, MOTHER, NEIGHBOUR, name_of, pin_of
from tests.support.citizens import signed_in
from tests.support.database import OwnDatabase

# Browsers are heavy: one after the other.
pytestmark = pytest.mark.xdist_group("browser")

PHONE = {"width": 360, "height": 740}


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
def screens(settled: OwnDatabase) -> Iterator[str]:
    """The screens served from this process, where somebody is asked to confirm; returns where."""
    asked(MOTHER)
    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    assert server.error is None
    yield f"http://127.0.0.1:{server.port}/"
    server.terminate()


def at(browser: Browser, base: str, person: int = MOTHER, **options: object) -> Page:
    """Return a page of a browser in which somebody is signed in at level 2."""
    page = new_context(browser, **options).new_page()
    signed_in(page, person, 2, base=base)
    return page


@pytest.mark.parametrize("scripts", [True, False])
def test_the_account_is_changed_with_scripts_and_without(browser: Browser, screens: str, scripts: bool) -> None:
    page = at(browser, screens, GRANDMOTHER, java_script_enabled=scripts, viewport=PHONE)
    page.goto(f"{screens}payments/account")
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_text("Không có ngân hàng tên như vậy").first).to_be_visible()
    page.get_by_label("Ngân hàng").fill("techcombank")
    page.get_by_label("Số tài khoản").fill("1903 1234 5678 90")
    page.get_by_label("Tên chủ tài khoản").fill("LE THI UNG")
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_text("19031234567890")).to_be_visible()
    page.get_by_role("button", name="Sửa lại").click()
    expect(page.get_by_label("Tên chủ tài khoản")).to_have_value("LE THI UNG")
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("button", name="Gửi mã xác nhận").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nhập mã xác nhận")
    page.get_by_label("Mã 6 số").fill(code_told(GRANDMOTHER))
    page.get_by_role("button", name="Xác nhận đổi tài khoản").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã đổi tài khoản")
    page.context.close()


def test_a_wrong_form_is_as_clean_and_a_funeral_is_claimed(browser: Browser, screens: str, tmp_path: Path) -> None:
    page = at(browser, screens, viewport=PHONE)
    page.goto(f"{screens}services/apply/funeral")
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_text("Có vấn đề")).to_be_visible()
    assert violations(page) == []
    _pictured(page, _kept(tmp_path, "", "services/error", "phone"))
    page.get_by_label("Số định danh cá nhân của người đã mất").fill(GRANDFATHER_PIN)
    page.get_by_label("Họ và tên người đã mất").fill(GRANDFATHER_NAME)
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Xem lại trước khi gửi")
    assert violations(page) == []
    _pictured(page, _kept(tmp_path, "", "services/check", "phone"))
    page.get_by_role("button", name="Nộp hồ sơ").click()
    expect(page.get_by_text("Đã nộp hồ sơ")).to_be_visible()
    assert violations(page) == []
    assert GRANDFATHER_PIN not in page.url
    _pictured(page, _kept(tmp_path, "", "services/file", "phone"))
    page.context.close()


def test_a_mandate_is_given_in_a_browser(browser: Browser, screens: str, tmp_path: Path) -> None:
    page = at(browser, screens, GRANDMOTHER, viewport=PHONE)
    page.goto(f"{screens}family/mandates/new")
    page.get_by_label("Số định danh của người đó").fill(pin_of(NEIGHBOUR))
    page.get_by_label("Họ và tên của người đó").fill(name_of(NEIGHBOUR))
    page.locator("input[name=scopes]").first.check()
    for part, value in (("day", "30"), ("month", "11"), ("year", "2025")):
        page.locator(f"input[name=last-{part}]").fill(value)
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_text("30/11/2025")).to_be_visible()
    assert violations(page) == []
    _pictured(page, _kept(tmp_path, "", "mandates/check", "phone"))
    page.get_by_role("button", name="Gửi đề nghị ủy quyền").click()
    expect(page.get_by_text("Đã gửi đề nghị ủy quyền")).to_be_visible()
    page.context.close()


def _pictured(page: Page, path: Path) -> None:
    """Take a picture of a whole page on a screen as long as it, so that the bar at the foot of a telephone covers nothing."""
    before = page.viewport_size
    assert before is not None
    page.set_viewport_size({"width": before["width"], "height": page.evaluate("document.documentElement.scrollHeight")})
    page.screenshot(path=path)
    page.set_viewport_size(before)


def _kept(folder: Path, language: str, address: str, size: str) -> Path:
    """Where a picture is kept: the folder somebody asked for, or the test's own."""
    asked = Path(os.environ.get("ANSINH_SCREENS", folder))
    asked.mkdir(parents=True, exist_ok=True)
    return asked / f"acts-{address.replace('/', '-')}-{language.strip('/') or 'vi'}-{size}.png"


def test_a_relative_confirms_in_a_browser(browser: Browser, screens: str, tmp_path: Path) -> None:
    page = at(browser, screens, viewport=PHONE)
    page.goto(f"{screens}confirmations")
    page.get_by_role("link", name="Xem và trả lời").click()
    page.get_by_role("button", name="Gửi trả lời").click()
    assert violations(page) == []
    _pictured(page, _kept(tmp_path, "", "confirmations-answer", "phone"))
    page.get_by_label("Đồng ý", exact=True).check()
    page.get_by_role("button", name="Gửi trả lời").click()
    expect(page.get_by_text("Đã ghi nhận câu trả lời")).to_be_visible()
    page.set_viewport_size(DESKTOP)
    assert violations(page) == []
    _pictured(page, _kept(tmp_path, "", "confirmations-done", "desktop"))
    page.context.close()
