"""Emergencies at the workbench: one officer declares after checking the answers, another approves; then its run is opened, and it is withdrawn or ended."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client

from ansinh.foundation.clock import RealClock, legal_day
from ansinh.payments.queries import run_of
from ansinh.relief.queries import emergencies
from tests.relief.world import add_places
from tests.support.officers import signed_in

pytestmark = pytest.mark.django_db
TODAY = legal_day(RealClock().now())
FIRST, LAST = TODAY - timedelta(days=2), TODAY + timedelta(days=20)


def _day(name: str, on: date) -> dict[str, str]:
    return {f"{name}-day": f"{on.day}", f"{name}-month": f"{on.month}", f"{name}-year": f"{on.year}"}


FORM = {
    "name": "Bão số 3",
    "act": "Công văn 12",
    "provinces": ["01"],
    **_day("from_on", FIRST),
    **_day("last_on", LAST),
    "months": "08/2026, 9/2026",
    "otherwise": "account_home",
}
HERE = "/workbench/emergencies"


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    add_places()


def officer(*roles: str, number: str = "") -> Client:
    client = Client()
    signed_in(client, *roles, number=number)
    return client


def _declared(client: Client) -> str:
    answer = client.post(f"{HERE}/new", {**FORM, "declare": "1"})
    assert answer.status_code == 303
    return answer["Location"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"provinces": []},
        {"provinces": ["99"]},
        {"last_on-day": "32"},
        _day("last_on", FIRST - timedelta(days=1)),
        {"months": "13/2025"},
        {"otherwise": "pigeons"},
        {"name": " "},
        {"act": "x" * 301},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_what_is_wrong_is_said_and_nothing_is_declared(wrong: dict[str, object]) -> None:
    maker = officer("payment_officer")
    assert maker.post(f"{HERE}/new", {**FORM, **wrong, "declare": "1"}).status_code == 422
    assert emergencies() == []


def test_answers_are_checked_changed_and_declared_once() -> None:
    maker = officer("payment_officer")
    checked = maker.post(f"{HERE}/new", FORM).content.decode()
    assert f"{FIRST:%d/%m/%Y} đến hết {LAST:%d/%m/%Y}" in checked
    assert "08/2026, 09/2026" in checked
    assert emergencies() == []
    changed = maker.post(f"{HERE}/new", {**FORM, "change": ""}).content.decode()
    assert 'value="Bão số 3"' in changed
    assert _declared(maker) == _declared(maker)
    (one,) = emergencies()
    assert (one.state, one.months, one.provinces, one.to_account, one.otherwise) == (
        "declared",
        [202608, 202609],
        ["01"],
        True,
        "home",
    )
    assert "Bão số 3" in maker.get(HERE).content.decode()
    assert officer("payment_authoriser").post(f"{HERE}/new", FORM).status_code == 403


def test_a_second_officer_approves_and_the_months_get_a_run() -> None:
    maker = officer("payment_officer", "payment_approver", number="hanoi.lan")
    address = _declared(maker)
    assert "người khác phải phê duyệt" in maker.get(address).content.decode()
    assert maker.post(f"{address}/approve", {"reason": "khẩn"}).status_code == 403
    approver = officer("payment_approver", number="hanoi.minh")
    assert re.search(r"Tình huống khẩn cấp chờ phê duyệt.*?>1<", approver.get("/workbench/").content.decode(), re.S)
    assert f"{address}/approve" in approver.get(address).content.decode()
    assert approver.post(f"{address}/approve", {"reason": ""}).status_code == 422
    assert approver.post(f"{address}/approve", {"reason": "đúng công văn"}).status_code == 303
    assert emergencies()[0].state == "approved"
    assert maker.post(f"{address}/open-run", {"reason": "gộp", "pay_on-day": "x"}).status_code == 422
    opened = maker.post(f"{address}/open-run", {"reason": "gộp", **_day("pay_on", TODAY)})
    assert opened.status_code == 303
    assert run_of(int(opened["Location"].rpartition("/")[2])).months == (202608, 202609)
    assert maker.get(f"{address}/reached").status_code == 200
    assert maker.post(f"{address}/withdraw", {"reason": "bão tan"}).status_code == 303
    assert emergencies()[0].state == "withdrawn"
    assert maker.post(f"{address}/end", {"reason": "xong"}).status_code == 403
    assert maker.get(f"{HERE}/999").status_code == 404
