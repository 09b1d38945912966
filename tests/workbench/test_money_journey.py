"""Three officers at a browser: one prepared a run, one approves it, a third authorises it; whoever tries two steps is refused. A fourth, an auditor, sees
who read whom. Everything can be heard."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django import DjangoDbBlocker

from ansinh.cli.serve import start_screens
from ansinh.database.sql import execute, number
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import RealClock, legal_day
from ansinh.foundation.purpose import Purpose
from ansinh.foundation.settings import settings
from ansinh.payments import operations
from ansinh.relief.operations import NewEmergency, declare_emergency
from ansinh.signin.operations import invite_account
from ansinh.signin.queries import agency_officer
from ansinh.workbench.words.accesses import WORDS as ACCESSES
from ansinh.workbench.words.exceptions import WORDS as EXCEPTION_WORDS
from ansinh.workbench.words.money import WORDS
from ansinh.workbench.words.money_acts import WORDS as ACTS
from tests.desk.browsing import browser_of, new_context, violations
from tests.gateway.running import free_port
from tests.payments.world import JULY_1, MAKER, REASON, Owed, add_payee, at, built_run
from tests.relief.world import add_places
from tests.support.database import SharedServer, pointed_at
from tests.support.officers import officer_with, session_key_of

# One server and one browser serve them all.
pytestmark = pytest.mark.xdist_group("workbench")
SIZES = ({"width": 360, "height": 740}, {"width": 1280, "height": 900})
SUM = "21000006"
AUDITOR, PASSWORD, STRANGER = "hanoi.kiem", "mưa rào tháng bảy", "9999999999"


@dataclass(frozen=True)
class Bench:
    """Where the screens are, the browser at them, a run that waits, a session for each officer, and an auditor's invitation."""

    base: str
    browser: Browser
    run: int
    keys: dict[str, str]
    invitation: str
    numbers: dict[str, int]

    def page(self, who: str, **options: object) -> Page:
        """A page of a browser in which an officer is signed in."""
        page = new_context(self.browser, **options).new_page()
        page.context.add_cookies(
            [{"name": django_settings.SESSION_COOKIE_NAME, "value": self.keys[who], "url": self.base}]
        )
        return page


@pytest.fixture(scope="module")
def bench(
    database_server: SharedServer,
    database_template: str,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Bench]:
    """The officers' screens as a real process, and a run of July beside one of June."""
    folder = tmp_path_factory.mktemp("bench")
    port = free_port()
    given = {
        "ANSINH_SCREENS_PORT": str(port),
        "ANSINH_SECRETS": str(folder / "secrets"),
        "ANSINH_DATA": str(folder / "data"),
    }
    former = {name: os.environ.get(name) for name in given}
    with ExitStack() as programs:
        database = programs.enter_context(database_server.copy_of(database_template, "f"))
        programs.enter_context(django_db_blocker.unblock())
        programs.enter_context(pointed_at(database))
        os.environ.update(given)
        settings.cache_clear()
        try:
            run, keys, invitation = _july(folder), _sessions(), _invited()
            _exceptions()
            asked = {
                "case": "payments_case",
                "run": "payments_run",
                "recovery": "reckoning_recovery",
                "emergency": "relief_emergency",
            }
            numbers = {name: number(f"SELECT min({name}_id) FROM {table}") for name, table in asked.items()}
            start_screens(programs)
            driver = programs.enter_context(sync_playwright())
            yield Bench(
                f"http://127.0.0.1:{port}", programs.enter_context(browser_of(driver)), run, keys, invitation, numbers
            )
        finally:
            for name, value in former.items():
                os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)
            settings.cache_clear()


def _sessions() -> dict[str, str]:
    roles = {
        "maker": ("payment_officer", MAKER.reference),
        "checker": ("payment_approver", "hanoi.minh"),
        "authoriser": ("payment_authoriser", "hanoi.thu"),
        "officer": ("payment_officer", "hanoi.mai"),
    }
    keys = {who: session_key_of(officer_with(role, number=number)) for who, (role, number) in roles.items()}
    both = officer_with("payment_approver", "payment_authoriser", "payment_officer", number="hanoi.minh")
    opened = session_key_of(MAKER.reference, workbench_person=[1, int(Purpose.ADMINISTRATION)])
    return keys | {"checker": session_key_of(both), "reader": opened}


