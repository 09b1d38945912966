"""`CoverageEligibilityRequest` over HTTP: the standing look-up in FHIR's words, with its audit and what it refuses."""

from __future__ import annotations

import json
from typing import Any

import httpx
import psycopg
import pytest

from tests.audit.standing import pin_of
from tests.fhir.client import PIN, Caller, code_of
from tests.fhir.validating import require_valid
from tests.gateway.running import RunningGateway
from tests.support.database import OwnDatabase

# One gateway serves all of these.
pytestmark = pytest.mark.xdist_group("fhir")

REQUEST: dict[str, Any] = {
    "resourceType": "CoverageEligibilityRequest",
    "status": "active",
    "purpose": ["validation", "benefits"],
    "patient": {"identifier": {"system": PIN, "value": pin_of(3)}},
    "created": "2025-06-03",
    "insurer": {"display": "BHXH"},
}


@pytest.fixture(scope="module")
def caller(gateway: RunningGateway) -> Caller:
    return Caller(gateway)


def _ask(caller: Caller, **changes: Any) -> httpx.Response:
    body = json.dumps(REQUEST | changes).encode()
    return caller.ask("POST", "CoverageEligibilityRequest", content=body, content_type="application/fhir+json")


def test_who_is_insured_is_told_with_the_share(caller: Caller, database: OwnDatabase) -> None:
    answer = _ask(caller)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    require_valid(told)
    (insurance,) = told["insurance"]
    assert (told["outcome"], insurance["inforce"], insurance["benefitPeriod"]["end"]) == (
        "complete",
        True,
        "2025-12-31",
    )
    assert insurance["item"][0]["benefit"][0]["allowedString"] == "80 %"
    assert told["patient"]["reference"] == f"Patient/{caller.patient(3)}"
    assert caller.get(insurance["coverage"]["reference"]).status_code == 200
    with psycopg.connect(database.urls.app) as connection:
        row = connection.execute(
            "SELECT person_id, call, result FROM audit_access WHERE id = %s", [int(told["id"])]
        ).fetchone()
    assert row == (3, 1, 1)
    assert "item" not in _ask(caller, purpose=["validation"]).json()["insurance"][0]


def test_nobody_is_told_as_nobody(caller: Caller) -> None:
    told = _ask(caller, patient={"identifier": {"system": PIN, "value": "001999999999"}}).json()
    require_valid(told)
    assert "insurance" not in told
    assert "Nobody was found" in told["disposition"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"purpose": ["auth-requirements"]}, "422 purpose_not_answered"),
        ({"purpose": []}, "422 purpose_not_answered"),
        ({"patient": {"reference": "Patient/1"}}, "422 patient_identifier_missing"),
        ({"patient": {"identifier": {"system": "urn:x", "value": pin_of(3)}}}, "422 patient_identifier_missing"),
        ({"resourceType": "Patient"}, "400 malformed_body"),
        ({"patient": []}, "400 malformed_body"),
    ],
)
def test_what_is_not_answered_is_refused(caller: Caller, changes: dict[str, Any], said: str) -> None:
    answer = _ask(caller, **changes)
    assert f"{answer.status_code} {code_of(answer)}" == said
    require_valid(answer.json())
