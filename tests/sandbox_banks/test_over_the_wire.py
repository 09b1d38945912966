"""The banks as a program of its own: signatures both ways, files collected, answers lost on the way."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import httpx
import pytest
from joserfc import jws
from joserfc.jwk import ECKey

from ansinh_sandbox.banks.service import signature_of
from ansinh_sandbox.signed_messages import own_key, published_keys
from tests.sandbox_banks.test_banks import CODE, GOOD, message

BASE = f"/banks/{CODE}"


@contextmanager
def served(folder: Path, faults: str = "") -> Iterator[httpx.Client]:
    """The banks, until the test is over."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    words = ["--store", str(folder), "--secrets", str(folder / "secrets"), "--port", str(port), "--faults", faults]
    process = subprocess.Popen([sys.executable, "-m", "ansinh_sandbox.banks", *words], env={**os.environ})
    try:
        transport = httpx.HTTPTransport(retries=8)
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60, transport=transport
        ) as line:
            assert line.get("/livez").json() == {"alive": True}
            yield line
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:  # it waits for a caller that was killed in the middle of a request
            process.kill()
            process.wait()


@pytest.fixture
def key(tmp_path: Path) -> ECKey:
    """The agency's key, published."""
    return own_key(tmp_path / "secrets", "social-security")


def deliver(line: httpx.Client, key: ECKey, body: bytes, name: str = "R1") -> httpx.Response:
    return line.put(f"{BASE}/messages/{name}", content=body, headers={"signature": signature_of(body, key)})


def test_a_message_is_taken_answered_and_collected(tmp_path: Path, key: ECKey) -> None:
    body = message([GOOD], "R1")
    with served(tmp_path) as line:
        assert (
            line.post(f"{BASE}/deposits", json={"amount": 10_000_000, "reference": "T"}).json()["balance"] == 10_000_000
        )
        assert line.get(f"{BASE}/messages/R1").status_code == 404
        assert deliver(line, key, body).json() == {
            "message_id": "R1",
            "sha256": hashlib.sha256(body).hexdigest(),
            "known": False,
        }
        assert deliver(line, key, body).json()["known"] is True
        assert deliver(line, key, body + b" ").status_code == 409
        assert line.get(f"{BASE}/messages/R1").json() == {"known": True}
        line.post("/day", json={"day": "2024-12-02"}).raise_for_status()
        listed = line.get(f"{BASE}/files?after=0").json()["files"]
        assert [one["name"].rpartition("-")[2] for one in listed] == ["status.xml", "booked.xml", "statement.xml"]
        for one in listed:
            got = line.get(f"{BASE}/files/{one['file_no']}")
            digest = hashlib.sha256(got.content)
            assert digest.hexdigest() == one["sha256"]
            found = jws.extract_compact(got.headers["signature"].encode(), digest.digest())
            theirs = published_keys(tmp_path / "secrets", "banks")[str(found.headers()["kid"])]
            assert jws.validate_compact(found, theirs, ["ES256"])
        assert line.get(f"{BASE}/files?after={listed[-1]['file_no']}").json() == {"files": []}


def test_a_tampered_message_is_refused(tmp_path: Path, key: ECKey) -> None:
    body = message([GOOD], "R1")
    with served(tmp_path) as line:
        signature = signature_of(body, key)
        for wrong in (signature, "", "x.y.z", signature_of(body, ECKey.generate_key("P-256", auto_kid=True))):
            tampered = body.replace(b">2000000<", b">2000001<") if wrong == signature else body
            answer = line.put(f"{BASE}/messages/R1", content=tampered, headers={"signature": wrong})
            assert answer.status_code == 401
        assert line.get(f"{BASE}/messages/R1").status_code == 404


def test_answers_and_requests_are_lost(tmp_path: Path, key: ECKey) -> None:
    body = message([GOOD], "R1")
    with served(tmp_path, f"{CODE}:lose_request;970418:lose_answer") as line:
        assert deliver(line, key, body).status_code == 504
        assert line.get(f"{BASE}/messages/R1").status_code == 404
        other = "/banks/970418/messages/R1"
        assert line.put(other, content=body, headers={"signature": signature_of(body, key)}).status_code == 504
        assert line.get(other).json() == {"known": True}


def test_names_are_told_by_account(tmp_path: Path) -> None:
    asked = ["99990001", "99990004", "99990006", "123"]
    with served(tmp_path) as line:
        found = line.post(f"{BASE}/names", json={"accounts": asked}).json()["names"]
        assert [found[account]["state"] for account in asked] == ["none", "closed", "blocked", "none"]
        wrong: list[object] = [{"accounts": []}, {"accounts": 1}, [], {"accounts": ["1"] * 1_001}]
        for one in wrong:
            assert line.post(f"{BASE}/names", json=one).status_code == 400


def test_what_is_no_call_is_refused(tmp_path: Path) -> None:
    with served(tmp_path) as line:
        assert line.get("/banks/000000/balance").status_code == 404
        assert line.get(f"{BASE}/files?after=x").status_code == 400
        assert line.get(f"{BASE}/files/7").status_code == 404
        assert line.post("/day", json={"day": "gestern"}).status_code == 400
        assert line.post(f"{BASE}/deposits", json={"amount": -1, "reference": "x"}).status_code == 400
        assert date.fromisoformat(line.post("/day", json={"day": "2024-12-01"}).json()["day"]) == date(2024, 12, 1)