def _invited() -> str:
    officer_with("auditor", number=AUDITOR)
    who = Actor(ActorKind.OFFICER, "hanoi.an", frozenset({"signin.invite"}))
    return invite_account(actor=who, reason="thử", clock=RealClock(), subject=agency_officer(AUDITOR)).code


def _july(folder: Path) -> int:
    for person in range(1, 4):
        add_payee(person, f"0010{person:04}" if person < 3 else None)
    run = 0
    for month in (6, 7):
        owed = [Owed(person, month * 1_000_000 + person, month=202500 + month) for person in range(1, 4)]
        run = built_run(
            owed, folder, months=(202500 + month,), pay_on=date(2025, month, 2), act="Quyết định 166/QĐ-BHXH"
        )
        operations.check_run(actor=MAKER, reason=REASON, clock=at(JULY_1), run_id=run)
    return run


def _exceptions() -> None:
    """A run of May of which money came back and orders are withheld, a recovery, unclaimed money, a message called back, an emergency."""
    add_places()
    for statement in _EXCEPTIONS:
        execute(statement)
    new = NewEmergency("Bão số 3", "Công văn 12/CV", date(2025, 8, 1), date(2025, 9, 1), ("01",), months=(202508,))
    declare_emergency(actor=MAKER, reason=REASON, clock=at(JULY_1), new=new)


_RUN = "(SELECT min(run_id) FROM payments_run)"
_EXCEPTIONS = (
    f"UPDATE payments_order SET state = 'withheld' WHERE run_id = {_RUN}",
    f"""INSERT INTO payments_case (person_id, kind, run_id, pay_month, order_id, attempt_no, detail, amount, opened_at)
        SELECT person_id, 'death_check', run_id, pay_month, order_id, 1, 'MD07', amount, now() FROM payments_order WHERE run_id = {_RUN}""",
    f"UPDATE payments_attempt SET ended = 20 WHERE run_id = {_RUN}",
    f"""INSERT INTO payments_batchevent (batch_id, event, try_no, happened_at)
        SELECT batch_id, 'recall_asked', 1, now() FROM payments_batch WHERE run_id = {_RUN}""",
    """INSERT INTO reckoning_recovery (person_id, cause, fund, amount, opened_at) VALUES (1, 'overpaid', 101, 3000000, now())""",
    """INSERT INTO reckoning_recoveryevent (person_id, recovery_id, event_no, event, amount, left_before, left_after, officer, happened_at)
        SELECT 1, recovery_id, 0, 'opened', 3000000, 3000000, 3000000, 'officer:hanoi.lan', now() FROM reckoning_recovery""",
    """INSERT INTO reckoning_unclaimed (person_id, month, entitlement_id, component, correction, amount, kind, province, urban, set_aside_at)
        SELECT p, 202501, p, 'base', 0, 1000000, 'pension', '01', true, now() FROM generate_series(1, 3) AS p""",
)
EXCEPTIONS = (
    "exceptions",
    "exceptions/{case}",
    "exceptions/{case}/account",
    "runs/{run}/held",
    "runs/{run}/returned",
    "exceptions/recalls",
    "exceptions/recoveries",
    "exceptions/recoveries/{recovery}",
    "exceptions/unclaimed",
    "emergencies",
    "emergencies/new",
    "emergencies/{emergency}",
)


def _overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("size", SIZES, ids=["phone", "desk"])
def test_every_page_of_a_run_can_be_read_and_heard(bench: Bench, size: dict[str, int]) -> None:
    page = bench.page("checker", viewport=size)
    here = f"{bench.base}/workbench/runs/{bench.run}"
    shots = os.environ.get("ANSINH_SHOTS")
    addresses = {
        "runs": f"{bench.base}/workbench/runs",
        "run": here,
        "orders": f"{here}/provinces/01",
        "send-back": f"{here}/approve/back",
        "new-run": f"{bench.base}/workbench/runs/new",
    }
    for name, address in addresses.items():
        page.goto(address)
        expect(page.locator("h1")).to_have_count(1)
        assert violations(page) == [], name
        assert _overflow(page) <= 0, name
        if shots:
            page.screenshot(path=f"{shots}/workbench-{name}-{size['width']}.png", full_page=True)
    page.goto(addresses["orders"])
    page.get_by_role("main").get_by_role("table").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name=WORDS["vi"]["made_of"])).to_be_visible()
    assert violations(page) == []
    assert _overflow(page) <= 0
    if shots:
        page.screenshot(path=f"{shots}/workbench-order-{size['width']}.png", full_page=True)
    page.context.close()


