"""Take pictures of every page of a running, invented agency, wide and as on a phone: the figures; the citizens' pages; the desk, by an
officer invited for it, in each state.

Usage: tools/take_screens [BASE_URL]. Needs the settings of `ansinh serve` and a Chromium.
"""

# ruff: noqa: E402 - Django is set up before its models are loaded
from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ansinh.config.django")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's driver keeps a loop in this thread

import django

django.setup()

import pyotp
from playwright.sync_api import Browser, Page, Route, ViewportSize, sync_playwright

from ansinh.access.operations import register_facility_officer
from ansinh.access.roles import all_permissions
from ansinh.config.queries import nation_day
from ansinh.database.sql import row
from ansinh.desk.operations import open_desk
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import RealClock
from ansinh.signin.operations import invite_account
from ansinh.signin.queries import facility_officer
from tests.desk.camera import show_to_camera
from tools.portal_screens import take_portal
from tools.small_pictures import small

WIDE = ViewportSize(width=1200, height=800)
PHONE = ViewportSize(width=390, height=844)
PASSWORD = "sen tháng sáu bên hồ"  # noqa: S105 - an invented officer's
WHO = Actor(ActorKind.SYSTEM, "screens", all_permissions())
REASON = "chụp màn hình của quốc gia mô phỏng"
ROOTS = {"vi": "/desk/", "en": "/en/desk/"}
BYTES_MAX = 100_000


@dataclass(frozen=True)
class Patients:
    """Numbers of invented people, by what the desk says of them, and the QR text of somebody else's card."""

    facility: str
    numbers: dict[str, str]
    own_card: str
    differing_card: str


def patients() -> Patients:
    """Choose a facility of basic level with people of many kinds, and one of each kind."""
    found = row(
        "SELECT s.facility FROM cards_standing s JOIN places_facility f ON f.code = s.facility"
        " GROUP BY s.facility, f.level ORDER BY f.level = 'basic' DESC, count(*) DESC LIMIT 1"
    )
    if found is None:
        sys.exit("There are no cards yet. Run: ansinh demo")
    facility, today = str(found[0]), nation_day()
    kinds = {
        "valid_here": "status = 'active' AND valid_from <= %(today)s AND valid_until > %(today)s AND facility = %(facility)s",
        "valid_elsewhere": "status = 'active' AND valid_from <= %(today)s AND valid_until > %(today)s AND facility <> %(facility)s",
        "expired": "status = 'active' AND valid_until <= %(today)s",
    }
    numbers = {"nobody": "001199999999"}
    for kind, condition in kinds.items():
        one = row(
            f"SELECT pin FROM cards_standing WHERE pin IS NOT NULL AND {condition} ORDER BY length(full_name) DESC, person_id LIMIT 1",
            {"today": today, "facility": facility},
        )
        if one:
            numbers[kind] = str(one[0])
    person = row(
        "SELECT full_name, birth_year, sex, birth_month, birth_day FROM cards_standing WHERE pin = %s",
        [numbers["valid_here"]],
    )
    assert person is not None
    family, _, given = str(person[0]).rpartition(" ")
    sex = "Nữ" if person[2] == "F" else "Nam"
    other = "Hương" if given != "Hương" else "Hoa"
    rest = f"{sex}|Phường Hoàn Kiếm, Hà Nội|15062022"
    own = f"{person[4]:02d}{person[3]:02d}{person[1]}" if person[3] and person[4] else f"0101{person[1]}"
    cards = [
        f"{numbers['valid_here']}||{name}|{born}|{rest}"
        for name, born in ((person[0], own), (f"{family} {other}", f"0203{person[1]}"))
    ]
    return Patients(facility, numbers, *cards)


class Studio:
    """One browser, and pictures named after page, language and size."""

    def __init__(self, base: str, folder: Path, browser: Browser) -> None:
        self.base, self.folder, self.browser = base, folder, browser
        self._reader = browser.new_page()

    @contextmanager
    def page(self, size: ViewportSize, scheme: str = "light") -> Iterator[Page]:
        """A page of a browser that knows nobody yet."""
        phone = size == PHONE
        context = self.browser.new_context(
            viewport=size, color_scheme="dark" if scheme == "dark" else "light", has_touch=phone, is_mobile=phone
        )
        try:
            yield context.new_page()
        finally:
            context.close()

    def take(self, page: Page, name: str, *, whole: bool = True) -> None:
        """Keep a picture of the whole page, or of what is seen of it at first."""
        page.evaluate("document.fonts.ready")
        picture = small(page.screenshot(full_page=whole, animations="disabled"), self._reader)
        if len(picture) > BYTES_MAX:
            sys.exit(f"The picture {name} is larger than {BYTES_MAX} bytes")
        (self.folder / f"{name}.png").write_bytes(picture)


