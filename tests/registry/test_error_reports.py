"""Telling the register where it looks wrong: its replies are applied, its corrections come as events, both open lists agree."""

from __future__ import annotations

import uuid

import pytest

from ansinh.database.sql import rows
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.registry import procedures, queries
from ansinh.registry.exchange import Report
from ansinh.registry.operations import report_error
from tests.registry.registers import Known, SmallRegister, copied, mirrored, pulled

KNOWN = Known()
ABSENT = "999999999999"


@pytest.fixture
def mirror(db: None, register: SmallRegister) -> SmallRegister:
    """A register that was copied."""
    copied(register, KNOWN)
    return register


def reported(pin: str, field: str, stated: str, evidence: str) -> uuid.UUID:
    return report_error(
        actor=KNOWN.actor,
        reason="giấy tờ gốc",
        clock=KNOWN.clock,
        pin=pin,
        field=field,
        stated=stated,
        evidence=evidence,
    )


def exchanged(register: SmallRegister) -> int:
    with register.exchange() as source:
        return procedures.exchange_reports(actor=KNOWN.actor, reason=KNOWN.reason, clock=KNOWN.clock, source=source)


def state_of(reference: uuid.UUID) -> str:
    ((state,),) = rows("SELECT state FROM registry_error_report WHERE reference = %s", [reference])
    return str(state)


def test_a_report_with_a_certificate_is_corrected_and_the_correction_comes_as_an_event(mirror: SmallRegister) -> None:
    pin = min(mirrored())
    reference = reported(pin, "birth_date", "1951-03-02", "birth_certificate")
    assert state_of(reference) == "reported"
    exchanged(mirror)
    assert state_of(reference) == "corrected"
    assert mirrored()[pin].birth_date != "1951-03-02"
    pulled(mirror, KNOWN)
    assert mirrored()[pin].birth_date == "1951-03-02"
    assert mirrored() == mirror.people()
    ((event_id, kind),) = rows("SELECT event_id, kind FROM registry_event")
    assert kind == "correction"
    assert rows("SELECT event_id FROM registry_error_report") == [(event_id,)]


def test_a_report_on_somebodys_word_is_confirmed_and_changes_nothing(mirror: SmallRegister) -> None:
    pin, before = min(mirrored()), mirrored()
    reference = reported(pin, "full_name", "Ai Đó", "officer_statement")
    exchanged(mirror)
    pulled(mirror, KNOWN)
    assert state_of(reference) == "confirmed"
    assert mirrored() == before


def test_a_report_about_nobody_the_register_knows_is_unknown(mirror: SmallRegister) -> None:
    pin = min(mirrored())
    reference = reported(pin, "sex", "M", "birth_certificate")
    rows("UPDATE registry_error_report SET pin = %s RETURNING 1", [ABSENT])
    exchanged(mirror)
    assert state_of(reference) == "unknown"


def test_a_report_the_register_has_to_look_at_stays_open_on_both_sides(mirror: SmallRegister) -> None:
    reference = reported(min(mirrored()), "full_name", "Ai Đó", "identity_document")
    exchanged(mirror)
    assert exchanged(mirror) == 0
    assert state_of(reference) == "sent"
    with mirror.exchange() as source:
        theirs = [reply.reference for reply in source.open_reports()]
    assert theirs == [str(reference)] == [str(one.reference) for one in queries.reports_in("sent", 10)]


def test_a_report_sent_twice_is_one_report(mirror: SmallRegister) -> None:
    pin = min(mirrored())
    first = reported(pin, "birth_date", "1951-03-02", "birth_certificate")
    assert reported(pin, "birth_date", "1951-03-02", "birth_certificate") == first
    with mirror.exchange() as source:
        # The register took the report and we died before we heard.
        source.report([Report(str(first), pin, "birth_date", "1951-03-02", "birth_certificate")])
    exchanged(mirror)
    pulled(mirror, KNOWN)
    assert state_of(first) == "corrected"
    assert len(mirror.told()) == 1


@pytest.mark.parametrize(
    ("field", "stated", "evidence"),
    [
        ("pin", "000000000001", "birth_certificate"),
        ("sex", "X", "birth_certificate"),
        ("birth_date", "1951-3-2", "birth_certificate"),
        ("full_name", "<b>", "birth_certificate"),
        ("full_name", "", "birth_certificate"),
        ("sex", "M", "rumour"),
    ],
)
def test_a_report_the_register_could_not_take_is_refused(
    mirror: SmallRegister, field: str, stated: str, evidence: str
) -> None:
    with pytest.raises(InvalidInput):
        reported(min(mirrored()), field, stated, evidence)
    assert rows("SELECT 1 FROM registry_error_report") == []


def test_a_report_about_a_number_we_never_heard_of_is_refused(mirror: SmallRegister) -> None:
    with pytest.raises(NotFound):
        reported(ABSENT, "sex", "M", "birth_certificate")


def test_a_reply_about_a_settled_report_changes_nothing(mirror: SmallRegister) -> None:
    reference = reported(min(mirrored()), "full_name", "Ai Đó", "officer_statement")
    exchanged(mirror)
    assert exchanged(mirror) == 0
    assert state_of(reference) == "confirmed"
