"""Every message both sides write, and every example, keeps to `contracts/registry/exchange.schema.json`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from ansinh.registry import procedures
from ansinh.registry.exchange import Report
from ansinh_sandbox.register.service import ROUTES
from tests.registry.conftest import UNTIL
from tests.registry.registers import DirectCalls, Known, SmallRegister, copied, reconciled

CONTRACT = Path(__file__).parents[2] / "contracts" / "registry"
SCHEMA = json.loads((CONTRACT / "exchange.schema.json").read_text(encoding="utf-8"))
EXAMPLES = sorted((CONTRACT / "examples" / "exchange").glob("*.json"))
KNOWN = Known()

Said = tuple[str, dict[str, Any]]


def troubles(part: str, message: object) -> list[str]:
    """Return what of a message is not as agreed."""
    schema = {"$schema": SCHEMA["$schema"], "$defs": SCHEMA["$defs"], "$ref": f"#/$defs/{part}"}
    return [
        error.message for error in Draft202012Validator(schema, format_checker=FormatChecker()).iter_errors(message)
    ]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Said]:
    """Every message that goes either way, with its action."""
    said: list[Said] = []
    post = DirectCalls._post

    def listening(calls: DirectCalls, path: str, body: bytes) -> bytes:
        answer = post(calls, path, body)
        asked = json.loads(body)
        said.append((asked["header"]["action"], asked["message"]))
        if ROUTES[path] != "snapshot-chunk":
            told = json.loads(answer)
            said.append((told["header"]["action"], told["message"]))
        return answer

    monkeypatch.setattr(DirectCalls, "_post", listening)
    return said


def everything(register: SmallRegister) -> None:
    """Use every call there is."""
    copied(register, KNOWN)
    register.live(UNTIL, intensity=30)
    reconciled(register, KNOWN, heal=False)
    with register.exchange() as source:
        procedures.pull_events(actor=KNOWN.actor, reason=KNOWN.reason, clock=KNOWN.clock, source=source)
        source.events_numbered([1, 2])
        source.records([min(register.people())])
        source.inquire("t-1", [min(register.people())])
        while source.inquiry_answer("t-1", [min(register.people())]) is None:
            pass
        source.report([Report("r-1", min(register.people()), "sex", "F", "birth_certificate")])
        source.replies(["r-1"])
        source.open_reports()


def test_every_message_keeps_to_the_contract(db: None, register: SmallRegister, heard: list[Said]) -> None:
    everything(register)
    actions = set(ROUTES.values())
    assert {action for action, _ in heard} == actions | {f"on-{action}" for action in actions - {"snapshot-chunk"}}
    kinds = {
        item["data"]["reg_event_type"]
        for action, message in heard
        if action == "on-events"
        for item in message["notify_event"]
    }
    assert kinds == set(SCHEMA["$defs"]["event"]["properties"]["kind"]["enum"])
    assert [(action, trouble) for action, message in heard for trouble in troubles(action, message)] == []


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_examples_keep_to_the_contract(file: Path) -> None:
    assert troubles(file.stem, json.loads(file.read_text(encoding="utf-8"))) == []


def test_every_action_has_an_example() -> None:
    actions = [name for name in SCHEMA["$defs"] if name.removeprefix("on-") in {*ROUTES.values(), "notify"}]
    assert sorted(file.stem for file in EXAMPLES) == sorted(actions)


def test_the_contract_notices_a_slip() -> None:
    example = json.loads((CONTRACT / "examples" / "exchange" / "on-events.json").read_text(encoding="utf-8"))
    example["notify_event"][0]["data"]["reg_records"]["kind"] = "ascension"
    assert troubles("on-events", example)
