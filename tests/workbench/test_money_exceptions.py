"""Exceptions of paying at the workbench: cases decided one by one, withheld orders many at once after a preview, what came back, what was called back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ansinh.database.sql import execute, number, row
from ansinh.foundation.settings import settings
from ansinh.payments.queries import cases_after
from tests.payments.world import VCB, Owed, add_payee, end_to_end, signed_run, tell
from tests.support.officers import signed_in

pytestmark = pytest.mark.django_db
PAYEES = range(1, 6)


@pytest.fixture(autouse=True)
def _own_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANSINH_SECRETS", str(tmp_path / "secrets"))
    settings.cache_clear()


def officer(*roles: str) -> Client:
    client = Client()
    signed_in(client, *roles)
    return client


@pytest.fixture
def run(tmp_path: Path) -> int:
    """A run its bank has: of five payees one account is closed, two holders are dead, and two are paid."""
    for person in PAYEES:
        add_payee(person, f"0010{person:04}")
    made = signed_run([Owed(person, 1_000_000 * person) for person in PAYEES], tmp_path)
    execute("UPDATE payments_batch SET state = 'sent', tries = 1, tried_at = now() WHERE run_id = %s", [made])
    execute("UPDATE payments_run SET state = 'sending' WHERE run_id = %s", [made])
    execute("UPDATE payments_run SET state = 'sent' WHERE run_id = %s", [made])
    answers = {1: ("20", "AC04"), 2: ("20", "MD07"), 3: ("20", "MD07"), 4: ("30", ""), 5: ("30", "")}
    lines = [
        [end_to_end(made, person), kind, f"r{person}", code, str(1_000_000 * person)]
        for person, (kind, code) in answers.items()
    ]
    tell(VCB, *lines, ["AS20250700009999990101A", "30", "r9", "", "5"])
    return made


def _state(run: int, person: int) -> str:
    found = row("SELECT state FROM payments_order WHERE run_id = %s AND person_id = %s", [run, person])
    assert found is not None
    return str(found[0])


def _person(case: int) -> int:
    return number("SELECT person_id FROM payments_case WHERE case_id = %s", [case])


def test_a_case_tells_what_the_bank_said_and_is_decided_with_a_reason(run: int) -> None:
    maker = officer("payment_officer")
    listed = maker.get("/workbench/exceptions").content.decode()
    assert "MD07: Chủ tài khoản đã mất" in listed
    of_kind = maker.get("/workbench/en/exceptions?kind=death_check").content.decode()
    assert "Bank says the holder died" in of_kind
    cases = [one.case_id for one in cases_after(kind="death_check")]
    assert [int(one) for one in re.findall(r"/workbench/en/exceptions/(\d+)", of_kind)] == cases
    address = f"/workbench/exceptions/{cases[0]}"
    text = maker.get(address).content.decode()
    person = _person(cases[0])
    assert f"{person}.000.000 ₫" in text
    assert "bị giữ lại" in text
    assert number("SELECT count(*) FROM audit_act WHERE act = 'payments.story_of' AND outcome = 'done'") == 1
    assert maker.post(address, {"act": "resume", "reason": " "}).status_code == 422
    assert maker.post(address, {"act": "explode", "reason": "còn sống"}).status_code == 422
    assert maker.post(address, {"act": "resume", "reason": "còn sống, xã xác nhận"}).status_code == 303
    assert _state(run, person) == "open"
    assert "còn sống, xã xác nhận" in maker.get(address).content.decode()
    assert [one.case_id for one in cases_after(kind="death_check")] == cases[1:]
    # Who only looks is offered nothing to do, and who may not look is told whom to ask.
    assert 'name="act"' not in officer("payment_approver").get(f"/workbench/exceptions/{cases[1]}").content.decode()
    assert officer("claims_officer").get("/workbench/exceptions").status_code == 403
    assert maker.get("/workbench/exceptions/999999").status_code == 404


def test_a_corrected_account_is_taken_in_for_the_payee_to_confirm(run: int) -> None:
    maker = officer("payment_officer")
    case = cases_after(kind="death_check")[0].case_id
    address = f"/workbench/exceptions/{case}/account"
    assert maker.post(address, {"bank": "", "account": "1", "holder": ""}).status_code == 422
    execute(
        "INSERT INTO places_bank (code, bin, short_name, name) VALUES ('VCB', %s, 'Vietcombank', 'Ngân hàng thử') ON CONFLICT DO NOTHING",
        [VCB],
    )
    other = {"bank": "vietcombank", "account": "0011999", "holder": "TRAN THI B", "relation": "own"}
    assert maker.post(address, other).status_code == 422
    assert maker.post(address, {**other, "holder": "NGUYEN VAN AN"}).status_code == 303
    assert (
        number("SELECT count(*) FROM payments_account WHERE person_id = %s AND account = '0011999'", [_person(case)])
        == 1
    )


def test_many_withheld_orders_are_shown_before_they_change_and_change_one_by_one(run: int) -> None:
    maker, address = officer("payment_officer"), f"/workbench/runs/{run}/held"
    listed = maker.get(address).content.decode()
    orders = re.findall(r'name="order"[^>]* value="(\d+)"', listed)
    assert len(orders) == 2
    assert maker.post(address, {"act": "release"}).status_code == 422
    chosen = {"order": orders, "act": "release"}
    preview = maker.post(address, chosen).content.decode()
    assert "5.000.000 ₫" in preview
    assert "đã trả về khoản chờ chi" in preview
    assert (_state(run, 2), _state(run, 3)) == ("withheld", "withheld")
    assert maker.post(address, {**chosen, "confirm": "1", "reason": ""}).status_code == 422
    done = maker.post(address, {**chosen, "confirm": "1", "reason": "đã khai tử"})
    assert done.status_code == 303
    assert "Đã xử lý 2 lệnh" in maker.get(done["Location"]).content.decode()
    assert (_state(run, 2), _state(run, 3)) == ("released", "released")
    assert number("SELECT count(*) FROM audit_act WHERE act = 'payments.hold_order' AND outcome = 'done'") == 2
    # Sent twice, nothing is done twice.
    assert maker.post(address, {**chosen, "confirm": "1", "reason": "đã khai tử"}).status_code == 422


def test_what_came_back_and_was_called_back_is_listed_and_paid_again(run: int) -> None:
    maker = officer("payment_officer")
    returned = maker.get(f"/workbench/en/runs/{run}/returned").content.decode()
    assert "AC04: Account closed" in returned
    assert len(re.findall(rf"/workbench/en/runs/{run}/orders/\d+", returned)) == 3
    batch = number("SELECT min(batch_id) FROM payments_batch WHERE run_id = %s", [run])
    for event in ("recall_asked", "recall_too_late"):
        execute(
            "INSERT INTO payments_batchevent (batch_id, event, try_no, happened_at) VALUES (%s, %s, 1, now())",
            [batch, event],
        )
    assert "Quá muộn" in maker.get("/workbench/exceptions/recalls").content.decode()
    here = f"/workbench/runs/{run}"
    assert f"{here}/reroute" in maker.get(here).content.decode()
    assert maker.post(f"{here}/reroute", {"reason": "chi lại"}).status_code == 303
    assert f"{here}/seal" in maker.get(here).content.decode()
    assert maker.post(f"{here}/seal", {"reason": "chi lại"}).status_code == 303
    approver = officer("payment_approver")
    assert f"{here}/approve" in approver.get(here).content.decode()
    assert "1.000.000 ₫" in approver.get(f"{here}/approve").content.decode()
    assert approver.post(f"{here}/approve", {"sum": "1000000", "reason": "đủ"}).status_code == 303
    authoriser = officer("payment_authoriser")
    assert authoriser.post(f"{here}/authorise", {"sum": "1000000", "reason": "đủ"}).status_code == 303
    assert officer("treasurer").post(f"{here}/fund", {"reason": "đủ tiền"}).status_code == 303
    assert number("SELECT count(*) FROM payments_batch WHERE run_id = %s AND state = 'ready'", [run]) == 1


def test_lists_ask_the_same_number_of_queries_at_any_size(run: int) -> None:
    execute(
        "INSERT INTO payments_case (person_id, kind, detail, amount, opened_at) SELECT 0, 'unknown_payment', 'x', n, now() FROM generate_series(1, 60) AS n"
    )
    maker = officer("payment_officer")
    for address in ("exceptions", "exceptions?kind=unknown_payment", f"runs/{run}/returned", f"runs/{run}/held"):
        maker.get(f"/workbench/{address}")
        with CaptureQueriesContext(connection) as asked:
            assert maker.get(f"/workbench/{address}").status_code == 200
        assert len(asked) <= 30, (address, len(asked))
    text = maker.get("/workbench/exceptions?kind=unknown_payment").content.decode()
    assert re.search(r"after=\d+", text)