@pytest.mark.parametrize(("root", "size", "part"), [("workbench", 0, 0), ("workbench/en", 1, 1)], ids=["vi", "en"])
def test_every_page_of_exceptions_can_be_read_and_heard(bench: Bench, root: str, size: int, part: int) -> None:
    page = bench.page("officer", viewport=SIZES[size])
    shots = os.environ.get("ANSINH_SHOTS")
    for address in EXCEPTIONS[part::2]:
        here = address.format(**bench.numbers)
        page.goto(f"{bench.base}/{root}/{here}")
        expect(page.locator("h1")).to_have_count(1)
        expect(page.get_by_role("main")).not_to_contain_text("403")
        assert violations(page) == [], here
        assert _overflow(page) <= 0, here
        if shots:
            page.screenshot(path=f"{shots}/{here.replace('/', '-')}-{SIZES[size]['width']}.png", full_page=True)
    page.context.close()


def test_many_orders_are_looked_at_before_they_change(bench: Bench) -> None:
    words = EXCEPTION_WORDS["vi"]
    # Given an officer at the orders a run withholds
    page = bench.page("officer", viewport=SIZES[0])
    page.goto(f"{bench.base}/workbench/runs/{bench.numbers['run']}/held")
    # When they choose two and look first
    for box in page.get_by_role("checkbox").all()[:2]:
        box.check()
    page.get_by_label(words["release"]).check()
    page.get_by_role("button", name=words["preview"]).click()
    # Then the sum stands there and nothing has changed yet
    expect(page.get_by_role("main")).to_contain_text("12.000.003 ₫")
    assert violations(page) == []
    assert _overflow(page) <= 0
    if shots := os.environ.get("ANSINH_SHOTS"):
        page.screenshot(path=f"{shots}/held-preview-360.png", full_page=True)
    # When they confirm with a reason, then both are done and one is left
    page.get_by_label(words["reason"]).fill("đã khai tử")
    page.get_by_role("button", name=words["confirm"]).click()
    expect(page.get_by_role("main")).to_contain_text(words["done"].format(done=2))
    expect(page.get_by_role("checkbox")).to_have_count(1)
    page.context.close()


def test_three_officers_take_a_run_from_checked_to_authorised_and_nobody_twice(bench: Bench) -> None:
    words = WORDS["vi"]
    here = f"{bench.base}/workbench/runs/{bench.run}"
    # Given the maker, who is told whose turn it is and has nothing to sign with
    page = bench.page("maker")
    page.goto(here)
    expect(page.get_by_role("main")).to_contain_text(words["turn_approve"])
    expect(page.get_by_role("link", name=words["approve"])).to_have_count(0)
    page.context.close()
    # When the checker mistypes the sum, then nothing is signed; when it is right, it is
    page = bench.page("checker")
    page.goto(here)
    page.get_by_role("link", name=words["approve"]).click()
    page.get_by_label(words["typed"]).fill("21000007")
    page.get_by_label(words["reason"]).fill("đã đối chiếu")
    page.get_by_role("button", name=words["approve"]).click()
    expect(page.get_by_role("main")).to_contain_text(words["typed_wrong"])
    assert violations(page) == []
    if shots := os.environ.get("ANSINH_SHOTS"):
        page.screenshot(path=f"{shots}/workbench-sign-1280.png", full_page=True)
    page.get_by_label(words["typed"]).fill(SUM)
    page.get_by_role("button", name=words["approve"]).click()
    expect(page.get_by_role("main")).to_contain_text(words["turn_authorise"])
    # Then the same officer, who may authorise too, is refused the second step
    expect(page.get_by_role("main")).to_contain_text(words["not_twice"])
    page.goto(f"{here}/authorise")
    page.get_by_label(words["typed"]).fill(SUM)
    page.get_by_label(words["reason"]).fill("ký luôn")
    page.get_by_role("button", name=words["authorise"]).click()
    expect(page.get_by_role("main")).to_contain_text("ba cán bộ khác nhau")
    page.context.close()
    # When a third one authorises, then both signatures are there
    page = bench.page("authoriser")
    page.goto(f"{here}/authorise")
    page.get_by_label(words["typed"]).fill(SUM)
    page.get_by_label(words["reason"]).fill("đủ căn cứ")
    page.get_by_role("button", name=words["authorise"]).click()
    expect(page.get_by_role("main")).to_contain_text(ACTS["vi"]["turn_fund"])
    page.context.close()


