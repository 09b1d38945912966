"""Hostile requests at the compatible door: each hears the right code, nothing of ours breaks, nothing is stored half."""

from __future__ import annotations

import asyncio
import json
import unicodedata
from typing import Any
from urllib.parse import urlencode

import httpx

from ansinh.audit.queries import verify_chains
from tests.dialect.counter import BORN, FACILITY, NAME, OFFICER, PASSWORD, Counter, md5, pin

GOOD = {"maThe": pin(1), "hoTen": NAME, "ngaySinh": BORN, "hoTenCb": OFFICER.name, "cccdCb": OFFICER.citizen_id}
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


def but(**changes: Any) -> bytes:
    """A good body with some fields changed; None takes a field away."""
    return json.dumps({name: value for name, value in (GOOD | changes).items() if value is not None}).encode()


def tones_apart(text: str) -> str:
    """Write the tones behind their letters, as windows-1258 does."""
    apart = ""
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tones = "".join(part for part in parts if part in "\u0300\u0301\u0303\u0309\u0323")
        apart += unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones)) + tones
    return apart


FORM_BODY = urlencode(GOOD).encode()
# What is sent → (content type, body). All of them mean the good question.
WELCOME: dict[str, tuple[str, bytes]] = {
    "JSON": (JSON, but()),
    "JSON, marks not escaped": (JSON, json.dumps(GOOD, ensure_ascii=False).encode()),
    "JSON sent as a form": (FORM, but()),
    "a form sent as JSON": (JSON, FORM_BODY),
    "without a content type": ("", but()),
    "text/plain": ("text/plain", but()),
    "charset with quotes": ('application/json; charset="UTF-8"', but()),
    "byte-order mark": (JSON, b"\xef\xbb\xbf" + but()),
    "UTF-16 with a mark": (JSON, json.dumps(GOOD, ensure_ascii=False).encode("utf-16")),
    "UTF-16 without a mark": (
        "application/json; charset=utf-16",
        json.dumps(GOOD, ensure_ascii=False).encode("utf-16-le"),
    ),
    "windows-1258": (
        "application/json; charset=windows-1258",
        json.dumps({name: tones_apart(value) for name, value in GOOD.items()}, ensure_ascii=False).encode("cp1258"),
    ),
    "field names in small letters": (JSON, json.dumps({name.lower(): value for name, value in GOOD.items()}).encode()),
    "fields nobody asked for": (JSON, but(gioiTinh=2, maCSKCB="01004", ngayBD=None, ds=[1, {"a": 2}])),
    "decomposed name": (JSON, but(hoTen=unicodedata.normalize("NFD", NAME))),
    "non-breaking space": (JSON, but(hoTen=NAME.replace(" ", "\u00a0"))),
    "a number for the officer": (FORM, FORM_BODY),
    "padded": (JSON, b" \r\n" + but() + b"\r\n"),
}
# What is sent → body; each is 205.
REFUSED: dict[str, bytes] = {
    "empty": b"",
    "null": b"null",
    "array": b"[]",
    "text": b'"x"',
    "cut": but()[:-1],
    "two documents": but() + but(),
    "not UTF-8": but(hoTen="X").replace(b"X", b"\xff\xfe"),
    "lone surrogate": but(hoTen="X").replace(b"X", b"\\ud800"),
    "nested": b"[" * 2_000,
    "nested fields": b'{"a":' * 500 + b"1" + b"}" * 500,
    "many fields": json.dumps({f"f{n}": 1 for n in range(300)}).encode(),
    "form of many fields": b"&".join(b"a%d=1" % n for n in range(300)),
    "field twice": but()[:-1] + b', "maThe": "001180000002"}',
    "field twice, one escaped": but()[:-1] + b', "maTh\\u0065": "001180000002"}',
    "field twice, other case": but()[:-1] + b', "MATHE": "001180000002"}',
    "form field twice": FORM_BODY + b"&maThe=001180000002",
    "array for text": but(maThe=[pin(1)]),
    "object for text": but(maThe={"$ne": ""}),
    "true for text": but(maThe=True),
    "fraction for text": but(maThe=1.5),
    "huge number": but(maThe=0).replace(b" 0", b" 1e309", 1),
    "400 digits": but(maThe=0).replace(b" 0", b" " + b"9" * 400, 1),
    "not a number": but(maThe=0).replace(b" 0", b" NaN", 1),
    "minus": but(maThe="-01180000001"),
    "full-width digits": but(maThe="００１１８００００００１"),
    "13 digits": but(maThe=pin(1) + "1"),
    "SQL for a number": but(maThe="' OR 1=1 --"),
    "NUL in the number": but(maThe="00118000\x000001"),
    "markup for a name": but(hoTen="<svg onload=alert(1)>"),
    "template for a name": but(hoTen="${{7*7}}{% x %}"),
    "SQL for a name": but(hoTen="x'; DROP TABLE cards_standing; --"),
    "NUL in the name": but(hoTen="A\x00B"),
    "right-to-left in the name": but(hoTen="Nguyễn\u202eThị"),
    "zero width in the name": but(hoTen="Nguyễn\u200bThị"),
    "emoji for a name": but(hoTen="😀"),
    "terminal codes for a name": but(hoTen="\x1b[31mA"),
    "long name": but(hoTen="A" * 101),
    "blank name": but(hoTen=" \u3000 "),
    "no officer": but(cccdCb=None),
    "blank officer": but(cccdCb=" "),
    "null officer's name": but(hoTenCb=None),
    "record separator in the officer": but(cccdCb="0011900000\x1e17"),
    "line break in the officer": but(cccdCb="001190000017\r\nSet-Cookie: x"),
    "30 February": but(ngaySinh="30/02/1980"),
    "month 13": but(ngaySinh="01/13/1980"),
    "two-digit year": but(ngaySinh="03/05/80"),
    "year 0": but(ngaySinh="01/01/0000"),
    "full-width date": but(ngaySinh="０３/０５/１９８０"),
    "ISO date": but(ngaySinh="1980-05-03T00:00:00"),
    "day without a month": but(ngaySinh="05/00/1980"),
}
# Look-alikes are letters: they are compared, and differ.
COMPARED = {
    "Cyrillic letters": ("060", but(maThe=pin(40), hoTen="Нгуен Тхи")),
    "no such officer": ("054", but(cccdCb="1")),
}


