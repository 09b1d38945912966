"""Open a record for somebody new to the agency."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute, number, row
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, legal_day
from ansinh.foundation.errors import InvalidInput
from ansinh.people import facts
from ansinh.people.deciding import OnlyPin, mark_due
from ansinh.people.states import PIN_IS_THE_NUMBER_FROM

_FILLED = ("full_name", "birth_date", "sex", "address")
_DIGITS = {"pin": 12, "si_code": 10}


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody new: fields in the form of `states.FIELDS`, and the one number the record is opened under."""

    full_name: str
    birth_date: str
    sex: str
    address: str
    pin: str | None = None
    si_code: str | None = None


@operation(permission="people.open_record")
def open_record(*, actor: Actor, reason: str, clock: Clock, newcomer: Newcomer) -> int:
    """Open a record and return its number; one already open under the number is returned as it is.

    An SI code names the person at once. A PIN is kept as stated and names them when the register confirmed it, for which the record is due at once.
    Refuses an SI code from `states.PIN_IS_THE_NUMBER_FROM` on (`only_pin`; law 41/2024/QH15), and values no field can hold or not exactly one number
    (`invalid_input`).
    """
    now = clock.now()
    today = legal_day(now)
    scheme, value = _one_number(newcomer, today)
    fields = {name: facts.checked(name, getattr(newcomer, name), today) for name in _FILLED}
    execute("SELECT pg_advisory_xact_lock(hashtext('people.load'))")
    source = f"opened {hashlib.sha256(f'{scheme} {value}'.encode()).hexdigest()}"
    known = _open_under(scheme, value, source)
    if known is not None:
        note(person=known, already_open=1)
        return known
    person = number("SELECT coalesce(max(first_person_id + persons), 1) FROM people_load")
    execute("INSERT INTO people_load (source, first_person_id, persons) VALUES (%s, %s, 1)", [source, person])
    stated = value if scheme == "pin" else None
    execute(
        "INSERT INTO people_person (person_id, full_name, province, stated_number, recorded_on) VALUES (%s, '', '', %s, %s)",
        [person, stated, today],
    )
    for name, text in fields.items():
        facts.write(person, name, text)
    if scheme == "si_code":
        execute(
            "INSERT INTO people_identifier (value, scheme, person_id, valid_from) VALUES (%s, %s, %s, %s)",
            [value, scheme, person, today],
        )
    mark_due([person], "a new record", now)
    note(person=person)
    return person


def _open_under(scheme: str, value: str, source: str) -> int | None:
    held = row(
        "SELECT person_id FROM people_identifier WHERE scheme = %s AND value = %s AND valid_until IS NULL",
        [scheme, value],
    )
    opened = held or row("SELECT first_person_id FROM people_load WHERE source = %s", [source])
    return int(opened[0]) if opened else None


def _one_number(newcomer: Newcomer, today: date) -> tuple[str, str]:
    if newcomer.si_code is not None and today >= PIN_IS_THE_NUMBER_FROM:
        raise OnlyPin()
    numbers = [(scheme, value) for scheme, value in (("pin", newcomer.pin), ("si_code", newcomer.si_code)) if value]
    scheme, value = numbers[0] if len(numbers) == 1 else ("pin", "")
    if not (value.isascii() and value.isdigit() and len(value) == _DIGITS[scheme]):
        raise InvalidInput(
            "Cần đúng một số: số định danh 12 chữ số, hoặc mã số BHXH 10 chữ số.",
            "Exactly one number is needed: a PIN of 12 digits, or an SI code of 10.",
            field="number",
        )
    return scheme, value
