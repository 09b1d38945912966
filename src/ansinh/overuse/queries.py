"""Findings as officers read them: numbers of records, facilities, days and the reason; nothing about illness but a medicine's code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from ansinh.database.sql import rows
from ansinh.foundation.errors import NotFound
from ansinh.overuse.states import WORDS, FindingKind, FindingState

LINES_MAX = 1_000
_COLUMNS = "finding_no, kind, person_id, visit_id, other_person_id, other_visit_id, facility, other_facility, first_on, measure, subject, state"


@dataclass(frozen=True, slots=True)
class Finding:
    """Two visits that do not go together."""

    finding_no: int
    kind: FindingKind
    person_id: int
    visit_id: int
    other_person_id: int
    other_visit_id: int
    facility: str
    other_facility: str
    first_on: date
    measure: int
    subject: str | None
    state: FindingState

    @property
    def key(self) -> tuple[date, int, int]:
        """Return what orders the list, from which it goes on."""
        return self.first_on, self.measure, self.finding_no

    @property
    def why(self) -> tuple[str, str]:
        """Say in Vietnamese and English what was measured."""
        vi, en = WORDS[self.kind]
        told = {
            FindingKind.TWO_BEDS: (f"{self.measure} giờ", f"{self.measure} hours"),
            FindingKind.FAR_APART: (f"phải đi {self.measure} km/giờ", f"at {self.measure} km an hour"),
            FindingKind.MEDICINES_TWICE: (
                f"thuốc {self.subject}, trùng {self.measure} ngày",
                f"medicine {self.subject}, {self.measure} days twice",
            ),
            FindingKind.COPIED: (f"{self.measure} % kết quả", f"{self.measure} % of the results"),
        }[self.kind]
        return f"{vi}: {told[0]}", f"{en}: {told[1]}"


def _finding(line: tuple[Any, ...]) -> Finding:
    no, kind, person, visit, other_person, other_visit, facility, other_facility, first_on, measure, subject, state = (
        line
    )
    return Finding(
        finding_no=no,
        kind=FindingKind(kind),
        person_id=person,
        visit_id=visit,
        other_person_id=other_person,
        other_visit_id=other_visit,
        facility=facility,
        other_facility=other_facility,
        first_on=first_on,
        measure=measure,
        subject=subject,
        state=FindingState(state),
    )


def findings(
    *,
    kind: FindingKind | None = None,
    state: FindingState | None = FindingState.OPEN,
    after: tuple[date, int, int] | None = None,
    limit: int = 100,
) -> list[Finding]:
    """Return findings, the most telling first within the newest day; at most `LINES_MAX`. `after`: the `key` of the last one of the page before."""
    day, measure, number = after or (None, None, None)
    found = rows(
        f"SELECT {_COLUMNS} FROM overuse_finding WHERE (%(kind)s::text IS NULL OR kind = %(kind)s) AND (%(state)s::text IS NULL OR state = %(state)s) "
        "AND (%(day)s::date IS NULL OR (first_on, measure) < (%(day)s, %(measure)s) OR (first_on, measure) = (%(day)s, %(measure)s) "
        "AND finding_no > %(number)s) "
        "ORDER BY first_on DESC, measure DESC, finding_no LIMIT %(limit)s",
        {
            "kind": kind and kind.value,
            "state": state and state.value,
            "day": day,
            "measure": measure,
            "number": number,
            "limit": min(limit, LINES_MAX),
        },
    )
    return [_finding(tuple(line)) for line in found]


def finding_of(finding_no: int) -> Finding:
    """Return one finding; raises NotFound."""
    found = rows(f"SELECT {_COLUMNS} FROM overuse_finding WHERE finding_no = %s", [finding_no])
    if not found:
        raise NotFound(
            f"Không có phát hiện số {finding_no}. Xem danh sách: ansinh healthbook overuse list.",
            f"There is no finding {finding_no}. See the list: ansinh healthbook overuse list.",
        )
    return _finding(tuple(found[0]))


def summary() -> list[tuple[FindingKind, FindingState, int]]:
    """Return how many findings there are of each kind and state."""
    found = rows("SELECT kind, state, count(*) FROM overuse_finding GROUP BY 1, 2 ORDER BY 1, 2")
    return [(FindingKind(kind), FindingState(state), int(count)) for kind, state, count in found]
