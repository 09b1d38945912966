"""The adapter against the sandbox provider as a process of its own, over loopback; and both against the contract."""

from __future__ import annotations

import io
import json
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
import yaml
from pypdf import PdfReader

from ansinh.config.letters import PaperPost
from ansinh.database.sql import execute, rows
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import FixedClock
from ansinh.foundation.errors import InvalidInput, PartnerTrouble
from ansinh.notices.adapters.message_provider import MessageProvider
from ansinh.notices.operations import Notice, keep_address, send_message
from ansinh.notices.procedures import deliver_due
from ansinh.notices.queries import channels_of, messages_of
from ansinh.places.operations import load_reference
from tests.support.cast import ANYBODY_WITH_RIGHTS

CONTRACT = Path(__file__).resolve().parents[2] / "contracts" / "messages"
SENDER = Actor(ActorKind.SYSTEM, "notices", frozenset({"notices.send", "notices.deliver", "notices.keep_address"}))
NOTICE = Notice(1, "payment_sent", {"month": "07/2025"}, "payments.order:1", date(2025, 7, 1))
START = datetime(2025, 7, 1, 3, 0, tzinfo=UTC)
START_SECONDS_MAX = 20
QUICK = httpx.Timeout(5.0)
# Shorter than the sandbox's slow answer (SLOW_SECONDS).
IMPATIENT = httpx.Timeout(0.15)
SLOW_SECONDS = 0.6


@dataclass(frozen=True)
class RunningProvider:
    """The sandbox's address and its file."""

    url: str
    store: Path

    def carried(self, address: str) -> int:
        """Return how many messages went out to an address."""
        with sqlite3.connect(self.store) as inner:
            return int(inner.execute("SELECT count(*) FROM message WHERE address = ?", (address,)).fetchone()[0])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningProvider]:
    """The sandbox provider, running."""
    store, port = tmp_path_factory.mktemp("messages") / "store.sqlite", _free_port()
    command = [
        sys.executable,
        "-m",
        "ansinh_sandbox.messages",
        "--port",
        str(port),
        "--store",
        str(store),
        "--slow-seconds",
        str(SLOW_SECONDS),
    ]
    source = Path(__file__).resolve().parents[2] / "src"
    process = subprocess.Popen(command, env={"PYTHONPATH": str(source), "PATH": ""}, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    until = time.monotonic() + START_SECONDS_MAX
    try:
        while True:
            try:
                assert httpx.get(f"{url}/livez", trust_env=False).status_code == 200
                break
            except httpx.HTTPError:
                assert process.poll() is None, "the provider ended at once"
                assert time.monotonic() < until, "the provider did not answer"
        yield RunningProvider(url, store)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


@pytest.fixture
def provider(sandbox: RunningProvider) -> Iterator[MessageProvider]:
    """The adapter, connected."""
    adapter = MessageProvider(sandbox.url, timeout=QUICK)
    yield adapter
    adapter.close()


def _send(adapter: MessageProvider, key: str, address: str, text: str = "Xin chào") -> tuple[str, str]:
    receipt = adapter.send(key, "sms", address, text, "vi")
    return receipt.reference, receipt.status


def test_send_ordinary_number_is_accepted_then_delivered(provider: MessageProvider) -> None:
    reference, status = _send(provider, "key-ordinary", "+84912000100")
    assert status == "accepted"
    assert provider.ask(reference).status == "delivered"
    assert provider.ask(reference).reason == "arrived"


def test_send_same_key_again_is_the_same_message(provider: MessageProvider, sandbox: RunningProvider) -> None:
    first = _send(provider, "key-twice", "+84912000101")
    assert _send(provider, "key-twice", "+84912000101") == first
    assert sandbox.carried("+84912000101") == 1


def test_send_same_key_with_another_text_is_permanent_trouble(
    provider: MessageProvider, sandbox: RunningProvider
) -> None:
    _send(provider, "key-reused", "+84912000102")
    with pytest.raises(PartnerTrouble) as trouble:
        _send(provider, "key-reused", "+84912000102", "Khác")
    assert not trouble.value.temporary
    assert sandbox.carried("+84912000102") == 1


@pytest.mark.parametrize(
    ("ending", "at_once", "later"),
    [("0001", "accepted", "failed"), ("0003", "refused", "refused"), ("0009", "accepted", "delivered")],
)
def test_send_magic_number_calls_up_its_outcome(
    provider: MessageProvider, ending: str, at_once: str, later: str
) -> None:
    reference, status = _send(provider, f"key-magic-{ending}", f"+8491200{ending}")
    assert status == at_once
    assert provider.ask(reference).status == later


def test_send_late_number_is_delivered_at_the_third_question(provider: MessageProvider) -> None:
    reference, _ = _send(provider, "key-late", "+84912000005")
    assert [provider.ask(reference).status for _ in range(3)] == ["accepted", "accepted", "delivered"]


def test_send_while_down_is_temporary_trouble_and_the_third_attempt_sends_once(
    provider: MessageProvider, sandbox: RunningProvider
) -> None:
    for _ in range(2):
        with pytest.raises(PartnerTrouble) as trouble:
            _send(provider, "key-down", "+84912000004")
        assert trouble.value.temporary
        assert sandbox.carried("+84912000004") == 0
    assert _send(provider, "key-down", "+84912000004")[1] == "accepted"
    assert sandbox.carried("+84912000004") == 1


def test_send_answer_that_comes_too_late_is_temporary_trouble_and_retry_sends_nothing(
    provider: MessageProvider, sandbox: RunningProvider
) -> None:
    impatient = MessageProvider(sandbox.url, timeout=IMPATIENT)
    with pytest.raises(PartnerTrouble) as trouble:
        _send(impatient, "key-slow", "+84912000002")
    impatient.close()
    assert trouble.value.temporary
    assert _send(provider, "key-slow", "+84912000002")[1] == "accepted"
    assert sandbox.carried("+84912000002") == 1


def test_send_nobody_listens_is_temporary_trouble() -> None:
    adapter = MessageProvider(f"http://127.0.0.1:{_free_port()}", timeout=QUICK)
    with pytest.raises(PartnerTrouble) as trouble:
        _send(adapter, "key-nobody", "+84912000103")
    assert trouble.value.temporary
    assert "0912" not in str(trouble.value)


def test_ask_unknown_message_is_permanent_trouble(provider: MessageProvider) -> None:
    with pytest.raises(PartnerTrouble) as trouble:
        provider.ask("unknown")
    assert not trouble.value.temporary


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, content=b"<html>"),
        httpx.Response(200, content=b'{"id": "../x", "status": "delivered", "reason": ""}'),
        httpx.Response(200, content=b'{"id": "a", "status": "perhaps", "reason": ""}'),
        httpx.Response(200, content=b'{"id": "a", "status": "delivered", "reason": "' + b"x" * 20_000 + b'"}'),
        httpx.Response(302, headers={"location": "http://127.0.0.1:1/"}),
        httpx.Response(401),
    ],
)
def test_send_answer_that_was_not_agreed_is_temporary_trouble(answer: httpx.Response) -> None:
    adapter = MessageProvider("http://127.0.0.1:9")
    adapter._http = httpx.Client(base_url="http://127.0.0.1:9", transport=httpx.MockTransport(lambda _: answer))
    with pytest.raises(PartnerTrouble) as trouble:
        _send(adapter, "key-odd-answer", "+84912000104")
    assert trouble.value.temporary


