"""A few people with contributions, the two officers who decide their files, and short ways to ask them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from ansinh.access.roles import BenefitApprover, BenefitOfficer
from ansinh.benefits.file_states import FileKind
from ansinh.benefits.filing import Asked
from ansinh.benefits.operations.applications import Filed, file_application, state_facts, withdraw_application
from ansinh.benefits.operations.deciding import Decided, decide_application, prepare_decision
from ansinh.database.sql import execute
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import VIET_NAM, FixedClock

HOA = Actor(ActorKind.OFFICER, "hanoi.hoa", BenefitOfficer.permissions)
DUC = Actor(ActorKind.OFFICER, "hanoi.duc", BenefitApprover.permissions)
HOA_WITH_BOTH_ROLES = Actor(ActorKind.OFFICER, "hanoi.hoa", BenefitOfficer.permissions | BenefitApprover.permissions)
REASON = "thử"
LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)

# A woman of 56 years and 8 months in July 2025, a man and his family, a worker, somebody of 76.
WOMAN, HUSBAND, WIDOW, CHILD, BABY, WORKER, OLD = 101, 102, 103, 104, 105, 106, 107
_PEOPLE = (
    (WOMAN, "F", 1968, 11, 20),
    (HUSBAND, "M", 1975, 3, 2),
    (WIDOW, "F", 1980, 6, 1),
    (CHILD, "M", 2012, 9, 9),
    (BABY, "F", 2018, 1, 30),
    (WORKER, "M", 1990, 2, 14),
    (OLD, "F", 1949, 5, 5),
)


def at(day: int, month: int = 7, hour: int = 9) -> FixedClock:
    """A clock at an hour of a day of 2025."""
    return FixedClock(datetime(2025, month, day, hour, tzinfo=VIET_NAM))


TODAY = at(15)


def settle() -> None:
    """Let the people live, with their contributions and the holidays of two years."""
    for person, sex, year, month, day in _PEOPLE:
        execute(
            "INSERT INTO people_person (person_id, full_name, sex, birth_year, birth_month, birth_day, commune, province, recorded_on) "
            "VALUES (%s, 'Người Thử', %s, %s, %s, %s, '00004', '01', '2020-01-01')",
            [person, sex, year, month, day],
        )
    execute(
        "INSERT INTO participation_employer (employer_id, code, name, kind, province, commune, region) "
        "VALUES (1, 'E1', 'Công ty Thử', 'enterprise', '01', '00004', 1)"
    )
    pay(WOMAN, 200001, 201001, 4_000_000)
    pay(WOMAN, 201001, 202507, 9_000_000)
    pay(HUSBAND, 200501, 202506, 8_000_000)
    pay(WORKER, 202001, 202506, 10_000_000)
    for day_off in ("2024-01-01", "2025-04-30", "2025-05-01", "2025-09-01", "2025-09-02", "2026-01-01"):
        execute(
            "INSERT INTO places_holiday (day, kind, vi, en, basis, certainty) VALUES (%s, 'holiday', 'Nghỉ', 'Off', 'law', 'law')",
            [day_off],
        )


_spans = iter(range(1, 10**9))


def pay(person: int, start: int, end: int | None, wage: int, **more: Any) -> None:
    """Let a person have paid from a month until another (out)."""
    plain = {"scheme": "compulsory", "unemployment": start >= 200901, "employer_id": 1, "recorded_at": LONG_AGO} | more
    execute(
        f"INSERT INTO participation_span (person_id, span_id, from_month, until_month, wage, {', '.join(plain)}) "
        f"VALUES (%s, %s, %s, %s, %s, {', '.join(['%s'] * len(plain))})",
        [person, next(_spans), start, end, wage, *plain.values()],
    )


def die(person: int, on: date) -> None:
    """Let the record say that a person died."""
    execute("UPDATE people_person SET died_on = %s WHERE person_id = %s", [on, person])


def file(kind: FileKind, person: int, clock: FixedClock = TODAY, **asked: Any) -> Filed:
    """Hoa takes a file in."""
    return file_application(
        actor=HOA, reason=REASON, clock=clock, asked=Asked(kind, person, **{"filed_at": clock.at, **asked})
    )


def state(filed: Filed, clock: FixedClock = TODAY, awaiting: str | None = None, **stated: Any) -> Filed:
    """Hoa writes down what the applicant states."""
    return state_facts(
        actor=HOA, reason=REASON, clock=clock, application=filed.application_id, stated=stated, awaiting=awaiting
    )


def prepare(filed: Filed, clock: FixedClock = TODAY) -> Decided:
    """Hoa prepares the decision."""
    return prepare_decision(actor=HOA, reason=REASON, clock=clock, application=filed.application_id)


def decide(filed: Filed, clock: FixedClock = TODAY, by: Actor = DUC, send_back: str | None = None) -> Decided:
    """Duc approves it, or sends it back."""
    return decide_application(
        actor=by, reason=REASON, clock=clock, application=filed.application_id, send_back=send_back
    )


def withdraw(filed: Filed, clock: FixedClock = TODAY) -> Filed:
    """Hoa closes a file the applicant wants no more."""
    return withdraw_application(actor=HOA, reason=REASON, clock=clock, application=filed.application_id)


def later(clock: FixedClock, days: int) -> FixedClock:
    """The same hour some days later."""
    return FixedClock(clock.at + timedelta(days=days))
