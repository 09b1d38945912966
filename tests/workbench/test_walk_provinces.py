"""Role × permission × province × purpose, at every page of the workbench that is about something: shown, not permitted, or not there."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from ansinh.access.charters import CHARTERS
from ansinh.access.models import RoleGrant
from ansinh.access.queries import actor_of_person
from ansinh.access.roles import ROLES
from ansinh.benefits.file_states import FileKind
from ansinh.database.sql import execute, row
from ansinh.foundation.purpose import Purpose
from ansinh.relief.operations import declare_emergency
from ansinh.rules.law import parameters
from ansinh.services.operations import attach_file, save_draft
from ansinh.workbench.pages.person.sections import SECTIONS
from ansinh.workbench.views import TABLES
from ansinh.workbench.words.shell import WORDS
from tests.benefits.filed import file
from tests.payments.world import MAKER, REASON
from tests.portal.conftest import household  # noqa: F401  # a fixture
from tests.portal.household import MOTHER, NEIGHBOUR, NOW, Household, lively, pin_of
from tests.relief.world import CLOCK, storm
from tests.services.applied import form, submit
from tests.services.hostile_files import PLAIN_PDF
from tests.support.officers import signed_in

pytestmark = pytest.mark.xdist_group("workbench")
HOME, ELSEWHERE = "01", "31"
EVERYBODY, INDICATOR = "workbench.enter", "cards.lookups_by_citizen_card"
PAGES = {address: view for table in TABLES for address, view in table.items() if "<" in address}
PARAMETER = re.compile(r"<\w+:(\w+)>")
# What an address names is about one person, who lives in a province, or about nobody.
OF_A_PERSON = frozenset({"order", "case", "recovery", "file", "reference", "attachment", "finding", "asked", "person"})
OF_NOBODY = frozenset({"run", "emergency", "indicator_key", "name", "province"})
# Rows of rooms whose own stories have tests of their own.
PLANTED = {
    "payments_case": {"case_id": 1, "kind": "unknown_payment", "detail": "thử", "amount": 5, "opened_at": NOW.at},
    "reckoning_recovery": {"cause": "overpaid", "fund": 101, "amount": 3_000_000, "opened_at": NOW.at},
    "reckoning_recoveryevent": {
        "recovery_id": 1,
        "event_no": 0,
        "event": "opened",
        "amount": 3_000_000,
        "left_before": 3_000_000,
        "left_after": 3_000_000,
        "officer": "officer:hanoi.lan",
        "happened_at": NOW.at,
    },
    "lifeevents_file": {
        "file_id": 1,
        "kind": "death",
        "subject": "thử",
        "applicant_person_id": MOTHER,
        "province": HOME,
        "state": "filed",
        "content": "{}",
        "received_at": NOW.at,
    },
    "overuse_finding": {
        "kind": "two_beds",
        "visit_id": 1,
        "other_visit_id": 2,
        "other_person_id": MOTHER,
        "finding_no": 1,
        "facility": "01001",
        "other_facility": "01002",
        "first_on": NOW.at.date(),
        "measure": 90,
        "state": "open",
    },
}


def _one(query: str) -> str:
    found = row(query)
    assert found is not None, query
    return str(found[0])


def _application() -> tuple[str, int]:
    """What the mother applies for, with a paper."""
    asked = form("pension", MOTHER, key="di-het-trang-1")
    said: dict[str, Any] = {"actor": actor_of_person(MOTHER), "reason": REASON, "clock": NOW}
    reference = save_draft(**said, form=asked)
    paper = attach_file(**said, reference=reference, paper="end_of_work", name="giay.pdf", content=PLAIN_PDF)
    return submit(asked, NOW).reference, paper


@pytest.fixture(scope="module")
def addresses(household: Household) -> dict[str, str]:  # noqa: F811  # a fixture
    """Every page about something, by its route: the address of one thing of each kind, all about people of the home province."""
    lively(household)
    for table, values in PLANTED.items():
        about = {"person_id": MOTHER, **values}
        execute(
            f"INSERT INTO {table} ({', '.join(about)}) VALUES ({', '.join(['%s'] * len(about))})", list(about.values())
        )
    execute("INSERT INTO reporting_dailycount (series, day, count) VALUES ('cards.lookups', %s, 1)", [NOW.at.date()])
    benefit_file = file(FileKind.RETIREMENT, NEIGHBOUR).application_id
    emergency = declare_emergency(actor=MAKER, reason=REASON, clock=CLOCK, new=storm())
    applied, paper = _application()
    stands = {
        "run": _one("SELECT max(run_id) FROM payments_run"),
        "order": _one(f"SELECT order_id FROM payments_order WHERE person_id = {MOTHER}"),
        "province": HOME,
        "case": "1",
        "recovery": "1",
        "emergency": str(emergency),
        "reference": applied,
        "attachment": str(paper),
        "finding": "1",
        "asked": _one("SELECT request_id FROM rights_request"),
        "person": str(MOTHER),
        "indicator_key": INDICATOR,
        "name": next(iter(parameters())),
        "file": "1",
    }
    benefits = stands | {"file": str(benefit_file)}
    return {route: _filled(route, benefits if route.startswith("files/") else stands) for route in PAGES}


def _filled(route: str, values: dict[str, str]) -> str:
    return PARAMETER.sub(lambda found: values[found[1]], route)


def _outcome(client: Client, address: str, method: str) -> str:
    answer = client.get(f"/workbench/{address}") if method == "GET" else client.post(f"/workbench/{address}", {})
    if answer.status_code in {404, 405}:
        return "missing" if answer.status_code == 404 else "takes no forms"
    return (
        "not permitted"
        if answer.status_code == 403 and WORDS["vi"]["no_permission_title"] in answer.content.decode()
        else "shown"
    )


def _officer(role: str, *provinces: str) -> Client:
    client = Client()
    number_of = signed_in(client, role, number=f"o.{role.replace('_', '-')}.{'.'.join(provinces) or 'whole'}")
    if provinces:
        RoleGrant.objects.filter(officer_id=number_of).update(provinces=list(provinces))
    return client


def _expected(route: str, role: str, provinces: tuple[str, ...]) -> str:
    permission = getattr(PAGES[route], "__permission__", "")
    if permission != EVERYBODY and permission not in ROLES[role].permissions:
        return "not permitted"
    about = set(PARAMETER.findall(route))
    return "missing" if provinces and HOME not in provinces and about & OF_A_PERSON else "shown"


def test_every_page_says_whom_it_is_about() -> None:
    assert {name for route in PAGES for name in PARAMETER.findall(route)} == OF_A_PERSON | OF_NOBODY


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("role", sorted(CHARTERS))
def test_what_a_page_is_about_is_there_for_roles_that_may_in_provinces_where_they_may(
    addresses: dict[str, str], role: str, method: str
) -> None:
    wrong = {}
    for provinces in ((), (HOME,), (ELSEWHERE,)) if CHARTERS[role].provincial else ((),):
        client = _officer(role, *provinces)
        for route, address in addresses.items():
            got, expected = _outcome(client, address, method), _expected(route, role, provinces)
            if got not in {expected, "takes no forms"}:
                wrong[route, provinces] = (got, expected)
    assert not wrong


def test_pages_that_act_take_forms(addresses: dict[str, str]) -> None:
    client = _officer("leader")
    taking = [route for route, address in addresses.items() if _outcome(client, address, "POST") != "takes no forms"]
    assert len(taking) > len(PAGES) / 2


@pytest.mark.usefixtures("addresses")
@pytest.mark.parametrize("role", sorted(CHARTERS))
def test_a_person_is_opened_for_purposes_of_the_role_in_provinces_where_it_holds(role: str) -> None:
    held, purposes = ROLES[role].permissions, CHARTERS[role].purposes
    readable = {
        purpose
        for section in SECTIONS
        for purpose in section.purposes & purposes
        if "disclosure.find" in held and held & set(section.permissions)
    }
    wrong = {}
    for provinces in ((), (HOME,), (ELSEWHERE,)) if CHARTERS[role].provincial else ((),):
        client = _officer(role, *provinces)
        for purpose in Purpose:
            client.post("/workbench/person", {"act": "close"})
            answer = client.post("/workbench/person", {"number": pin_of(MOTHER), "purpose": purpose.code})
            text = client.get("/workbench/person").content.decode()
            opened = (answer.status_code == 303, f"{MOTHER}" in text)
            if opened != (purpose in readable and ELSEWHERE not in provinces,) * 2:
                wrong[provinces, purpose.code] = opened
    assert not wrong
