"""Asking about many numbers at once: taken now, answered later, each answer taken in once, whoever dies in between."""

from __future__ import annotations

import pytest

from ansinh.database.sql import execute, number, rows
from ansinh.foundation.errors import PartnerTrouble
from ansinh.registry import operations, procedures, queries
from ansinh.registry.operations import inquiring
from tests.registry.conftest import UNTIL
from tests.registry.registers import Known, SmallRegister, broken, copied, mirrored, pulled

KNOWN = Known()


@pytest.fixture
def asked(db: None, register: SmallRegister, monkeypatch: pytest.MonkeyPatch) -> SmallRegister:
    """A register that lived since it was copied, and inquiries of a hundred numbers each about everybody it knew."""
    monkeypatch.setattr(inquiring, "PINS_AN_INQUIRY", 100)
    copied(register, KNOWN)
    register.live(UNTIL, intensity=20)
    pins = [*mirrored(), "999999999999"]
    noted = operations.note_inquiries(actor=KNOWN.actor, reason=KNOWN.reason, clock=KNOWN.clock, pins=pins)
    assert noted == -(-len(pins) // 100)
    return register


def settled(register: SmallRegister) -> int:
    with register.exchange() as source:
        return procedures.settle_inquiries(actor=KNOWN.actor, reason=KNOWN.reason, clock=KNOWN.clock, source=source)


def test_answers_bring_the_mirror_up_to_date_and_the_feed_adds_only_what_they_could_not(asked: SmallRegister) -> None:
    before, theirs = mirrored(), asked.people()
    changed = settled(asked)
    assert changed == sum(theirs[pin] != record for pin, record in before.items()) > 50
    assert mirrored() == {pin: theirs[pin] for pin in before}
    assert rows("SELECT DISTINCT pins::text FROM registry_inquiry") == [("[]",)]
    pulled(asked, KNOWN)
    assert mirrored() == theirs
    assert set(queries.count_events()) == {"applied", "contained", "undone"}
    assert not broken()


def test_inquiries_cut_off_go_on_with_those_unanswered(asked: SmallRegister) -> None:
    class Died(Exception):
        """Killed between two answers."""

    def die_at_the_third(numbers: int) -> None:
        if number("SELECT count(*) FROM registry_inquiry WHERE answered_at IS NOT NULL") == 3:
            raise Died

    with asked.exchange() as source, pytest.raises(Died):
        procedures.settle_inquiries(
            actor=KNOWN.actor, reason=KNOWN.reason, clock=KNOWN.clock, source=source, progress=die_at_the_third
        )
    unanswered = len(queries.unanswered_inquiries(100))
    assert unanswered == number("SELECT count(*) FROM registry_inquiry") - 3
    # The register, too, is another process by now: what it had taken it still has.
    settled(asked)
    assert queries.unanswered_inquiries(100) == []
    assert len(asked.rows("SELECT 1 FROM inquiry")) == unanswered + 3


def test_an_answer_that_comes_twice_changes_nothing(asked: SmallRegister) -> None:
    (first, *_) = queries.unanswered_inquiries(1)
    settled(asked)
    before, healed = mirrored(), number("SELECT count(*) FROM registry_healing")
    execute("UPDATE registry_inquiry SET answered_at = answered_at")
    changed = operations.take_answer(
        actor=KNOWN.actor,
        reason=KNOWN.reason,
        clock=KNOWN.clock,
        transaction_id=first.transaction_id,
        records=list(before.values())[:5],
        feed_no=10**6,
    )
    assert changed == 0
    assert (mirrored(), number("SELECT count(*) FROM registry_healing")) == (before, healed)


def test_the_same_transaction_with_other_numbers_is_refused(asked: SmallRegister) -> None:
    pin = min(mirrored())
    with asked.exchange() as source:
        source.inquire("t-1", [pin])
        source.inquire("t-1", [pin])
        with pytest.raises(PartnerTrouble, match=r"rjct\.transaction_id\.duplicate"):
            source.inquire("t-1", ["999999999999"])
        with pytest.raises(PartnerTrouble, match=r"rjct\.transaction_id\.unknown"):
            source.inquiry_answer("t-2", [pin])
