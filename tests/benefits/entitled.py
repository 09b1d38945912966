"""A few people with entitlements, and what officers do to them, by a clock that moves."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from ansinh.access.roles import all_permissions
from ansinh.benefits import operations
from ansinh.benefits.opening import NewEntitlement, open_entitlement
from ansinh.benefits.operations import Changed, Content, FrozenMonth, On
from ansinh.benefits.states import ChangeKind, EndedBecause, Kind, Scope, SuspendedBecause
from ansinh.benefits.timeline import Place
from ansinh.database.sql import execute, number, row, rows
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import VIET_NAM, FixedClock

PREPARES = Actor(ActorKind.OFFICER, "1", all_permissions())
APPROVES = Actor(ActorKind.OFFICER, "2", all_permissions())
REASON = "thử"
HANOI = Place("01", "00004", True)
DECREE = "162/2026/NĐ-CP"

_keys = iter(range(1, 10**9))


class Office:
    """The benefit office: a clock, and the verbs of the room in short."""

    def __init__(self, today: date) -> None:
        self.now = datetime(today.year, today.month, today.day, 9, tzinfo=VIET_NAM)

    @property
    def clock(self) -> FixedClock:
        """Return the clock."""
        return FixedClock(self.now)

    def later(self, **more: float) -> None:
        """Let time pass."""
        self.now += timedelta(**more)

    def opened(self, person: int, amount: int, month: int, kind: Kind = Kind.PENSION, **more: Any) -> int:
        """Open an entitlement from a decision of its own."""
        plain: dict[str, Any] = {
            "opened_on": date(month // 100, month % 100, 1),
            "decision_id": next(_keys),
            "place": HANOI,
        }
        new = NewEntitlement(
            person_id=person,
            kind=kind,
            insured_person_id=person,
            from_month=month,
            amount=amount,
            act="QĐ 1",
            **{**plain, **more},
        )
        return open_entitlement(new, self.now).entitlement_id

    def suspend(
        self, person: int, entitlement: int, month: int, because: SuspendedBecause = SuspendedBecause.UNLAWFUL_EXIT
    ) -> Changed:
        """Suspend payment."""
        return self.change(person, entitlement, month, Content(ChangeKind.SUSPEND, because.value))

    def end(self, person: int, entitlement: int, month: int, because: EndedBecause = EndedBecause.DEATH) -> Changed:
        """End a right."""
        return self.change(person, entitlement, month, Content(ChangeKind.END, because.value))

    def transfer(self, person: int, entitlement: int, month: int, place: Place) -> Changed:
        """Move a payee."""
        return self.change(person, entitlement, month, Content(ChangeKind.TRANSFER, place=place))

    def resume(self, person: int, entitlement: int, month: int) -> Changed:
        """Resume payment, prepared by one and approved by another."""
        return self.by_two(person, entitlement, month, Content(ChangeKind.RESUME))

    def reinstate(self, person: int, entitlement: int, month: int) -> Changed:
        """Take an end back."""
        return self.by_two(person, entitlement, month, Content(ChangeKind.REINSTATE))

    def recalculate(self, person: int, entitlement: int, month: int, amount: int) -> Changed:
        """Let an amount be another from a month on."""
        return self.by_two(
            person, entitlement, month, Content(ChangeKind.RECALCULATE, amount=amount, facts='{"steps": []}')
        )

    def change(self, person: int, entitlement: int, month: int, content: Content, key: str | None = None) -> Changed:
        """Do at once what one officer may."""
        return operations.change_entitlement(
            actor=PREPARES,
            reason=REASON,
            clock=self.clock,
            on=self.on(person, entitlement, month, key),
            content=content,
        )

    def prepare(self, person: int, entitlement: int, month: int, content: Content, key: str | None = None) -> Changed:
        """Prepare what takes two."""
        return operations.prepare_change(
            actor=PREPARES,
            reason=REASON,
            clock=self.clock,
            on=self.on(person, entitlement, month, key),
            content=content,
        )

    def by_two(self, person: int, entitlement: int, month: int, content: Content) -> Changed:
        """Prepare and approve."""
        prepared = self.prepare(person, entitlement, month, content)
        return operations.approve_change(
            actor=APPROVES, reason=REASON, clock=self.clock, person_id=person, change_id=prepared.change_id
        )

    def on(self, person: int, entitlement: int, month: int, key: str | None = None) -> On:
        """Name an entitlement and a month, with a request key of its own."""
        return On(person, entitlement, month, "QĐ 2", key or f"k{next(_keys)}")

    def freeze(self, month: int) -> FrozenMonth:
        """Freeze a month."""
        return operations.freeze_month(actor=PREPARES, reason=REASON, clock=self.clock, month=month)

    def decree(self, month: int = 202607, scope: Scope = Scope.PENSIONS, act: str = DECREE) -> None:
        """Prepare and approve a general adjustment."""
        operations.prepare_adjustment(
            actor=PREPARES, reason=REASON, clock=self.clock, month=month, scope=scope, act=act
        )
        operations.approve_adjustment(actor=APPROVES, reason=REASON, clock=self.clock, month=month, scope=scope)

    def adjust(self, month: int = 202607, scope: Scope = Scope.PENSIONS, people: tuple[int, int] = (0, 10**6)) -> int:
        """Work an adjustment through; returns how many versions it wrote."""
        return operations.adjust_range(
            actor=PREPARES,
            reason=REASON,
            clock=self.clock,
            month=month,
            scope=scope,
            from_person=people[0],
            until_person=people[1],
        ).versions


def versions(person: int, entitlement: int) -> list[tuple[int, int, str]]:
    """Return what is known of an entitlement now: month, amount, state."""
    return [
        (int(month), int(amount), str(state))
        for month, amount, state in rows(
            "SELECT valid_from, CASE WHEN state = 'ended' THEN 0 ELSE amount END, state FROM benefits_version"
            " WHERE person_id = %s AND entitlement_id = %s AND superseded_at IS NULL ORDER BY 1",
            [person, entitlement],
        )
    ]


def corrections(person: int) -> list[tuple[int, int]]:
    """Return a person's corrections: month and amount, in the order of months and numbers."""
    return [
        (int(month), int(amount))
        for month, amount in rows(
            "SELECT month, amount FROM benefits_correction WHERE person_id = %s ORDER BY month, correction_no", [person]
        )
    ]


