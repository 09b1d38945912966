"""The query of a look-up carries a token and a password: it is recorded nowhere, whatever happens to the request."""

from __future__ import annotations

import httpx
import psycopg
from psycopg import sql

from ansinh_sandbox.his import Patient
from tests.dialect.counter import BORN, NAME, OFFICER, PASSWORD, Counter, md5, pin

MARK = "dauvetbimat7531"


def test_secrets_of_a_query_are_recorded_nowhere(counter: Counter) -> None:
    tokens = counter.software.sign_in()
    password = md5(PASSWORD)
    query = f"token={tokens.access_token}&id_token={tokens.id_token}&username={counter.software.username}&password={password}&x={MARK}"
    body = {"maThe": pin(1), "hoTen": NAME, "ngaySinh": BORN, "hoTenCb": OFFICER.name, "cccdCb": OFFICER.citizen_id}
    good = f"{counter.gateway.base}/api/egw/KQNhanLichSuKCB2024?{query}"
    with httpx.Client(trust_env=False) as http:
        assert http.post(good, json=body).json()["maKetQua"] == "000"
        for address in (
            good,
            good.replace("2024?", "2019?"),
            good.replace("/egw/", "/nowhere/"),
            f"{good}&token=x",
            good + "y" * 5_000,
        ):
            http.post(address, json=body)
            http.post(address, content=b"\xff" * 100)
            http.post(address, content=b"{" * 9_000)
            http.get(address)
            http.request("TRACE", address)
        http.post(f"{counter.gateway.base}/api/token/take?{query}", json={"username": MARK, "password": MARK})
        http.post(f"{counter.gateway.base}/v1/standing?{query}", json=body)
        wrong = md5(MARK)
        http.post(
            f"{counter.gateway.base}/api/token/take", json={"username": counter.software.username, "password": wrong}
        )
        metrics = http.get(f"{counter.gateway.base}/metrics").text
    counter.software.co_payments(Patient(pin(1), NAME, BORN))
    secrets = [MARK, tokens.access_token, tokens.id_token, password, password.upper(), wrong, wrong.upper()]
    written = {"log": counter.gateway.log.read_text(), "metrics": metrics, **_every_table(counter)}
    for place, text in written.items():
        for secret in secrets:
            assert secret not in text, place
    assert NAME not in written["log"] + metrics
    assert pin(1) not in written["log"] + metrics


def _every_table(counter: Counter) -> dict[str, str]:
    with psycopg.connect(counter.database.urls.owner) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
        texts = {}
        for (table,) in tables:
            rows = connection.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table))).fetchall()
            texts[table] = "\n".join(row[0] for row in rows)
        return texts
