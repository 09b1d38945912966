"""Findings of over-use at the workbench: listed by kind, decided in words; nothing of other provinces."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from ansinh.access.models import RoleGrant
from ansinh.database.sql import number
from ansinh.overuse.models import Decision, Finding
from ansinh.overuse.queries import finding_of, findings
from ansinh.overuse.states import FindingState
from ansinh.workbench.words.overuse import WORDS
from tests.mandates.family import GRANDMOTHER, MOTHER, settle_family
from tests.support.officers import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _found(db: None) -> None:
    """Two findings about a grandmother, one about a mother and the grandmother."""
    settle_family()
    for finding, kind, other in ((1, "two_beds", GRANDMOTHER), (2, "copied", MOTHER), (3, "two_beds", GRANDMOTHER)):
        Finding.objects.create(
            person_id=GRANDMOTHER,
            kind=kind,
            visit_id=10 * finding,
            other_visit_id=10 * finding + 1,
            other_person_id=other,
            finding_no=finding,
            facility="01001",
            other_facility="01002",
            first_on=date(2025, 7, finding),
            measure=90,
        )


def _officer(name: str, role: str = "health_reviewer", provinces: list[str] | None = None) -> Client:
    client = Client()
    number_of = signed_in(client, role, number=name)
    if provinces:
        RoleGrant.objects.filter(officer_id=number_of).update(provinces=provinces)
    return client


@pytest.mark.parametrize("language", ["vi", "en"])
def test_findings_are_listed_the_newest_first_by_kind_and_state(language: str) -> None:
    base = "/workbench/" if language == "vi" else "/workbench/en/"
    client = _officer("hanoi.ra")
    text = client.get(f"{base}overuse").content.decode()
    assert [text.index(f'href="{base}overuse/{one}"') for one in (3, 2, 1)] == sorted(
        text.index(f'href="{base}overuse/{one}"') for one in (3, 2, 1)
    )
    copied = client.get(f"{base}overuse?kind=copied").content.decode()
    assert "overuse/2" in copied
    assert f'{base}overuse/1"' not in copied
    assert WORDS[language]["none_title"] in client.get(f"{base}overuse?state=suspicious").content.decode()
    for odd in ("x", "2025-07-01_9", "2025-13-01_1_1", "_".join("a" * 3)):
        assert client.get(f"{base}overuse", {"kind": odd, "state": odd, "after": odd}).status_code == 200


def test_a_list_goes_on_from_its_last_line() -> None:
    first, *others = findings()
    assert [one.finding_no for one in findings(after=first.key)] == [one.finding_no for one in others] == [2, 1]


def test_both_persons_see_who_looked_and_the_decision_stays_with_its_words() -> None:
    client, address = _officer("hanoi.ra"), "/workbench/overuse/2"
    assert client.get(address).status_code == 200
    for person in (GRANDMOTHER, MOTHER):
        told = "SELECT count(*) FROM audit_act WHERE facts->>'person' = %s AND facts->>'finding' = '2'"
        assert number(told, [str(person)]) == 1
    assert client.post(address, {"decision": "asked", "words": " "}).status_code == 422
    assert client.post(address, {"decision": "gone", "words": "x"}).status_code == 422
    assert client.post(address, {"decision": "asked", "words": "hỏi bệnh viện"}).status_code == 303
    assert finding_of(2).state is FindingState.ASKED
    assert Decision.objects.get(finding_no=2).reason == "hỏi bệnh viện"
    assert client.get("/workbench/overuse/99").status_code == 404


def test_another_provinces_officer_finds_nothing() -> None:
    abroad = _officer("haiphong.an", provinces=["31"])
    assert abroad.get("/workbench/overuse/1").status_code == 404
    assert abroad.post("/workbench/overuse/1", {"decision": "asked", "words": "x"}).status_code == 404
    assert "overuse/1" not in abroad.get("/workbench/overuse").content.decode()
    assert _officer("hanoi.nhi", "leader").get("/workbench/overuse").status_code == 403
