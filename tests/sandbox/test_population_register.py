"""The platform asks the register: what it hears from an honest one, a silent one and a lying one."""

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

from ansinh.foundation.errors import PartnerTrouble
from ansinh.people.adapters import population_register as adapter
from ansinh.people.adapters.population_register import ATTEMPTS_MAX, PAUSE_SECONDS, RegisterPerson
from ansinh_sandbox.register.service import Register
from ansinh_sandbox.register.starting import KEY_NAME, start
from ansinh_sandbox.signed_messages import own_key, sealed
from tests.sandbox.nations import old_number_of, pin_of
from tests.sandbox.partners import Exchange, Reply, free_port, moment, stand_in

SEVEN = ("pin", pin_of(7))


def test_search_returns_who_is_known_in_order(register_port: int, exchange: Exchange) -> None:
    old = old_number_of(200) or ""
    known = exchange.adapter(register_port)
    found = known.search([("old_number", old), ("pin", "000000000001"), ("pin", pin_of(40)), ("pin", pin_of(50))])
    assert [[person.pin for person in persons] for persons in found] == [
        sorted([pin_of(199), pin_of(200)]),
        [],
        [pin_of(40)],
        [pin_of(50)],
    ]
    assert found[2] == [
        RegisterPerson(
            pin=pin_of(40),
            old_number=old_number_of(40),
            full_name="Nguyễn Thị Số 40",
            sex="M",
            birth_year=1970,
            birth_month=5,
            birth_day=13,
            commune="00004",
            province="01",
            household=11,
            died_on=date(2020, 2, 29),
            father_pin=pin_of(41),
            mother_pin=pin_of(42),
        )
    ]
    assert (found[3][0].birth_year, found[3][0].birth_month, found[3][0].birth_day) == (1980, None, None)
    known.close()


def test_search_of_nobody_asks_nobody(exchange: Exchange) -> None:
    assert exchange.adapter(1).search([]) == []


@pytest.mark.parametrize(
    "number", [("pin", "12345"), ("pin", "x" * 12), ("old_number", pin_of(7)), ("pin", "00000005543３")]
)
def test_search_does_not_send_what_cannot_be_a_number(exchange: Exchange, number: tuple[str, str]) -> None:
    assert exchange.adapter(1).search([number]) == [[]]


def test_search_of_more_than_one_message_holds_is_split(
    register_port: int, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "ITEMS_MAX", 40)
    numbers = [("pin", pin_of(number)) if number % 7 else ("pin", "bad") for number in range(1, 301)]
    found = exchange.adapter(register_port).search(numbers)
    assert [[person.pin for person in persons] for persons in found] == [
        [value] if value != "bad" else [] for _, value in numbers
    ]


def test_search_goes_on_after_the_register_was_killed(register_store: Path, exchange: Exchange) -> None:
    port = free_port()
    first = start(register_store, exchange.secrets, port=port)
    asking = exchange.adapter(port)
    assert len(asking.search([SEVEN])[0]) == 1
    first.send_signal(signal.SIGKILL)
    first.wait()
    second = []
    asking = exchange.adapter(
        port, pause=lambda seconds: second.append(start(register_store, exchange.secrets, port=port))
    )
    try:
        assert len(asking.search([SEVEN])[0]) == 1
        assert len(second) == 1
    finally:
        for process in second:
            process.terminate()
            process.wait()


def test_search_of_a_silent_register_gives_up_as_temporary(exchange: Exchange) -> None:
    pauses: list[float] = []
    with pytest.raises(PartnerTrouble) as trouble:
        exchange.adapter(free_port(), pause=pauses.append).search([SEVEN])
    assert trouble.value.temporary
    assert tuple(pauses) == PAUSE_SECONDS
    assert len(pauses) == ATTEMPTS_MAX - 1


