"""People react to what the register tells: new numbers, deaths, and everybody changed is compared again; each once."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction

from ansinh.config.subscriptions import PEOPLE, deliver_announcements
from ansinh.database.sql import execute, number, rows
from ansinh.registry import queries
from tests.registry.conftest import UNTIL
from tests.registry.registers import Known, SmallRegister, copied, mirrored, pulled

KNOWN = Known()


def insured_as(person_id: int, pin: str) -> None:
    """Put an insured record on file that was verified as somebody of the register."""
    execute(
        "INSERT INTO people_person (person_id, full_name, sex, birth_year, province, recorded_on) VALUES (%s, 'Ai Đó', 'M', 1980, '01', '2015-01-01')",
        [person_id],
    )
    execute(
        "INSERT INTO people_identifier (value, scheme, person_id, valid_from) VALUES (%s, 'pin', %s, '2020-01-01')",
        [pin, person_id],
    )
    execute(
        "INSERT INTO people_verdict (person_id, decided_at, verdict, rule, register_pin) VALUES (%s, '2024-12-20', 'verified', 'test', %s)",
        [person_id, pin],
    )


@pytest.fixture
def lived(db: None, register: SmallRegister) -> dict[str, str]:
    """Insured people to whom each kind of event happens, by kind: their PINs before; the feed is read."""
    copied(register, KNOWN)
    register.live(UNTIL, intensity=30)
    known_before = "kind NOT IN ('birth', 'pin_issued', 'withdrawal') AND withdrawn_by IS NULL"
    alone = "(SELECT count(*) FROM event o WHERE o.pin = e.pin) = 1"
    theirs = dict(register.rows(f"SELECT kind, min(pin) FROM event e WHERE {known_before} AND {alone} GROUP BY kind"))
    ((false_death,),) = register.rows("SELECT min(pin) FROM event WHERE kind = 'death' AND withdrawn_by IS NOT NULL")
    theirs["false_death"] = false_death
    for person_id, pin in enumerate(theirs.values(), 1):
        insured_as(person_id, pin)
    pulled(register, KNOWN)
    return theirs


def active_pin(person_id: int) -> str | None:
    found = rows(
        "SELECT value FROM people_identifier WHERE scheme = 'pin' AND person_id = %s AND valid_until IS NULL",
        [person_id],
    )
    return str(found[0][0]) if found else None


def test_people_carry_the_number_that_was_issued_instead(lived: dict[str, str]) -> None:
    person_id = 1 + list(lived).index("pin_cancelled")
    deliver_announcements(reason="test", clock=KNOWN.clock)
    issued = mirrored()[lived["pin_cancelled"]].replaced_by
    assert issued is not None
    assert active_pin(person_id) == issued


def test_people_die_when_the_register_says_so_and_live_when_it_takes_that_back(lived: dict[str, str]) -> None:
    deliver_announcements(reason="test", clock=KNOWN.clock)
    died: dict[int, date | None] = dict(rows("SELECT person_id, died_on FROM people_person"))
    if "death" in lived:
        assert died[1 + list(lived).index("death")] == mirrored()[lived["death"]].died_on is not None
    assert died[1 + list(lived).index("false_death")] is None


def test_everybody_changed_is_due_to_be_compared_again(lived: dict[str, str]) -> None:
    deliver_announcements(reason="test", clock=KNOWN.clock)
    due = {person_id for (person_id,) in rows("SELECT person_id FROM people_due")}
    assert {1 + list(lived).index(kind) for kind in ("name_change", "address_change", "marriage", "correction")} <= due


def test_announcements_are_acted_on_once(lived: dict[str, str]) -> None:
    assert deliver_announcements(reason="test", clock=KNOWN.clock) == number(
        "SELECT count(*) FROM registry_announcement"
    )
    acts = number("SELECT count(*) FROM audit_act")
    assert deliver_announcements(reason="test", clock=KNOWN.clock) == 0
    assert number("SELECT count(*) FROM audit_act") == acts
    assert queries.count_unread(PEOPLE) == 0


def test_announcements_cut_off_are_acted_on_again_with_one_effect(lived: dict[str, str]) -> None:
    class Died(Exception):
        """Killed before the commit."""

    def deliver_and_die() -> None:
        with transaction.atomic():
            deliver_announcements(reason="test", clock=KNOWN.clock)
            raise Died

    with pytest.raises(Died):
        deliver_and_die()
    assert queries.consumer_position(PEOPLE) == 0
    deliver_announcements(reason="test", clock=KNOWN.clock)
    before = rows("SELECT person_id, value, valid_from, valid_until FROM people_identifier ORDER BY 1, 2, 3")
    # All of it once more, as if the position had been lost.
    execute("DELETE FROM registry_consumer")
    deliver_announcements(reason="test", clock=KNOWN.clock)
    assert rows("SELECT person_id, value, valid_from, valid_until FROM people_identifier ORDER BY 1, 2, 3") == before