def given(person: int) -> dict[int, int]:
    """Return what was frozen and corrected of each month of a person, where that is not nothing."""
    found = rows(
        "SELECT month, sum(amount) FROM (SELECT month, amount FROM benefits_frozen WHERE person_id = %(p)s AND correction = 0"
        " UNION ALL SELECT month, amount FROM benefits_correction WHERE person_id = %(p)s) AS told GROUP BY month HAVING sum(amount) <> 0 ORDER BY 1",
        {"p": person},
    )
    return {int(month): int(amount) for month, amount in found}


def count(table: str) -> int:
    """Return how many rows a table has."""
    return number(f"SELECT count(*) FROM {table}")


def add_person(person: int, **columns: Any) -> int:
    """Insert an insured record."""
    made = {
        "full_name": "Nguyễn Văn An", "sex": "M", "birth_year": 1960, "birth_month": 5, "birth_day": 4, "commune": "00004", "province": "01",
        "recorded_on": date(2015, 1, 1), **columns, "person_id": person,
    }  # fmt: skip
    execute(
        f"INSERT INTO people_person ({', '.join(made)}) VALUES ({', '.join(['%s'] * len(made))})", list(made.values())
    )
    return person


def sum_frozen_in(month: int) -> int:
    """Return what a freeze handed over, in đồng."""
    found = row("SELECT coalesce(sum(amount), 0) FROM benefits_owed_v1 WHERE frozen_in = %s", [month])
    return int(found[0]) if found else 0