def address(counter: Counter) -> str:
    tokens = counter.software.tokens or counter.software.sign_in()
    given = {"token": tokens.access_token, "id_token": tokens.id_token, "username": counter.software.username}
    return f"{counter.gateway.base}/api/egw/KQNhanLichSuKCB2024?{urlencode(given | {'password': md5(PASSWORD)})}"


def test_every_body_hears_its_code(counter: Counter) -> None:
    where = address(counter)
    with httpx.Client(trust_env=False) as http:

        def code(body: bytes, kind: str = JSON) -> str:
            response = http.post(where, content=body, headers={"content-type": kind} if kind else {})
            assert response.status_code == 200
            told: str = response.json()["maKetQua"]
            return told

        for what, (kind, body) in WELCOME.items():
            assert code(body, kind) == "000", what
        known = counter.rows("SELECT count(*) FROM audit_access")
        assert known == [(len(WELCOME),)]
        for what, body in REFUSED.items():
            assert code(body) == "205", what
        assert counter.rows("SELECT count(*) FROM audit_access") == known, "nobody was asked about"
        for what, (expected, body) in COMPARED.items():
            assert code(body) == expected, what
        assert code(but()) == "000"
    assert verify_chains().whole


def test_hostile_sign_ins_are_refused(counter: Counter) -> None:
    def code(body: bytes) -> str:
        response = httpx.post(f"{counter.gateway.base}/api/token/take", content=body, trust_env=False)
        assert response.status_code == 200
        told = response.json()
        assert list(told) == ["maKetQua", "ghiChu", "APIKey"]
        return str(told["maKetQua"])

    right = {"username": f"{FACILITY}_BV", "password": md5(PASSWORD)}
    assert code(json.dumps(right).encode()) == "200"
    for password in ("", "x", PASSWORD, md5(PASSWORD) + "0", "０" * 32, "\x00" * 32, ["a"], {"$ne": ""}, None, True):
        assert code(json.dumps(right | {"password": password}).encode()) == "401", password
    for username in ("", "x" * 200, "01004", "01004_bv; --", "０1004_BV", "\u202e01004_BV", None):
        assert code(json.dumps(right | {"username": username}).encode()) == "402", username
    for body in (b"", b"[]", b"[" * 2_000, urlencode([*right.items(), *right.items()]).encode(), b"\xff" * 40):
        assert code(body) in {"401", "402"}, body[:20]
    assert counter.rows("SELECT * FROM access_dialectfailure") == [], "what no account can be is counted against none"


def test_other_methods_and_sizes_hear_an_honest_status(counter: Counter) -> None:
    where = address(counter)
    with httpx.Client(trust_env=False) as http:
        for method in ("GET", "PUT", "DELETE", "PATCH", "OPTIONS"):
            response = http.request(method, where)
            assert (response.status_code, response.json()["maKetQua"]) == (405, "205"), method
        large = http.post(where, content=but(hoTen="A" * 1_000_000))
        assert large.status_code == 413
        long = http.post(where + "&x=" + "y" * 4_000, content=but())
        assert (long.status_code, long.json()["maKetQua"]) == (431, "205")
        for path in (
            "/api//egw/KQNhanLichSuKCB2024",
            "/api/egw/KQNhanLichSuKCB2024/",
            "/api/egw/%2e/KQNhanLichSuKCB2024",
            "/api/egw/KQNhanLichSuKCB2024;x",
        ):
            assert http.post(counter.gateway.base + path, content=but()).status_code == 404, path
        forged = {"x-forwarded-for": "203.0.113.9", "x-user": "admin", "accesstoken": "x", "authorization": "Bearer x"}
        assert http.post(where, content=but(), headers=forged).json()["maKetQua"] == "000"


def test_chunked_bodies_are_read_and_bounded(counter: Counter) -> None:
    target = address(counter).partition(":")[2].partition("/api")[2]
    port = int(counter.gateway.base.rpartition(":")[2])

    async def send(pieces: list[bytes]) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = f"POST /api{target} HTTP/1.1\r\nHost: x\r\nContent-Type: {JSON}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + b"".join(b"%x\r\n%s\r\n" % (len(one), one) for one in pieces) + b"0\r\n\r\n")
        told = await asyncio.wait_for(reader.read(), 10)
        writer.close()
        return told

    body = but()
    assert b'"maKetQua":"000"' in asyncio.run(send([body[:30], body[30:]]))
    assert asyncio.run(send([b"x" * 1_000] * 6)).split()[1] == b"413"
