"""Every read of a person leaves a row the person can see: each operation that reads is run, and then stands among who looked."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from ansinh.access.queries import actor_of_person
from ansinh.access.roles import all_permissions
from ansinh.audit import operation as operation_module
from ansinh.audit.operation import declared_readings, note_read, operation
from ansinh.audit.operations import show_looks
from ansinh.audit.queries import Look, looks_at
from ansinh.benefits.file_states import FileKind
from ansinh.benefits.operations import show_entitlements, show_file, show_simulation
from ansinh.benefits.queries import Wish
from ansinh.config.declared import declared_fields
from ansinh.credentials import asked
from ansinh.credentials import keys as credential_keys
from ansinh.credentials.operations import issue_credential, permit_wallet, redeem_code, show_card
from ansinh.credentials.states import Kind as CredentialKind
from ansinh.database.sql import execute, number, rows
from ansinh.disclosure.operations import read_book as read_health_book
from ansinh.disclosure.operations import read_visit
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.errors import InvalidInput, NotFound, NotPermitted
from ansinh.foundation.purpose import Purpose
from ansinh.lifeevents.models import File as LifeEventFile
from ansinh.lifeevents.operations import show_file as show_life_event
from ansinh.overuse.operations import note_other_person, show_finding
from ansinh.participation.operations import export_book, issue_statement, read_book
from ansinh.payments.queries import story_of
from ansinh.people.operations import show_record
from ansinh.portal.operations import read_page
from ansinh.reckoning.queries import recovery_of
from ansinh.referrals.operations import check_referral, print_appointment, print_referral, read_papers, use_referral
from ansinh.rights.operations import fetch_download, file_data_request, make_download, show_request
from ansinh.rights.states import RequestKind
from ansinh.services.operations import (
    attach_file,
    issue_result,
    read_attachment,
    refuse_application,
    save_draft,
    show_application,
)
from tests.architecture.project import PLATFORM, rooms
from tests.benefits.filed import TODAY, WIDOW, WOMAN, WORKER, file, settle
from tests.credentials.conftest import CLOCKS
from tests.credentials.conftest import PERSON as CARD_PERSON
from tests.credentials.conftest import STATEMENTS as CARD_STATEMENTS
from tests.credentials.wallets import new_key, offered, proof
from tests.health_reading.books import add_whole_book, found_places
from tests.mandates.family import GRANDMOTHER, MORNING, settle_family
from tests.participation.declared import OTHER, PERSON, found_nation
from tests.payments.world import Owed, add_payee, built_run
from tests.referrals.given import PATIENT, at, found_facilities, referral, shown, slip, take
from tests.services.applied import HOA, form, receive, settle_people, submit
from tests.services.applied import TODAY as APPLIED
from tests.services.hostile_files import PLAIN_PDF
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


def _recovery(secrets: Path) -> int:
    execute("INSERT INTO reckoning_recovery VALUES (%s, 1, 'overpaid', 1, 500, %s)", [PERSON, JULY.now()])
    execute(
        "INSERT INTO reckoning_recoveryevent (person_id, recovery_id, event_no, event, amount, left_before, left_after, officer, happened_at) "
        "VALUES (%s, 1, 0, 'opened', 500, 500, 500, 'hanoi.lan', %s)",
        [PERSON, JULY.now()],
    )
    (step,) = recovery_of(actor=READER, reason=WHY, person_id=PERSON, recovery_id=1)
    assert step.event == "opened"
    return PERSON


def _finding(secrets: Path) -> int:
    execute(
        "INSERT INTO overuse_finding (person_id, kind, visit_id, other_visit_id, other_person_id, finding_no, facility, other_facility, first_on, measure, "
        "state, found_at) VALUES (%s, 'two_beds', 1, 2, %s, 9, '01001', '01817', '2025-06-03', 5, 'open', %s)",
        [PERSON, PERSON, JULY.now()],
    )
    assert show_finding(actor=READER, reason=WHY, finding_no=9).person_id == PERSON
    return PERSON


def _finding_of_two(secrets: Path) -> int:
    note_other_person(actor=READER, reason=WHY, finding_no=9, person_id=PERSON)
    return PERSON


def _health_book(secrets: Path) -> int:
    _found_book()
    found = read_health_book(actor=READER, reason=WHY, clock=JULY, person_id=PATIENT, purpose=Purpose.CLAIM)
    assert found.book
    return PATIENT


def _visit(secrets: Path) -> int:
    _found_book()
    visit = PATIENT * 100
    read_visit(actor=READER, reason=WHY, clock=JULY, person_id=PATIENT, visit_id=visit, purpose=Purpose.CLAIM)
    return PATIENT


def _found_book() -> None:
    found_places(connection.connection)
    add_whole_book(connection.connection, PATIENT)


def _papers(secrets: Path) -> int:
    _give_papers()
    purpose = Purpose.ADMINISTRATION
    found = read_papers(actor=READER, reason=WHY, clock=JULY, person_id=PATIENT, purpose=purpose)
    assert (len(found.referrals), len(found.appointments)) == (1, 1)
    return PATIENT


def _checked(secrets: Path) -> int:
    _give_papers()
    check_referral(actor=READER, reason=WHY, clock=at(2025, 6, 5), shown=shown())
    return PATIENT


def _used(secrets: Path) -> int:
    _give_papers()
    use_referral(actor=READER, reason=WHY, clock=at(2025, 6, 5), shown=shown())
    return PATIENT


def _printed_referral(secrets: Path) -> int:
    _give_papers()
    purpose = Purpose.ADMINISTRATION
    print_referral(
        actor=READER, reason=WHY, clock=JULY, person_id=PATIENT, referral_id=1, purpose=purpose, secrets=secrets
    )
    return PATIENT


def _printed_appointment(secrets: Path) -> int:
    _give_papers()
    purpose = Purpose.ADMINISTRATION
    print_appointment(
        actor=READER, reason=WHY, clock=JULY, person_id=PATIENT, appointment_id=1, purpose=purpose, secrets=secrets
    )
    return PATIENT


def _give_papers() -> None:
    found_facilities()
    execute(
        "INSERT INTO people_person (person_id, full_name, sex, province, commune, recorded_on) VALUES (%s, 'Hiền', 'F', '01', '00001', '2020-01-01')",
        [PATIENT],
    )
    take(referral(), slip())


def _download(secrets: Path, actor: Actor = READER) -> str:
    found_nation()
    tables = declared_fields()
    return make_download(actor=actor, reason=WHY, clock=JULY, person_id=PERSON, level=2, declared=tables)


def _made(secrets: Path) -> int:
    _download(secrets)
    return PERSON


def _fetched(secrets: Path) -> int:
    key = _download(secrets, actor_of_person(PERSON))
    fetch_download(actor=READER, reason=WHY, clock=JULY, person_id=PERSON, level=2, key=key)
    return PERSON


def _page(secrets: Path) -> int:
    found_nation()
    read_page(actor=READER, reason=WHY, person_id=PERSON, page="card")
    return PERSON


def _application(secrets: Path) -> int:
    settle_people()
    show_application(actor=READER, reason=WHY, clock=APPLIED, reference=submit().reference)
    return WIDOW


def _attachment(secrets: Path) -> int:
    settle_people()
    widow = actor_of_person(WIDOW)
    reference = save_draft(actor=widow, reason=WHY, clock=APPLIED, form=form())
    number_ = attach_file(
        actor=widow, reason=WHY, clock=APPLIED, reference=reference, paper="other", name="a.pdf", content=PLAIN_PDF
    )
    read_attachment(
        actor=READER,
        reason=WHY,
        clock=APPLIED,
        reference=reference,
        attachment_id=number_,
        purpose=Purpose.ADMINISTRATION,
    )
    return WIDOW


def _result(secrets: Path) -> int:
    settle_people()
    reference = submit().reference
    receive(reference)
    because = ("không đủ điều kiện", "no right to it")
    refuse_application(actor=HOA, reason=WHY, clock=APPLIED, reference=reference, because=because)
    issue_result(actor=READER, reason=WHY, clock=APPLIED, reference=reference, secrets=secrets)
    return WIDOW


def _settle_wallet() -> None:
    for statement in CARD_STATEMENTS:
        execute(statement)


def _card_shown(secrets: Path) -> int:
    _settle_wallet()
    show_card(actor=READER, reason=WHY, clocks=CLOCKS, person_id=CARD_PERSON, folder=secrets)
    return CARD_PERSON


def _credential(secrets: Path) -> int:
    _settle_wallet()
    offer = offered(CARD_PERSON, secrets, CredentialKind.HEALTH_CARD)
    code = credential_keys.code_of(offer.reference, secrets)
    token = redeem_code(actor=READER, reason=WHY, clock=CLOCKS.real, code=code, tx_code=offer.tx_code)
    assert token
    nonce = credential_keys.new_nonce(CLOCKS.real.now(), secrets)
    proofs = [proof(new_key(), nonce)]
    kind = CredentialKind.HEALTH_CARD
    issue_credential(actor=READER, reason=WHY, clocks=CLOCKS, token=token, kind=kind, proofs=proofs, folder=secrets)
    return CARD_PERSON


def _record(secrets: Path) -> int:
    found_nation()
    show_record(actor=READER, reason=WHY, clock=JULY, person_id=PERSON)
    return PERSON


def _permitted(secrets: Path) -> int:
    _settle_wallet()
    kinds, challenge = (CredentialKind.HEALTH_CARD,), "a" * 43
    wanted = asked.WalletRequest("vn.example.vi", "vn.example.vi:/papers", "", kinds, challenge)
    uri = asked.sealed(wanted, CLOCKS.real.now(), secrets)
    permit_wallet(
        actor=READER,
        reason=WHY,
        clocks=CLOCKS,
        person_id=CARD_PERSON,
        client_id=wanted.client_id,
        request_uri=uri,
        folder=secrets,
    )
    return CARD_PERSON


def _life_event(secrets: Path) -> int:
    settle_family()
    told = {"kind": "death", "subject": "1", "state": "filed", "content": {}, "received_at": MORNING.now()}
    LifeEventFile.objects.create(file_id=1, person_id=GRANDMOTHER, **told)
    show_life_event(actor=READER, reason=WHY, file_id=1)
    return GRANDMOTHER


def _data_request(secrets: Path) -> int:
    settle_family()
    asker = actor_of_person(GRANDMOTHER)
    number_ = file_data_request(
        actor=asker,
        reason=WHY,
        clock=MORNING,
        person_id=GRANDMOTHER,
        kind=RequestKind.CORRECT,
        about="hồ sơ",
        words="sai",
    )
    show_request(actor=READER, reason=WHY, request_id=number_)
    return GRANDMOTHER


READS: dict[str, Callable[[Path], int]] = {
    "audit.show_looks": _looks,
    "benefits.show_entitlements": _entitlements,
    "benefits.show_file": _file,
    "benefits.show_simulation": _simulation,
    "credentials.issue_credential": _credential,
    "credentials.permit_wallet": _permitted,
    "credentials.show_card": _card_shown,
    "disclosure.read_book": _health_book,
    "disclosure.read_visit": _visit,
    "lifeevents.show_file": _life_event,
    "overuse.note_other_person": _finding_of_two,
    "overuse.show_finding": _finding,
    "participation.export_book": _export,
    "participation.issue_statement": _statement,
    "participation.read_book": _book,
    "payments.story_of": _payment,
    "people.show_record": _record,
    "portal.read_page": _page,
    "reckoning.recovery_of": _recovery,
    "referrals.check_referral": _checked,
    "referrals.print_appointment": _printed_appointment,
    "referrals.print_referral": _printed_referral,
    "referrals.read_papers": _papers,
    "referrals.use_referral": _used,
    "rights.fetch_download": _fetched,
    "rights.make_download": _made,
    "rights.show_request": _data_request,
    "services.issue_result": _result,
    "services.read_attachment": _attachment,
    "services.show_application": _application,
}
# What is not looked at for the administration: officers open a health book only for a claim, and a paper that is shown for the referral.
PURPOSES = dict.fromkeys(("disclosure.read_book", "disclosure.read_visit"), "claim")
PURPOSES |= dict.fromkeys(
    (
        "credentials.issue_credential",
        "credentials.permit_wallet",
        "credentials.show_card",
        "portal.read_page",
        "rights.fetch_download",
        "rights.make_download",
    ),
    "own_record",
)
PURPOSES |= dict.fromkeys(("referrals.check_referral", "referrals.use_referral"), "referral")


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
    assert (look.purpose, look.result, look.key_kind) == (PURPOSES.get(name, "administration"), "answered", "record")
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
