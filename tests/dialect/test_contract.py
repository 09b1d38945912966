"""What stands in `contracts/dialect` is what a running gateway answers to an account that rehearses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from ansinh.access.operations import open_dialect_door
from tests.dialect.counter import FACILITY, Counter
from tests.support.cast import ANYBODY_WITH_RIGHTS

EXAMPLES = sorted((Path(__file__).parents[2] / "contracts/dialect/examples").glob("*.http"))
MD5 = "7C6A180B36896A0A8C02787EEAFB0E4C"


@pytest.fixture
def rehearsal(counter: Counter) -> Counter:
    open_dialect_door(
        actor=ANYBODY_WITH_RIGHTS, reason="thử", facility=FACILITY, sandbox=True, password_md5=MD5.lower()
    )
    return counter


def send(counter: Counter, request: str, key: dict[str, str]) -> dict[str, Any]:
    head, _, body = request.partition("\n\n")
    first, *lines = head.splitlines()
    address = first.split()[1].partition("?")[0]
    headers = dict(line.split(": ", 1) for line in lines)
    if "?" in first:
        given = {
            "token": key["access_token"],
            "id_token": key["id_token"],
            "username": key["username"],
            "password": MD5,
        }
        address += f"?{urlencode(given)}"
    if "accessToken" in headers:
        headers |= {"accessToken": key["access_token"], "tokenId": key["id_token"]}
    response = httpx.post(f"{counter.gateway.base}{address}", content=body.encode(), headers=headers, trust_env=False)
    assert response.status_code == 200
    answer: dict[str, Any] = response.json()
    return answer


def test_examples_are_answered_as_written(rehearsal: Counter) -> None:
    key: dict[str, str] = {}
    for example in sorted(EXAMPLES, key=lambda path: path.stem != "sign-in"):
        request, _, answer = example.read_text(encoding="utf-8").partition("\n\nHTTP/1.1 200 OK")
        written = json.loads(answer.partition("\n\n")[2])
        told = send(rehearsal, request, key)
        if example.stem == "sign-in":
            key = told["APIKey"]
            assert list(key) == list(written["APIKey"])
            told["APIKey"] = written["APIKey"] = None
        assert told == written, example.name
        assert list(told) == list(written), example.name
    assert len(EXAMPLES) == 4
