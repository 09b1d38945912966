"""What the register takes and refuses on the wire, as `contracts/registry` has it, by the call for whole records."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey
from jsonschema import Draft202012Validator

from ansinh.access.keys import rotate
from ansinh.access.signed_messages import opened
from ansinh.registry.adapters.signed_calls import OUR_KEYS
from ansinh_sandbox.register.service import BODY_BYTES_MAX, BadEnvelope, Register
from ansinh_sandbox.signed_messages import published_keys, sealed
from tests.sandbox.nations import pin_of
from tests.sandbox.partners import Exchange, moment, post

CONTRACT = Path(__file__).parents[2] / "contracts" / "registry"
SCHEMA = json.loads((CONTRACT / "envelope.schema.json").read_text(encoding="utf-8"))


def shaped(part: str) -> Draft202012Validator:
    return Draft202012Validator({**SCHEMA, "oneOf": [{"$ref": f"#/$defs/{part}"}]})


def pins(answer: dict[str, Any]) -> list[str]:
    """Return the numbers whose records an answer holds."""
    return sorted(record["pin"] for record in answer["message"]["records"])


def ask(register: Register, body: bytes) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(register.answer(body, "records"))
    return answer


@pytest.mark.parametrize("part", ["question", "answer", "rejected"])
def test_examples_keep_to_the_contract(part: str) -> None:
    shaped(part).validate(json.loads((CONTRACT / "examples" / f"{part}.json").read_text(encoding="utf-8")))


def test_records_are_answered_in_the_agreed_envelope(register_port: int, exchange: Exchange) -> None:
    question = exchange.question([pin_of(7), "000000000001", pin_of(1)], message_id="in the envelope")
    shaped("question").validate(json.loads(question))
    status, answer = post(register_port, question)
    assert status == 200
    shaped("answer").validate(answer)
    assert pins(answer) == sorted([pin_of(7), pin_of(1)])
    assert answer["header"]["meta"] == {"in_reply_to": "in the envelope"}


def test_an_answer_is_signed_by_the_register(register: Register, exchange: Exchange) -> None:
    body = register.answer(exchange.question([pin_of(7)], message_id="signed"), "records")
    keys = published_keys(exchange.secrets, "population-register")
    assert opened(body, keys).message
    with pytest.raises(Exception, match="does not hold"):
        opened(body.replace(b"Nguy", b"nguy"), keys)


BAD_MESSAGES = [
    ["12345"],
    ["00000005543３"],
    ["' OR 1=1 --x"],
    [None],
    [7],
    ["000000055433"] * 1_001,
]


@pytest.mark.parametrize("bad", BAD_MESSAGES)
def test_records_refuses_a_message_of_another_shape(register: Register, exchange: Exchange, bad: list[Any]) -> None:
    with pytest.raises(BadEnvelope) as refused:
        register.answer(exchange.question(bad, message_id=f"bad message {moment()}"), "records")
    assert (refused.value.status, refused.value.code) == (400, "err.request.bad")


BAD_HEADERS = [
    ({"version": "2.0.0"}, "rjct.version.invalid"),
    ({"action": "subscribe"}, "rjct.action.not_supported"),
    ({"action": "events"}, "rjct.action.not_supported"),
    ({"total_count": 0}, "rjct.total_count.invalid"),
    ({"total_count": 2}, "rjct.total_count.invalid"),
    ({"message_ts": moment(timedelta(minutes=-6))}, "rjct.message_ts.invalid"),
    # Far enough ahead that it still is when the last test of a long run is reached.
    ({"message_ts": moment(timedelta(hours=1))}, "rjct.message_ts.invalid"),
    ({"message_ts": "2025-07-01T08:00:00"}, "rjct.message_ts.invalid"),
    ({"message_ts": "yesterday"}, "rjct.message_ts.invalid"),
]


@pytest.mark.parametrize(("header", "reason"), BAD_HEADERS)
def test_records_rejects_a_message_it_cannot_take(
    register: Register, exchange: Exchange, header: dict[str, Any], reason: str
) -> None:
    answer = ask(register, exchange.question([pin_of(7)], **{"message_id": f"h {moment()}"} | header))
    shaped("rejected").validate(answer)
    assert answer["header"]["status_reason_code"] == reason


def test_records_repeated_to_the_byte_is_rejected(register: Register, exchange: Exchange) -> None:
    question = exchange.question([pin_of(7)], message_id="replayed")
    assert ask(register, question)["header"]["status"] == "succ"
    assert ask(register, question)["header"]["status_reason_code"] == "rjct.message_id.duplicate"


def test_records_retried_under_a_later_time_is_answered_again(register: Register, exchange: Exchange) -> None:
    asked = [pin_of(7)]
    first = ask(register, exchange.question(asked, message_id="retried", message_ts=moment(timedelta(seconds=-2))))
    again = ask(register, exchange.question(asked, message_id="retried"))
    earlier = ask(register, exchange.question(asked, message_id="retried", message_ts=moment(timedelta(seconds=-1))))
    assert pins(first) == pins(again) == [pin_of(7)]
    assert earlier["header"]["status_reason_code"] == "rjct.message_id.duplicate"


def test_records_with_a_known_id_and_other_content_is_rejected(register: Register, exchange: Exchange) -> None:
    ask(register, exchange.question([pin_of(7)], message_id="reused"))
    other = ask(register, exchange.question([pin_of(8)], message_id="reused"))
    assert other["header"]["status_reason_code"] == "rjct.message_id.duplicate"


def test_records_is_remembered_across_a_restart(register_store: Path, register: Register, exchange: Exchange) -> None:
    from_before = exchange.question([pin_of(7)], message_id="before the restart")
    ask(register, from_before)
    code = post_to_fresh(register_store, exchange, from_before)["header"]["status_reason_code"]
    assert code == "rjct.message_id.duplicate"


def post_to_fresh(store: Path, exchange: Exchange, body: bytes) -> dict[str, Any]:
    from ansinh_sandbox.register.store import Store  # noqa: PLC0415 - a second register on the same store, only here
    from ansinh_sandbox.signed_messages import own_key  # noqa: PLC0415 - as above

    second = Store(store)
    try:
        return ask(Register(second, exchange.secrets, own_key(exchange.secrets, "population-register")), body)
    finally:
        second.close()


@pytest.mark.parametrize(
    ("damage", "status", "code"),
    [
        (lambda body: body.replace(b'"records"', b'"recordS"'), 401, "err.signature.invalid"),
        (lambda body: body.replace(b'"pins"', b'"pinS"'), 401, "err.signature.invalid"),
        (lambda body: b'{"signature":"x.y' + body[16:], 401, "err.signature.invalid"),
        (lambda body: b'{"signature":""' + body[body.index(b',"header"') :], 401, "err.signature.missing"),
        (
            lambda body: body.replace(b"social-security.example", b"social-securitY.example"),
            401,
            "err.sender_id.invalid",
        ),
        (lambda body: body[:-1], 400, "err.request.bad"),
        (lambda body: b"[]", 400, "err.request.bad"),
        (lambda body: b"", 400, "err.request.bad"),
        (lambda body: body[:-1] + b',"more":1}', 400, "err.request.bad"),
    ],
)
def test_records_refuses_a_damaged_envelope(
    register_port: int, exchange: Exchange, damage: Any, status: int, code: str
) -> None:
    body = exchange.question([pin_of(7)], message_id="damaged")
    answered = post(register_port, damage(body))
    shaped("http_error").validate(answered[1])
    assert (answered[0], answered[1]["errors"][0]["code"]) == (status, code)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({"receiver_id": "somebody.else"}, "err.receiver_id.invalid"),
        ({"is_msg_encrypted": True}, "err.encryption.invalid"),
    ],
)
def test_records_refuses_a_message_for_others(
    register: Register, exchange: Exchange, header: dict[str, Any], code: str
) -> None:
    with pytest.raises(BadEnvelope) as refused:
        register.answer(exchange.question([pin_of(7)], message_id="others", **header), "records")
    assert (refused.value.status, refused.value.code) == (400, code)


def test_records_signed_with_a_strangers_key_is_refused(register: Register, exchange: Exchange) -> None:
    stranger = ECKey.generate_key("P-256", auto_kid=True)
    envelope = msgspec.json.decode(exchange.question([pin_of(7)], message_id="stranger"))
    body = sealed(msgspec.json.encode(envelope["header"]), msgspec.json.encode(envelope["message"]), stranger)
    with pytest.raises(BadEnvelope, match=r"err\.signature\.invalid"):
        register.answer(body, "records")


def test_records_after_the_asker_took_a_new_key_is_answered(register: Register, exchange: Exchange) -> None:
    ask(register, exchange.question([pin_of(7)], message_id="old key"))
    rotate(exchange.secrets, OUR_KEYS)
    answer = ask(register, exchange.question([pin_of(7)], message_id="new key"))
    assert pins(answer) == [pin_of(7)]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/livez", b"", 200),
        ("GET", "/registry/records", b"", 405),
        ("POST", "/registry/sync/search", b"{}", 404),
        ("GET", "/", b"", 404),
        ("POST", "/registry/records", b" " * (BODY_BYTES_MAX + 1), 413),
    ],
)
def test_other_calls_get_their_status(register_port: int, method: str, path: str, body: bytes, status: int) -> None:
    reply = httpx.request(method, f"http://127.0.0.1:{register_port}{path}", content=body, trust_env=False, timeout=10)
    assert reply.status_code == status
    assert reply.headers["cache-control"] == "no-store"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 70), 1 << 70) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@given(message=JSON, numbers=st.lists(JSON, max_size=4))
def test_no_signed_content_brings_the_register_down(
    message: Any, numbers: list[Any], register_store: Path, exchange: Exchange
) -> None:
    header = {
        "message_id": f"fuzz {moment()}",
        "message_ts": moment(),
        "action": "records",
        "sender_id": "social-security.example",
        "receiver_id": "population-register.example",
        "total_count": 1,
    }
    key = exchange.ours.signing
    for content in (message, {"pins": numbers}):
        body = sealed(msgspec.json.encode(header), json.dumps(content).encode(), key)
        with suppress(BadEnvelope):
            assert post_to_fresh(register_store, exchange, body)["header"]["status"] in {"succ", "rjct"}
