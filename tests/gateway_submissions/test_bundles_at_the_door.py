"""FHIR bundles at the native door: bytes and receipt kept as of XML, and what is no bundle of one visit refused before anything is built of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansinh.foundation.bounded_json import BUNDLES
from ansinh.foundation.clock import RealClock
from ansinh.gateway.submissions.bundles import require_bundle
from ansinh.gateway.submissions.envelope import BadEnvelope
from ansinh.healthbook.events import Means
from ansinh.healthbook.procedures import Worker
from tests.dialect.counter import FACILITY, OTHER_FACILITY
from tests.gateway_submissions.door import Door, digest
from tests.gateway_submissions.test_native_door import ask, post
from tests.support.cast import ANYBODY_WITH_RIGHTS

FHIR = {"content-type": "application/fhir+json; charset=utf-8"}


def visit(episode: str = "LK1", facility: str = FACILITY) -> dict[str, Any]:
    """Return an Encounter."""
    return {
        "resourceType": "Encounter",
        "identifier": [{"system": f"urn:ansinh:sid:episode:{facility}", "value": episode}],
    }


def bundle(*resources: Any, **said: Any) -> bytes:
    """Return a bundle of resources."""
    entries = [{"resource": one} for one in resources]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries} | said).encode()


def test_bundle_is_kept_and_told(door: Door) -> None:
    content = bundle(visit("LK-fhir"))
    answer = post(door, content, **FHIR)
    assert answer.status_code == 202, answer.text
    told = answer.json()
    assert (told["kind"], told["again"], told["sha256"]) == (401, False, digest(content).hex())
    again = post(door, content, **FHIR).json()
    assert (again["receipt"], again["again"]) == (told["receipt"], True)
    ((kind, state, size, kept, _),) = door.kept(told["receipt"])
    assert (kind, state, size, bytes(kept)) == (401, "received", len(content), digest(content))
    assert ask(door, told["receipt"]).json()["state"] == "received"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "envelope_empty"),
        (b"<GIAMDINHHS/>", "envelope_not_fhir_json"),
        (b'{"resourceType": "Bundle", "type": "collection", "entry": [', "envelope_not_fhir_json"),
        (b"\xff\xfe{}", "envelope_not_fhir_json"),
        (b"[]", "envelope_not_fhir_json"),
        (b"{}", "envelope_not_a_bundle"),
        (json.dumps(visit()).encode(), "envelope_not_a_bundle"),
        (bundle(visit(), type="searchset"), "envelope_not_a_bundle"),
        (bundle(visit(), type=7), "envelope_not_fhir_json"),
        (bundle(), "envelope_not_one_visit"),
        (bundle({"resourceType": "Patient"}), "envelope_not_one_visit"),
        (bundle(visit(), visit("LK2")), "envelope_not_one_visit"),
        (bundle(visit(facility=OTHER_FACILITY)), "envelope_other_episode"),
        (bundle(visit() | {"identifier": "LK1"}), "envelope_not_fhir_json"),
        (b"[" * 100_000, "envelope_too_deep"),
        (
            bundle(visit(), x=json.loads("[" * (BUNDLES.depth_max + 1) + "]" * (BUNDLES.depth_max + 1))),
            "envelope_too_deep",
        ),
        (b"[" + b"0," * (BUNDLES.parts_max + 1) + b"0]", "envelope_too_many_parts"),
        (bundle(visit() | {"text": "x" * (10 << 20)}), "envelope_too_long"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_bundle_of_one_visit_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(BadEnvelope) as refused:
        require_bundle(content, FACILITY)
    assert f"envelope_{refused.value}" == code


def test_refusal_is_told_in_two_languages(door: Door) -> None:
    for language in ("vi", "en"):
        answer = post(door, bundle(visit(), visit("LK2")), **FHIR, **{"accept-language": language})
        assert (answer.status_code, answer.json()["code"]) == (422, "envelope_not_one_visit")
        assert answer.headers["content-language"] == language


def test_quotes_that_never_close_take_no_longer_than_others() -> None:
    for content in (b'"' + b'\\"' * 2_000_000, b'{"a":"' + b"\\" * 4_000_001):
        with pytest.raises(BadEnvelope):
            require_bundle(content, FACILITY)


def test_what_became_of_a_bundle_is_told_by_path(door: Door) -> None:
    receipt = post(door, bundle(visit("LK-lost")), **FHIR).json()["receipt"]
    for _ in Worker(ANYBODY_WITH_RIGHTS, RealClock(), Means()).work_off():
        pass
    told = ask(door, receipt).json()
    assert told["state"] == "rejected"
    (error,) = told["errors"]
    assert (error["table"], error["field"], error["code"]) == ("Bundle", "Bundle.entry", "resource_missing")
    assert "Patient" in error["vi"]
    assert "Patient" in error["en"]
