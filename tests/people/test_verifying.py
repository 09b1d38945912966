"""Taking records in and authenticating them: once, resumable, and never a number for two."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from ansinh.database.sql import execute, number, row, rows
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import InvalidInput, NotPermitted, PartnerTrouble
from ansinh.people import queries
from ansinh.people.adapters.population_register import RegisterPerson
from ansinh.people.operations import load_insured, record_verdicts
from ansinh.people.procedures import verify_by_number
from ansinh.people.queries import verifying
from ansinh.people.verification.exact import Decision
from tests.support.agency_files import si_code, write_insured
from tests.support.cast import A_STRANGER, ANYBODY_WITH_RIGHTS, DECEMBER, JULY

pytestmark = pytest.mark.django_db

AN = "001080000001"
BINH = "001080000002"


class Register:
    """Answers from a list; the real one is used in tests/journeys."""

    def __init__(self, *people: RegisterPerson, breaks_at_call: int = 0) -> None:
        self.people = people
        self.calls = 0
        self.breaks_at_call = breaks_at_call

    def search(self, numbers: Sequence[tuple[str, str]]) -> list[list[RegisterPerson]]:
        self.calls += 1
        if self.calls == self.breaks_at_call:
            raise PartnerTrouble("population register", "no answer", temporary=True)
        return [[one for one in self.people if value == one.pin] for _, value in numbers]


def person(pin: str, name: str = "Nguyễn Văn An") -> RegisterPerson:
    return RegisterPerson(pin, None, name, "M", 1980, 5, 4, "00004", "01", 1, None, None, None)


def load(tmp_path: Path, *records: dict[str, Any], source: str = "one") -> int:
    file = write_insured(tmp_path, records)
    return load_insured(actor=ANYBODY_WITH_RIGHTS, reason="thử", source=source, file=file)


def verify(register: Register, clock: Clock = JULY, *, everyone: bool = False) -> int:
    return verify_by_number(actor=ANYBODY_WITH_RIGHTS, reason="thử", clock=clock, register=register, everyone=everyone)


def verdict_of(person_id: int) -> tuple[str, str | None]:
    found = row(
        "SELECT verdict, register_pin FROM people_verdict WHERE person_id = %s AND superseded_at IS NULL", [person_id]
    )
    assert found is not None
    return found[0], found[1]


def holder_of(pin: str) -> int:
    return number(
        "SELECT person_id FROM people_identifier WHERE scheme = 'pin' AND value = %s AND valid_until IS NULL", [pin]
    )


def test_load_insured_twice_takes_it_in_once(tmp_path: Path) -> None:
    before = load(tmp_path, {}, {"full_name": "Lê Thị Bình"})
    assert load(tmp_path, {}, {"full_name": "Lê Thị Bình"}) == before
    assert queries.count_persons() == 2
    assert rows("SELECT value, person_id FROM people_identifier ORDER BY person_id") == [
        (si_code(1), before + 1),
        (si_code(2), before + 2),
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


def test_verify_gives_the_number_only_to_those_who_agree(tmp_path: Path) -> None:
    before = load(
        tmp_path,
        {"id_number": AN},
        {"id_number": BINH, "full_name": "Lê Thị Bình"},
        {"id_number": "001080000009"},
        {},
        {"id_number": AN, "excluded": "army"},
    )
    assert verify(Register(person(AN), person(BINH, "Lê Thị Nga"))) == 5
    assert [verdict_of(before + n)[0] for n in range(1, 6)] == [
        "verified",
        "candidate",
        "not_found",
        "not_found",
        "excluded",
    ]
    assert holder_of(AN) == before + 1
    assert number("SELECT count(*) FROM people_identifier WHERE scheme = 'pin'") == 1


def test_verify_again_changes_nothing(tmp_path: Path) -> None:
    load(tmp_path, {"id_number": AN}, {"id_number": AN}, {})
    register = Register(person(AN))
    assert verify(register) == 3
    assert verify(register) == 0
    assert verify(register, everyone=True) == 0


def test_verify_two_records_of_one_human_keeps_the_older_and_marks_the_other(tmp_path: Path) -> None:
    before = load(tmp_path, {"id_number": AN, "recorded_on": JULY.at.date()}, {"id_number": AN})
    verify(Register(person(AN)))
    assert verdict_of(before + 1) == ("duplicate", AN)
    assert verdict_of(before + 2) == ("verified", AN)
    assert holder_of(AN) == before + 2


def test_verify_cut_off_goes_on_where_it_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "CHUNK_LENGTH_MAX", 2)
    load(tmp_path, *({"id_number": f"00108000000{n}"} for n in range(1, 6)))
    broken = Register(*(person(f"00108000000{n}") for n in range(1, 6)), breaks_at_call=2)
    with pytest.raises(PartnerTrouble):
        verify(broken)
    assert queries.count_unverified(JULY.at.date()) == 3
    assert verify(broken) == 3
    assert number("SELECT count(*) FROM people_identifier WHERE scheme = 'pin'") == 5


def test_verify_on_a_past_day_leaves_later_records_alone(tmp_path: Path) -> None:
    load(tmp_path, {"id_number": AN}, {"id_number": BINH, "recorded_on": JULY.at.date()})
    register = Register(person(AN), person(BINH))
    assert verify(register, DECEMBER) == 1
    assert verify(register, JULY) == 1
    assert [count for _, _, count in queries.verdict_counts(DECEMBER.now())] == [1]
    assert [count for _, _, count in queries.verdict_counts(JULY.now())] == [2]


def test_record_verdicts_keeps_what_was_said_before(tmp_path: Path) -> None:
    before = load(tmp_path, {})
    for decision in (Decision("not_found", "a"), Decision("candidate", "b", AN), Decision("not_found", "a")):
        record_verdicts(actor=ANYBODY_WITH_RIGHTS, reason="thử", clock=JULY, decided=[(before + 1, decision)])
    history = rows("SELECT verdict, superseded_at IS NULL FROM people_verdict ORDER BY decided_at")
    assert history == [("not_found", False), ("candidate", False), ("not_found", True)]


def test_a_number_names_one_person_whatever_the_code_does(tmp_path: Path) -> None:
    before = load(tmp_path, {}, {})
    insert = "INSERT INTO people_identifier (value, scheme, person_id, valid_from) VALUES (%s, 'pin', %s, %s)"
    execute(insert, [AN, before + 1, "2025-01-01"])
    with pytest.raises(IntegrityError), transaction.atomic():
        execute(insert, [AN, before + 2, "2025-02-01"])
