"""Which share of a visit's cost in scope the fund pays (Law 51/2024/QH15 art. 22; Decree 188/2025/NĐ-CP)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ansinh.rules.health_insurance.numbers import AREAS
from ansinh.rules.law import amount

PER_TEN_THOUSAND = 10_000


class Path(StrEnum):
    """How a patient came. A listed grave disease and an emergency count as the right path anywhere."""

    RIGHT = "right"
    WRONG = "wrong"
    EMERGENCY = "emergency"
    LISTED_DISEASE = "listed_disease"


class Care(StrEnum):
    """A facility's level of technical care."""

    PRIMARY = "primary"
    BASIC = "basic"
    SPECIALISED = "specialised"


@dataclass(frozen=True, slots=True)
class Visit:
    """What decides the share besides the card: day, path, place, cost in scope in đồng (None: not known yet), the patient's area."""

    day: date
    path: Path
    care: Care
    inpatient: bool = False
    cost: int | None = None
    area: str | None = None
    high_score: bool = False
    """The facility scored 50 to below 70 points, or was of provincial or central level before 2025."""


def is_small_bill(cost: int, day: date) -> bool:
    """Tell whether a visit's cost, in đồng, is below the part of the reference level under which the fund pays all."""
    return cost * 100 < amount("health_insurance.copayment.small_bill_per_cent", day) * amount(
        "pay.reference_level", day
    )


def share_per_ten_thousand(level: int, visit: Visit, exempt_on: date | None = None) -> int:
    """Return the fund's share of the cost in scope, per ten thousand, for a card of a benefit level; `exempt_on` is the day co-payments ended this year.

    On the right path small bills, primary care and whoever is over the ceiling are paid whole, others by level. On the wrong path a part of the level's
    share, by the facility's level of care; residents of hard areas and islands are paid inpatient care as on the right path. Raises LookupError for a level
    or a day the law does not know.
    """
    by_level = amount(f"health_insurance.share.level_{level}", visit.day) if 1 <= level <= 5 else None
    if by_level is None:
        raise LookupError(f"there is no benefit level {level}")
    if visit.path is not Path.WRONG or (visit.area in AREAS and visit.inpatient):
        whole = (
            visit.care is Care.PRIMARY
            or (visit.cost is not None and is_small_bill(visit.cost, visit.day))
            or (exempt_on is not None and exempt_on <= visit.day and exempt_on.year == visit.day.year)
        )
        return PER_TEN_THOUSAND if whole else by_level * 100
    return by_level * amount(f"health_insurance.wrong_path.{_wrong_path(visit)}", visit.day)


def _wrong_path(visit: Visit) -> str:
    if visit.care is Care.PRIMARY:
        return "primary"
    kind = f"{visit.care}_{'inpatient' if visit.inpatient else 'outpatient'}"
    return f"{kind}_high_score" if kind == "basic_outpatient" and visit.high_score else kind
