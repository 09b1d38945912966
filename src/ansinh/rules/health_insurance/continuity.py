"""Continuous cover: what a gap breaks, when five years are full, and who waits after one (Law 46/2014/QH13 and 51/2024/QH15, arts 16 and 22)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from ansinh.rules.law import amount


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days of cover, half-open; `continuous_since` is what the system before ours says of the time before, if anything."""

    valid_from: date
    valid_until: date
    continuous_since: date | None = None


@dataclass(frozen=True, slots=True)
class Continuity:
    """The numbers of law that decide continuity on a day."""

    gap_days_max: int
    years: int


def continuity_on(day: date) -> Continuity:
    """Return the numbers in force on `day`; raises LookupError before the law knew any."""
    return Continuity(
        amount("health_insurance.continuity.gap_days_max", day), amount("health_insurance.continuity.years", day)
    )


def continuous_since(stretches: Iterable[Stretch], shown_from: date, law: Continuity) -> date:
    """Return since when cover has been continuous in the stretch that starts on `shown_from`.

    Days between stretches break it when they are more than `gap_days_max`. What the former system says of a stretch is believed for the first one after a
    break, unless it reaches back over cover we have seen end: then there was a gap. Raises LookupError when no stretch starts by `shown_from`.
    """
    since: date | None = None
    covered_until: date | None = None
    for one in sorted(stretches, key=lambda s: (s.valid_from, s.valid_until)):
        if one.valid_from > shown_from:
            break
        if covered_until is None or (one.valid_from - covered_until).days > law.gap_days_max:
            told = one.continuous_since
            believed = told is not None and told <= one.valid_from and (covered_until is None or told >= covered_until)
            since = told if believed else one.valid_from
        covered_until = one.valid_until if covered_until is None else max(covered_until, one.valid_until)
    if since is None:
        raise LookupError("no stretch starts by the day asked about")
    return since


def five_years_on(since: date, law: Continuity) -> date:
    """Return the day on which continuous cover since `since` has lasted the years of law; 29 February becomes 28 February where there is none."""
    try:
        return since.replace(year=since.year + law.years)
    except ValueError:
        return since.replace(year=since.year + law.years, day=28)


def cover_starts_on(paid_on: date, covered_until: date | None) -> date:
    """Return the first day of cover of who pays for themselves on `paid_on`, after cover that ran until `covered_until` (None: never covered).

    Without a gap it follows at once; after a gap of the days of law, and the first time, it begins the days of law after the payment; after a shorter gap
    it begins on the day of payment (Law 46/2014/QH13 on art. 16(3)(c)).
    """
    if covered_until is not None and paid_on <= covered_until:
        return covered_until
    gap_days = None if covered_until is None else (paid_on - covered_until).days
    if gap_days is None or gap_days >= amount("health_insurance.continuity.wait_gap_days_min", paid_on):
        return paid_on + timedelta(days=amount("health_insurance.continuity.wait_days", paid_on))
    return paid_on
