"""Comparing both sides: equal hashes for equal people, and every slip found, named by its bucket and put right."""

from __future__ import annotations

import json
from functools import reduce
from operator import xor

import pytest

from ansinh.database.sql import execute, number, rows
from ansinh.registry import queries
from ansinh_sandbox.register.record import COLUMNS as THEIR_COLUMNS
from ansinh_sandbox.register.slips import slip
from ansinh_sandbox.register.tally import digest_of
from tests.registry.conftest import UNTIL
from tests.registry.registers import Known, SmallRegister, broken, copied, mirrored, pulled, reconciled

KNOWN = Known()


@pytest.fixture
def lived(db: None, register: SmallRegister) -> SmallRegister:
    """A register whose two months were read to the end."""
    copied(register, KNOWN)
    register.live(UNTIL, intensity=10)
    pulled(register, KNOWN)
    return register


def test_both_sides_hash_a_record_alike(lived: SmallRegister) -> None:
    theirs = {row[0]: digest_of(row) for row in lived.rows(f"SELECT {THEIR_COLUMNS} FROM person")}
    assert queries.members([("01", "")]) == theirs
    assert len(set(theirs.values())) == len(theirs)


def test_reconcile_of_equal_sides_names_nothing_and_is_kept(lived: SmallRegister) -> None:
    found = reconciled(lived, KNOWN)
    assert (found.persons, found.differing, found.healed, found.left) == (len(lived.people()), (), 0, 0)
    last = queries.last_comparison()
    assert last is not None
    assert (last.persons, last.differing, last.feed_no) == (found.persons, (), len(lived.told()))
    theirs = reduce(xor, (digest_of(row) for row in lived.rows(f"SELECT {THEIR_COLUMNS} FROM person")))
    assert (last.our_digest, last.their_digest) == (theirs, theirs)


SLIPS = {
    "a name": "UPDATE registry_person SET full_name = 'Ai Đó' WHERE pin = %s",
    "a birth date": "UPDATE registry_person SET birth_day = NULL, birth_month = NULL, birth_year = 1900 WHERE pin = %s",
    "a province": "UPDATE registry_person SET province = '79', commune = '26734' WHERE pin = %s",
    "a lost record": "DELETE FROM registry_person WHERE pin = %s",
    "a lost event": "UPDATE registry_person SET version = version + 1 WHERE pin = %s",
    "a death": "UPDATE registry_person SET died_on = '2025-06-30' WHERE pin = %s",
}


@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS)
def test_reconcile_finds_a_slip_names_its_bucket_and_puts_it_right(lived: SmallRegister, slip: str) -> None:
    pin = next(pin for pin, record in sorted(lived.people().items()) if record.died_on is None)
    execute(slip, [pin])
    found = reconciled(lived, KNOWN, heal=False)
    assert (found.healed, found.left) == (0, 1)
    assert any(place.startswith("01/") for place in found.differing)
    found = reconciled(lived, KNOWN)
    assert (found.healed, found.left) == (1, 0)
    assert mirrored() == lived.people()
    assert rows("SELECT pin, cause FROM registry_healing") == [(pin, "reconciliation")]
    assert reconciled(lived, KNOWN).differing == ()
    assert not broken()


def test_a_register_that_changes_people_and_tells_nobody_is_found_out_by_asking_for_them(lived: SmallRegister) -> None:
    slipped = slip(lived.store, persons=3)
    found = reconciled(lived, KNOWN)
    assert (found.healed, found.left) == (3, 0)
    assert found.our_digest != found.their_digest
    assert {pin for (pin,) in rows("SELECT pin FROM registry_healing")} == set(slipped)
    again = reconciled(lived, Known.days_later(1))
    assert (again.differing, again.healed) == ((), 0)
    assert again.our_digest == again.their_digest == found.their_digest
    # Equal by counts alone would not have shown it.
    assert again.persons == found.persons
    assert [bool(one.differing) for one in queries.comparisons(2)] == [False, True]
    assert mirrored() == lived.people()


def test_a_healing_names_the_fields_keeps_what_was_and_is_announced(lived: SmallRegister) -> None:
    pin = min(lived.people())
    execute(
        "UPDATE registry_person SET full_name = 'Ai Đó', sex = CASE sex WHEN 'M' THEN 'F' ELSE 'M' END WHERE pin = %s",
        [pin],
    )
    before = number("SELECT coalesce(max(announcement_no), 0) FROM registry_announcement")
    reconciled(lived, KNOWN)
    ((fields,),) = rows("SELECT fields::text FROM registry_healing")
    assert json.loads(fields) == ["full_name", "sex"]
    ((former,),) = rows("SELECT record ->> 'full_name' FROM registry_former_record WHERE cause = 'reconciliation'")
    assert former == "Ai Đó"
    (told,) = queries.announcements_after(before, 10)
    assert (told.fact, told.pin, told.changed) == ("person_changed", pin, ("full_name", "sex"))
    assert pin not in told.event_id


def test_the_checks_notice_what_never_may_be(lived: SmallRegister) -> None:
    (last,) = rows(
        "SELECT e.pin FROM registry_event e JOIN registry_person p USING (pin) WHERE kind = 'address_change' AND version = sequence LIMIT 1"
    )
    slips = {
        "registry.mirror_says_what_they_said": f"UPDATE registry_person SET household = 1 WHERE pin = '{last[0]}'",
        "registry.mirror_shows_its_events": f"UPDATE registry_person SET version = 1 WHERE pin = '{last[0]}'",
        "registry.effects_are_announced_once": "DELETE FROM registry_announcement WHERE announcement_no = 1",
        "registry.received_are_kept": "DELETE FROM registry_event WHERE feed_no = 1",
        "registry.nothing_skipped": "DELETE FROM registry_event WHERE feed_no = 2",
    }
    assert not broken()
    for check, write in slips.items():
        execute(write)
        assert any(found.startswith(f"{check}:") for found in broken()), check


def test_somebody_the_register_does_not_have_is_left_and_said(lived: SmallRegister) -> None:
    execute(
        "INSERT INTO registry_person SELECT '999999999999', old_number, full_name, sex, birth_year, birth_month, birth_day, commune, province, household,"
        " father_pin, mother_pin, spouse_pin, registered_on, died_on, cancelled_on, replaced_by, replaces, version, valid_from, recorded_at, feed_no"
        " FROM registry_person LIMIT 1"
    )
    found = reconciled(lived, KNOWN)
    assert (found.healed, found.left) == (0, 1)
    assert found.differing == ("01/",)


def test_what_was_told_and_not_read_is_put_right_and_has_its_effect_once(db: None, register: SmallRegister) -> None:
    copied(register, KNOWN)
    register.live(UNTIL, intensity=10)
    reconciled(register, KNOWN)
    assert mirrored() == register.people()
    announced = number("SELECT count(*) FROM registry_announcement")
    pulled(register, KNOWN)
    assert queries.count_events() == {"contained": len(register.told())}
    assert number("SELECT count(*) FROM registry_announcement") == announced
    assert mirrored() == register.people()
    assert not broken()
