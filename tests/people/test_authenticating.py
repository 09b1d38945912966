"""Taking records in and authenticating them: once, resumable, and never a number for two."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from ansinh.database.sql import execute, number, row, rows
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import InvalidInput, NotPermitted
from ansinh.people import checks, queries
from ansinh.people.matching import Resources
from ansinh.people.operations import load_insured
from ansinh.people.procedures import Authenticated, authenticate
from tests.people.identity_cast import AN, BINH, CHI, decide, holder_of, in_register, later, load, verdict_of
from tests.support.agency_files import si_code, write_insured
from tests.support.cast import A_STRANGER, ANYBODY_WITH_RIGHTS, DECEMBER, JULY

pytestmark = pytest.mark.django_db
SHE = {"full_name": "Lê Thị Bình", "sex": "F"}


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """The folder of a round."""
    return tmp_path / "work"


def verify(work: Path, clock: Clock = JULY, *, everyone: bool = False, **more: Any) -> Authenticated:
    return authenticate(
        actor=ANYBODY_WITH_RIGHTS,
        reason="thử",
        clock=clock,
        work=work,
        everyone=everyone,
        resources=Resources("512MiB"),
        **more,
    )


def test_load_insured_twice_takes_it_in_once(tmp_path: Path) -> None:
    first = load(tmp_path, {}, {"full_name": "Lê Thị Bình"})
    assert load(tmp_path, {}, {"full_name": "Lê Thị Bình"}) == first
    assert queries.count_persons() == 2
    assert rows("SELECT value, person_id FROM people_identifier ORDER BY person_id") == [
        (si_code(1), first),
        (si_code(2), first + 1),
    ]


def test_load_insured_by_a_stranger_is_refused_and_written_down(tmp_path: Path) -> None:
    file = write_insured(tmp_path, [{}])
    with pytest.raises(NotPermitted):
        load_insured(actor=A_STRANGER, reason="thử", source="one", file=file)
    assert queries.count_persons() == 0
    assert row("SELECT actor_kind, actor_reference, outcome FROM audit_act WHERE act = 'people.load_insured'") == (
        "person",
        "42",
        "not_permitted",
    )


def test_load_insured_without_a_reason_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        load_insured(actor=ANYBODY_WITH_RIGHTS, reason=" ", source="one", file=write_insured(tmp_path, [{}]))


def test_authenticate_gives_the_number_only_to_those_who_agree(tmp_path: Path, work: Path) -> None:
    in_register(AN)
    in_register(BINH, full_name="Phạm Ngọc Hoa", sex="F", commune="26734", province="79")
    first = load(
        tmp_path,
        {"id_number": AN},
        {"id_number": BINH, **SHE},
        {"id_number": "079061555555", "full_name": "Phan Văn Tám", "birth_year": 1961, "birth_day": 30},
        {"id_number": AN, "excluded": "army"},
    )
    assert verify(work) == Authenticated(compared=4, new=4, numbers_given=1)
    assert [verdict_of(first + n)[0] for n in range(4)] == ["verified", "candidate", "not_found", "excluded"]
    assert rows("SELECT value, person_id FROM people_identifier WHERE scheme = 'pin'") == [(AN, first)]
    assert not work.exists()


def test_authenticate_again_changes_nothing(tmp_path: Path, work: Path) -> None:
    in_register(AN)
    load(tmp_path, {"id_number": AN}, {"id_number": AN}, {"full_name": "Phan Văn Tám"})
    assert verify(work).new == 3
    assert verify(work) == Authenticated(0, 0, 0)
    assert verify(work, everyone=True) == Authenticated(compared=3, new=0, numbers_given=0)


def test_authenticate_two_records_of_one_human_keeps_the_older_and_marks_the_other(tmp_path: Path, work: Path) -> None:
    in_register(AN)
    first = load(tmp_path, {"id_number": AN, "recorded_on": JULY.at.date()}, {"id_number": AN})
    verify(work)
    assert (verdict_of(first), verdict_of(first + 1)) == (("duplicate", AN), ("verified", AN))
    assert holder_of(AN) == first + 1


class _CutOff(Exception):
    """The process ended here."""


def test_authenticate_cut_off_goes_on_where_it_ended(tmp_path: Path, work: Path) -> None:
    pins = [f"00108000000{n}" for n in range(1, 6)]
    for pin in pins:
        in_register(pin)
    load(tmp_path, *({"id_number": pin} for pin in pins))

    def cut_off(done: int) -> None:
        raise _CutOff

    with pytest.raises(_CutOff):
        verify(work, progress=cut_off)
    assert number("SELECT count(*) FROM people_identifier WHERE scheme = 'pin'") == 0
    # Who is new meanwhile waits for the next round: this one goes on with the files it began with.
    load(tmp_path, {"id_number": "001080000006", "si_code": si_code(9)}, source="two")
    assert verify(work).numbers_given == 5
    assert queries.count_unverified(JULY.at.date()) == 1
    assert verify(work).compared == 1


def test_authenticate_on_a_past_day_leaves_later_records_alone(tmp_path: Path, work: Path) -> None:
    for pin in (AN, BINH):
        in_register(pin)
    load(tmp_path, {"id_number": AN}, {"id_number": BINH, "recorded_on": JULY.at.date()})
    assert verify(work, DECEMBER).new == 1
    assert verify(work, JULY).new == 1
    assert [count for _, _, count in queries.verdict_counts(DECEMBER.now())] == [1]
    assert sum(count for _, _, count in queries.verdict_counts(JULY.now())) == 2


@pytest.mark.parametrize(
    "changed", [{"full_name": "Nguyễn Văn An"}, {"stated_number": AN, "full_name": "Nguyễn Văn Ân"}]
)
def test_authenticate_does_not_take_whom_a_standing_match_claims(
    tmp_path: Path, work: Path, changed: dict[str, str]
) -> None:
    in_register(AN)
    first = load(
        tmp_path, {"full_name": "Phan Văn Tám", "recorded_on": DECEMBER.at.date().replace(year=2001)}, {"id_number": AN}
    )
    verify(work)
    for column, value in changed.items():
        execute(f"UPDATE people_person SET {column} = %s WHERE person_id = %s", [value, first])
    execute("INSERT INTO people_due VALUES (%s, 'corrected', %s)", [first, JULY.at])
    assert verify(work, later()).compared == 1
    assert (verdict_of(first), verdict_of(first + 1)) == (("duplicate", AN), ("verified", AN))
    assert (holder_of(AN), all(result.ok for result in checks.checks())) == (first + 1, True)


def test_authenticate_knows_the_household_of_relatives_found_before(tmp_path: Path, work: Path) -> None:
    """Two people in the country share her name and birthday; only the household says which one is the newcomer."""
    in_register(AN, household=70)
    in_register(BINH, **SHE, household=70)
    in_register(CHI, **SHE, household=71, commune="26740", province="79")
    first = load(tmp_path, {"id_number": AN, "household": 7})
    assert verify(work).numbers_given == 1
    moved = {**SHE, "si_code": si_code(9), "household": 7, "commune": "10000", "province": "33"}
    load(tmp_path, moved, source="two")
    assert verify(work, later()) == Authenticated(compared=1, new=1, numbers_given=1)
    assert verdict_of(first + 1) == ("verified", BINH)
    assert number("SELECT count(*) FROM people_verdict") == 2


def test_record_decisions_keeps_what_was_said_before(tmp_path: Path) -> None:
    first = load(tmp_path, {})
    for verdict, pin in (("not_found", None), ("candidate", AN), ("not_found", None)):
        decide({"person_id": first, "verdict": verdict, "register_pin": pin})
    history = rows("SELECT verdict, superseded_at IS NULL FROM people_verdict ORDER BY decided_at")
    assert history == [("not_found", False), ("candidate", False), ("not_found", True)]


def test_a_number_names_one_person_whatever_the_code_does(tmp_path: Path) -> None:
    first = load(tmp_path, {}, {})
    insert = "INSERT INTO people_identifier (value, scheme, person_id, valid_from) VALUES (%s, 'pin', %s, %s)"
    execute(insert, [AN, first, "2025-01-01"])
    with pytest.raises(IntegrityError), transaction.atomic():
        execute(insert, [AN, first + 1, "2025-02-01"])
