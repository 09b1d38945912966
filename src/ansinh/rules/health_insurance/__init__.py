"""Formulas of health insurance: who is covered from when until when, which share the fund pays, and when it pays all. Periods are half-open."""

from ansinh.rules.health_insurance.continuity import (
    Continuity,
    Stretch,
    continuity_on,
    continuous_since,
    cover_starts_on,
    five_years_on,
)
from ansinh.rules.health_insurance.copayments import Ceiling, Copayment, ceiling_on, exempt_from, year_total
from ansinh.rules.health_insurance.numbers import (
    AREAS,
    EMPLOYED_OBJECT_CODES,
    MANAGED_BY_POLICE,
    NEWBORN_LEVEL,
    NEWBORN_OBJECT_CODE,
    PUPIL_OBJECT_CODE,
    managed_status,
    newborn_facility,
    temporary_number,
)
from ansinh.rules.health_insurance.shares import Care, Path, Visit, is_small_bill, share_per_ten_thousand
from ansinh.rules.health_insurance.terms import (
    change_window_open,
    child_card_until,
    next_change_window,
    paid_in_hospital_until,
    pupil_card_from,
    pupil_card_until,
    window_closes,
)

__all__ = [
    "AREAS",
    "EMPLOYED_OBJECT_CODES",
    "MANAGED_BY_POLICE",
    "NEWBORN_LEVEL",
    "NEWBORN_OBJECT_CODE",
    "PUPIL_OBJECT_CODE",
    "Care",
    "Ceiling",
    "Continuity",
    "Copayment",
    "Path",
    "Stretch",
    "Visit",
    "ceiling_on",
    "change_window_open",
    "child_card_until",
    "continuity_on",
    "continuous_since",
    "cover_starts_on",
    "exempt_from",
    "five_years_on",
    "is_small_bill",
    "managed_status",
    "newborn_facility",
    "next_change_window",
    "paid_in_hospital_until",
    "pupil_card_from",
    "pupil_card_until",
    "share_per_ten_thousand",
    "temporary_number",
    "window_closes",
    "year_total",
]
