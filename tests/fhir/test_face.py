"""The face over HTTP: reads, searches, summaries, and everything that is refused."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import httpx
import psycopg
import pytest
from lxml import etree

from ansinh.gateway.fhir.parameters import TYPES
from tests.audit.standing import pin_of
from tests.fhir.client import PIN, Caller, code_of, matches
from tests.fhir.standing_books import LONG
from tests.fhir.validating import require_ips, require_valid
from tests.gateway.running import RunningGateway
from tests.support.database import OwnDatabase

# One gateway serves all of these.
pytestmark = pytest.mark.xdist_group("fhir")

# Type → how many of it the asker of 1's book finds.
FINDS = {
    "Patient": 1,
    "Coverage": 1,
    "Encounter": 3,
    "Condition": 4,
    "MedicationStatement": 2,
    "Procedure": 1,
    "Observation": 5,
    "DiagnosticReport": 1,
    "ServiceRequest": 1,
    "Appointment": 1,
    "DocumentReference": 2,
    "AllergyIntolerance": 1,
    "Composition": 1,
}


@pytest.fixture(scope="module")
def caller(gateway: RunningGateway) -> Caller:
    return Caller(gateway)


@pytest.fixture(scope="module")
def first(caller: Caller) -> str:
    return caller.patient(1)


@pytest.mark.parametrize("kind", TYPES)
def test_each_type_is_found_read_and_valid(caller: Caller, first: str, kind: str) -> None:
    by = f"_id={first}" if kind == "Patient" else f"patient=Patient/{first}"
    answer = caller.get(f"{kind}?{by}")
    assert answer.status_code == 200, answer.text
    bundle = json.loads(answer.text, parse_float=Decimal)
    require_valid(bundle)
    assert (bundle["total"], len(matches(bundle))) == (FINDS[kind], FINDS[kind])
    for one in matches(bundle):
        read = caller.get(f"{kind}/{one['id']}")
        assert read.status_code == 200, read.text
        assert json.loads(read.text, parse_float=Decimal) == one
        assert read.headers["etag"] == f'W/"{one["meta"]["versionId"]}"'
        assert caller.get(f"{kind}/{one['id']}", if_none_match=read.headers["etag"]).status_code == 304
    other = caller.get(f"{kind}?{by}", accept="application/fhir+xml")
    assert other.headers["content-type"] == "application/fhir+xml; charset=utf-8"
    assert etree.QName(etree.fromstring(other.content)).localname == "Bundle"


def test_a_merged_record_is_told_with_the_person_it_was_merged_into(caller: Caller, first: str) -> None:
    assert caller.patient(4) == first
    episodes = {one["identifier"][0]["value"] for one in caller.found(f"Encounter?patient={first}")}
    assert episodes == {"E101", "E102", "E103"}


def test_a_number_of_a_person_stands_in_no_address(caller: Caller, gateway: RunningGateway) -> None:
    number = pin_of(1)
    for place in (
        f"Patient?identifier={PIN}|{number}",
        f"Condition?patient.identifier={number}",
        f"Condition?patient:identifier={number}",
        f"Condition?patient={number}",
        f"Patient?name=Nguyen&_id={number}",
        f"Coverage?identifier={number}",
    ):
        answer = caller.get(place)
        assert (answer.status_code, code_of(answer)) == (400, "person_number_in_address"), place
    answer = caller.post("Condition", f"patient.identifier={PIN}|{number}&_count=2")
    assert answer.status_code == 200
    assert number not in json.dumps(answer.json()["link"])
    assert number not in gateway.log.read_text()


def test_every_link_is_of_the_public_address_and_pages_are_whole(caller: Caller) -> None:
    person = caller.patient(5)
    place, seen, pages = f"Encounter?patient={person}&_count=50&_sort=-date", [], 0
    while place:
        answer = caller.get(place)
        bundle = answer.json()
        assert bundle["total"] == LONG
        seen += [one["id"] for one in matches(bundle)]
        links = {one["relation"]: one["url"] for one in bundle["link"]}
        assert all(url.startswith("http://127.0.0.1:8001/fhir/R4/Encounter?") for url in links.values())
        place, pages = links.get("next", ""), pages + 1
    assert (pages, len(set(seen)), len(seen)) == (3, LONG, LONG)
    assert caller.get("Encounter?_page=nonsense").status_code == 410


def test_a_page_is_for_whom_it_was_given(caller: Caller, gateway: RunningGateway) -> None:
    bundle = caller.get(f"Encounter?patient={caller.patient(5)}&_count=1").json()
    link = next(one["url"] for one in bundle["link"] if one["relation"] == "next")
    other = Caller(gateway)
    other.headers["authorization"] = f"Bearer {gateway.token('01001', 8, scopes=frozenset(['system/*.rs']))}"
    assert other.get(link).status_code == 410
    assert caller.get(link.replace("Encounter?", "Condition?")).status_code == 410
    assert caller.get(link).status_code == 200


SEARCHES = {
    "Condition?code=http://hl7.org/fhir/sid/icd-10|I10": ["I10"],
    "Condition?code=I10,E11.9": ["E11.9", "I10"],
    "Condition?code=|I10": [],
    "Condition?code=http://hl7.org/fhir/sid/icd-10|": ["E11.9", "I10", "K35", "K66"],
    "Condition?code:not=I10": ["E11.9", "K35", "K66"],
    "Condition?recorded-date=ge2025-05-01": ["E11.9", "I10"],
    "Condition?recorded-date=lt2025-05": ["K35", "K66"],
    "Condition?recorded-date=2025-03-01": ["K35", "K66"],
    "Condition?recorded-date=sa2025-03-01&recorded-date=eb2025-06": ["E11.9", "I10"],
    "Condition?encounter:missing=true": [],
    "Condition?category=encounter-diagnosis&clinical-status=active&code=K35": [],
    "Condition?_lastUpdated=gt2025-05-02": ["E11.9", "I10"],
}


@pytest.mark.parametrize("place", SEARCHES)
def test_searches_find_what_they_ask_for(caller: Caller, first: str, place: str) -> None:
    found = caller.found(f"{place.replace('|', '%7C')}&patient={first}")
    assert sorted(one["code"]["coding"][0]["code"] for one in found) == SEARCHES[place]


def test_what_belongs_together_comes_along(caller: Caller, first: str) -> None:
    bundle = caller.get(
        f"DiagnosticReport?patient={first}&_include=DiagnosticReport:result&_include=DiagnosticReport:encounter"
    ).json()
    along = sorted(one["resource"]["resourceType"] for one in bundle["entry"] if one["search"]["mode"] == "include")
    assert along == ["Encounter", "Observation", "Observation"]
    bundle = caller.get(f"Encounter?patient={first}&identifier=E101&_revinclude=Condition:encounter").json()
    assert [one["search"]["mode"] for one in bundle["entry"]] == ["match", "include", "include", "outcome"]
    bundle = caller.get(f"Encounter?patient={first}&_summary=count").json()
    assert (bundle["total"], "entry" in bundle) == (3, False)


def test_an_unknown_parameter_is_refused_unless_the_caller_is_lenient(caller: Caller, first: str) -> None:
    answer = caller.get(f"Condition?patient={first}&colour=red")
    assert (answer.status_code, code_of(answer)) == (400, "unknown_parameter")
    assert answer.json()["issue"][0]["expression"] == ["colour"]
    lenient = caller.get(f"Condition?patient={first}&colour=red", prefer="handling=lenient").json()
    assert lenient["entry"][-1]["search"]["mode"] == "outcome"
    require_valid(lenient)
    assert "colour" not in lenient["link"][0]["url"]


def test_a_search_is_about_one_person(caller: Caller, first: str) -> None:
    other = caller.patient(3)
    refused = {
        "Condition": "search_too_wide",
        "Patient": "search_too_wide",
        "Condition?code=I10": "search_too_wide",
        f"Condition?patient={first}&patient={other}": "several_persons",
        f"Condition?patient={first},{other}": "several_persons",
    }
    for place, code in refused.items():
        answer = caller.get(place)
        assert (answer.status_code, code_of(answer)) == (400, code), place
    assert caller.get("Condition?patient=Patient/nobody").json()["total"] == 0


def test_a_sensitive_chapter_is_withheld_and_that_is_said(caller: Caller, first: str) -> None:
    bundle = caller.get(f"Condition?patient={first}").json()
    assert "F32" not in json.dumps(bundle)
    (said,) = [one["resource"] for one in bundle["entry"] if one["search"]["mode"] == "outcome"]
    assert said["issue"][0]["code"] == "suppressed"


def test_other_purposes_reach_what_the_facility_wrote_itself(gateway: RunningGateway, first: str) -> None:
    claims = Caller(gateway)
    claims.headers["ansinh-purpose"] = "claim"
    assert {one["identifier"][0]["value"] for one in claims.found(f"Encounter?patient={first}")} == {"E101", "E103"}


def test_who_is_not_there_is_read_as_far_as_the_facility_wrote_itself(caller: Caller, gateway: RunningGateway) -> None:
    second = caller.patient(2)
    shut = caller.get(f"Encounter?patient={second}")
    assert (shut.status_code, code_of(shut)) == (403, "book_not_open")
    fifth = caller.patient(5)
    assert {one["serviceProvider"]["identifier"]["value"] for one in caller.found(f"Encounter?patient={fifth}")} == {
        "01001"
    }
    elsewhere = Caller(gateway, facility="01002")
    elsewhere.headers["ansinh-officer"] = "nobody-listed"
    refused = elsewhere.get(f"Encounter?patient={second}")
    assert (refused.status_code, code_of(refused)) == (403, "officer_not_listed")


def test_a_summary_is_a_document_by_ips(caller: Caller, first: str) -> None:
    for person in (first, caller.patient(3), caller.patient(6)):
        answer = caller.get(f"Patient/{person}/$summary")
        assert answer.status_code == 200, answer.text
        require_ips(json.loads(answer.text, parse_float=Decimal))
    assert caller.ask("POST", f"Patient/{first}/%24summary").status_code == 200
    shown = caller.get(f"Patient/{first}/$summary?_format=html")
    assert shown.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in shown.headers["content-security-policy"]
    assert "A part of the book is not open" in shown.text
    assert caller.get(f"Patient/{first}?_format=html").status_code == 406


def test_each_read_is_in_the_access_history(caller: Caller, database: OwnDatabase) -> None:
    sixth = caller.patient(6)
    answer = caller.get(f"Encounter?patient={sixth}")
    with psycopg.connect(database.urls.app) as connection:
        row = connection.execute(
            "SELECT person_id, call, key_kind, result, facility, officer, purpose FROM audit_access WHERE id = %s",
            [int(answer.headers["ansinh-audit-id"])],
        ).fetchone()
    assert row == (6, 20, 0, 1, "01001", "BS-17", 1)


def _asked(caller: Caller, first: str) -> dict[str, httpx.Response]:
    """Everything that is refused, by status and code."""
    form = "application/x-www-form-urlencoded"
    return {
        "401 token_missing": caller.get("Patient", authorization=""),
        "401 token_invalid": caller.get("Patient", authorization="Bearer nonsense"),
        "400 officer_missing": caller.get(f"Patient/{first}", ansinh_officer=""),
        "400 unknown_purpose": caller.get(f"Patient/{first}", ansinh_purpose="curiosity"),
        "404 unknown_resource_type": caller.get("Practitioner/1"),
        "404 resource_not_found": caller.get("Patient/1"),
        "404 unknown_resource_type ": caller.ask("POST", "", content=b"{}", content_type="application/fhir+json"),
        "405 method_not_allowed": caller.ask("DELETE", f"Patient/{first}"),
        "406 not_acceptable": caller.get(f"Patient/{first}", accept="text/html"),
        "415 unsupported_media_type": caller.ask(
            "POST", "Patient/_search", content=b"{}", content_type="application/json"
        ),
        "400 malformed_query": caller.ask("POST", "Patient/_search", content=b"identifier", content_type=form),
        "422 invalid_input": caller.post("Patient", "identifier=12"),
        "400 invalid_parameter": caller.get(f"Condition?patient={first}&recorded-date=yesterday"),
        "413 too_large": caller.ask("POST", "Patient/_search", content=b"a" * 70_000, content_type=form),
    }


def test_every_refusal_is_an_operation_outcome(caller: Caller, first: str) -> None:
    for said, answer in _asked(caller, first).items():
        assert f"{answer.status_code} {code_of(answer)}" == said.strip()
        assert answer.headers["content-type"].startswith("application/fhir+json")
        require_valid(answer.json())
    english = caller.get("Practitioner/1", accept_language="en", accept="application/fhir+xml")
    assert b"This face has no such resource type" in english.content
    assert etree.QName(etree.fromstring(english.content)).localname == "OperationOutcome"


def test_scopes_hold_for_types_and_letters(gateway: RunningGateway, first: str) -> None:
    narrow = Caller(gateway, scopes=frozenset(["system/Condition.s", "system/Patient.r"]))
    assert narrow.get(f"Condition?patient={first}").status_code == 200
    assert narrow.get(f"Patient/{first}").status_code == 200
    for place in (f"Patient?_id={first}", f"Encounter?patient={first}", f"Condition/{first}"):
        assert (narrow.get(place).status_code, code_of(narrow.get(place))) == (403, "scope_missing")
    old = Caller(gateway, scopes=frozenset(["standing:read"]))
    assert old.get(f"Patient/{first}").status_code == 403


def test_anybody_may_read_what_the_face_can_do(caller: Caller) -> None:
    stated = caller.get("metadata", authorization="", ansinh_officer="")
    require_valid(stated.json())
    smart = caller.get(".well-known/smart-configuration", authorization="").json()
    assert {"ES384", "RS384"} <= set(smart["token_endpoint_auth_signing_alg_values_supported"])
    assert smart["token_endpoint"].endswith("/oauth2/token")


HOSTILE: tuple[Any, ...] = (
    "Condition?patient=" + quote("\x00"),
    "Condition?patient=%FF%FE",
    "Condition?" + "&".join(f"a{n}=1" for n in range(80)),
    "Condition?code=" + quote("'; DROP TABLE people_person; --"),
    "Condition?_count=99999999999999999999&patient=x",
    "Condition?_sort=" + "-" * 300 + "&patient=x",
    "Condition/..%2F..%2Fmetadata",
    "Condition?_page=" + "A" * 3_000,
    "Condition?patient:Patient=x&patient:Patient:Patient=y",
    "Condition?recorded-date=9999-12-31&recorded-date=ap0001-01-01&patient=x",
    "Condition?recorded-date=2025-02-30&patient=x",
    "Condition?recorded-date=２０２５&patient=x",
    "Patient/$summary/$summary",
    "%2e%2e/%2e%2e/livez",
    "Condition?code=%5C&patient=x",
    "Condition?code=%7C%7C%7C&patient=x",
)


@pytest.mark.parametrize("place", HOSTILE)
def test_nonsense_is_refused_and_told_as_such(caller: Caller, place: str) -> None:
    answer = caller.get(place)
    assert answer.status_code in {200, 400, 404, 410, 422}, answer.text
    require_valid(answer.json())