def sign_in(studio: Studio, page: Page, language: str, facility: str, officer: str) -> None:
    """Enrol and sign in as an invited officer."""
    root = f"{studio.base}{ROOTS[language]}"
    subject = facility_officer(facility, officer)
    register_facility_officer(actor=WHO, reason=REASON, facility=facility, officer=officer, name="Vũ Thị Nga")
    open_desk(actor=WHO, reason=REASON, facility=facility)
    code = invite_account(actor=WHO, reason=REASON, clock=RealClock(), subject=subject).code
    page.goto(f"{root}enrol")
    telephone = pyotp.TOTP(re.sub(r"\s", "", page.locator("code").inner_text()))
    _fill(page, facility, officer, telephone.now())
    page.fill("#invitation", code)
    page.locator("main form button").click()
    page.wait_for_url("**/enrolled")
    _fill(page, facility, officer, telephone.at(datetime.now(UTC) + timedelta(seconds=30)))
    page.locator("main form button").click()
    page.wait_for_selector("#text")


def take_doors(studio: Studio, page: Page, language: str, name: str) -> None:
    """Take the pages nobody has signed in to see; the secret drawn on one of them is never used."""
    root = f"{studio.base}{ROOTS[language]}"
    for address in ("sign-in", "enrol", "enrolled", "signed-out"):
        page.goto(f"{root}{address}")
        studio.take(page, f"desk-{address}-{name}")
    page.goto(f"{root}sign-in")
    page.fill("#facility", "01004")
    page.locator("main form button").click()
    studio.take(page, f"desk-sign-in-problem-{name}")


def take_camera(studio: Studio, browser: Browser, found: Patients) -> None:
    """Take the page while a card is held before the camera."""
    camera = Studio(studio.base, studio.folder, browser)
    for number, size, name in ((4, WIDE, "vi"), (5, PHONE, "vi-phone")):
        with camera.page(size) as page:
            page.context.grant_permissions(["camera"])
            sign_in(camera, page, "vi", found.facility, f"{found.facility}-{number:02d}")
            page.locator("[data-camera]").click()
            page.wait_for_selector(".verdict")
            camera.take(page, f"desk-camera-{name}")


def _fill(page: Page, facility: str, officer: str, code: str) -> None:
    for field, value in (("facility", facility), ("officer", officer), ("password", PASSWORD), ("code", code)):
        page.fill(f"#{field}", value)


def scan(page: Page, text: str, verdict: str) -> None:
    """Scan a card and wait for the verdict."""
    page.fill("#text", text)
    page.keyboard.press("Enter")
    page.wait_for_selector(f"[data-verdict={verdict}]")


def _no_line(route: Route) -> None:
    route.abort("internetdisconnected")


def take_states(studio: Studio, page: Page, found: Patients, name: str) -> None:
    """Take each state of the page with the field."""
    studio.take(page, f"desk-ready-{name}")
    for verdict, number in found.numbers.items():
        scan(page, number, verdict)
        studio.take(page, f"desk-{verdict.replace('_', '-')}-{name}")
    scan(page, found.differing_card, "other_person")
    studio.take(page, f"desk-other-person-{name}")
    page.route("**/ask", _no_line)
    for verdict in ("valid_here", "nobody"):
        page.fill("#text", found.numbers[verdict])
        page.keyboard.press("Enter")
    page.wait_for_selector("[data-line]:not([hidden])")
    studio.take(page, f"desk-bad-line-{name}")
    page.unroute("**/ask")
    page.locator("[data-drop]").click()
    page.goto(page.url + "today")
    studio.take(page, f"desk-today-{name}")


def take_figures(studio: Studio) -> None:
    """Take the page of figures."""
    for path, size, name in (("/figures", WIDE, "vi"), ("/en/figures", WIDE, "en"), ("/figures", PHONE, "vi-phone")):
        with studio.page(size) as page:
            page.goto(f"{studio.base}{path}")
            studio.take(page, f"figures-{name}", whole=False)


def main(base: str, folder: Path) -> None:
    """Take all pictures."""
    if nation_day() is None:
        sys.exit("Pictures are taken of invented nations only.")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("A Chromium browser is needed: apt-get install chromium")
    found = patients()
    with sync_playwright() as driver:
        arguments = ["--no-sandbox", "--disable-gpu"]
        browser = driver.chromium.launch(executable_path=chromium, args=arguments)
        studio = Studio(base, folder, browser)
        take_figures(studio)
        take_portal(studio, PHONE, WIDE)
        for language in ROOTS:
            for number, size in enumerate((WIDE, PHONE), start=1):
                name = f"{language}{'-phone' if size == PHONE else ''}"
                with studio.page(size) as page:
                    take_doors(studio, page, language, name)
                    sign_in(studio, page, language, found.facility, f"{found.facility}-{language}{number}")
                    take_states(studio, page, found, name)
        with studio.page(WIDE, "dark") as page:
            sign_in(studio, page, "vi", found.facility, f"{found.facility}-03")
            scan(page, found.numbers["valid_here"], "valid_here")
            studio.take(page, "desk-valid-here-vi-dark")
        browser.close()
        with TemporaryDirectory() as place:
            video = show_to_camera(found.own_card, Path(place) / "card.y4m")
            arguments += ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={video}"]
            browser = driver.chromium.launch(executable_path=chromium, args=arguments)
            take_camera(studio, browser, found)
            browser.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
