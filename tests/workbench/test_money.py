"""Payment runs at the workbench: looked at from the total down to one order, signed by three people, in the same number of queries at any size."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ansinh.foundation.settings import settings
from ansinh.payments import operations
from ansinh.payments.queries import order_numbered, orders_in, run_of
from tests.payments.world import ALL_PAYMENT_ROLES, JULY_1, MAKER, REASON, Owed, add_payee, at, built_run, run_state
from tests.support.officers import signed_in

pytestmark = pytest.mark.django_db
CLOCK = at(JULY_1)


@pytest.fixture(autouse=True)
def _own_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANSINH_SECRETS", str(tmp_path / "secrets"))
    settings.cache_clear()


def _runs(tmp_path: Path, payees: int = 3) -> tuple[int, int]:
    for person in range(1, payees + 1):
        add_payee(person, f"0010{person:04}")
    found = []
    for month in (6, 7):
        run = built_run(
            [Owed(person, month * 1_000_000 + person, month=202500 + month) for person in range(1, payees + 1)],
            tmp_path,
            months=(202500 + month,),
            pay_on=date(2025, month, 2),
            act=f"tháng {month}",
        )
        operations.check_run(actor=MAKER, reason=REASON, clock=CLOCK, run_id=run)
        found.append(run)
    return found[0], found[1]


def _officer(*roles: str, number: str = "") -> Client:
    client = Client()
    signed_in(client, *roles, number=number)
    return client


def test_a_run_shows_whose_turn_it_is_its_sums_and_the_month_before(tmp_path: Path) -> None:
    june, july = _runs(tmp_path)
    maker, approver = _officer("payment_officer"), _officer("payment_approver")
    listed = maker.get("/workbench/runs").content.decode()
    assert re.findall(r'href="/workbench/runs/(\d+)"', listed) == [str(july), str(june)]
    text = maker.get(f"/workbench/runs/{july}").content.decode()
    assert "hai mươi mốt triệu không trăm linh sáu đồng" in text
    assert "21.000.006 ₫" in text
    assert "18.000.006 ₫" in text
    assert "+3.000.000 ₫" in text
    assert "Cán bộ duyệt chi" in text
    assert f"/workbench/runs/{july}/approve" not in text
    assert f"/workbench/runs/{july}/approve" in approver.get(f"/workbench/runs/{july}").content.decode()


def test_a_run_is_signed_by_three_people_who_each_type_its_sum(tmp_path: Path) -> None:
    _, july = _runs(tmp_path)
    address = f"/workbench/runs/{july}"
    approver = _officer("payment_approver", "payment_authoriser", number="hanoi.minh")
    wrong = approver.post(f"{address}/approve", {"sum": "21000007", "reason": "đủ"})
    assert wrong.status_code == 422
    assert approver.post(f"{address}/approve", {"sum": "21.000.006", "reason": " "}).status_code == 422
    assert run_state(july) == "checked"
    assert approver.post(f"{address}/approve", {"sum": "21.000.006", "reason": "đủ"}).status_code == 303
    assert run_state(july) == "approved"
    assert "người khác phải ký" in approver.get(address).content.decode()
    assert approver.post(f"{address}/authorise", {"sum": "21000006", "reason": "đủ"}).status_code == 403
    assert run_state(july) == "approved"
    authoriser = _officer("payment_authoriser", number="hanoi.thu")
    assert authoriser.post(f"{address}/authorise", {"sum": "21000006", "reason": "đủ"}).status_code == 303
    assert run_state(july) == "authorised"


def test_a_maker_opens_a_run_and_a_worker_builds_it(tmp_path: Path) -> None:
    maker = _officer("payment_officer")
    form = {"rhythm": "monthly", "months": "08/2025, 9/2025", "act": "Quyết định 8", "provinces": ["zz"]}
    day = {"pay_on-day": "4", "pay_on-month": "8", "pay_on-year": "2025"}
    wrong = maker.post("/workbench/runs/new", {**form, **day, "months": "13/2025"})
    assert wrong.status_code == 422
    assert maker.post("/workbench/runs/new", {**form, "pay_on-day": "31"}).status_code == 422
    opened = maker.post("/workbench/runs/new", {**form, **day})
    assert opened.status_code == 303
    run = run_of(int(opened["Location"].rpartition("/")[2]))
    assert (run.months, run.provinces, run.rhythm, run.state) == ((202508, 202509), None, "monthly", "draft")
    address = opened["Location"]
    assert f"{address}/build" in maker.get(address).content.decode()
    assert maker.post(f"{address}/build", {"reason": "tháng 8"}).status_code == 303
    assert "Máy đang lập danh sách" in maker.get(address).content.decode()
    assert _officer("payment_approver").post("/workbench/runs/new", form).status_code == 403


def test_a_run_is_sent_back_with_a_reason_its_maker_reads(tmp_path: Path) -> None:
    _, july = _runs(tmp_path)
    address = f"/workbench/runs/{july}"
    maker = _officer("payment_officer", number=MAKER.reference)
    approver = _officer("payment_approver", number="hanoi.minh")
    assert "/approve/back" not in maker.get(address).content.decode()
    assert f"{address}/approve/back" in approver.get(address).content.decode()
    assert approver.post(f"{address}/approve/back", {"reason": " "}).status_code == 422
    assert approver.post(f"{address}/approve/back", {"reason": "xem lại Hà Nội"}).status_code == 303
    told = maker.get(address).content.decode()
    assert run_state(july) == "built"
    assert "xem lại Hà Nội" in told
    assert f"{address}/check" in told
    assert f"{address}/approve" not in approver.get(address).content.decode()
    assert maker.post(f"{address}/check", {"reason": "đã xem"}).status_code == 303
    operations.check_run(actor=MAKER, reason=REASON, clock=CLOCK, run_id=july)  # as the worker does
    assert "Những lần trả lại" in maker.get(address).content.decode()


def test_whoever_made_a_run_signs_nothing_of_it_whatever_they_may(tmp_path: Path) -> None:
    _, july = _runs(tmp_path)
    maker = _officer(*ALL_PAYMENT_ROLES, number=MAKER.reference)
    assert "người khác phải ký" in maker.get(f"/workbench/runs/{july}").content.decode()
    answer = maker.post(f"/workbench/runs/{july}/approve", {"sum": "21000006", "reason": "đủ"})
    assert answer.status_code == 403
    assert run_state(july) == "checked"


def test_the_way_leads_from_a_province_to_one_order_and_leaves_a_line(tmp_path: Path) -> None:
    _, july = _runs(tmp_path)
    client = _officer("payment_approver")
    listed = client.get(f"/workbench/en/runs/{july}/provinces/01").content.decode()
    orders = [int(one) for one in re.findall(rf"/workbench/en/runs/{july}/orders/(\d+)", listed)]
    assert orders == [one.order_id for one in orders_in(run_of(july), "01")]
    text = client.get(f"/workbench/en/runs/{july}/orders/{orders[0]}").content.decode()
    whose = order_numbered(run_of(july), orders[0])
    assert whose is not None
    assert f"Record {whose.person_id}" in text
    assert "Retirement pension" in text
    from_audit = connection.cursor()
    from_audit.execute("SELECT count(*) FROM audit_act WHERE act = 'payments.story_of' AND outcome = 'done'")
    assert from_audit.fetchone() == (1,)
    assert client.get(f"/workbench/runs/{july}/orders/999999").status_code == 404
    assert client.get(f"/workbench/runs/{july}/provinces/zz").status_code == 404


def test_pages_of_a_run_ask_the_same_number_of_queries_at_any_size(tmp_path: Path) -> None:
    _, july = _runs(tmp_path, 60)
    client = _officer("payment_approver")
    counts = []
    for address in ("runs", f"runs/{july}", f"runs/{july}/provinces/01", f"runs/{july}/provinces/01?after=1"):
        client.get(f"/workbench/{address}")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/workbench/{address}").status_code == 200
        counts.append(len(asked))
    assert max(counts) <= 40, counts
    assert "?after=" in client.get(f"/workbench/runs/{july}/provinces/01").content.decode()
