"""Money to come back and money nobody collected, at the workbench: one page each, acts by two people where the books ask for two."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from ansinh.database.sql import execute, number
from ansinh.reckoning.queries import recovery_numbered, unclaimed_of
from tests.payments.world import VCB, add_payee
from tests.support.officers import signed_in

pytestmark = pytest.mark.django_db
HERE = "/workbench/exceptions/recoveries"


def officer(*roles: str, number: str = "") -> Client:
    client = Client()
    signed_in(client, *roles, number=number)
    return client


@pytest.fixture
def recovery() -> int:
    """A recovery of three million that nobody has demanded yet."""
    add_payee(1, "0011")
    execute(
        "INSERT INTO reckoning_recovery (person_id, cause, fund, amount, opened_at) VALUES (1, 'overpaid', 101, 3000000, now())"
    )
    found = number("SELECT recovery_id FROM reckoning_recovery")
    execute(
        "INSERT INTO reckoning_recoveryevent (person_id, recovery_id, event_no, event, amount, left_before, left_after, officer, happened_at)"
        " VALUES (1, %s, 0, 'opened', 3000000, 3000000, 3000000, 'officer:hanoi.lan', now())",
        [found],
    )
    return found


def _now(recovery: int) -> tuple[str, int, bool]:
    found = recovery_numbered(recovery)
    assert found is not None
    return found.state, found.remaining, found.write_off_asked


def test_a_recovery_is_demanded_repaid_and_written_off_by_two(recovery: int) -> None:
    execute(
        "INSERT INTO places_bank (code, bin, short_name, name) VALUES ('VCB', %s, 'Vietcombank', 'Ngân hàng thử') ON CONFLICT DO NOTHING",
        [VCB],
    )
    maker, treasurer = officer("payment_officer", number="hanoi.lan"), officer("treasurer")
    address = f"{HERE}/{recovery}"
    assert address in maker.get(f"{HERE}?state=open").content.decode()
    assert address not in maker.get(f"{HERE}?state=settled").content.decode()
    assert maker.post(address, {"act": "agree", "reason": "x"}).status_code == 422
    assert maker.post(address, {"act": "demand", "reason": "chi thừa"}).status_code == 303
    assert _now(recovery) == ("demanded", 3_000_000, False)
    receipt = {"act": "repay", "reason": "sao kê", "paid": "1.000.000", "reference": "FT1", "bank": "vietcombank"}
    assert treasurer.post(address, {**receipt, "bank": ""}).status_code == 422
    too_much = treasurer.post(address, {**receipt, "paid": "3000001"})
    assert too_much.status_code == 422
    assert "Chỉ còn phải thu 3000000 đồng" in too_much.content.decode()
    assert treasurer.post(address, receipt).status_code == 303
    assert maker.post(address, {"act": "ask", "reason": "không còn tài sản"}).status_code == 303
    assert _now(recovery) == ("repaid_in_part", 2_000_000, True)
    assert re.search(r"Đề nghị xóa nợ.*?>1<", officer("payment_authoriser").get("/workbench/").content.decode(), re.S)
    same = officer("payment_officer", "payment_authoriser", number="hanoi.lan")
    assert same.post(address, {"act": "agree", "reason": "đồng ý"}).status_code == 403
    authoriser = officer("payment_authoriser", number="hanoi.thu")
    assert authoriser.post(address, {"act": "agree", "reason": "đồng ý"}).status_code == 303
    assert _now(recovery) == ("written_off", 0, False)
    story = maker.get(f"/workbench/en/exceptions/recoveries/{recovery}").content.decode()
    assert "The rest written off: 2.000.000 ₫" in story
    assert 'name="act"' not in story
    assert number("SELECT count(*) FROM audit_act WHERE act = 'reckoning.recovery_of' AND outcome = 'done'") >= 1
    assert officer("claims_officer").get(HERE).status_code == 403
    assert maker.get(f"{HERE}/999").status_code == 404


def test_unclaimed_money_is_shown_before_it_is_due_again_and_no_address_names_anybody() -> None:
    for person in (1, 2, 3):
        add_payee(person)
    execute(
        "INSERT INTO reckoning_unclaimed (person_id, month, entitlement_id, component, correction, amount, kind, province, urban, set_aside_at)"
        " SELECT p, 202501 + m, p, 'base', 0, 1000000, 'pension', '01', true, now() FROM generate_series(1, 3) AS p, generate_series(0, 1) AS m"
    )
    maker, address = officer("payment_officer"), "/workbench/exceptions/unclaimed"
    listed = maker.get(address).content.decode()
    assert re.findall(r'name="person"[^>]* value="(\d+)"', listed) == ["1", "2", "3"]
    assert maker.post(address, {}).status_code == 422
    chosen = {"person": ["1", "3", "x"]}
    preview = maker.post(address, chosen).content.decode()
    assert "4.000.000 ₫" in preview
    assert len(unclaimed_of()) == 3
    assert maker.post(address, {**chosen, "confirm": "1"}).status_code == 422
    done = maker.post(address, {**chosen, "confirm": "1", "reason": "đã nhận diện bằng thẻ"})
    assert done["Location"] == f"{address}?done=2"
    assert [one.person_id for one in unclaimed_of()] == [2]
    assert "2 người sẽ được chi" in maker.get(done["Location"]).content.decode()
    assert officer("treasurer").get(address).status_code == 403
