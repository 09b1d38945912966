"""Our own troubles at the compatible door: said honestly by status and code, and over when they are over."""

from __future__ import annotations

import json
import time

import httpx
import psycopg
import pytest
from psycopg import sql

from ansinh.access.tokens import Grant
from ansinh.gateway import problems
from ansinh.gateway.dialect.answers import card_refusal, telling
from ansinh.gateway.limits import Limits
from ansinh_sandbox.his import Patient
from tests.dialect.counter import BORN, NAME, OFFICER, PASSWORD, Counter, md5, pin

PATIENT = Patient(pin(1), NAME, BORN)
BODY = {"maThe": pin(1), "hoTen": NAME, "ngaySinh": BORN, "hoTenCb": OFFICER.name, "cccdCb": OFFICER.citizen_id}
RECOVERY_SECONDS_MAX = 5.0


def ask(counter: Counter) -> httpx.Response:
    tokens = counter.software.tokens or counter.software.sign_in()
    given = {"token": tokens.access_token, "id_token": tokens.id_token, "username": counter.software.username}
    return httpx.post(
        f"{counter.gateway.base}/api/egw/KQNhanLichSuKCB2024",
        params=given | {"password": md5(PASSWORD)},
        json=BODY,
        trust_env=False,
        timeout=20,
    )


def test_an_answer_names_its_audit_row(counter: Counter) -> None:
    response = ask(counter)
    assert response.headers["cache-control"] == "no-store"
    rows = counter.rows("SELECT person_id, result FROM audit_access WHERE id = %s", int(response.headers["audit-id"]))
    assert rows == [(1, 1)]


def test_who_asks_too_fast_is_told_to_wait() -> None:
    told = telling(card_refusal)(problems.OVERLOADED, {})
    assert (told[0], json.loads(told[2])["maKetQua"], dict(told[1])["retry-after"]) == (503, "101", "1")
    limits, grant = Limits(1, lambda: 0.0), Grant("01004_BV", 1, "01004", frozenset(), 0, rate_per_second=1)
    for _ in range(10):
        limits.take(grant)
    with pytest.raises(problems.Problem) as refused:
        limits.take(grant)
    status, headers, body = telling(card_refusal)(refused.value, {})
    assert (status, json.loads(body)["maKetQua"], dict(headers)["retry-after"]) == (429, "101", "1")


def test_a_database_that_is_away_is_101_and_nothing_is_told(counter: Counter) -> None:
    assert ask(counter).json()["maKetQua"] == "000"
    assert counter.database.urls.superuser is not None
    name = sql.Identifier(counter.database.name)
    with psycopg.connect(counter.database.urls.superuser, autocommit=True) as server:
        server.execute(sql.SQL("ALTER DATABASE {} CONNECTION LIMIT 0").format(name))
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = 'ansinh_gateway'",
            [counter.database.name],
        )
        for _ in range(3):
            away = ask(counter)
            told = away.json()
            assert (away.status_code, told["maKetQua"]) == (503, "101")
            assert int(away.headers["retry-after"]) >= 1
            assert not any(told[field] for field in told if field not in {"maKetQua", "ghiChu"})
        sign_in = httpx.post(
            f"{counter.gateway.base}/api/token/take",
            json={"username": counter.software.username, "password": md5(PASSWORD)},
            trust_env=False,
        )
        assert (sign_in.status_code, sign_in.json()["maKetQua"]) == (503, "500")
        server.execute(sql.SQL("ALTER DATABASE {} CONNECTION LIMIT -1").format(name))
    until = time.monotonic() + RECOVERY_SECONDS_MAX
    while (again := ask(counter)).status_code == 503 and time.monotonic() < until:
        pass
    assert again.json()["maKetQua"] == "000"
    assert counter.software.look_up(PATIENT)["maKetQua"] == "000"