@pytest.mark.parametrize("size", SIZES, ids=["phone", "desk"])
def test_a_person_who_is_open_can_be_read_and_heard(bench: Bench, size: dict[str, int]) -> None:
    page = bench.page("reader", viewport=size)
    for language in ("", "en/"):
        page.goto(f"{bench.base}/workbench/{language}person")
        expect(page.get_by_role("table")).not_to_have_count(0)
        assert violations(page) == [], language
        assert _overflow(page) <= 0
    page.context.close()


def test_an_auditor_signs_in_by_two_factors_and_finds_who_looked_for_somebody_who_is_not_there(bench: Bench) -> None:
    words = ACCESSES["vi"]
    # Given an officer who has a person open, and asked for a number nobody carries
    page = bench.page("reader")
    page.goto(f"{bench.base}/workbench/person")
    page.context.close()
    page = bench.page("maker")
    page.goto(f"{bench.base}/workbench/person")
    page.fill("#number", STRANGER)
    page.get_by_role("button", name="Mở", exact=True).click()
    expect(page.locator("#number-error")).to_be_visible()
    day = legal_day(RealClock().now())
    page.context.close()
    # When an auditor who was invited enrols and signs in
    page = new_context(bench.browser).new_page()
    page.goto(f"{bench.base}/workbench/enrol")
    page.fill("#officer", AUDITOR)
    page.fill("#invitation", bench.invitation)
    telephone = pyotp.TOTP(page.locator("figcaption").inner_text().rpartition(":")[2].replace(" ", ""))
    page.fill("#password", PASSWORD)
    page.fill("#code", telephone.now())
    page.get_by_role("main").get_by_role("button").last.click()
    page.fill("#officer", AUDITOR)
    page.fill("#password", PASSWORD)
    page.fill("#code", telephone.at(datetime.now(UTC) + timedelta(seconds=30)))
    page.get_by_role("main").get_by_role("button").last.click()
    # Then they find the officer's day, the question that found nobody, and who read the record
    of_day = f"{bench.base}/workbench/accesses?day-day={day.day}&day-month={day.month}&day-year={day.year}"
    page.goto(of_day)
    page.fill("#officer", MAKER.reference)
    page.get_by_label(words["only_nobody"]).check()
    page.get_by_role("button", name=words["show"], exact=True).click()
    lines = page.get_by_role("main").get_by_role("table").locator("tbody tr")
    expect(lines).to_have_count(1)
    expect(lines).to_contain_text(words["nobody"])
    expect(page.get_by_role("main")).not_to_contain_text(STRANGER)
    page.goto(of_day)
    page.get_by_role("link", name="#1", exact=True).first.click()
    expect(page.get_by_role("main")).to_contain_text(MAKER.reference)
    for address in ("accesses", "accesses/records/1"):
        for language, size in (("", SIZES[0]), ("en/", SIZES[1])):
            page.set_viewport_size({"width": size["width"], "height": size["height"]})
            page.goto(f"{bench.base}/workbench/{language}{address}")
            assert violations(page) == [], address
            assert _overflow(page) <= 0, address
            if shots := os.environ.get("ANSINH_SHOTS"):
                page.screenshot(
                    path=f"{shots}/wb-{address.partition('/')[0]}-{len(address)}-{size['width']}.png", full_page=True
                )
    page.context.close()
