"""Every source of figures, in the order they are counted: what is counted sooner from counters comes after those."""

from __future__ import annotations

from ansinh.reporting.access_series import LOOKUPS, READS, SIGN_INS
from ansinh.reporting.cells import Source
from ansinh.reporting.health_series import FACILITIES, SUBMISSIONS
from ansinh.reporting.pay_series import PAYMENTS
from ansinh.reporting.people_series import PERSONS
from ansinh.reporting.registry import Indicator
from ansinh.reporting.service_series import EVENTS, SERVICES

SOURCES: tuple[Source, ...] = (PERSONS, LOOKUPS, READS, SIGN_INS, SUBMISSIONS, FACILITIES, PAYMENTS, SERVICES, EVENTS)
SERIES: tuple[str, ...] = tuple(series for source in SOURCES for series in source.series)


def sources_of(indicator: Indicator) -> tuple[Source, ...]:
    """Return the sources whose queries over raw rows an indicator comes from."""
    return tuple(source for source in SOURCES if {*source.series} & {*indicator.formula.series})
