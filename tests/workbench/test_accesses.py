"""The auditor: what officers read on a day, one officer's, the look-ups that found nobody, who read one record; going through it leaves lines too."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from ansinh.database.sql import rows
from tests.participation.declared import PERSON, PIN, found_nation
from tests.support.officers import signed_in

pytestmark = pytest.mark.django_db
ADDRESS, LOOK_UP = "/workbench/en/accesses", "/workbench/en/person"


def _officer(role: str) -> Client:
    client = Client()
    signed_in(client, role)
    return client


@pytest.fixture
def auditor() -> Client:
    """An auditor, after two officers looked a person up and one of them fished."""
    found_nation()
    for role in ("collection_officer", "benefit_officer"):
        client = _officer(role)
        client.post(LOOK_UP, {"number": PIN, "purpose": "administration"})
        client.get(LOOK_UP)
    client.post(LOOK_UP, {"number": "9999999999", "purpose": "administration"})
    return _officer("auditor")


def _acts(text: str) -> list[str]:
    return re.findall(r"(?:disclosure|participation|benefits|audit)\.\w+", text)


def _of_today() -> dict[str, str]:
    """The day of the lines, which were written at one moment: not the day of the request, should midnight lie between."""
    ((day,),) = rows(
        "SELECT DISTINCT (acted_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date FROM audit_act WHERE facts ? 'purpose'"
    )
    return {"day-day": str(day.day), "day-month": str(day.month), "day-year": str(day.year)}


def test_a_day_an_officer_and_the_look_ups_that_found_nobody_can_be_gone_through(auditor: Client) -> None:
    text = auditor.get(ADDRESS, _of_today()).content.decode()
    assert text.count("disclosure.find_person") == 3
    assert "participation.read_book" in text
    one = auditor.get(ADDRESS, _of_today() | {"officer": "hanoi.benefit-officer"}).content.decode()
    assert one.count("disclosure.find_person") == 2
    assert "participation.read_book" not in one
    missed = auditor.get(ADDRESS, _of_today() | {"only": "nobody"}).content.decode()
    assert _acts(missed) == ["disclosure.find_person"]
    assert "hanoi.benefit-officer" in missed
    assert "9999999999" not in missed
    part = auditor.get(ADDRESS, _of_today() | {"room": "participation"}).content.decode()
    assert _acts(part) == ["participation.read_book"]
    assert "No access" in auditor.get(ADDRESS, _of_today() | {"purpose": "treatment"}).content.decode()
    lines = rows(
        "SELECT facts->>'of_officer', facts->>'lines' FROM audit_act WHERE act = 'audit.show_accesses' ORDER BY act_id"
    )
    assert [officer for officer, _ in lines] == ["", "hanoi.benefit-officer", "", "", ""]


def test_who_read_one_record_is_told_and_reading_that_is_the_next_line(auditor: Client) -> None:
    address = f"{ADDRESS}/records/{PERSON}"
    assert f'href="{address}"' in auditor.get(ADDRESS, _of_today()).content.decode()
    text = auditor.get(address).content.decode()
    assert "hanoi.collection-officer" in text
    assert "hanoi.auditor" in auditor.get(address).content.decode()


def test_a_long_day_goes_on_by_the_key_of_its_last_line(auditor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ansinh.workbench.pages.accesses.PAGE_LENGTH", 2)
    seen: list[str] = []
    address = f"{ADDRESS}?" + "&".join(f"{name}={value}" for name, value in _of_today().items())
    for _ in range(10):
        text = auditor.get(address).content.decode()
        seen += _acts(text)
        onward = re.search(r'href="(/workbench/en/accesses\?[^"]*before=[^"]*)"', text)
        if onward is None:
            break
        address = onward.group(1).replace("&amp;", "&")
    assert len(seen) == 7
    assert seen.count("disclosure.find_person") == 3


@pytest.mark.parametrize("wrong", ["31", "99", "x"])
def test_a_day_that_never_was_is_told_beside_its_field(wrong: str) -> None:
    answer = _officer("auditor").get(ADDRESS, {"day-day": wrong, "day-month": "2", "day-year": "2025"})
    assert answer.status_code == 422
    assert "Type a day that is" in answer.content.decode()
