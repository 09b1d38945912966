"""What the fund pays of a visit to the facility that asks: the law's formula, with what the card, the place and the day say.

Law 51/2024/QH15 art. 22; Decree 188/2025/NĐ-CP. What a clerk alone knows (the diagnosis, whether the patient stays) is told in all its cases.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ansinh.desk.adapters.gateway import Standing
from ansinh.rules.health_insurance import AREAS, Care, Path, Visit, ceiling_on, share_per_ten_thousand


@dataclass(frozen=True)
class WithoutSlip:
    """Shares, per ten thousand of the cost in scope, of who comes by no path; `high_score` where a facility's score or former level decides outpatient care."""

    inpatient: int
    outpatient: int
    high_score: int | None


@dataclass(frozen=True)
class Shares:
    """What the fund pays here, per ten thousand of the cost in scope: on the right path, and without (None: the law of that day, or the level, is unknown).

    `exempt_on`: since then this year's own payments are full; `ceiling`: đồng above which they will be, for who has five continuous years.
    """

    right: int
    without_slip: WithoutSlip | None = None
    exempt_on: date | None = None
    ceiling: int | None = None


def shares_at(level: str, standing: Standing, today: date) -> Shares:
    """Return the shares of a card at a facility of a level of care (`primary`, `basic`, `specialised`, or empty when nobody knows it)."""
    care = Care(level) if level in set(Care) else None
    try:
        right = _share(standing, Visit(today, Path.RIGHT, care or Care.BASIC))
    except LookupError:
        return Shares((standing.share_percent or 0) * 100)
    exempt_on = standing.copay.exempt_on if standing.copay else None
    if exempt_on and not (exempt_on <= today and exempt_on.year == today.year):
        exempt_on = None
    five_years = standing.five_years_on is not None and standing.five_years_on <= today
    without_slip = _without_slip(care, standing, today) if care else None
    return Shares(right, without_slip, exempt_on, ceiling_on(today) if five_years and not exempt_on else None)


def _without_slip(care: Care, standing: Standing, today: date) -> WithoutSlip | None:
    def share(*, inpatient: bool, high_score: bool = False) -> int:
        visit = Visit(today, Path.WRONG, care, inpatient, area=standing.area, high_score=high_score)
        return _share(standing, visit)

    try:
        outpatient, scored = share(inpatient=False), share(inpatient=False, high_score=True)
        return WithoutSlip(share(inpatient=True), outpatient, scored if scored != outpatient else None)
    except LookupError:
        return None


def lives_in_hard_area(standing: Standing) -> bool:
    """Tell whether the holder is paid inpatient care without a slip as on the right path, for where they live (art. 22(5))."""
    return standing.area in AREAS


def _share(standing: Standing, visit: Visit) -> int:
    exempt_on = standing.copay.exempt_on if standing.copay else None
    return share_per_ten_thousand(standing.benefit_level, visit, exempt_on)
