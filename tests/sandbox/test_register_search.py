"""What the register answers on the wire, as `contracts/registry` has it."""

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
from tests.sandbox.nations import old_number_of, pin_of
from tests.sandbox.partners import Exchange, item, moment, post

CONTRACT = Path(__file__).parents[2] / "contracts" / "registry"
SCHEMA = json.loads((CONTRACT / "search.schema.json").read_text(encoding="utf-8"))


def shaped(part: str) -> Draft202012Validator:
    return Draft202012Validator({**SCHEMA, "oneOf": [{"$ref": f"#/$defs/{part}"}]})


def ids(answer: dict[str, Any]) -> list[list[str]]:
    """Return the PINs of each item's records."""
    items = answer["message"]["search_response"]
    return [[record["identifier"][0]["identifier_value"] for record in one["data"]["reg_records"]] for one in items]


def ask(register: Register, body: bytes) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(register.answer(body))
    return answer


@pytest.mark.parametrize(
    ("file", "part"), [("question", "question_with_one_bad_item"), ("answer", "answer"), ("rejected", "rejected")]
)
def test_examples_keep_to_the_contract(file: str, part: str) -> None:
    example = json.loads((CONTRACT / "examples" / f"{file}.json").read_text(encoding="utf-8"))
    if part == "question_with_one_bad_item":
        del example["message"]["search_request"][3]
        part = "question"
    shaped(part).validate(example)


def test_search_answers_each_item_in_order(register_port: int, exchange: Exchange) -> None:
    old = old_number_of(1) or ""
    question = exchange.question(
        [
            item("a", "PIN", pin_of(7)),
            item("b", "OLD_NUMBER", old),
            item("c", "PIN", "000000000001"),
            item("d", "PIN", pin_of(7)),
        ],
        message_id="in-order",
    )
    shaped("question").validate(json.loads(question))
    status, answer = post(register_port, question)
    assert status == 200
    shaped("answer").validate(answer)
    assert [one["reference_id"] for one in answer["message"]["search_response"]] == ["a", "b", "c", "d"]
    assert ids(answer) == [[pin_of(7)], [pin_of(1)], [], [pin_of(7)]]
    assert answer["header"]["meta"] == {"in_reply_to": "in-order"}
    assert answer["message"]["transaction_id"] == "t-1"


def test_search_gives_everyone_who_shares_an_old_number(register: Register, exchange: Exchange) -> None:
    shared = old_number_of(200) or ""
    assert shared == old_number_of(199)
    answer = ask(register, exchange.question([item("0", "OLD_NUMBER", shared)], message_id="shared"))
    assert ids(answer) == [sorted([pin_of(199), pin_of(200)])]


def test_search_is_signed_by_the_register(register: Register, exchange: Exchange) -> None:
    body = register.answer(exchange.question([item("0", "PIN", pin_of(7))], message_id="signed"))
    keys = published_keys(exchange.secrets, "population-register")
    assert opened(body, keys).message
    with pytest.raises(Exception, match="does not hold"):
        opened(body.replace(b"Nguy", b"nguy"), keys)


BAD_ITEMS = [
    ({"reference_id": "bad"}, "rjct.search_criteria.invalid"),
    (item("bad", "PIN", "12345"), "rjct.search_criteria.invalid"),
    (item("bad", "PIN", "00000005543３"), "rjct.search_criteria.invalid"),
    (item("bad", "PIN", "' OR 1=1 --x"), "rjct.search_criteria.invalid"),
    (item("bad", "PASSPORT", "000000055433"), "rjct.search_criteria.invalid"),
    (item("bad", "OLD_NUMBER", "000000055433"), "rjct.search_criteria.invalid"),
    ({**item("bad", "PIN", "000000055433"), "color": "red"}, "rjct.search_criteria.invalid"),
    (
        {**item("bad", "PIN", "000000055433"), "search_criteria": {"query_type": "expression", "query": []}},
        "rjct.search_criteria.invalid",
    ),
    (item("good", "PIN", "000000055433"), "rjct.reference_id.duplicate"),
]


@pytest.mark.parametrize(("bad", "reason"), BAD_ITEMS)
def test_search_refuses_a_bad_item_alone(
    register: Register, exchange: Exchange, bad: dict[str, Any], reason: str
) -> None:
    question = exchange.question([item("good", "PIN", pin_of(7)), bad], message_id=f"bad item {moment()}")
    answer = ask(register, question)
    shaped("answer").validate(answer)
    good, refused = answer["message"]["search_response"]
    assert (good["status"], len(good["data"]["reg_records"])) == ("succ", 1)
    assert (refused["reference_id"], refused["status"], refused["status_reason_code"]) == (
        bad["reference_id"],
        "rjct",
        reason,
    )


@pytest.mark.parametrize(("part", "reason"), [("sort", "rjct.sort.invalid"), ("pagination", "rjct.pagination.invalid")])
def test_search_offers_no_sorting_or_pages(register: Register, exchange: Exchange, part: str, reason: str) -> None:
    asked = item("0", "PIN", pin_of(7))
    asked["search_criteria"][part] = {}
    answer = ask(register, exchange.question([asked], message_id=f"{part}"))
    assert answer["message"]["search_response"][0]["status_reason_code"] == reason