def test_search_whose_answer_was_lost_is_retried_as_the_same_message(register: Register, exchange: Exchange) -> None:
    asked: list[bytes] = []

    def lose_the_first(body: bytes) -> Reply | None:
        asked.append(body)
        answer = register.answer(body)
        return (200, answer) if len(asked) > 1 else None

    with stand_in(lose_the_first) as port:
        assert len(exchange.adapter(port).search([SEVEN])[0]) == 1
    first, second = (json.loads(body) for body in asked)
    assert first["header"]["message_id"] == second["header"]["message_id"]
    assert first["header"]["message_ts"] < second["header"]["message_ts"]
    assert first["message"] == second["message"]
    assert first["signature"] != second["signature"]


@pytest.mark.parametrize(
    ("status", "attempts"), [(503, ATTEMPTS_MAX), (429, ATTEMPTS_MAX), (302, 1), (401, 1), (404, 1)]
)
def test_search_retries_only_what_may_pass(exchange: Exchange, status: int, attempts: int) -> None:
    asked: list[bytes] = []

    def answer(body: bytes) -> tuple[int, bytes]:
        asked.append(body)
        return status, b"{}"

    with stand_in(answer) as port, pytest.raises(PartnerTrouble) as trouble:
        exchange.adapter(port).search([SEVEN])
    assert (trouble.value.temporary, len(asked)) == (attempts > 1, attempts)


def test_search_rejected_by_the_register_is_permanent(register: Register, exchange: Exchange) -> None:
    def ask_twice(body: bytes) -> Reply:
        register.answer(body)
        return 200, register.answer(body)

    with stand_in(ask_twice) as port, pytest.raises(PartnerTrouble, match=r"rjct\.message_id\.duplicate") as trouble:
        exchange.adapter(port).search([SEVEN])
    assert not trouble.value.temporary


Lie = Callable[[dict[str, Any]], object]


