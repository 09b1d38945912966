"""From social-insurance code to PIN: both resolve, the crosswalk says who is left and why, and new records get no more codes from the day on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from ansinh.cards import checks as card_checks
from ansinh.cards.operations import issue_cards, project_standing
from ansinh.database.sql import execute, number, row
from ansinh.foundation.clock import VIET_NAM, FixedClock
from ansinh.foundation.errors import Refusal
from ansinh.people.operations import Newcomer, load_insured, open_record
from ansinh.people.queries import numbers_missing, person_of_number, switch_by_province
from ansinh.places.operations import load_reference
from tests.people.identity_cast import AN, BINH, CHI, REASON, decide, load, merge, verified
from tests.support.agency_files import si_code, write_insured
from tests.support.cast import ANYBODY_WITH_RIGHTS

pytestmark = pytest.mark.django_db
LAST_DAY = FixedClock(datetime(2025, 7, 31, 23, 59, tzinfo=VIET_NAM))
FIRST_DAY = FixedClock(datetime(2025, 8, 1, 0, 0, tzinfo=VIET_NAM))
CHILD = Newcomer("Lê Thị Mai", "2025-07-30", "F", "79/26734")


def open_for(newcomer: Newcomer, clock: FixedClock) -> int:
    return open_record(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=clock, newcomer=newcomer)


def test_crosswalk_counts_each_province_and_says_who_is_left_and_why(tmp_path: Path) -> None:
    first = load(tmp_path, {}, {"province": "79"}, {"province": "79"}, {"province": "79"}, {"province": "79"})
    verified({first: AN, first + 1: BINH})
    decide({"person_id": first + 2, "verdict": "candidate", "rule": "number.name_differs", "register_pin": CHI})
    merge(first + 3, first + 1)
    assert [(one.province, one.holders, one.with_pin, one.share) for one in switch_by_province()] == [
        ("01", 1, 1, 100.0),
        ("79", 3, 1, 33.33),
    ]
    assert [(one.verdict, one.rule, one.persons) for one in numbers_missing("79")] == [
        ("candidate", "number.name_differs", 1),
        (None, None, 1),
    ]
    for scheme, value in (("pin", BINH), ("si_code", si_code(2)), ("si_code", si_code(4))):
        assert person_of_number(scheme, value) == first + 1


def test_open_record_gives_a_code_until_the_switch_and_only_a_pin_after() -> None:
    coded = open_for(replace(CHILD, si_code="7925000001"), LAST_DAY)
    assert person_of_number("si_code", "7925000001") == coded
    with pytest.raises(Refusal) as refusal:
        open_for(replace(CHILD, si_code="7925000002"), FIRST_DAY)
    assert refusal.value.code == "only_pin"
    assert number("SELECT count(*) FROM people_person") == 1
    child = open_for(replace(CHILD, pin=AN), FIRST_DAY)
    assert child == coded + 1
    found = row(
        "SELECT full_name, birth_year, birth_month, birth_day, sex, province, commune, stated_number FROM people_person WHERE person_id = %s",
        [child],
    )
    assert found == ("Lê Thị Mai", 2025, 7, 30, "F", "79", "26734", AN)
    assert number("SELECT count(*) FROM people_due WHERE person_id = %s", [child]) == 1


def test_open_record_under_the_same_number_again_is_the_same_record() -> None:
    assert open_for(replace(CHILD, pin=AN), FIRST_DAY) == open_for(replace(CHILD, pin=AN), FIRST_DAY)
    with pytest.raises(Refusal):
        open_for(replace(CHILD, pin=AN, si_code="7925000001"), LAST_DAY)
    with pytest.raises(Refusal):
        open_for(CHILD, LAST_DAY)


def test_a_pin_only_stated_names_nobody_until_the_register_confirmed_it() -> None:
    child = open_for(replace(CHILD, pin=AN), FIRST_DAY)
    assert person_of_number("pin", AN) is None
    assert verified({child: AN}, FIRST_DAY) == 1
    assert person_of_number("pin", AN) == child
    assert number("SELECT count(*) FROM people_due") == 0


def test_a_newcomer_with_only_a_pin_has_a_standing_found_by_it() -> None:
    load_reference(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=FIRST_DAY)
    child = open_for(replace(CHILD, pin=AN), FIRST_DAY)
    verified({child: AN}, FIRST_DAY)
    execute(
        """
        INSERT INTO participation_coverage (person_id, coverage_id, object_code, facility, card_province, valid_from, valid_until)
        VALUES (%s, 1, 'TE', '79001', '79', '2025-07-30', '2031-10-01')
        """,
        [child],
    )
    bounds = {"from_person": child, "until_person": child + 1}
    issue_cards(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=FIRST_DAY, **bounds)
    project_standing(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=FIRST_DAY, **bounds)
    assert row("SELECT person_id, pin, si_code, object_code FROM cards_standing") == (child, AN, None, "TE")
    assert person_of_number("pin", AN) == child
    assert all(result.ok for result in card_checks.checks(FIRST_DAY.at.date()))


def test_a_file_with_codes_given_after_the_switch_is_refused_whole(tmp_path: Path) -> None:
    file = write_insured(tmp_path, [{}, {"recorded_on": date(2025, 8, 1)}])
    with pytest.raises(Refusal) as refusal:
        load_insured(actor=ANYBODY_WITH_RIGHTS, reason=REASON, source="one", file=file)
    assert refusal.value.code == "only_pin"
    assert number("SELECT count(*) FROM people_person") == 0


def test_records_taken_in_after_one_was_opened_get_their_own_numbers(tmp_path: Path) -> None:
    child = open_for(replace(CHILD, pin=AN), FIRST_DAY)
    assert load(tmp_path, {}) == child + 1
