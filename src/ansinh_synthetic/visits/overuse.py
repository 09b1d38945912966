"""Over-use and impossible visits, planted among plausible ones, so that who looks for them can be measured.

Four kinds: in bed in two houses at once; seen on one day in houses far apart; the same medicine for weeks from two houses; one visit copied for another person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from ansinh_synthetic.chance import stream
from ansinh_synthetic.visits.catalogue import conditions
from ansinh_synthetic.visits.choosing import DAY_MINUTES, Calendar, Visit

TWO_BEDS, FAR_APART, MEDICINES_TWICE, COPIED = "two_beds", "far_apart", "medicines_twice", "copied"
KINDS = (TWO_BEDS, FAR_APART, MEDICINES_TWICE, COPIED)
MARK = "overuse:"


def plant(calendar: Calendar, days: Iterable[list[Visit]], cases: int) -> Iterator[list[Visit]]:
    """Yield the days with `cases` of each kind added to visits of theirs, spread over all days."""
    rng = stream(calendar.patients.seed, "overuse")
    left = dict.fromkeys(KINDS, cases)
    length = calendar.last - calendar.first
    for number, visits in enumerate(days):
        wanted = {kind: cases * (number + 1) // length - (cases - left[kind]) for kind in KINDS}
        added: list[Visit] = []
        taken: set[int] = set()
        for place in rng.permutation(len(visits)).tolist():
            kind = next((kind for kind in KINDS if wanted[kind] > 0 and _fits(kind, visits[place])), None)
            if kind is None or visits[place].patient in taken:
                continue
            case = _case(calendar, kind, visits[place], rng)
            if case is None:
                continue
            visits[place] = replace(visits[place], marks=f"{MARK}{kind}:{visits[place].serial}")
            added.append(case)
            taken |= {case.patient, visits[place].patient}
            wanted[kind] -= 1
            left[kind] -= 1
        yield sorted([*visits, *added], key=lambda visit: visit.arrived)


def _fits(kind: str, visit: Visit) -> bool:
    condition = conditions()[visit.condition]
    if visit.child or visit.died or visit.referred_to >= 0 or visit.referred_from >= 0:
        return False
    if kind == TWO_BEDS:
        return condition.kind == "stay" and visit.left - visit.arrived > 2 * DAY_MINUTES
    if kind == FAR_APART:
        return condition.kind == "acute" and condition.days < 14 and visit.arrived % DAY_MINUTES < 17 * 60
    if kind == MEDICINES_TWICE:
        return condition.kind == "chronic"
    return (
        len(condition.tests) > 1
        and condition.kind in {"stay", "acute"}
        and sum(len(test.indices) for test in condition.tests) >= 8
    )


def _case(calendar: Calendar, kind: str, visit: Visit, rng: np.random.Generator) -> Visit | None:
    """Return the visit that must not be, beside the one it is about."""
    calendar.serial += 1
    own = replace(
        visit,
        serial=calendar.serial,
        marks=f"{MARK}{kind}:{visit.serial}",
        paper="",
        again_on=0,
        luck=int(rng.integers(0, 2**62)),
        category="1.1",
    )
    people = calendar.patients
    if kind == COPIED:
        others = np.flatnonzero(
            (calendar.busy < visit.arrived // DAY_MINUTES) & (people.band == people.band[visit.patient])
        )
        others = (
            calendar._able(others[rng.integers(0, others.size, 64)], visit.arrived // DAY_MINUTES)
            if others.size
            else others
        )
        if not others.size:
            return None
        other = int(others[0])
        calendar.busy[other] = visit.left // DAY_MINUTES
        return replace(
            own, patient=other, luck=visit.luck, arrived=visit.arrived + 7, left=visit.left + 7, category=visit.category
        )
    house = _another_house(calendar, visit, kind)
    if house is None:
        return None
    if kind == TWO_BEDS:
        began = visit.arrived + DAY_MINUTES
        calendar.busy[visit.patient] = max(int(calendar.busy[visit.patient]), (visit.left + DAY_MINUTES) // DAY_MINUTES)
        return replace(own, facility=house, arrived=began, left=visit.left + DAY_MINUTES)
    if kind == FAR_APART:
        return replace(own, facility=house, arrived=visit.left + 40, left=visit.left + 100)
    days = 3 + visit.luck % 4
    calendar.busy[visit.patient] = max(int(calendar.busy[visit.patient]), visit.left // DAY_MINUTES + days)
    return replace(
        own, facility=house, arrived=visit.arrived + days * DAY_MINUTES, left=visit.left + days * DAY_MINUTES
    )


def _another_house(calendar: Calendar, visit: Visit, kind: str) -> int | None:
    """Return another house of enough level: at the other end of the country for one far apart, else in the same province."""
    people, level = calendar.patients, conditions()[visit.condition].level
    old = int(people.facilities.old[visit.facility])
    provinces = people.facilities.starts.size - 1
    if kind == FAR_APART:
        old = (old + provinces // 2) % provinces
    for turn in range(64):
        house = int(calendar.houses.by_use[old, (visit.luck + 53 * turn) % 1024])
        if house != visit.facility and int(calendar.level[house]) >= max(1, level):
            return house
    return None