def records(answer: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer["message"]["search_response"][0]["data"]["reg_records"]
    return found


LIES: dict[str, Lie] = {
    "answers another message": lambda a: a["header"]["meta"].update(in_reply_to="another"),
    "answers another transaction": lambda a: a["message"].update(transaction_id="another"),
    "speaks for somebody else": lambda a: a["header"].update(sender_id="police.example"),
    "speaks to somebody else": lambda a: a["header"].update(receiver_id="police.example"),
    "speaks from yesterday": lambda a: a["header"].update(message_ts=moment(timedelta(days=-1))),
    "speaks without an offset": lambda a: a["header"].update(message_ts="2025-06-02T08:00:00"),
    "leaves the message out": lambda a: a.pop("message"),
    "is still thinking": lambda a: a["header"].update(status="pdng"),
    "leaves an item out": lambda a: a["message"]["search_response"].pop(),
    "answers an item twice": lambda a: a["message"]["search_response"].append(a["message"]["search_response"][0]),
    "swaps references": lambda a: a["message"]["search_response"][0].update(reference_id="1"),
    "refuses an item": lambda a: a["message"]["search_response"][0].update(
        status="rjct", status_reason_code="rjct.filter.invalid"
    ),
    "gives no records": lambda a: a["message"]["search_response"][0].pop("data"),
    "gives too many records": lambda a: records(a).extend(records(a) * 20),
    "gives another person": lambda a: records(a)[0]["identifier"][0].update(identifier_value=pin_of(8)),
    "gives a person without PIN": lambda a: records(a)[0]["identifier"].pop(0),
    "gives a PIN that is none": lambda a: records(a)[0]["identifier"][0].update(identifier_value="1"),
    "gives an identifier nobody knows": lambda a: records(a)[0]["identifier"][0].update(identifier_type="PASSPORT"),
    "gives a name with markup": lambda a: records(a)[0]["name"].update(full_name="Lan<script>"),
    "gives a name with a control character": lambda a: records(a)[0]["name"].update(full_name="Lan\x00"),
    "gives a name written backwards": lambda a: records(a)[0]["name"].update(full_name="Lan\u202e"),
    "gives an empty name": lambda a: records(a)[0]["name"].update(full_name=""),
    "gives an endless name": lambda a: records(a)[0]["name"].update(full_name="x" * 201),
    "gives a name of digits": lambda a: records(a)[0]["name"].update(full_name="123"),
    "gives no sex": lambda a: records(a)[0].pop("sex"),
    "gives a day that never was": lambda a: records(a)[0].update(birth_date="1961-02-29"),
    "gives a month that never was": lambda a: records(a)[0].update(birth_date="1961-13"),
    "gives a year that is none": lambda a: records(a)[0].update(birth_date="19六1"),
    "gives a birth date in words": lambda a: records(a)[0].update(birth_date="unknown"),
    "gives a death that never was": lambda a: records(a)[0].update(death_date="2020-02-30"),
    "gives a commune that is none": lambda a: records(a)[0]["address"].update(sub_region_code="'; --"),
    "gives a household beyond numbers": lambda a: records(a)[0].update(household_id=1 << 63),
    "gives a household in words": lambda a: records(a)[0].update(household_id="12"),
}


def lying(register: Register, key: ECKey, lie: Lie) -> Callable[[bytes], Reply]:
    """Answer truly, then tell the lie and sign it."""

    def answer(body: bytes) -> Reply:
        told: dict[str, Any] = json.loads(register.answer(body))
        lie(told)
        message = msgspec.json.encode(told["message"]) if "message" in told else b""
        return 200, sealed(msgspec.json.encode(told["header"]), message, key)

    return answer


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_search_believes_no_lie(register: Register, exchange: Exchange, lie: Lie) -> None:
    key = own_key(exchange.secrets, KEY_NAME)
    with stand_in(lying(register, key, lie)) as port, pytest.raises(PartnerTrouble) as trouble:
        exchange.adapter(port).search([SEVEN, ("pin", "000000000001")])
    assert not trouble.value.temporary
    assert pin_of(7) not in str(trouble.value)


def test_search_takes_the_same_answer_when_it_is_true(register: Register, exchange: Exchange) -> None:
    key = own_key(exchange.secrets, KEY_NAME)
    with stand_in(lying(register, key, lambda answer: None)) as port:
        assert len(exchange.adapter(port).search([SEVEN, ("pin", "000000000001")])[0]) == 1


FORGERIES: dict[str, Callable[[bytes], bytes]] = {
    "changed after signing": lambda body: body.replace(b'"male"', b'"female"').replace(b'"female"', b'"male"', 1),
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
def test_search_believes_no_forgery(register: Register, exchange: Exchange, forge: Callable[[bytes], bytes]) -> None:
    with stand_in(lambda body: (200, forge(register.answer(body)))) as port, pytest.raises(PartnerTrouble) as trouble:
        exchange.adapter(port).search([SEVEN])
    assert not trouble.value.temporary


def test_search_after_the_register_took_a_new_key_is_believed(register: Register, exchange: Exchange) -> None:
    asking_before: list[bytes] = []
    fresh = ECKey.generate_key("P-256", auto_kid=True)
    published = exchange.secrets / "population-register.public.jwks.json"
    former = published.read_text()

    def with_the_new_key(body: bytes) -> Reply:
        keys = [fresh.as_dict(private=False), *json.loads(former)["keys"]]
        published.write_text(json.dumps({"keys": keys}))
        asking_before.append(body)
        return 200, resealed(register.answer(body), fresh)

    try:
        with stand_in(with_the_new_key) as port:
            assert len(exchange.adapter(port).search([SEVEN])[0]) == 1
    finally:
        published.write_text(former)
    assert len(asking_before) == 1


def test_search_stops_reading_an_answer_without_end(
    register: Register, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "ANSWER_BYTES_MAX", 100)
    with stand_in(lambda body: (200, register.answer(body))) as port, pytest.raises(PartnerTrouble) as trouble:
        exchange.adapter(port).search([SEVEN])
    assert not trouble.value.temporary
