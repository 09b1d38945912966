"""How long cards run, and when the registered facility may change."""

from __future__ import annotations

from datetime import date, timedelta

from ansinh.rules.law import amount, parameters

_MONTHS_A_YEAR = 12
_QUARTER_MONTHS = 3


def _month_start(months: int) -> date:
    """Return the first day of a month counted since year 0."""
    return date(months // _MONTHS_A_YEAR, months % _MONTHS_A_YEAR + 1, 1)


def child_card_until(born_on: date) -> date:
    """Return the first day a child's card no longer runs (Law 46/2014/QH13 on art. 16(3); Decree 188/2025/NĐ-CP art. 13(2)).

    Born by 30 September: until the end of September of the year of 72 months; born later: until the end of the month of 72 months. Whose day or month
    of birth is unknown is told by the caller as born on the first.
    """
    born_month = born_on.year * _MONTHS_A_YEAR + born_on.month - 1
    age_months = _at_birth("health_insurance.child_card.age_months", born_on)
    school_month = _at_birth("health_insurance.child_card.school_month", born_on)
    of_age = born_month + age_months
    school = of_age // _MONTHS_A_YEAR * _MONTHS_A_YEAR + school_month - 1
    return _month_start(max(of_age, school) + 1)


def _at_birth(name: str, born_on: date) -> int:
    """The law at birth, when the card is issued; who was born before the rule came under it when it began."""
    return amount(name, max(born_on, parameters()[name].history[0].day))


def pupil_card_from(born_on: date) -> date:
    """Return the day the card of a pupil of class 1 begins: when the child's has run out, without a gap (Decree 188/2025/NĐ-CP art. 13(2))."""
    return child_card_until(born_on)


def pupil_card_until(valid_from: date) -> date:
    """Return the first day a pupil's first card no longer runs: pupils' cards run to the end of the calendar year (Decree 188/2025/NĐ-CP art. 13)."""
    return date(valid_from.year + 1, 1, 1)


def paid_in_hospital_until(valid_until: date, admitted_on: date) -> date:
    """Return the first day the fund no longer pays for who lies in hospital since `admitted_on` with a card that runs until `valid_until`.

    A card that lapses during the stay is honoured some days more (Decree 146/2018/NĐ-CP art. 27; Decree 188/2025/NĐ-CP); one that had lapsed before is not.
    """
    if admitted_on >= valid_until:
        return valid_until
    return valid_until + timedelta(days=amount("health_insurance.lapse.hospital_days_max", valid_until))


def _quarter_start(day: date) -> date:
    return date(day.year, (day.month - 1) // _QUARTER_MONTHS * _QUARTER_MONTHS + 1, 1)


def change_window_open(day: date) -> bool:
    """Tell whether the first-contact facility may be changed on `day`: the first days of a quarter (Law 51/2024/QH15 art. 26)."""
    return (day - _quarter_start(day)).days < amount("health_insurance.first_contact.change_days", day)


def window_closes(day: date) -> date:
    """Return the last day of the window that is open on `day`."""
    return _quarter_start(day) + timedelta(days=amount("health_insurance.first_contact.change_days", day) - 1)


def next_change_window(day: date) -> date:
    """Return the first day, from `day` on, on which the first-contact facility may be changed."""
    if change_window_open(day):
        return day
    start = _quarter_start(day)
    return _month_start(start.year * _MONTHS_A_YEAR + start.month - 1 + _QUARTER_MONTHS)
