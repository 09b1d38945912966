"""`POST /v1/standing` over real HTTP: what it answers, and that it never answers without a trace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from ansinh.audit.queries import looks_at, verify_chains
from tests.audit.standing import add_people, list_officers, pin_of
from tests.gateway.running import RunningGateway, running_gateway
from tests.support.database import OwnDatabase


@pytest.fixture
def gateway(fresh_database: OwnDatabase, tmp_path: Path) -> Iterator[RunningGateway]:
    add_people(fresh_database, 50)
    with running_gateway(fresh_database, tmp_path, workers=1) as running:
        yield running


def test_standing_by_each_number_answers_the_same_person(gateway: RunningGateway) -> None:
    qr = f"{pin_of(3)}||Đặng Thị Như|01011980|Nữ|Ba Đình, Hà Nội|02012022"
    kinds = {pin_of(3): "pin", "0100000003": "si_code", "DN4010100000003": "card", qr: "citizen_card"}
    for key, kind in kinds.items():
        response = gateway.ask({"key": key, "purpose": "treatment", "officer": "BS-17"})
        assert response.status_code == 200, response.text
        answer = response.json()
        assert answer["found"] is True
        assert answer["asked"] == {"key": key.split("|")[0], "kind": kind}
        assert answer["standing"]["pin"] == pin_of(3)
    looks = looks_at(3)
    assert [look.key_kind for look in reversed(looks)] == ["pin", "si_code", "card", "citizen_card_qr"]
    assert {(look.facility, look.client_no, look.officer) for look in looks} == {("01001", 7, "BS-17")}
    assert str(looks[0].audit_id) == answer["audit_id"]
    assert verify_chains().whole


def test_standing_of_nobody_is_found_false_and_recorded(gateway: RunningGateway, fresh_database: OwnDatabase) -> None:
    answer = gateway.ask({"key": "001999999999", "purpose": "claim", "officer": "x"}).json()
    assert (answer["found"], answer["standing"]) == (False, None)
    with psycopg.connect(fresh_database.urls.app) as connection:
        row = connection.execute(
            "SELECT person_id, purpose, result FROM audit_access WHERE id = %s", [answer["audit_id"]]
        ).fetchone()
    assert row == (0, 4, 0)


def test_cold_addresses(gateway: RunningGateway) -> None:
    def get(path: str) -> httpx.Response:
        return httpx.get(f"{gateway.base}{path}", trust_env=False)

    assert get("/livez").status_code == 200
    assert get("/readyz").status_code == 200
    assert "ansinh_gateway_ready" in get("/metrics").text
    assert get("/nothing").json()["type"] == "urn:ansinh:problem:not_found"
    assert get("/v1/standing").status_code == 405
    assert get("/livez?x=1").status_code == 400


def test_standing_for_an_officer_not_on_the_list_is_refused_and_recorded(
    gateway: RunningGateway, fresh_database: OwnDatabase
) -> None:
    with psycopg.connect(fresh_database.urls.owner) as owner:
        list_officers(owner, ["elsewhere"], "01002")
        list_officers(owner, ["gone"])
        owner.execute("UPDATE access_facilityofficer SET active = false WHERE officer = 'gone'")
    texts = set()
    for officer in ("stranger", "elsewhere", "gone"):
        for key in (pin_of(1), "001999999999"):
            response = gateway.ask({"key": key, "purpose": "treatment", "officer": officer})
            assert response.status_code == 403
            texts.add(response.text)
    assert len(texts) == 1, "the refusal tells whether the person is known"
    assert pin_of(1) not in texts.pop()
    assert [(look.officer, look.result) for look in looks_at(1)] == [
        (officer, "officer not on the facility's list") for officer in ("gone", "elsewhere", "stranger")
    ]
    assert verify_chains().whole
