"""Every read of a person leaves a row the person can see: each operation that reads is run, and then stands among who looked."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from ansinh.access.roles import all_permissions
from ansinh.audit import operation as operation_module
from ansinh.audit.operation import declared_readings, note_read, operation
from ansinh.audit.operations import show_looks
from ansinh.audit.queries import Look, looks_at
from ansinh.benefits.file_states import FileKind
from ansinh.benefits.operations import show_entitlements, show_file, show_simulation
from ansinh.benefits.queries import Wish
from ansinh.database.sql import execute, number, rows
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.errors import InvalidInput, NotFound, NotPermitted
from ansinh.foundation.purpose import Purpose
from ansinh.participation.operations import export_book, issue_statement, read_book
from ansinh.payments.queries import story_of
from tests.architecture.project import PLATFORM, rooms
from tests.benefits.filed import TODAY, WOMAN, WORKER, file, settle
from tests.participation.declared import OTHER, PERSON, found_nation
from tests.payments.world import Owed, add_payee, built_run
from tests.support.cast import JULY

pytestmark = pytest.mark.django_db
READER = Actor(ActorKind.OFFICER, "hanoi.ngoc", all_permissions())
WHY = "công dân hỏi qua điện thoại"


def _book(secrets: Path) -> int:
    found_nation()
    read_book(actor=READER, reason=WHY, clock=JULY, person_id=PERSON, purpose=Purpose.ADMINISTRATION)
    return PERSON


def _statement(secrets: Path) -> int:
    found_nation()
    purpose = Purpose.ADMINISTRATION
    issue_statement(actor=READER, reason=WHY, clock=JULY, person_id=PERSON, purpose=purpose, secrets=secrets)
    return PERSON


def _export(secrets: Path) -> int:
    found_nation()
    purpose = Purpose.ADMINISTRATION
    export_book(actor=READER, reason=WHY, clock=JULY, person_id=PERSON, purpose=purpose, secrets=secrets)
    return PERSON


def _entitlements(secrets: Path) -> int:
    settle()
    show_entitlements(actor=READER, reason=WHY, person_id=WOMAN)
    return WOMAN


def _file(secrets: Path) -> int:
    settle()
    show_file(actor=READER, reason=WHY, application=file(FileKind.RETIREMENT, WOMAN).application_id)
    return WOMAN


def _simulation(secrets: Path) -> int:
    settle()
    show_simulation(actor=READER, reason=WHY, clock=TODAY, person_id=WORKER, wish=Wish(age=62))
    return WORKER


def _payment(secrets: Path) -> int:
    add_payee(1, "0011")
    run_id = built_run([Owed(1, 1_000)], secrets)
    assert story_of(actor=READER, reason=WHY, run_id=run_id, person_id=1)
    return 1


def _looks(secrets: Path) -> int:
    show_looks(actor=READER, reason=WHY, person_id=WOMAN)
    return WOMAN


READS: dict[str, Callable[[Path], int]] = {
    "audit.show_looks": _looks,
    "benefits.show_entitlements": _entitlements,
    "benefits.show_file": _file,
    "benefits.show_simulation": _simulation,
    "participation.export_book": _export,
    "participation.issue_statement": _statement,
    "participation.read_book": _book,
    "payments.story_of": _payment,
}


def _by_reader(person: int) -> list[Look]:
    return [look for look in looks_at(person) if look.officer == READER.reference]


def test_every_reading_of_every_room_is_tried_here() -> None:
    for room in rooms():
        for part in ("operations", "queries"):
            if (PLATFORM / room / part).exists() or (PLATFORM / room / f"{part}.py").exists():
                importlib.import_module(f"ansinh.{room}.{part}")
    assert set(declared_readings()) == set(READS)


@pytest.mark.parametrize("name", sorted(READS))
def test_who_reads_stands_in_the_persons_list_of_who_looked(name: str, tmp_path: Path) -> None:
    person = READS[name](tmp_path)
    (look,) = _by_reader(person)
    assert (look.call, look.reason) == (declared_readings()[name], WHY)
    assert (look.purpose, look.result, look.key_kind) == ("administration", "answered", "record")
    shown = show_looks(actor=READER, reason=WHY, person_id=person)
    assert look in shown
    assert shown == sorted(shown, key=lambda one: (one.asked_at, one.audit_id), reverse=True)


@pytest.mark.parametrize("name", sorted(READS))
def test_a_read_that_cannot_leave_its_row_shows_nothing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = operation_module._write

    def failing(act: str, *rest: object) -> None:
        if act == name:
            execute("SELECT 1 / 0")
        write(act, *rest)  # type: ignore[arg-type]  # stands in for a writer of any arguments

    monkeypatch.setattr(operation_module, "_write", failing)
    with pytest.raises(DatabaseError), transaction.atomic():
        READS[name](tmp_path)


def test_a_reading_that_does_not_say_whom_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operation_module, "_declared", {})
    monkeypatch.setattr(operation_module, "_readings", {})

    def peep(*, actor: Actor, reason: str, named: bool) -> str:
        """Read about somebody, and say so or not."""
        if named:
            note_read(WOMAN, Purpose.CLAIM)
        return "what it read"

    peep.__module__ = "ansinh.audit.planted"
    planted = operation(permission="audit.show_looks", reads="something")(peep)
    with pytest.raises(RuntimeError, match="does not say whom"):
        planted(actor=READER, reason=WHY, named=False)
    assert number("SELECT count(*) FROM audit_act WHERE act = 'audit.peep'") == 0
    assert planted(actor=READER, reason=WHY, named=True) == "what it read"
    assert [(look.call, look.purpose) for look in _by_reader(WOMAN)] == [("something", "claim")]


def test_what_shows_nothing_of_anybody_leaves_no_look() -> None:
    settle()
    with pytest.raises(NotPermitted):
        show_entitlements(actor=Actor(ActorKind.OFFICER, READER.reference), reason=WHY, person_id=WOMAN)
    with pytest.raises(NotFound):
        show_file(actor=READER, reason=WHY, application=999)
    assert _by_reader(WOMAN) == []


def test_a_refused_read_that_named_its_person_is_seen_with_its_refusal() -> None:
    settle()
    with pytest.raises(InvalidInput):
        show_simulation(actor=READER, reason=WHY, clock=TODAY, person_id=WORKER, wish=Wish(age=7))
    assert [look.result for look in _by_reader(WORKER)] == ["invalid_input"]


def test_a_read_by_a_merged_record_is_seen_by_the_person() -> None:
    found_nation()
    execute("INSERT INTO people_alias (alias_person_id, person_id) VALUES (%s, %s)", [OTHER, PERSON])
    read_book(actor=READER, reason=WHY, clock=JULY, person_id=OTHER, purpose=Purpose.ADMINISTRATION)
    assert [look.call for look in _by_reader(PERSON)] == ["contribution book"]


def test_a_citizen_and_the_system_are_told_apart_from_officers() -> None:
    found_nation()
    for kind, reference in ((ActorKind.PERSON, str(PERSON)), (ActorKind.SYSTEM, "operator")):
        who = Actor(kind, reference, all_permissions())
        read_book(actor=who, reason=WHY, clock=JULY, person_id=PERSON, purpose=Purpose.OWN_RECORD)
    assert {look.officer for look in looks_at(PERSON)} == {f"person {PERSON}", "system operator"}


def test_looking_for_readings_of_a_person_uses_the_index() -> None:
    execute("SET LOCAL enable_seqscan = off")
    plan = rows(
        "EXPLAIN SELECT 1 FROM audit_act WHERE facts ? 'purpose' AND facts->>'person' = '5' ORDER BY acted_at DESC"
    )
    assert "Seq Scan" not in str(plan)