BAD_HEADERS = [
    ({"version": "2.0.0"}, "rjct.version.invalid"),
    ({"action": "subscribe"}, "rjct.action.not_supported"),
    ({"total_count": 5_001}, "rjct.total_count.limit_exceeded"),
    ({"total_count": 0}, "rjct.total_count.limit_exceeded"),
    ({"total_count": 2}, "rjct.total_count.invalid"),
    ({"message_ts": moment(timedelta(minutes=-6))}, "rjct.message_ts.invalid"),
    # Far enough ahead that it still is when the last test of a long run is reached.
    ({"message_ts": moment(timedelta(hours=1))}, "rjct.message_ts.invalid"),
    ({"message_ts": "2025-07-01T08:00:00"}, "rjct.message_ts.invalid"),
    ({"message_ts": "yesterday"}, "rjct.message_ts.invalid"),
]


@pytest.mark.parametrize(("header", "reason"), BAD_HEADERS)
def test_search_rejects_a_message_it_cannot_take(
    register: Register, exchange: Exchange, header: dict[str, Any], reason: str
) -> None:
    answer = ask(register, exchange.question([item("0", "PIN", pin_of(7))], **{"message_id": f"h {moment()}"} | header))
    shaped("rejected").validate(answer)
    assert answer["header"]["status_reason_code"] == reason


def test_search_repeated_to_the_byte_is_rejected(register: Register, exchange: Exchange) -> None:
    question = exchange.question([item("0", "PIN", pin_of(7))], message_id="replayed")
    assert ask(register, question)["header"]["status"] == "succ"
    assert ask(register, question)["header"]["status_reason_code"] == "rjct.message_id.duplicate"


def test_search_retried_under_a_later_time_is_answered_again(register: Register, exchange: Exchange) -> None:
    asked = [item("0", "PIN", pin_of(7))]
    first = ask(register, exchange.question(asked, message_id="retried", message_ts=moment(timedelta(seconds=-2))))
    again = ask(register, exchange.question(asked, message_id="retried"))
    earlier = ask(register, exchange.question(asked, message_id="retried", message_ts=moment(timedelta(seconds=-1))))
    assert ids(first) == ids(again) == [[pin_of(7)]]
    assert earlier["header"]["status_reason_code"] == "rjct.message_id.duplicate"


def test_search_with_a_known_id_and_other_content_is_rejected(register: Register, exchange: Exchange) -> None:
    ask(register, exchange.question([item("0", "PIN", pin_of(7))], message_id="reused"))
    other = ask(register, exchange.question([item("0", "PIN", pin_of(8))], message_id="reused"))
    assert other["header"]["status_reason_code"] == "rjct.message_id.duplicate"


def test_search_is_remembered_across_a_restart(register_store: Path, register: Register, exchange: Exchange) -> None:
    from_before = exchange.question([item("0", "PIN", pin_of(7))], message_id="before the restart")
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
        (lambda body: body.replace(b'"search"', b'"searcH"'), 401, "err.signature.invalid"),
        (lambda body: body.replace(b'"PIN"', b'"PIn"'), 401, "err.signature.invalid"),
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
def test_search_refuses_a_damaged_envelope(
    register_port: int, exchange: Exchange, damage: Any, status: int, code: str
) -> None:
    body = exchange.question([item("0", "PIN", pin_of(7))], message_id="damaged")
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
def test_search_refuses_a_message_for_others(
    register: Register, exchange: Exchange, header: dict[str, Any], code: str
) -> None:
    with pytest.raises(BadEnvelope) as refused:
        register.answer(exchange.question([item("0", "PIN", pin_of(7))], message_id="others", **header))
    assert (refused.value.status, refused.value.code) == (400, code)


def test_search_signed_with_a_strangers_key_is_refused(register: Register, exchange: Exchange) -> None:
    stranger = ECKey.generate_key("P-256", auto_kid=True)
    envelope = msgspec.json.decode(exchange.question([item("0", "PIN", pin_of(7))], message_id="stranger"))
    body = sealed(msgspec.json.encode(envelope["header"]), msgspec.json.encode(envelope["message"]), stranger)
    with pytest.raises(BadEnvelope, match=r"err\.signature\.invalid"):
        register.answer(body)


def test_search_after_the_asker_took_a_new_key_is_answered(register: Register, exchange: Exchange) -> None:
    ask(register, exchange.question([item("0", "PIN", pin_of(7))], message_id="old key"))
    rotate(exchange.secrets, OUR_KEYS)
    answer = ask(register, exchange.question([item("0", "PIN", pin_of(7))], message_id="new key"))
    assert ids(answer) == [[pin_of(7)]]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/livez", b"", 200),
        ("GET", "/registry/sync/search", b"", 405),
        ("POST", "/registry/search", b"{}", 404),
        ("GET", "/", b"", 404),
        ("POST", "/registry/sync/search", b" " * (BODY_BYTES_MAX + 1), 413),
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


@given(message=JSON, items=st.lists(JSON, max_size=4))
def test_no_signed_content_brings_the_register_down(
    message: Any, items: list[Any], register_store: Path, exchange: Exchange
) -> None:
    header = {
        "message_id": f"fuzz {moment()}",
        "message_ts": moment(),
        "action": "search",
        "sender_id": "social-security.example",
        "receiver_id": "population-register.example",
        "total_count": max(1, len(items)),
    }
    key = exchange.ours.signing
    for content in (message, {"transaction_id": "t", "search_request": items}):
        body = sealed(msgspec.json.encode(header), json.dumps(content).encode(), key)
        with suppress(BadEnvelope):
            assert post_to_fresh(register_store, exchange, body)["header"]["status"] in {"succ", "rjct"}