@pytest.mark.django_db
def test_deliver_due_over_the_wire_tells_every_outcome_and_nobody_twice(
    provider: MessageProvider, sandbox: RunningProvider
) -> None:
    expected = {
        31: ("+84913000001", "failed"),
        33: ("+84913000003", "refused"),
        34: ("+84913000004", "delivered"),
        39: ("+84913000009", "delivered"),
    }
    for person_id, (address, _) in expected.items():
        keep_address(actor=SENDER, reason="test", person_id=person_id, kind="sms", address=address)
        send_message(actor=SENDER, reason="test", clock=FixedClock(START), notice=replace(NOTICE, person_id=person_id))
    for minutes in range(0, 60, 10):
        deliver_due(
            actor=SENDER, reason="test", clock=FixedClock(START + timedelta(minutes=minutes)), provider=provider
        )
    found = dict(rows("SELECT person_id, state FROM notices_message"))
    assert found == {person_id: state for person_id, (_, state) in expected.items()}
    assert [sandbox.carried(address) for address, _ in expected.values()] == [1, 1, 1, 1]


def _schema(name: str) -> dict[str, Any]:
    contract = yaml.safe_load((CONTRACT / "openapi.yaml").read_text("utf-8"))
    schema: dict[str, Any] = contract["components"]["schemas"][name]
    return schema


@pytest.mark.parametrize(
    ("example", "schema"),
    [
        ("message", "Message"),
        ("accepted", "Receipt"),
        ("delivered", "Receipt"),
        ("failed", "Receipt"),
        ("refused", "Receipt"),
        ("key_reused", "Problem"),
    ],
)
def test_contract_examples_keep_to_their_schema(example: str, schema: str) -> None:
    document = json.loads((CONTRACT / "examples" / f"{example}.json").read_text("utf-8"))
    jsonschema.validate(document, _schema(schema), cls=jsonschema.Draft202012Validator)


@pytest.mark.parametrize(
    ("headers", "change", "status", "code"),
    [
        ({}, {}, 202, None),
        ({"idempotency-key": "short"}, {}, 400, "key_missing"),
        ({"content-type": "text/plain"}, {}, 415, "not_json"),
        ({}, {"text": ""}, 400, "not_understood"),
        ({}, {"text": "x" * 1_000_001}, 413, "too_long"),
        ({}, {"more": 1}, 400, "not_understood"),
        ({}, {"to": {"kind": "sms", "address": "0912"}}, 400, "not_understood"),
        ({}, {"language": "fr"}, 400, "not_understood"),
    ],
)
def test_sandbox_answers_keep_to_the_contract(
    sandbox: RunningProvider, headers: dict[str, str], change: dict[str, Any], status: int, code: str | None
) -> None:
    body = {**json.loads((CONTRACT / "examples" / "message.json").read_text("utf-8")), **change}
    sent = {"idempotency-key": "key-contract", "content-type": "application/json", **headers}
    reply = httpx.post(f"{sandbox.url}/v1/messages", content=json.dumps(body), headers=sent, trust_env=False)
    assert reply.status_code == status
    jsonschema.validate(
        reply.json(), _schema("Receipt" if code is None else "Problem"), cls=jsonschema.Draft202012Validator
    )
    assert reply.json().get("code") == code


