"""The register's word is taken for many at once, by two officers, record by record where it still applies; and it can be given back."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

import pytest

from ansinh.config import following
from ansinh.database.sql import execute, number, row, rows
from ansinh.foundation.errors import Refusal
from ansinh.people import checks
from ansinh.people.operations import prepare_adoption, settle_discrepancy, undo_correction
from ansinh.people.queries import (
    difference_groups,
    differences_sampled,
    person_as_known,
    requests_waiting,
    statements_about,
)
from tests.people.identity_cast import LAN, REASON, approve, correct, later, load, merge
from tests.support.cast import JULY

pytestmark = pytest.mark.django_db
OLD, NEW = "Nguyen Van An", "Nguyễn Văn An"


@pytest.fixture
def first(tmp_path: Path) -> int:
    """The first of six verified records written without diacritics, on each of which the register differs in name and birth date."""
    person = load(tmp_path, *({"full_name": OLD, "birth_month": None, "birth_day": None} for _ in range(6)))
    for one in range(person, person + 6):
        execute(
            "INSERT INTO people_verdict (person_id, decided_at, verdict, rule, register_pin) VALUES (%s, %s, 'corrected', 'number.exact', %s)",
            [one, JULY.at, f"{one:012}"],
        )
        execute("INSERT INTO people_identifier VALUES (%s, 'pin', %s, '2025-07-31')", [f"{one:012}", one])
        for field, ours, registered in (("full_name", OLD, NEW), ("birth_date", "1980", "1980-05-04")):
            execute(
                """
                INSERT INTO people_discrepancy (person_id, field, ours, registered, source, found_at)
                VALUES (%s, %s, %s, %s, 'number.exact', %s)
                """,
                [one, field, ours, registered, JULY.at],
            )
    return person


def ask(field: str = "full_name") -> int:
    return prepare_adoption(actor=LAN, reason=REASON, clock=later(), field=field, rule="number.exact").request


def names() -> list[str]:
    return [one[0] for one in rows("SELECT full_name FROM people_person ORDER BY person_id")]


def test_adoption_changes_only_records_that_are_still_as_they_were_found(first: int) -> None:
    approve(correct(first + 1, "full_name", OLD, "Nguyễn Văn Ấn").request)
    settle_discrepancy(actor=LAN, reason=REASON, clock=JULY, person_id=first + 2, field="full_name", report=uuid4())
    execute("UPDATE people_verdict SET verdict = 'candidate' WHERE person_id = %s", [first + 3])
    execute("DELETE FROM people_identifier WHERE person_id IN (%s, %s) AND scheme = 'pin'", [first + 3, first + 4])
    execute("UPDATE people_verdict SET verdict = 'duplicate' WHERE person_id = %s", [first + 4])
    merge(first + 4, first)
    request = ask()
    execute(
        "INSERT INTO people_discrepancy VALUES (%s, 'sex', 'M', 'F', 'number.exact', %s, 'open')", [first, later(2).at]
    )
    assert names()[0] == OLD
    assert approve(request, later(3)).persons == (first, first + 5)
    assert names() == [NEW, "Nguyễn Văn Ấn", OLD, OLD, OLD, NEW]
    states = rows("SELECT state FROM people_discrepancy WHERE field = 'full_name' ORDER BY person_id")
    assert [one[0] for one in states] == ["applied", "gone", "reported", "open", "open", "applied"]
    assert all(result.ok for result in checks.checks())


def test_adoption_keeps_who_said_what_and_when(first: int) -> None:
    approve(ask("birth_date"), later(3))
    known = [person_as_known(first, later(day).now()) for day in (2, 4)]
    assert [one.fields["birth_date"] if one else None for one in known] == ["1980", "1980-05-04"]
    said = [
        (one.value, one.source, one.certainty, one.state)
        for one in statements_about(first)
        if one.field == "birth_date"
    ]
    assert ("1980-05-04", "population register", "registered", "in use") in said
    assert ("1980", "agency file", "stated", "former") in said


def test_adoption_taken_back_gives_the_earlier_values_but_not_over_later_corrections(first: int) -> None:
    adopted = ask()
    approve(adopted, later(1))
    approve(correct(first + 5, "full_name", NEW, "Nguyễn Văn Ân", later(2)).request, later(2))
    undone = undo_correction(actor=LAN, reason=REASON, clock=later(3), request=adopted)
    assert undone.state == "prepared"
    assert len(approve(undone.request, later(3)).persons) == 5
    assert names() == [OLD] * 5 + ["Nguyễn Văn Ân"]
    assert all(result.ok for result in checks.checks())
    with pytest.raises(Refusal):
        ask()


def test_prepare_adoption_refuses_what_cannot_be_taken_in_bulk(first: int) -> None:
    for field, rule, code in (("pin", "number.exact", "invalid_input"), ("full_name", "model", "not_found")):
        with pytest.raises(Refusal) as refusal:
            prepare_adoption(actor=LAN, reason=REASON, clock=JULY, field=field, rule=rule)
        assert refusal.value.code == code
    request = ask()
    assert ask() == request
    (waiting,) = requests_waiting()
    assert [effect["en"] for effect in waiting.effects] == ["6 records"]


def test_differences_are_shown_in_groups_and_samples(first: int) -> None:
    assert [(one.field, one.rule, one.state, one.persons) for one in difference_groups()] == [
        ("birth_date", "number.exact", "open", 6),
        ("full_name", "number.exact", "open", 6),
    ]
    sample = differences_sampled("full_name", "number.exact", 3)
    assert len(sample) == 3
    assert {(one.ours, one.registered) for one in sample} == {(OLD, NEW)}


def test_settle_discrepancy_keeps_the_agencys_value(first: int) -> None:
    def settle(report: UUID | None, field: str = "full_name") -> None:
        settle_discrepancy(actor=LAN, reason=REASON, clock=JULY, person_id=first, field=field, report=report)

    settle(uuid4())
    settle(None)
    for field in ("full_name", "sex"):
        with pytest.raises(Refusal) as refusal:
            settle(uuid4(), field)
        assert refusal.value.code == "not_found"
    assert row("SELECT state FROM people_discrepancy WHERE person_id = %s AND field = 'full_name'", [first]) == (
        "refused",
    )


def test_many_changed_persons_are_projected_set_by_set(first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "PERSONS_A_CALL_MAX", 4)
    following.follow(range(first, first + 6), reason=REASON, clock=JULY)
    assert number("SELECT count(*) FROM audit_act WHERE act = 'cards.project_standing_of'") == 2
