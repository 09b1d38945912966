"""Exports for statistics: begun, awaited, fetched, cancelled; nobody is named, what few have is masked, and no client sees another's."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import psycopg
import pytest

from ansinh.access.tokens import STATISTICS_SCOPES, SYSTEM_READ, Holder, issue_token, token_keys
from tests.audit.standing import pin_of
from tests.fhir.client import Caller, code_of
from tests.fhir.standing_books import PEOPLE
from tests.fhir.validating import require_valid
from tests.gateway.running import RunningGateway
from tests.support.database import OwnDatabase

# One gateway serves all of these.
pytestmark = pytest.mark.xdist_group("fhir")

POLLS_MAX = 2_000
ASYNC = {"prefer": "respond-async"}


def _statistician(
    gateway: RunningGateway, client_no: int, scopes: frozenset[str] = frozenset(STATISTICS_SCOPES)
) -> Caller:
    caller = Caller(gateway)
    holder = Holder(f"app-{client_no}", client_no, "", scopes, 10_000)
    caller.headers = {
        "authorization": f"Bearer {issue_token(token_keys(gateway.secrets), holder, now=datetime.now(UTC))}"
    }
    return caller


@pytest.fixture(scope="module")
def caller(gateway: RunningGateway) -> Caller:
    return _statistician(gateway, 901)


def _done(caller: Caller, begun: httpx.Response) -> dict[str, Any]:
    assert begun.status_code == 202, begun.text
    place = begun.headers["content-location"]
    for _ in range(POLLS_MAX):
        answer = caller.get(place)
        if answer.status_code == 200:
            told: dict[str, Any] = answer.json()
            return told
        assert answer.status_code == 202, answer.text
        assert answer.headers["retry-after"] == "1"
    raise AssertionError("the export does not end")


def _lines(caller: Caller, told: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for file in told["output"]:
        answer = caller.get(file["url"])
        assert answer.headers["content-type"] == "application/fhir+ndjson"
        lines = [json.loads(line, parse_float=Decimal) for line in answer.text.splitlines()]
        assert (len(lines), {one["resourceType"] for one in lines}) == (file["count"], {file["type"]})
        found.setdefault(file["type"], []).extend(lines)
    return found


def test_a_group_is_told_under_pseudonyms(caller: Caller, gateway: RunningGateway, database: OwnDatabase) -> None:
    told = _done(caller, caller.get("Group/all/$export", **ASYNC))
    assert told["requiresAccessToken"] is True
    assert told["request"].endswith("/fhir/R4/Group/all/$export")
    found = _lines(caller, told)
    for one in (one for lines in found.values() for one in lines):
        require_valid(one)
    persons = {one["id"] for one in found["Patient"]}
    assert len(persons) == PEOPLE - 1, "a merged record is one person"
    assert {one["subject"]["reference"].partition("/")[2] for one in found["Condition"]} <= persons
    words = json.dumps(found, ensure_ascii=False, default=str)
    for named in ("Quỳnh Như", pin_of(1), "DN401", "Mẫu", "0012345", "Đau đầu", "Penicillin", "F32", "identifier"):
        assert named not in words, named
    with psycopg.connect(database.urls.app) as connection:
        row = connection.execute("SELECT count(*) FROM audit_act WHERE act = 'disclosure.export'").fetchone()
    assert row is not None


def test_days_are_months_and_what_few_have_is_masked(caller: Caller) -> None:
    found = _lines(caller, _done(caller, caller.get("Group/all/$export?_type=Patient,Condition,Observation", **ASYNC)))
    assert found.keys() == {"Patient", "Condition", "Observation"}
    assert {len(one["recordedDate"]) for one in found["Condition"]} == {7}
    codes = [one["code"]["coding"][0]["code"] for one in found["Condition"]]
    assert set(codes) == {"I10", "C50", "masked"}
    assert codes.count("C50") == 6
    assert all(one["code"]["coding"][0]["code"] != "GLU" for one in found["Observation"])
    assert all("day" not in one and len(one.get("birthDate", "1980")) == 4 for one in found["Patient"])


def test_two_receivers_cannot_join_what_they_have(caller: Caller, gateway: RunningGateway) -> None:
    other = _statistician(gateway, 902)
    asked = "Group/province-01/$export?_type=Patient"
    ours, again, theirs = (
        {one["id"] for one in _lines(who, _done(who, who.get(asked, **ASYNC)))["Patient"]}
        for who in (caller, caller, other)
    )
    assert ours == again
    assert not ours & theirs
    begun = caller.get(asked, **ASYNC)
    assert other.get(begun.headers["content-location"]).status_code == 404
    assert other.ask("DELETE", begun.headers["content-location"]).status_code == 404
    assert caller.ask("DELETE", begun.headers["content-location"]).status_code == 202
    assert caller.get(begun.headers["content-location"]).status_code == 404


def test_a_post_says_the_same_as_a_get(caller: Caller) -> None:
    body = {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "_type", "valueString": "Encounter"},
            {"name": "_since", "valueInstant": "2025-05-01T00:00:00Z"},
        ],
    }
    begun = caller.ask(
        "POST", "Group/all/$export", content=json.dumps(body).encode(), content_type="application/fhir+json", **ASYNC
    )
    found = _lines(caller, _done(caller, begun))
    assert 0 < len(found["Encounter"]) < 20
    assert {one["period"]["start"] >= "2025-04" for one in found["Encounter"]} == {True}


def test_what_may_not_be_exported_is_refused(caller: Caller, gateway: RunningGateway) -> None:
    hospital = Caller(gateway)
    narrow = _statistician(gateway, 903, frozenset(["statistics:export", "system/Patient.rs"]))
    refused = {
        "400 respond_async_missing": caller.get("Group/all/$export"),
        "404 unknown_group": caller.get("Group/province-99/$export", **ASYNC),
        "403 group_too_small": caller.get("Group/province-79/$export", **ASYNC),
        "400 invalid_parameter": caller.get("Group/all/$export?_type=Patient,AllergyIntolerance", **ASYNC),
        "400 unknown_parameter": caller.get("Group/all/$export?_typeFilter=Patient", **ASYNC),
        "404 unknown_export": caller.get("export/aaaaaaaaaaaaaaaaaaaaaaaa"),
        "403 scope_missing": hospital.get("Group/all/$export", **ASYNC),
    }
    for said, answer in refused.items():
        assert f"{answer.status_code} {code_of(answer)}" == said
        require_valid(answer.json())
    assert narrow.get("Group/all/$export", **ASYNC).status_code == 403
    assert narrow.get("Group/all/$export?_type=Patient", **ASYNC).status_code == 202
    about = _statistician(gateway, 904, frozenset(["statistics:export", SYSTEM_READ])).get("Group/all")
    require_valid(about.json())
    assert caller.get("Patient?_id=x").status_code == 403, (
        "a body that makes statistics reads about nobody it could name"
    )
