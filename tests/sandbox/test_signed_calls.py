"""The platform calls the register: what it believes of an honest one, a silent one and a lying one."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from joserfc.jwk import ECKey

from ansinh.access import signed_calls
from ansinh.access.signed_calls import ATTEMPTS_MAX, PAUSE_SECONDS
from ansinh.foundation.errors import PartnerTrouble
from ansinh.registry.adapters import register_exchange
from ansinh.registry.record import Record
from ansinh_sandbox.register.service import Register
from ansinh_sandbox.register.starting import KEY_NAME, start
from ansinh_sandbox.signed_messages import own_key, sealed
from tests.sandbox.nations import old_number_of, pin_of
from tests.sandbox.partners import Exchange, Reply, free_port, moment, stand_in

SEVEN = [pin_of(7)]


def test_records_are_given_in_any_order_to_whoever_asks(register_port: int, exchange: Exchange) -> None:
    asking = exchange.adapter(register_port)
    _, found = asking.records(["000000000001", pin_of(40), pin_of(50)])
    assert sorted(found, key=lambda one: one.pin) == sorted(
        [_forty(), *asking.records([pin_of(50)])[1]], key=lambda one: one.pin
    )
    assert [one.birth_date for one in found if one.pin == pin_of(50)] == ["1980"]
    asking.close()


def _forty() -> Record:
    return Record(
        pin=pin_of(40),
        old_number=old_number_of(40),
        full_name="Nguyễn Thị Số 40",
        sex="M",
        birth_date="1970-05-13",
        commune="00004",
        province="01",
        household=11,
        registered_on=date(2000, 1, 1),
        version=1,
        died_on=date(2020, 2, 29),
        father_pin=pin_of(41),
        mother_pin=pin_of(42),
    )


def test_more_than_one_message_holds_is_asked_in_parts(
    register_port: int, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register_exchange, "RECORDS_MAX", 40)
    pins = [pin_of(number) for number in range(1, 301)]
    assert [one.pin for one in exchange.adapter(register_port).records(pins)[1]] == pins


def test_a_call_goes_on_after_the_register_was_killed(register_store: Path, exchange: Exchange) -> None:
    port = free_port()
    first = start(register_store, exchange.secrets, port=port)
    asking = exchange.adapter(port)
    assert len(asking.records(SEVEN)[1]) == 1
    first.send_signal(signal.SIGKILL)
    first.wait()
    second = []
    asking = exchange.adapter(
        port, pause=lambda seconds: second.append(start(register_store, exchange.secrets, port=port))
    )
    try:
        assert len(asking.records(SEVEN)[1]) == 1
        assert len(second) == 1
    finally:
        for process in second:
            process.terminate()
            process.wait()


def test_a_call_of_a_silent_register_gives_up_as_temporary(exchange: Exchange) -> None:
    pauses: list[float] = []
    with pytest.raises(PartnerTrouble) as trouble:
        exchange.adapter(free_port(), pause=pauses.append).records(SEVEN)
    assert trouble.value.temporary
    assert tuple(pauses) == PAUSE_SECONDS
    assert len(pauses) == ATTEMPTS_MAX - 1


def test_a_call_whose_answer_was_lost_is_retried_as_the_same_message(register: Register, exchange: Exchange) -> None:
    asked: list[bytes] = []

    def lose_the_first(body: bytes) -> Reply | None:
        asked.append(body)
        answer = register.answer(body, "records")
        return (200, answer) if len(asked) > 1 else None

    with stand_in(lose_the_first) as port:
        assert len(exchange.adapter(port).records(SEVEN)[1]) == 1
    first, second = (json.loads(body) for body in asked)
    assert first["header"]["message_id"] == second["header"]["message_id"]
    assert first["header"]["message_ts"] < second["header"]["message_ts"]
    assert first["message"] == second["message"]
    assert first["signature"] != second["signature"]


@pytest.mark.parametrize(
    ("status", "attempts"), [(503, ATTEMPTS_MAX), (429, ATTEMPTS_MAX), (302, 1), (401, 1), (404, 1)]
)
def test_a_call_retries_only_what_may_pass(exchange: Exchange, status: int, attempts: int) -> None:
    asked: list[bytes] = []

    def answer(body: bytes) -> tuple[int, bytes]:
        asked.append(body)
        return status, b"{}"

    with stand_in(answer) as port, pytest.raises(PartnerTrouble) as trouble:
        exchange.adapter(port).records(SEVEN)
    assert (trouble.value.temporary, len(asked)) == (attempts > 1, attempts)


def test_a_call_rejected_by_the_register_is_permanent(register: Register, exchange: Exchange) -> None:
    def ask_twice(body: bytes) -> Reply:
        register.answer(body, "records")
        return 200, register.answer(body, "records")

    with stand_in(ask_twice) as port, pytest.raises(PartnerTrouble, match=r"rjct\.message_id\.duplicate") as trouble:
        exchange.adapter(port).records(SEVEN)
    assert not trouble.value.temporary


Lie = Callable[[dict[str, Any]], object]


def first(answer: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = answer["message"]["records"][0]
    return found


LIES: dict[str, Lie] = {
    "answers another message": lambda a: a["header"]["meta"].update(in_reply_to="another"),
    "answers another action": lambda a: a["header"].update(action="on-events"),
    "speaks for somebody else": lambda a: a["header"].update(sender_id="police.example"),
    "speaks to somebody else": lambda a: a["header"].update(receiver_id="police.example"),
    "speaks from yesterday": lambda a: a["header"].update(message_ts=moment(timedelta(days=-1))),
    "speaks without an offset": lambda a: a["header"].update(message_ts="2025-06-02T08:00:00"),
    "leaves the message out": lambda a: a.pop("message"),
    "is still thinking": lambda a: a["header"].update(status="pdng"),
    "gives no records": lambda a: a["message"].pop("records"),
    "gives too many records": lambda a: a["message"]["records"].extend(a["message"]["records"] * 1_001),
    "gives a person without PIN": lambda a: first(a).pop("pin"),
    "gives a PIN that is none": lambda a: first(a).update(pin="1"),
    "gives a field nobody knows": lambda a: first(a).update(passport="B1234567"),
    "gives a name with markup": lambda a: first(a).update(full_name="Lan<script>"),
    "gives a name with a control character": lambda a: first(a).update(full_name="Lan\x00"),
    "gives a name written backwards": lambda a: first(a).update(full_name="Lan\u202e"),
    "gives an empty name": lambda a: first(a).update(full_name=""),
    "gives an endless name": lambda a: first(a).update(full_name="x" * 201),
    "gives a name of digits": lambda a: first(a).update(full_name="123"),
    "gives no sex": lambda a: first(a).pop("sex"),
    "gives a day that never was": lambda a: first(a).update(birth_date="1961-02-29"),
    "gives a month that never was": lambda a: first(a).update(birth_date="1961-13"),
    "gives a year that is none": lambda a: first(a).update(birth_date="19六1"),
    "gives a birth date in words": lambda a: first(a).update(birth_date="unknown"),
    "gives a death that never was": lambda a: first(a).update(died_on="2020-02-30"),
    "gives a commune that is none": lambda a: first(a).update(commune="'; --"),
    "gives a household beyond numbers": lambda a: first(a).update(household=1 << 63),
    "gives a household in words": lambda a: first(a).update(household="12"),
}


def test_a_call_leaves_out_whom_it_did_not_ask_for(register: Register, exchange: Exchange) -> None:
    key = own_key(exchange.secrets, KEY_NAME)
    with stand_in(lying(register, key, lambda a: first(a).update(pin=pin_of(8)))) as port:
        assert exchange.adapter(port).records(SEVEN)[1] == []


def lying(register: Register, key: ECKey, lie: Lie) -> Callable[[bytes], Reply]:
    """Answer truly, then tell the lie and sign it."""

    def answer(body: bytes) -> Reply:
        told: dict[str, Any] = json.loads(register.answer(body, "records"))
        lie(told)
        message = msgspec.json.encode(told["message"]) if "message" in told else b""
        return 200, sealed(msgspec.json.encode(told["header"]), message, key)

    return answer


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_call_believes_no_lie(register: Register, exchange: Exchange, lie: Lie) -> None:
    key = own_key(exchange.secrets, KEY_NAME)
    with stand_in(lying(register, key, lie)) as port, pytest.raises(PartnerTrouble) as trouble:
        exchange.adapter(port).records([*SEVEN, "000000000001"])
    assert not trouble.value.temporary
    assert pin_of(7) not in str(trouble.value)


def test_a_call_takes_the_same_answer_when_it_is_true(register: Register, exchange: Exchange) -> None:
    key = own_key(exchange.secrets, KEY_NAME)
    with stand_in(lying(register, key, lambda answer: None)) as port:
        assert len(exchange.adapter(port).records([*SEVEN, "000000000001"])[1]) == 1


FORGERIES: dict[str, Callable[[bytes], bytes]] = {
    "changed after signing": lambda body: body.replace(b'"sex":"F"', b'"sex":"M"'),
    "not signed": lambda body: b'{"header"' + body[body.index(b':{"version"') :],
    "signed by a stranger": lambda body: resealed(body, ECKey.generate_key("P-256", auto_kid=True)),
    "no envelope": lambda body: b"<html>",
    "empty": lambda body: b"",
    "cut short": lambda body: body[:-20],
}


def resealed(body: bytes, key: ECKey) -> bytes:
    parts = json.loads(body)
    return sealed(msgspec.json.encode(parts["header"]), msgspec.json.encode(parts["message"]), key)


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_a_call_believes_no_forgery(register: Register, exchange: Exchange, forge: Callable[[bytes], bytes]) -> None:
    with (
        stand_in(lambda body: (200, forge(register.answer(body, "records")))) as port,
        pytest.raises(PartnerTrouble) as trouble,
    ):
        exchange.adapter(port).records(SEVEN)
    assert not trouble.value.temporary


def test_a_call_after_the_register_took_a_new_key_is_believed(register: Register, exchange: Exchange) -> None:
    asking_before: list[bytes] = []
    fresh = ECKey.generate_key("P-256", auto_kid=True)
    published = exchange.secrets / "population-register.public.jwks.json"
    former = published.read_text()

    def with_the_new_key(body: bytes) -> Reply:
        keys = [fresh.as_dict(private=False), *json.loads(former)["keys"]]
        published.write_text(json.dumps({"keys": keys}))
        asking_before.append(body)
        return 200, resealed(register.answer(body, "records"), fresh)

    try:
        with stand_in(with_the_new_key) as port:
            assert len(exchange.adapter(port).records(SEVEN)[1]) == 1
    finally:
        published.write_text(former)
    assert len(asking_before) == 1


def test_a_call_stops_reading_an_answer_without_end(
    register: Register, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signed_calls, "ANSWER_BYTES_MAX", 100)
    with (
        stand_in(lambda body: (200, register.answer(body, "records"))) as port,
        pytest.raises(PartnerTrouble) as trouble,
    ):
        exchange.adapter(port).records(SEVEN)
    assert not trouble.value.temporary
