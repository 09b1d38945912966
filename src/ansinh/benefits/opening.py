"""How an entitlement begins: from a decision, in the decision's own transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ansinh.benefits.states import ONE_OFF, Cause, CorrectionCause, Kind
from ansinh.benefits.timeline import Place, begun
from ansinh.benefits.writing import Mark, Written, hold, one_of_many, write
from ansinh.database.sql import execute, number, row
from ansinh.foundation.period import Month


@dataclass(frozen=True, slots=True)
class NewEntitlement:
    """What a decision grants: who is paid, of what kind, from which month (until which, out), how much in đồng, where, by which act.

    `amount` is that of the first month; general adjustments after it are applied here. `explanation` is JSON to keep with the first version.
    """

    person_id: int
    kind: Kind
    decision_id: int
    insured_person_id: int
    opened_on: date
    from_month: int
    amount: int
    place: Place
    act: str
    until_month: int | None = None
    explanation: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """The entitlement, and what writing it did; nothing where the decision had opened it before."""

    entitlement_id: int
    written: Written | None


def open_entitlement(new: NewEntitlement, moment: datetime) -> Opened:
    """Open an entitlement from a decision, once a decision and kind; months that were frozen already become arrears."""
    one_of_many()
    execute("SELECT pg_advisory_xact_lock(hashtextextended('benefits.person', %s))", [new.person_id])
    known = row(
        "SELECT entitlement_id FROM benefits_entitlement WHERE person_id = %s AND decision_id = %s AND kind = %s",
        [new.person_id, new.decision_id, new.kind.value],
    )
    if known:
        return Opened(int(known[0]), None)
    entitlement_id = number("SELECT nextval('benefits_entitlement_number')")
    execute(
        """
        INSERT INTO benefits_entitlement (person_id, entitlement_id, kind, insured_person_id, decision_id, opened_on, owed_from, recorded_at)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
        """,
        [
            new.person_id,
            entitlement_id,
            new.kind.value,
            new.insured_person_id,
            new.decision_id,
            new.opened_on,
            new.from_month,
            moment,
        ],
    )
    held = hold(new.person_id, entitlement_id)
    life = begun(new.from_month, new.amount, new.place, _until(new))
    mark = Mark(Cause.GRANT, CorrectionCause.GRANT, new.act, new.from_month, moment, facts=new.explanation)
    return Opened(entitlement_id, write(held, life, mark))


def _until(new: NewEntitlement) -> int | None:
    """Return the term: what is paid once lasts one month."""
    return Month.of(new.from_month).plus(1).number() if new.kind in ONE_OFF else new.until_month