@pytest.mark.django_db
def test_a_notice_goes_from_channel_to_channel_until_a_letter_arrives(
    provider: MessageProvider, sandbox: RunningProvider
) -> None:
    load_reference(actor=ANYBODY_WITH_RIGHTS, reason="test", clock=FixedClock(START))
    execute(
        "INSERT INTO people_person (person_id, full_name, sex, birth_year, commune, province, recorded_on) "
        "VALUES (1, 'Nguyễn Thị Thử', 'F', 1950, '00004', '01', '2020-01-01')"
    )
    # The app stays silent, the telephone cannot be reached, the e-mail bounces.
    addresses = {"app": "app-of-somebody-0007", "sms": "+84912000001", "email": "thu.0006@example.vn"}
    for kind, address in addresses.items():
        keep_address(actor=SENDER, reason="test", person_id=1, kind=kind, address=address)
    send_message(actor=SENDER, reason="test", clock=FixedClock(START), notice=NOTICE)
    for step in range(60):
        clock = FixedClock(START + timedelta(hours=step))
        deliver_due(actor=SENDER, reason="test", clock=clock, provider=provider, post=PaperPost())
    (message,) = messages_of(1)
    assert message.state == "delivered"
    assert [(one.kind, one.state, one.outcome) for one in channels_of(1, message.message_id)] == [
        ("app", "failed", "no_receipt"),
        ("sms", "failed", "unreachable"),
        ("email", "failed", "bounced"),
        ("letter", "delivered", "arrived"),
    ]
    with sqlite3.connect(sandbox.store) as inner:
        carried = inner.execute(
            "SELECT kind, count(*) FROM message WHERE text LIKE '%07/2025%' AND kind IN ('app', 'email', 'letter') GROUP BY kind"
        )
        assert carried.fetchall() == [("app", 1), ("email", 1), ("letter", 1)]
        pdf = inner.execute(
            "SELECT pdf FROM letter JOIN message USING (id) WHERE address LIKE 'Nguyễn Thị Thử%'"
        ).fetchone()[0]
    words = " ".join(PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split())
    assert "Nguyễn Thị Thử" in words
    assert "tháng 07/2025 của ông/bà đã được chuyển" in words
    assert "for 07/2025 has been paid out" in words


@pytest.mark.django_db
def test_an_answer_that_is_lost_is_asked_for_again_under_the_same_key(
    provider: MessageProvider, sandbox: RunningProvider
) -> None:
    keep_address(actor=SENDER, reason="test", person_id=1, kind="email", address="twice.0008@example.vn")
    send_message(actor=SENDER, reason="test", clock=FixedClock(START), notice=NOTICE)
    for minute in range(0, 30, 5):
        deliver_due(actor=SENDER, reason="test", clock=FixedClock(START + timedelta(minutes=minute)), provider=provider)
    assert rows("SELECT kind, state FROM notices_attempt") == [("email", "delivered")]
    assert sandbox.carried("twice.0008@example.vn") == 1


@pytest.mark.django_db
def test_a_code_for_minutes_never_goes_by_letter(provider: MessageProvider) -> None:
    """A letter with a one-time code would be a letter for a thief."""
    for kind, address in (("sms", "+84912000001"), ("letter", "Người Thử\nPhường Thử 1"), ("email", "a@example.vn")):
        keep_address(actor=SENDER, reason="test", person_id=1, kind=kind, address=address)
    notice = Notice(1, "account_code", {"code": "123456"}, "payments.account:1", date(2025, 7, 1))
    send_message(actor=SENDER, reason="test", clock=FixedClock(START), notice=notice)
    for hour in range(3):
        deliver_due(actor=SENDER, reason="test", clock=FixedClock(START + timedelta(hours=hour)), provider=provider)
    assert rows("SELECT kind, state FROM notices_attempt") == [("sms", "failed")]
    assert [one.state for one in messages_of(1)] == ["failed"]


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("email", "a@b"),
        ("email", "a b@example.vn"),
        ("email", "a@example.vn\nbcc: x@example.vn"),
        ("letter", "một dòng"),
        ("letter", "dòng\n\u202eđảo"),
        ("fax", "1"),
    ],
)
@pytest.mark.django_db
def test_an_address_of_the_wrong_form_is_refused(kind: str, address: str) -> None:
    with pytest.raises(InvalidInput):
        keep_address(actor=SENDER, reason="test", person_id=1, kind=kind, address=address)
