"""The native door: submitting XML as it is, asking what became of it, withdrawing."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.dialect.counter import FACILITY, OTHER_FACILITY
from tests.gateway_submissions.door import Door, checkin, digest, encounter


def post(door: Door, content: bytes, path: str = "/v1/submissions", **headers: str) -> httpx.Response:
    return door.http.post(f"{door.gateway.base}{path}", content=content, headers=door.token() | headers)


def ask(door: Door, receipt: str, facility: str = FACILITY) -> httpx.Response:
    return door.http.get(f"{door.gateway.base}/v1/submissions/{receipt}", headers=door.token(facility))


def test_submission_is_kept_and_told(door: Door) -> None:
    content = encounter()
    answer = post(door, content)
    assert answer.status_code == 202
    told: dict[str, Any] = answer.json()
    assert told["sha256"] == digest(content).hex()
    assert (told["kind"], told["again"]) == (3176, False)
    assert answer.headers["location"] == f"/v1/submissions/{told['receipt']}"
    state = ask(door, told["receipt"])
    assert state.status_code == 200
    assert state.json() == {
        "receipt": told["receipt"],
        "kind": 3176,
        "state": "received",
        "received_at": told["received_at"],
        "settled_at": None,
        "episode": None,
        "version": None,
        "current": False,
        "entries": None,
        "bytes": len(content),
        "sha256": told["sha256"],
        "errors": [],
    }


def test_same_bytes_have_one_receipt_at_both_doors(door: Door) -> None:
    content = encounter()
    first = post(door, content).json()
    again = post(door, content).json()
    assert again["receipt"] == first["receipt"]
    assert again["received_at"] == first["received_at"]
    assert again["again"] is True
    assert door.send(content)["maGiaoDich"] == first["receipt"]
    assert len(door.kept(first["receipt"])) == 1


def test_receipt_is_told_to_its_facility_only(door: Door) -> None:
    receipt = post(door, encounter()).json()["receipt"]
    answer = ask(door, receipt, OTHER_FACILITY)
    assert answer.status_code == 404
    assert answer.json()["code"] == "unknown_receipt"
    assert ask(door, "HS_KCB01004_none").status_code == 404


def test_kind_follows_from_the_root(door: Door) -> None:
    assert post(door, checkin()).json()["kind"] == 0
    assert post(door, encounter(root="HSDLGCS")).json()["kind"] == 61


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "envelope_empty"),
        (b"x", "envelope_not_xml"),
        (b"<OTHER/>", "envelope_wrong_root"),
        (encounter()[:-5], "envelope_cut_off"),
        (encounter(facility=OTHER_FACILITY), "envelope_other_facility"),
        (b"<!DOCTYPE x><GIAMDINHHS></GIAMDINHHS>", "envelope_doctype"),
    ],
)
def test_wrong_envelope_is_refused_in_two_languages(door: Door, content: bytes, code: str) -> None:
    for language in ("vi", "en"):
        answer = post(door, content, **{"accept-language": language})
        assert answer.status_code == 422
        assert answer.json()["code"] == code
        assert answer.headers["content-language"] == language


def test_other_kinds_are_refused_by_name(door: Door) -> None:
    answer = post(door, encounter(), **{"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_without_the_scope_nothing_is_taken(door: Door) -> None:
    headers = {"authorization": f"Bearer {door.gateway.token(FACILITY)}", "content-type": "application/xml"}
    answer = door.http.post(f"{door.gateway.base}/v1/submissions", content=encounter(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


def test_withdrawal_is_a_submission_of_its_own(door: Door) -> None:
    body = b'{"episode": "LK1", "reason": "sent for another patient"}'
    told = post(door, body, "/v1/submissions:withdraw", **{"content-type": "application/json"})
    assert told.status_code == 202
    assert told.json()["kind"] == 9
    again = post(door, body, "/v1/submissions:withdraw", **{"content-type": "application/json"})
    assert again.json()["receipt"] == told.json()["receipt"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b'{"episode": "", "reason": "x"}',
        b'{"episode": "a", "reason": "x", "more": 1}',
        b'{"episode": "\\u0000", "reason": "x"}',
    ],
)
def test_malformed_withdrawal_is_refused(door: Door, body: bytes) -> None:
    answer = post(door, body, "/v1/submissions:withdraw", **{"content-type": "application/json"})
    assert answer.status_code == 400
