"""X-Road headers: kept with the look-up in one transaction, refused when wrong, believed for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from ansinh.access.tokens import STANDING_BATCH
from ansinh.audit.queries import looks_at, verify_chains
from ansinh.gateway import xroad
from ansinh.gateway.problems import Problem
from tests.audit.standing import add_people, pin_of
from tests.gateway.running import RunningGateway, running_gateway
from tests.gateway_native.hospital import OFFICER, let_in
from tests.gateway_native.test_batch import about, ask_many
from tests.support.database import OwnDatabase

SAID = {
    "x-road-client": "VN/GOV/01001/his%2Fmain",
    "x-road-service": "VN/GOV/VSS/cards/standing",
    "x-road-id": "5f1c",
    "x-road-request-id": "r-9",
    "x-road-userid": "VN17",
    "x-road-issue": "case 12",
    "x-road-represented-party": "COM/12345",
    "x-road-security-server": "VN/GOV/VSS/ss1",
}


@pytest.fixture
def gateway(fresh_database: OwnDatabase, tmp_path: Path) -> Iterator[RunningGateway]:
    add_people(fresh_database, 70)
    let_in(fresh_database)
    with running_gateway(fresh_database, tmp_path, workers=1) as running:
        yield running


def kept(database: OwnDatabase) -> list[tuple[Any, ...]]:
    with psycopg.connect(database.urls.app) as connection:
        return connection.execute(
            "SELECT x.audit_id::text, x.facility, x.client, x.service, x.message_id, x.request_id, x.user_id, x.issue, x.represented_party, "
            "x.security_server FROM audit_xroad x JOIN audit_access a ON a.id = x.audit_id AND a.asked_at = x.asked_at ORDER BY x.audit_id"
        ).fetchall()


def ask(gateway: RunningGateway, **headers: str) -> Any:
    return gateway.ask({"key": pin_of(1), "purpose": "treatment", "officer": OFFICER}, None, **headers)


def test_what_was_said_is_kept_under_the_number_of_the_look_up(
    gateway: RunningGateway, fresh_database: OwnDatabase
) -> None:
    assert ask(gateway).status_code == 200
    answer = ask(gateway, **SAID)
    assert answer.status_code == 200, answer.text
    assert kept(fresh_database) == [(answer.json()["audit_id"], "01001", *SAID.values())]
    assert not [name for name in answer.headers if name.startswith("x-road")]
    assert [(look.through, look.for_user) for look in looks_at(1)] == [
        ("VN/GOV/01001/his%2Fmain", "VN17"),
        (None, None),
    ]
    assert verify_chains().whole


def test_a_message_without_id_is_given_one(gateway: RunningGateway, fresh_database: OwnDatabase) -> None:
    assert ask(gateway, **{"x-road-client": "VN/GOV/01001"}).status_code == 200
    ((_, _, client, service, message_id, *rest),) = kept(fresh_database)
    assert (client, service, rest) == ("VN/GOV/01001", None, [None] * 5)
    assert len(message_id) == 36


def test_each_of_a_batch_keeps_it(gateway: RunningGateway, fresh_database: OwnDatabase) -> None:
    token = gateway.token(scopes=frozenset([STANDING_BATCH]))
    answers = ask_many(gateway, about([pin_of(n) for n in range(1, 71)]), token, **SAID).json()["answers"]
    assert [row[0] for row in kept(fresh_database)] == sorted((one["audit_id"] for one in answers), key=int)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("x-road-client", ""),
        ("x-road-client", "VN/GOV"),
        ("x-road-client", "VN/GOV/a/b/c"),
        ("x-road-client", "VN//01001"),
        ("x-road-client", "VN/GOV/%00"),
        ("x-road-client", "VN/GOV/%ff"),
        ("x-road-client", "x" * 301),
        ("x-road-userid", "a\x1f"),
        ("x-road-represented-party", "a/b/c"),
        ("x-road-security-server", "VN/GOV/VSS"),
        ("x-road-issue", "x" * 301),
        ("x-road-issue", "one, two"),
    ],
)
def test_wrong_headers_are_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(Problem) as refused:
        xroad.statement(SAID | {name: value})
    assert (refused.value.status, refused.value.code) == (400, "invalid_xroad_header")
    assert name in str(refused.value.document("en")["detail"])


def test_doubled_headers_are_refused_and_leave_nothing(gateway: RunningGateway, fresh_database: OwnDatabase) -> None:
    headers = [
        ("authorization", f"Bearer {gateway.token()}"),
        ("content-type", "application/json"),
        ("x-road-client", "VN/GOV/01001"),
        ("x-road-client", "VN/GOV/01002"),
    ]
    body = b'{"key": "001000000001", "purpose": "treatment", "officer": "BS-17"}'
    answer = httpx.post(f"{gateway.base}/v1/standing", content=body, headers=headers, trust_env=False)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_xroad_header")
    assert kept(fresh_database) == []
