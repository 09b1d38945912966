"""The stream of sendings: a nation's visits in the order in which hospitals send them, written as they leave, so that memory stays the same at any volume."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansinh_synthetic.days import day
from ansinh_synthetic.visits import documents, overuse
from ansinh_synthetic.visits.catalogue import conditions
from ansinh_synthetic.visits.choosing import DAY_MINUTES, Calendar, Visit
from ansinh_synthetic.visits.counter import moment
from ansinh_synthetic.visits.lines import IN_BED
from ansinh_synthetic.visits.patients import PATIENTS_MAX, Patients, read_patients
from ansinh_synthetic.visits.rendering import CARE_KINDS, Renderer
from ansinh_synthetic.visits.sending import Kind, Sending

# Visits a person and month: some 180 million a year by 100 million people (the agency's published totals, rounded).
VISITS_PER_THOUSAND_A_MONTH = 150
_CHECKED_IN_PER_MILLE, _LATE_PER_MILLE, _PAPER_PER_MILLE = 900, 40, 250
_WRITTEN_AT_ONCE = 512


@dataclass(frozen=True)
class Period:
    """From when to when (ISO days, half-open), and how many visits; as many as the nation's people make unless told."""

    since: str
    until: str
    visits: int | None = None
    planted: int = 0
    """Cases of each kind of over-use planted among them."""

    @property
    def days(self) -> tuple[int, int]:
        """First day, and day after the last, since 1970."""
        return day(*map(int, self.since.split("-"))), day(*map(int, self.until.split("-")))


def visits_of_nation(folder: Path, period: Period, *, most_patients: int = PATIENTS_MAX) -> Iterator[Sending]:
    """Yield what the hospitals of a nation's folder send about a period's visits, in the order of sending; the same seed, the same bytes."""
    return stream_of(read_patients(folder, period.since, period.until, most=most_patients), period)


def stream_of(patients: Patients, period: Period) -> Iterator[Sending]:
    """Yield the sendings of these patients' visits in a period."""
    first, last = period.days
    asked = period.visits
    if asked is None:
        asked = len(patients) * VISITS_PER_THOUSAND_A_MONTH * (last - first) // 30_000
    calendar = Calendar(patients, first, last, asked)
    return _in_order(patients, overuse.plant(calendar, calendar.days(), period.planted), first)


def _in_order(patients: Patients, days: Iterable[list[Visit]], first: int) -> Iterator[Sending]:
    """Hold visits, not their bytes, until they are sent; write each day's sendings in small lots."""
    waiting: list[tuple[int, int, Kind, Visit]] = []
    renderer = Renderer(patients.facilities)
    for number, visits in enumerate(days):
        for visit in visits:
            for at, kind in _sent(visit):
                heapq.heappush(waiting, (at, visit.serial * 8 + _ORDER[kind], kind, visit))
        until = (first + number + 1) * DAY_MINUTES
        yield from _written(patients, renderer, _due(waiting, until))
    yield from _written(patients, renderer, _due(waiting, 1 << 62))


def _due(waiting: list[tuple[int, int, Kind, Visit]], until: int) -> Iterator[tuple[int, Kind, Visit]]:
    while waiting and waiting[0][0] < until:
        at, _, kind, visit = heapq.heappop(waiting)
        yield at, kind, visit


_ORDER = {kind: number for number, kind in enumerate(Kind)}


def _sent(visit: Visit) -> Iterator[tuple[int, Kind]]:
    """Say what is sent about a visit and when: check-in at arrival, the file within two days, a few weeks late, papers with it."""
    luck = visit.luck >> 24
    kind = conditions()[visit.condition].kind
    if luck % 1000 < _CHECKED_IN_PER_MILLE:
        yield visit.arrived + 4, Kind.CHECK_IN
    delay = 30 + (luck >> 10) % 1500
    if (luck >> 21) % 1000 < _LATE_PER_MILLE:
        delay += DAY_MINUTES * (5 + (luck >> 4) % 20)
    yield visit.left + delay, Kind.ENCOUNTER
    in_bed = CARE_KINDS[kind] == IN_BED
    if visit.child is not None:
        yield visit.left + 20, Kind.BIRTH
    elif visit.died:
        yield visit.left + 60, Kind.DEATH
    elif in_bed and (luck >> 12) % 1000 < _PAPER_PER_MILLE:
        yield visit.left + 25, Kind.PAPERS


def _written(patients: Patients, renderer: Renderer, due: Iterable[tuple[int, Kind, Visit]]) -> Iterator[Sending]:
    lot: list[tuple[int, Kind, Visit]] = []
    for one in due:
        lot.append(one)
        if len(lot) == _WRITTEN_AT_ONCE:
            yield from _lot(patients, renderer, lot)
            lot = []
    yield from _lot(patients, renderer, lot)


def _lot(patients: Patients, renderer: Renderer, lot: list[tuple[int, Kind, Visit]]) -> Iterator[Sending]:
    if not lot:
        return
    rows = patients.rows.take([visit.patient for _, _, visit in lot]).to_pylist()
    for (at, kind, visit), row in zip(lot, rows, strict=True):
        yield _one(renderer, (at, kind, visit), row, int(patients.band[visit.patient]))


def _one(renderer: Renderer, what: tuple[int, Kind, Visit], row: dict[str, Any], band: int) -> Sending:
    at, kind, visit = what
    facility = renderer.codes[visit.facility]
    if kind is Kind.ENCOUNTER:
        content, truth = renderer.encounter(visit, row, band)
    else:
        truth = renderer.brief(visit, row)
        if kind is Kind.CHECK_IN:
            content = renderer.check_in(visit, row, band)
        elif kind is Kind.BIRTH:
            content = documents.birth_certificate(visit, row, facility)
        elif kind is Kind.DEATH:
            content = documents.death_notice(visit, row, facility)
        else:
            content = documents.paper(visit, row, facility, in_bed=True)
    return Sending(kind, facility, moment(at), content, truth)
