"""From social-insurance code to personal identification number: how far each province is, and who is left and why.

Armed forces and relatives are left out: their own offices keep their numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ansinh.database.sql import rows


@dataclass(frozen=True, slots=True)
class SwitchedProvince:
    """Holders of an SI code in a province, and how many of them have their PIN."""

    province: str
    holders: int
    with_pin: int

    @property
    def share(self) -> float | None:
        """Return the share with a PIN, in percent."""
        return round(100 * self.with_pin / self.holders, 2) if self.holders else None


@dataclass(frozen=True, slots=True)
class WithoutNumber:
    """Holders of an SI code without a PIN in a province, by what comparing with the register showed; no verdict: not compared yet."""

    province: str
    verdict: str | None
    rule: str | None
    persons: int


def switch_by_province() -> list[SwitchedProvince]:
    """Return the progress of every province, in the order of their codes; merged records count with their survivor."""
    found = rows(
        """
        SELECT p.province, count(DISTINCT person_id), count(DISTINCT person_id) FILTER (WHERE pin IS NOT NULL)
        FROM people_crosswalk_v1 JOIN people_person p USING (person_id) WHERE p.excluded IS NULL GROUP BY 1 ORDER BY 1
        """
    )
    return [SwitchedProvince(str(province), int(holders), int(with_pin)) for province, holders, with_pin in found]


def excluded_by_province(at: datetime) -> dict[str, int]:
    """Return how many records were counted apart at a moment (armed forces and relatives), by province."""
    found = rows(
        """
        SELECT p.province, count(*) FROM people_verdict v JOIN people_person p USING (person_id)
        WHERE v.verdict = 'excluded' AND v.decided_at <= %(at)s AND (v.superseded_at IS NULL OR v.superseded_at > %(at)s) GROUP BY 1
        """,
        {"at": at},
    )
    return {str(province): int(persons) for province, persons in found}


def numbers_missing(province: str | None = None) -> list[WithoutNumber]:
    """Return who has no PIN yet and why, the most frequent first, of one province or all."""
    found = rows(
        """
        SELECT x.province, v.verdict, v.rule, count(DISTINCT x.person_id) FROM people_crosswalk_v1 x
        JOIN people_person p ON p.person_id = x.person_id AND p.excluded IS NULL
        LEFT JOIN people_verdict v ON v.person_id = x.person_id AND v.superseded_at IS NULL
        WHERE x.pin IS NULL AND (%(province)s::text IS NULL OR x.province = %(province)s)
        GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3
        """,
        {"province": province},
    )
    return [WithoutNumber(*one) for one in found]
