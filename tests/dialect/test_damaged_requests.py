"""Damaged requests at the compatible door: whatever comes, the answer is agreed. `make test` sends some hundreds, `make campaign` a hundred thousand."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import psycopg
import pytest

from ansinh.access.tokens.dialect import Account, dialect_keys, issue_pair
from ansinh.audit.queries import verify_chains
from ansinh.gateway.dialect import doors
from ansinh.gateway.dialect.stopped import STOPPED
from tests.dialect.counter import (
    BORN,
    FACILITY,
    NAME,
    OFFICER,
    PASSWORD,
    STANDINGS,
    Counter,
    card,
    md5,
    open_counter,
    pin,
    si_code,
)
from tests.gateway_native.agreement import CONTRACTS, PROBLEM, Agreement
from tests.gateway_native.damaging import Made, Sender, Shot, body_of
from tests.support.campaign import CAMPAIGN, WriteDown
from tests.support.database import OwnDatabase

COMPATIBLE = Agreement(CONTRACTS / "dialect" / "openapi.yaml", {404: PROBLEM})
FIRST_SEED = 20_250_900
REQUESTS_OF_A_CAMPAIGN = 100_000
LOOK_UPS = ("/api/egw/KQNhanLichSuKCB2024", "/api/egw/Lskcb2025")
COPAYMENTS = "/api/TraCuuCCT/TraCuuTienMCCT"
# One of the stopped calls stands for all.
SENT_TO = ["/api/token/take", *LOOK_UPS, COPAYMENTS, "/api/egw/KQNhanLichSuKCB2018"]


def test_every_address_is_in_the_agreement() -> None:
    written = set(re.findall(r'"(/api/[^"{]+)"', Path(doors.__file__).read_text(encoding="utf-8")))
    stopped = {f"/api/egw/{name}" for name in STOPPED}
    assert set(COMPATIBLE.document["paths"]) == written | stopped


def sender(counter: Counter) -> Sender:
    """Questions of a facility that has its tokens, nearly always: some go out with what was made up instead."""
    with psycopg.connect(counter.database.urls.owner) as owner:
        row = owner.execute(
            "SELECT client_no FROM access_dialectaccount WHERE facility = %s", [counter.software.facility]
        ).fetchone()
    assert row is not None
    username, password = counter.software.username, md5(PASSWORD)
    # For an hour: a campaign is longer than tokens live.
    pair = issue_pair(
        dialect_keys(counter.gateway.secrets),
        Account(username, row[0], FACILITY),
        password_md5=password,
        now=datetime.now(UTC),
        lifetime=timedelta(hours=1),
    )
    query = urlencode(
        {"token": pair.access_token, "id_token": pair.id_token, "username": username, "password": password}
    )
    headers = {"accesstoken": pair.access_token, "tokenid": pair.id_token, "passwordhash": password}
    return Sender(counter.gateway.base, COMPATIBLE, _maker(username, query, headers), SENT_TO)


def _maker(username: str, query: str, headers: dict[str, str]) -> Made:
    def made(case: Any, chance: random.Random) -> Shot:
        path = case.operation.path
        if isinstance(case.body, dict) and chance.random() < 0.7:
            case.body.update(_of_somebody(path, username, chance))
        body, kind = body_of(case)
        sent = {"content-type": kind}
        if chance.random() < 0.05:
            return Shot(path, _text(case.query), sent, body)
        if path == COPAYMENTS:
            return Shot(path, "", sent | headers, body)
        return Shot(path, query if path in LOOK_UPS else "", sent, body)

    return made


def _text(query: Any) -> str:
    """Return a made-up query as it can be sent."""
    return urlencode({str(name): str(value) for name, value in dict(query or {}).items()}, errors="replace")


def _of_somebody(path: str, username: str, chance: random.Random) -> dict[str, str]:
    """Say the truth in some fields, so that cards are told and particulars are compared."""
    person = chance.choice(sorted(STANDINGS))
    truth = {
        "username": username,
        "maThe": chance.choice([pin, card, si_code])(person),
        "hoTen": NAME,
        "ngaySinh": BORN,
        "hoTenCb": OFFICER.name,
        "cccdCb": OFFICER.citizen_id,
    }
    if path == "/api/token/take":
        # The account's own password is never near: it would be shut out after five wrong ones, and hashes are slow.
        return (
            {"username": chance.choice([username, f"{chance.randrange(10**5):05}_BV"])} if chance.random() < 0.1 else {}
        )
    fields = truth if path in (*LOOK_UPS, COPAYMENTS) else {}
    return {name: value for name, value in fields.items() if chance.random() < 0.95}


def prove(counter: Counter, sending: Sender) -> None:
    """Nothing broke, nothing was written half, and no line holds what was sent."""
    assert max(sending.statuses) < 500
    assert 'status="500"' not in httpx.get(f"{counter.gateway.base}/metrics", trust_env=False).text
    words = counter.gateway.log.read_text()
    assert "our mistake" not in words
    assert "eyJ" not in words
    assert quote(md5(PASSWORD)) not in words
    found = verify_chains()
    assert found.whole, found.troubles
    assert counter.rows("SELECT count(*) FROM audit_access WHERE result = 1")[0] > (0,)


def test_some_hundred_damaged_requests_are_answered_as_agreed(counter: Counter) -> None:
    sending = sender(counter)
    sending.send_until(300, 20_250_603, examples=4)
    assert {200, 410} <= set(sending.statuses)
    prove(counter, sending)


@pytest.mark.campaign
@pytest.mark.skipif(not CAMPAIGN, reason="runs under make campaign")
def test_a_hundred_thousand_damaged_requests_are_answered_as_agreed(
    fresh_database: OwnDatabase, tmp_path: Path, write_down: WriteDown
) -> None:
    with open_counter(fresh_database, tmp_path) as counter:
        sending = sender(counter)
        seeds = sending.send_until(REQUESTS_OF_A_CAMPAIGN, FIRST_SEED)
        requests = sending.statuses.total()
        told = counter.rows("SELECT result, count(*) FROM audit_access GROUP BY result")
        write_down(
            door="compatible",
            damaged_requests=requests,
            seeds=seeds,
            **{f"status_{status}": count for status, count in sorted(sending.statuses.items())},
            **{f"recorded_result_{result}": int(str(count)) for result, count in sorted(told)},
        )
        assert requests >= REQUESTS_OF_A_CAMPAIGN
        prove(counter, sending)
