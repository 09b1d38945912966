"""Hostile questions and tokens: each is refused with the right 4xx, in a problem document that repeats nothing of it, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from joserfc import jws
from joserfc.jwk import ECKey

from ansinh.access.keys import new_key
from ansinh.access.tokens import token_keys
from tests.audit.standing import add_people, list_officers, pin_of
from tests.gateway.running import RunningGateway, running_gateway
from tests.support.database import OwnDatabase

PIN = pin_of(1)
GOOD = {"key": PIN, "purpose": "treatment", "officer": "BS-17"}
OFFICER = "Bác sĩ Lê Văn Luyện"


@pytest.fixture
def gateway(fresh_database: OwnDatabase, tmp_path: Path) -> Iterator[RunningGateway]:
    add_people(fresh_database, 5)
    with psycopg.connect(fresh_database.urls.owner) as owner:
        list_officers(owner, [json.loads(body)["officer"] for body in WELCOME.values()])
    with running_gateway(fresh_database, tmp_path, workers=1) as running:
        yield running


def but(**changes: Any) -> bytes:
    """A good question with some fields changed; None takes a field away."""
    return json.dumps({name: value for name, value in (GOOD | changes).items() if value is not None}).encode()


BODIES: dict[str, tuple[int, bytes]] = {
    # JSON
    "empty": (400, b""),
    "null": (400, b"null"),
    "array": (400, b"[]"),
    "text": (400, b'"x"'),
    "cut": (400, but()[:-1]),
    "two documents": (400, but() + but()),
    "byte order mark": (400, b"\xef\xbb\xbf" + but()),
    "UTF-16": (400, but().decode().encode("utf-16")),
    "not UTF-8": (400, but(officer="X").replace(b"X", b"\xff\xfe")),
    "lone surrogate": (400, but(officer="X").replace(b"X", b"\\ud800")),
    "nested": (400, b"[" * 4_000 + b"]" * 4_000),
    "nested field": (400, b'{"key":' + b'{"a":' * 1_000 + b"1" + b"}" * 1_000 + b"}"),
    "many fields": (400, json.dumps({f"f{n}": 1 for n in range(700)}).encode()),
    "extra field": (400, but(facility="99999")),
    "field missing": (400, but(purpose=None)),
    "field null": (400, json.dumps(GOOD | {"purpose": None}).encode()),
    "field in capitals": (400, but().replace(b'"key"', b'"KEY"')),
    "field twice": (400, but()[:-1] + b', "key": "001000000002"}'),
    "field twice, one escaped": (400, but()[:-1] + b', "k\\u0065y": "001000000002"}'),
    "array for text": (400, but(key=[PIN])),
    "number for text": (400, but(key=int("1" + PIN))),
    "object for text": (400, but(officer={"$ne": ""})),
    "true for text": (400, but(officer=True)),
    "huge number": (400, but(key=0).replace(b" 0", b" 1e309")),
    "not a number": (400, but(key=0).replace(b" 0", b" NaN")),
    "too long": (413, but(officer="x" * 9_000)),
    "much too long": (413, but(officer="x" * 1_000_000)),
    # keys
    "no key": (422, but(key="")),
    "13 digits": (422, but(key=PIN + "1")),
    "11 digits": (422, but(key=PIN[:-1])),
    "ten zeros": (422, but(key="0000000000")),
    "full-width digits": (422, but(key="００１０００００００１２")),
    "Arabic digits": (422, but(key="٠٠١٠٠٠٠٠٠٠٠١")),
    "minus": (422, but(key="-01000000001")),
    "Cyrillic letter": (422, but(key="DН4010100000003")),
    "card of level 9": (422, but(key="DN9010100000003")),
    "NUL in key": (422, but(key="00100000\x000001")),
    "SQL": (422, but(key="' OR 1=1 --")),
    "template": (422, but(key="${{7*7}}{% x %}")),
    "QR of two parts": (422, but(key=f"{PIN}|")),
    "QR with a bad date": (422, but(key=f"{PIN}||Lê A|30021980|Nam|X|02012022")),
    "QR with year 0": (422, but(key=f"{PIN}||Lê A|01010000|Nam|X|02012022")),
    "QR with a line break": (422, but(key=f"{PIN}||Lê\r\nA|01011980|Nam|X|02012022")),
    "QR too long": (422, but(key=f"{PIN}||{'A' * 2_000}|01011980|Nam|X|02012022")),
    "QR of 100 parts": (422, but(key="|".join([PIN] * 70))),
    # purpose, officer
    "no purpose": (422, but(purpose="")),
    "unknown purpose": (422, but(purpose="curiosity")),
    "purpose in capitals": (422, but(purpose="TREATMENT")),
    "no officer": (422, but(officer="")),
    "blank officer": (422, but(officer=" \u3000 ")),
    "long officer": (422, but(officer="x" * 65)),
    "NUL in officer": (422, but(officer="a\x00b")),
    "record separator in officer": (422, but(officer="a\x1eb")),
    "line break in officer": (422, but(officer="a\r\nSet-Cookie: x")),
    "terminal codes in officer": (422, but(officer="\x1b[31mx")),
    "right-to-left in officer": (422, but(officer="a\u202eb")),
    "zero width in officer": (422, but(officer="a\u200bb")),
}

WELCOME = {
    "spaces and dots in the number": but(key=f" {PIN[:3]} {PIN[3:6]}.{PIN[6:]} "),
    "small letters in the card": but(key="dn4010100000001"),
    "escapes": but().replace(b"treatment", b"tr\\u0065atment"),
    "officer with marks": but(officer=OFFICER),
    "officer not composed": but(officer="Le\u0302 A"),
    "officer of quotes": but(officer="O'--\"<svg onload=x>"),
    "officer named like a field": but(officer="key"),
}


def test_hostile_bodies_are_refused_without_trace(gateway: RunningGateway, fresh_database: OwnDatabase) -> None:
    token = gateway.token()
    wrong = []
    for name, (status, body) in BODIES.items():
        began = time.monotonic()
        response = gateway.ask(body, token)
        problem = (
            response.headers.get("content-type") == "application/problem+json" and response.json()["status"] == status
        )
        quick = time.monotonic() - began < 2
        if response.status_code != status or not problem or PIN in response.text or not quick:
            wrong.append((name, response.status_code, response.text[:200]))
    assert not wrong
    assert count_looks(fresh_database) == 0
    for name, body in WELCOME.items():
        response = gateway.ask(body, token)
        assert response.status_code == 200, (name, response.text)
        assert response.json()["standing"]["pin"] == PIN
    assert count_looks(fresh_database) == len(WELCOME)
    _nothing_personal_in(gateway.log)


def count_looks(database: OwnDatabase) -> int:
    """Return how many look-ups were recorded."""
    with psycopg.connect(database.urls.app) as connection:
        row = connection.execute("SELECT count(*) FROM audit_access").fetchone()
    assert row is not None
    return int(row[0])


def _nothing_personal_in(log: Path) -> None:
    words = log.read_text()
    for secret in (PIN, "0100000001", OFFICER, "BS-17", "Bearer", "eyJ"):
        assert secret not in words


def test_headers_that_do_not_fit_are_refused(gateway: RunningGateway) -> None:
    token = gateway.token()
    assert gateway.ask(but(), token, content_type="text/plain").status_code == 415
    assert gateway.ask(but(), token, content_type="application/x-www-form-urlencoded").status_code == 415
    assert gateway.ask(but(), token, content_type="application/json; charset=utf-16").status_code == 415
    assert gateway.ask(but(), token, content_type="application/json; charset=UTF-8").status_code == 200
    assert gateway.ask(but(), token, authorization="").status_code == 401
    assert gateway.ask(but(), token, authorization="Basic dXNlcjpwYXNz").status_code == 401
    assert gateway.ask(but(), token, authorization=f"bearer {token}").status_code == 200


def _forged(gateway: RunningGateway) -> dict[str, str]:
    keys = token_keys(gateway.secrets)
    real = gateway.token()
    header, payload, signature = real.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    kid = keys.signing.kid
    public = ECKey.import_key(keys.signing.as_dict(private=False))
    stranger = new_key()

    def made(protected: dict[str, Any], key: Any = keys.signing, **changes: Any) -> str:
        body = json.dumps({k: v for k, v in (claims | changes).items() if v is not None}).encode()
        return jws.serialize_compact(
            {"typ": "at+jwt", "kid": kid, "alg": "ES256"} | protected, body, key, ["ES256", "HS256"]
        )

    def unsigned(alg: str) -> str:
        text = json.dumps({"alg": alg, "kid": kid, "typ": "at+jwt"}).encode()
        return base64.urlsafe_b64encode(text).rstrip(b"=").decode() + f".{payload}."

    def with_hmac(secret: bytes) -> str:
        signed = unsigned("HS256").removesuffix(".")
        digest = hmac.digest(secret, signed.encode(), "sha256")
        return f"{signed}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"

    now = int(time.time())
    secret = public.as_pem(private=False)
    return {
        "nothing": "..",
        "no token": "x",
        "two parts": f"{header}.{payload}",
        "alg none": unsigned("none"),
        "alg None": unsigned("None"),
        "public key as HMAC secret": with_hmac(secret),
        "stranger's key under our kid": made({}, stranger),
        "stranger's key and kid": made({"kid": stranger.kid}, stranger),
        "kid is a path": made({"kid": "../../etc/passwd"}),
        "kid is missing": jws.serialize_compact(
            {"alg": "ES256", "typ": "at+jwt"}, payload.encode(), keys.signing, ["ES256"]
        ),
        "own key in jwk": made({"jwk": stranger.as_dict(private=False)}, stranger),
        "another type": made({"typ": "JWT"}),
        "signature cut": f"{header}.{payload}.{signature[:-4]}",
        "signature empty": f"{header}.{payload}.",
        "payload changed": f"{header}.{payload[:-4]}AAAA.{signature}",
        "another audience": made({}, aud="ansinh-portal"),
        "two audiences": made({}, aud=["ansinh-gateway", "x"]),
        "another issuer": made({}, iss="https://evil.example"),
        "expired": gateway.token(now=datetime.now(UTC) - timedelta(hours=2)),
        "from the future": made({}, iat=now + 3_600, exp=now + 4_000),
        "for a year": made({}, exp=now + 365 * 86_400),
        "without expiry": made({}, exp=None),
        "expiry as text": made({}, exp="tomorrow"),
        "expiry as fraction": made({}, exp=now + 100.5),
        "client as text": made({}, client_no="7"),
        "too long": made({}, jti="x" * 3_000),
    }


def test_forged_tokens_are_refused_alike(gateway: RunningGateway, fresh_database: OwnDatabase) -> None:
    assert gateway.ask(but()).status_code == 200
    texts = set()
    for name, token in _forged(gateway).items():
        response = gateway.ask(but(), authorization=f"Bearer {token}")
        assert response.status_code == 401, (name, response.text)
        assert "www-authenticate" in response.headers
        texts.add(response.text)
    assert len(texts) == 1, "a stranger learns from the answer what is wrong with a token"
    assert gateway.ask(but(), gateway.token(scopes=frozenset(["book:read"]))).status_code == 403
    assert count_looks(fresh_database) == 1
    _nothing_personal_in(gateway.log)


RAW: dict[str, tuple[tuple[int, ...], bytes]] = {
    "no length": ((411,), b"Content-Type: application/json\r\n\r\n"),
    "length as text": ((400,), b"Content-Type: application/json\r\nContent-Length: ten\r\n\r\n"),
    "length below zero": ((400,), b"Content-Type: application/json\r\nContent-Length: -5\r\n\r\n"),
    "two lengths": ((400,), b"Content-Type: application/json\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"),
    "chunks": ((411,), b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
    "chunks and a length": (
        (400, 411),
        b"Content-Type: application/json\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    ),
    "length of a gigabyte": ((413,), b"Content-Type: application/json\r\nContent-Length: 1073741824\r\n\r\n"),
    "long header": ((400, 431), b"X-Long: " + b"x" * 100_000 + b"\r\n\r\n"),
    "many headers": ((400, 431), b"".join(b"X-%d: 1\r\n" % n for n in range(5_000)) + b"\r\n"),
}


def test_broken_requests_are_refused(gateway: RunningGateway) -> None:
    port = int(gateway.base.rpartition(":")[2])

    async def send(head: bytes) -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            f"POST /v1/standing HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {gateway.token()}\r\n".encode() + head
        )
        line = await asyncio.wait_for(reader.readline(), 10)
        writer.close()
        return int(line.split()[1])

    for name, (statuses, head) in RAW.items():
        assert asyncio.run(send(head)) in statuses, name
    assert gateway.ask(but()).status_code == 200
