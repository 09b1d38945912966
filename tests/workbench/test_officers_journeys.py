"""An identity reviewer, a claims officer with an approver, and a leader, each at a browser from what waits to what is done; everything can be heard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Browser, Page, expect
from pytest_django import DjangoDbBlocker

from ansinh.benefits.file_states import FileKind
from ansinh.database.sql import execute
from ansinh.reporting.operations import count_days
from tests.benefits.filed import WOMAN, file, settle
from tests.desk.browsing import new_context, violations
from tests.people.identity_cast import AN, decide, in_register, load
from tests.support.cast import ANYBODY_WITH_RIGHTS
from tests.support.database import SharedServer, pointed_at
from tests.support.officers import officer_with, session_key_of
from tests.support.screens import screens_at

pytestmark = pytest.mark.xdist_group("workbench")
ROLES = {
    "reviewer": "identity_officer",
    "claims": "benefit_officer",
    "approver": "benefit_approver",
    "leader": "leader",
}
FORMER_LOOK = (
    "INSERT INTO audit_former_access (asked_at, row_no, person_id, key_kind, facility, officer, call) "
    "SELECT '2025-07-30 03:00+00', n, 1, 1, '01001', 'x', 1 FROM generate_series(1, 40) n"
)


@dataclass(frozen=True)
class Bench:
    """Where the screens are, the browser at them, a session for each officer, a doubtful record and a file."""

    base: str
    browser: Browser
    keys: dict[str, str]
    doubtful: int
    file: int

    def page(self, who: str) -> Page:
        """A page of a browser in which an officer is signed in, at what waits for them."""
        page = new_context(self.browser).new_page()
        cookie = {"name": django_settings.SESSION_COOKIE_NAME, "value": self.keys[who], "url": self.base}
        page.context.add_cookies([cookie])  # type: ignore[list-item]  # a cookie by its address
        page.goto(f"{self.base}/workbench/")
        return page


@pytest.fixture(scope="module")
def bench(
    database_server: SharedServer,
    database_template: str,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Bench]:
    """The officers' screens as a real process, with something waiting for each."""
    folder = tmp_path_factory.mktemp("officers")
    with (
        database_server.copy_of(database_template, "f") as database,
        django_db_blocker.unblock(),
        pointed_at(database),
    ):
        settle()
        filed = file(FileKind.RETIREMENT, WOMAN).application_id
        first = load(folder, {}, {})
        in_register(AN, full_name="Nguyễn Văn Ân", birth_month=6)
        offered = [{"register_pin": AN, "score": 0.5, "detail": '{"posterior": 0.9}'}]
        decide({"person_id": first, "verdict": "candidate", "candidates": offered, "detail": '{"posterior": 0.9}'})
        execute(FORMER_LOOK)
        count_days(actor=ANYBODY_WITH_RIGHTS, reason="thử")
        with screens_at(folder, _sessions) as (base, browser, keys):
            yield Bench(base, browser, keys, first, filed)


def _sessions() -> dict[str, str]:
    return {who: session_key_of(officer_with(role, number=f"hanoi.{who}")) for who, role in ROLES.items()}


def _heard(page: Page) -> None:
    assert violations(page) == []


def test_a_reviewer_tells_two_records_apart_with_a_reason(bench: Bench) -> None:
    page = bench.page("reviewer")
    page.get_by_role("main").get_by_role("link", name="Định danh nghi vấn").first.click()
    page.get_by_role("link", name=f"Hồ sơ {bench.doubtful}").click()
    _heard(page)
    page.get_by_role("button", name="Không phải").click()
    expect(page.get_by_role("main")).to_contain_text("Nhập lý do")
    _heard(page)
    page.get_by_label("Lý do").fill("đã gọi, khác tháng sinh")
    page.get_by_role("button", name="Không phải").click()
    expect(page.get_by_role("main")).to_contain_text(f"Đã ghi quyết định về hồ sơ {bench.doubtful}")
    page.context.close()


def test_a_claim_is_prepared_by_one_and_approved_by_another(bench: Bench) -> None:
    page = bench.page("claims")
    page.get_by_role("main").get_by_role("link", name="Hồ sơ chế độ chờ lập quyết định").click()
    page.get_by_role("link", name=f"Hồ sơ số {bench.file}").click()
    _heard(page)
    page.get_by_label("Vì sao làm việc này").or_(page.locator("#reason, [name=reason]")).first.fill("đủ dữ kiện")
    page.get_by_role("button", name="Lập quyết định").click()
    expect(page.get_by_role("main")).to_contain_text("chờ")
    page.context.close()
    page = bench.page("approver")
    page.get_by_role("main").get_by_role("link", name="Quyết định chế độ chờ duyệt").click()
    page.get_by_role("link", name=f"Hồ sơ số {bench.file}").click()
    expect(page.get_by_role("main")).to_contain_text("Cách tính, từng bước")
    _heard(page)
    page.get_by_label("Duyệt quyết định").check()
    page.locator("[name=reason]").fill("đúng luật")
    page.get_by_role("button", name="Gửi quyết định").click()
    expect(page.get_by_role("main")).to_contain_text("hanoi.approver")
    page.context.close()


def test_a_leader_reads_a_figure_from_the_whole_to_its_parts(bench: Bench) -> None:
    page = bench.page("leader")
    page.get_by_role("navigation").get_by_role("link", name="Số liệu").first.click()
    _heard(page)
    page.get_by_role("link", name="Lượt tra cứu thẻ BHYT thành công bằng căn cước").first.click()
    expect(page.locator("h1")).to_contain_text("tra cứu thẻ BHYT")
    expect(page.get_by_role("main")).to_contain_text("40")
    _heard(page)
    page.context.close()
