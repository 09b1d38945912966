"""A field changes by two officers, with evidence, against the value they saw; what was there is kept and can come back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from ansinh.database.sql import execute, number, row, rows
from ansinh.foundation.errors import Refusal
from ansinh.people.operations import Correction, request_correction, undo_correction
from ansinh.people.queries import person_as_known, requests_about, requests_waiting, statements_about
from tests.people.identity_cast import (
    AN,
    BINH,
    LAN,
    REASON,
    approve,
    correct,
    holder_of,
    later,
    load,
    verdict_of,
    verified,
)
from tests.support.cast import JULY

pytestmark = pytest.mark.django_db
OLD, NEW = "Nguyễn Văn An", "Nguyễn Văn Ân"


@pytest.fixture
def person(tmp_path: Path) -> int:
    return load(tmp_path, {}, {})


@pytest.mark.parametrize(
    ("field", "old", "new"),
    [
        ("full_name", OLD, NEW),
        ("birth_date", "1980-05-04", "1980-05"),
        ("birth_date", "1980-05-04", "1981-12-31"),
        ("sex", "M", "F"),
        ("died_on", None, "2025-07-01"),
        ("pin", None, AN),
    ],
)
def test_request_correction_of_a_guarded_field_waits_for_another_officer(
    person: int, field: str, old: str | None, new: str
) -> None:
    asked = correct(person, field, old, new)
    assert asked.state == "prepared"
    before = person_as_known(person, later().now())
    assert before is not None
    assert before.fields[field] == old
    assert approve(asked.request).persons == (person,)
    after = person_as_known(person, later().now())
    assert after is not None
    assert after.fields == {**before.fields, field: new}


def test_request_correction_of_an_address_takes_one_officer(person: int) -> None:
    assert correct(person, "address", "01/00004", "79/26734").state == "applied"
    assert row("SELECT province, commune FROM people_person WHERE person_id = %s", [person]) == ("79", "26734")
    assert rows("SELECT person_id FROM people_due") == [(person,)]


@pytest.mark.parametrize(
    ("correction", "code"),
    [
        (Correction("full_name", "Ai khác", NEW, "a", "b"), "not_as_seen"),
        (Correction("full_name", OLD, f" {OLD} ", "a", "b"), "invalid_input"),
        (Correction("full_name", OLD, "An 7", "a", "b"), "invalid_input"),
        (Correction("full_name", OLD, NEW, "a", ""), "invalid_input"),
        (Correction("birth_date", "1980-05-04", "1980-02-30", "a", "b"), "invalid_input"),
        (Correction("birth_date", "1980-05-04", "2030-01-01", "a", "b"), "invalid_input"),
        (Correction("sex", "M", "X", "a", "b"), "invalid_input"),
        (Correction("pin", None, "123", "a", "b"), "invalid_input"),
        (Correction("pin", None, BINH, "a", "b"), "number_taken"),
        (Correction("blood", "A", "B", "a", "b"), "invalid_input"),
    ],
)
def test_request_correction_refused_changes_nothing(person: int, correction: Correction, code: str) -> None:
    approve(correct(person + 1, "pin", None, BINH).request)
    with pytest.raises(Refusal) as refusal:
        request_correction(actor=LAN, reason=REASON, clock=JULY, person_id=person, correction=correction)
    assert refusal.value.code == code
    assert requests_waiting() == []


def test_approve_correction_of_something_that_changed_meanwhile_is_refused(person: int) -> None:
    asked = correct(person, "full_name", OLD, NEW)
    execute("UPDATE people_person SET full_name = 'Lê Văn An' WHERE person_id = %s", [person])
    with pytest.raises(Refusal) as refusal:
        approve(asked.request)
    assert refusal.value.code == "not_as_seen"
    assert row("SELECT state, approved_by FROM people_request") == ("prepared", None)


def test_a_second_request_about_the_same_field_is_refused_until_the_first_is_decided(person: int) -> None:
    first = correct(person, "full_name", OLD, NEW)
    assert correct(person, "full_name", OLD, NEW) == first
    with pytest.raises(Refusal) as refusal:
        correct(person, "full_name", OLD, "Nguyễn Văn Ấn")
    assert refusal.value.code == "wrong_state"


def test_the_database_itself_refuses_one_officer_for_both(person: int) -> None:
    asked = correct(person, "full_name", OLD, NEW)
    for change in ("approved_by = prepared_by", "state = 'applied'", "needs_second = false"):
        with pytest.raises(IntegrityError), transaction.atomic():
            execute(f"UPDATE people_request SET {change} WHERE request_id = %s", [asked.request])


def test_undo_correction_gives_the_earlier_value_back_and_keeps_both_words(person: int) -> None:
    done = correct(person, "full_name", OLD, NEW)
    approve(done.request)
    undone = undo_correction(actor=LAN, reason=REASON, clock=later(1), request=done.request)
    approve(undone.request, later(2))
    assert row("SELECT full_name FROM people_person WHERE person_id = %s", [person]) == (OLD,)
    words = [
        (one.value, one.source, one.certainty, one.state)
        for one in statements_about(person)
        if one.field == "full_name"
    ]
    assert words == [
        (OLD, "civil status", "evidenced", "in use"),
        (NEW, "civil status", "evidenced", "former"),
        (OLD, "agency file", "stated", "former"),
    ]
    assert [one.undoes for one in requests_about(person)] == [done.request, None]
    with pytest.raises(Refusal) as refusal:
        undo_correction(actor=LAN, reason=REASON, clock=later(3), request=done.request)
    assert refusal.value.code == "not_as_seen"


def test_person_as_known_shows_what_the_agency_knew_at_each_moment(person: int) -> None:
    day = timedelta(days=1)
    approve(correct(person, "full_name", OLD, NEW).request, later(2))
    approve(correct(person, "full_name", NEW, "Nguyễn Ân", later(3)).request, later(4))
    known = [person_as_known(person, JULY.at + n * day) for n in range(6)]
    assert [one.fields["full_name"] if one else None for one in known] == [OLD, OLD, NEW, NEW, "Nguyễn Ân", "Nguyễn Ân"]
    assert all(one and one.fields["birth_date"] == "1980-05-04" for one in known)
    assert person_as_known(person, JULY.at.replace(year=2014)) is None


def test_correcting_a_number_moves_it_and_taking_it_away_keeps_machines_from_giving_it_again(person: int) -> None:
    verified({person: AN})
    approve(correct(person, "pin", AN, BINH).request)
    assert (holder_of(AN), holder_of(BINH), verdict_of(person)) == (None, person, ("verified", BINH))
    approve(correct(person, "pin", BINH, None, later()).request, later())
    assert (holder_of(BINH), verdict_of(person)) == (None, ("not_found", None))
    verified({person: BINH}, later(2))
    assert verdict_of(person) == ("not_found", None)
    known = person_as_known(person, JULY.now())
    assert known
    assert known.fields["pin"] == BINH


def test_a_correction_settles_the_difference_it_was_made_for(person: int) -> None:
    execute(
        "INSERT INTO people_discrepancy (person_id, field, ours, registered, source, found_at) VALUES (%s, 'full_name', %s, %s, 'x', %s)",
        [person, OLD, NEW, JULY.at],
    )
    approve(correct(person, "full_name", OLD, NEW).request)
    assert row("SELECT state FROM people_discrepancy") == ("applied",)
    assert number("SELECT count(*) FROM people_fact WHERE superseded_at IS NULL") == 1
