"""Who goes where on which day, and why: a calendar of visits in which nobody is in two places at once.

Days follow one another; a patient is busy until discharged. Chronic patients come back to the same house when their medicines end; who is referred
arrives there with the paper within days; births and deaths are those of the register. What makes over-use is planted elsewhere (`overuse.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from ansinh_synthetic.chance import Draw, Ints, hashed, key_of, stream
from ansinh_synthetic.days import months_of
from ansinh_synthetic.facilities import BASIC, PRIMARY, SPECIALISED, choices
from ansinh_synthetic.lookups import _HOLIDAY, _HOLIDAYS, _HOURS, _WEEKDAYS
from ansinh_synthetic.visits.catalogue import conditions, of_kind
from ansinh_synthetic.visits.patients import Child, Patients

DAY_MINUTES = 1440
CENTRAL_WEIGHT = 3500
# How often each age comes, and of how many people in a hundred thousand something is chronic (assumed after yearly health statistics).
_OFTEN = np.array([26, 9, 9, 14, 34])
_CHRONIC = np.array([900, 1_600, 6_000, 30_000, 64_000])
# Of a thousand visits that are not owed: chronic, acute, courses; the rest in bed.
_CHRONIC_SHARE, _ACUTE_SHARE, _COURSE_SHARE = 300, 530, 50
_RETURNS_PER_MILLE, _DIES_IN_BED_PER_MILLE, _CAESAREAN_PER_MILLE = 880, 420, 340
_TRIES = 6
# A visit of some hours ends before midnight.
_LAST_ARRIVAL = DAY_MINUTES - 200
NOT_CHRONIC = -1


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit before it is written: moments are minutes since 1970 in Viet Nam, places are numbers of columns."""

    serial: int
    patient: int
    condition: int
    facility: int
    arrived: int
    left: int
    category: str
    luck: int
    referred_from: int = -1
    paper: str = ""
    referred_to: int = -1
    again_on: int = 0
    child: Child | None = None
    died: bool = False
    marks: str = ""


@dataclass(frozen=True, slots=True)
class _Owed:
    patient: int
    condition: int
    facility: int
    category: str
    referred_from: int = -1
    paper: str = ""
    child: Child | None = None
    dies_on: int = 0


class Calendar:
    """The visits of some days (since 1970, `first` to before `last`), `visits` of them or a few fewer."""

    def __init__(self, patients: Patients, first: int, last: int, visits: int) -> None:
        self.patients, self.first, self.last, self.visits = patients, first, last, visits
        self.houses = choices(patients.facilities)
        self.level = patients.facilities.level
        self.busy = np.zeros(len(patients), dtype=np.int64)
        self.supplied = np.zeros(len(patients), dtype=np.int64)
        self.owed: dict[int, list[_Owed]] = {}
        self.serial = 0
        self._people = np.cumsum(_OFTEN[patients.band])
        self._draws: dict[tuple[str, int, int, int], Draw | None] = {}
        self.chronic = self._who_is_chronic()
        self._chronic_people = np.flatnonzero(self.chronic >= 0)
        self._owe_births_and_deaths()

    def days(self) -> Iterator[list[Visit]]:
        """Yield the visits of each day, in the order people arrive."""
        weights = np.array([_weight(day) for day in range(self.first, self.last)], dtype=np.int64)
        sums = np.concatenate([[0], np.cumsum(weights)])
        for number, day in enumerate(range(self.first, self.last)):
            upper, lower = (self.visits * int(sums[place]) // int(sums[-1]) for place in (number + 1, number))
            yield self._day(day, upper - lower)

    def _day(self, day: int, count: int) -> list[Visit]:
        rng = stream(self.patients.seed, "visits", day)
        owed = self.owed.pop(day, [])
        visits = [visit for one in owed if (visit := self._owed_visit(rng, day, one))]
        new = max(0, count - len(visits))
        kinds = np.bincount(
            np.searchsorted(
                np.cumsum([_CHRONIC_SHARE, _ACUTE_SHARE, _COURSE_SHARE]), rng.integers(0, 1000, new), side="right"
            ),
            minlength=4,
        )
        for kind, asked in zip(("chronic", "acute", "course", "stay"), kinds.tolist(), strict=True):
            visits += self._new_visits(rng, day, kind, asked)
        return sorted(visits, key=lambda visit: visit.arrived)

    def _who_is_chronic(self) -> Ints:
        """Settle once who has which chronic disease, by age and sex."""
        patients = self.patients
        luck = hashed(key_of(patients.seed, "chronic"), np.arange(len(patients))) % np.uint64(100_000)
        found = np.full(len(patients), NOT_CHRONIC, dtype=np.int64)
        rng = stream(patients.seed, "chronic")
        for band in range(5):
            for sex in range(2):
                who = np.flatnonzero((patients.band == band) & (patients.female == sex) & (luck < _CHRONIC[band]))
                draw = self._draw("chronic", band, sex, 0)
                if who.size and draw is not None:
                    found[who] = np.array(of_kind("chronic"))[draw.take(rng, who.size)]
        return found

    def _draw(self, kind: str, band: int, sex: int, month: int) -> Draw | None:
        key = (kind, band, sex, month)
        if key not in self._draws:
            chosen = [conditions()[place] for place in of_kind(kind)]
            weights = [
                one.ages[band] * one.sexes[sex] * (one.season[month] if kind != "chronic" else 1) for one in chosen
            ]
            self._draws[key] = Draw(weights) if sum(weights) else None
        return self._draws[key]

    def _owe_births_and_deaths(self) -> None:
        patients = self.patients
        normal, surgery = of_kind("birth")
        luck = hashed(key_of(patients.seed, "births"), np.arange(len(patients))) % np.uint64(1000)
        for child in patients.children:
            condition = surgery if int(luck[child.mother]) < _CAESAREAN_PER_MILLE else normal
            self._owe(child.born, _Owed(child.mother, condition, -1, "", child=child))
        stays = of_kind("stay")
        for patient in np.flatnonzero((patients.died >= self.first) & (patients.died < self.last)).tolist():
            if int(luck[patient]) < _DIES_IN_BED_PER_MILLE:
                died = int(patients.died[patient])
                admitted = max(self.first, died - int(luck[patient]) % 6)
                condition = stays[int(luck[patient]) % len(stays)] if patients.band[patient] < 4 else stays[-1]
                self._owe(admitted, _Owed(patient, condition, -1, "2", dies_on=died))

    def _owe(self, day: int, one: _Owed) -> None:
        if day < self.last:
            self.owed.setdefault(max(day, self.first), []).append(one)

    def _able(self, patient: Ints, day: int) -> Ints:
        """Keep who has a card that day, lives, and is in no hospital; each once."""
        people = self.patients
        patient = np.unique(patient)
        able = (self.busy[patient] < day) & (people.since[patient] <= day) & (people.until[patient] > day)
        return patient[able & (people.died[patient] > day)]

    def _new_visits(self, rng: Generator, day: int, kind: str, asked: int) -> list[Visit]:
        if not asked:
            return []
        tried = asked + asked // 3 + 8
        if kind == "chronic":
            drawn = (
                self._chronic_people[rng.integers(0, max(1, self._chronic_people.size), tried)]
                if self._chronic_people.size
                else self._chronic_people
            )
        else:
            drawn = np.searchsorted(self._people, rng.integers(0, int(self._people[-1]), tried), side="right")
        able = self._able(drawn, day)
        if kind == "chronic":
            able = able[self.supplied[able] <= day]
        able = rng.permutation(able)[:asked]
        chosen = self.chronic[able] if kind == "chronic" else self._conditions(rng, kind, able, day)
        able, chosen = able[chosen >= 0], chosen[chosen >= 0]
        away = rng.integers(0, 1000, able.size)
        facility = self._facilities(able, chosen, away if kind != "chronic" else np.zeros_like(away), rng)
        numbers = zip(
            able.tolist(), chosen.tolist(), facility.tolist(), rng.integers(0, 1000, able.size).tolist(), strict=True
        )
        return [
            self._visit(rng, day, _Owed(patient, condition, house, self._category(patient, condition, house, luck)))
            for patient, condition, house, luck in numbers
        ]

    def _conditions(self, rng: Generator, kind: str, patient: Ints, day: int) -> Ints:
        people, month = self.patients, int(months_of(np.array([day]))[0]) % 12
        places = np.array(of_kind(kind))
        found = np.full(patient.size, -1, dtype=np.int64)
        for band in range(5):
            for sex in range(2):
                who = np.flatnonzero((people.band[patient] == band) & (people.female[patient] == sex))
                draw = self._draw(kind, band, sex, month)
                if who.size and draw is not None:
                    found[who] = places[draw.take(rng, who.size)]
        return found

    def _facilities(self, patient: Ints, condition: Ints, away: Ints, rng: Generator) -> Ints:
        """Choose the house: the registered one when it treats this, else a larger one of the province; a few far from home."""
        people, houses = self.patients, self.houses
        needed = np.array([one.level for one in conditions()])[condition]
        registered = people.registered[patient]
        old = np.where(away >= 970, rng.integers(0, houses.by_use.shape[0], patient.size), people.old[patient])
        luck = (hashed(key_of(people.seed, "house"), patient * 131 + condition) % np.uint64(1024)).astype(np.int64)
        larger = people.facilities.starts[old]
        for turn in range(_TRIES, -1, -1):
            tried = houses.by_use[old, (luck + 97 * turn) % 1024]
            larger = np.where(self.level[tried] >= needed, tried, larger)
        stays_home = (self.level[registered] >= needed) & (away < 700)
        return np.where(stays_home, registered, larger)

    def _category(self, patient: int, condition: int, house: int, luck: int) -> str:
        """Say how the visit falls under insurance, by the first row of the ministry's list that fits."""
        level, in_bed = int(self.level[house]), conditions()[condition].kind in {"stay", "birth"}
        if in_bed and luck < 350:
            return "2"
        if level == PRIMARY:
            return "1.2"
        if house == int(self.patients.registered[patient]):
            return "1.1"
        if level == BASIC:
            return "1.15" if in_bed else "1.12"
        if int(self.patients.facilities.weight[house]) >= CENTRAL_WEIGHT:
            return "3.1"
        return "3.2" if in_bed else "1.18"

    def _owed_visit(self, rng: Generator, day: int, one: _Owed) -> Visit | None:
        people = self.patients
        if one.child is None and one.dies_on == 0 and self._able(np.array([one.patient]), day).size == 0:
            later = int(self.busy[one.patient]) + 1
            if later > day and int(people.until[one.patient]) > later and int(people.died[one.patient]) > later:
                self._owe(later, one)
            return None
        if (one.child or one.dies_on) and (
            self.busy[one.patient] >= day or people.until[one.patient] <= day or people.since[one.patient] > day
        ):
            return None
        if one.facility < 0:
            house = int(self._facilities(np.array([one.patient]), np.array([one.condition]), np.array([800]), rng)[0])
            category = one.category or self._category(one.patient, one.condition, house, 999)
            one = replace(one, facility=house, category=category)
        return self._visit(rng, day, one)

    def _visit(self, rng: Generator, day: int, one: _Owed) -> Visit:
        condition = conditions()[one.condition]
        luck = int(rng.integers(0, 2**62))
        self.serial += 1
        arrived = (day * 24 + int(_ARRIVALS.take(rng, 1)[0])) * 60 + luck % 60
        if one.child is not None:
            arrived = day * DAY_MINUTES + luck % 600
        elif arrived % DAY_MINUTES > _LAST_ARRIVAL:
            arrived -= DAY_MINUTES - _LAST_ARRIVAL
        left, died = _left(condition.kind, condition.days, arrived, luck >> 8), False
        if one.dies_on:
            left, died = one.dies_on * DAY_MINUTES + max(arrived % DAY_MINUTES + 30, 60 + (luck >> 20) % 1300), True
        visit = Visit(self.serial, one.patient, one.condition, one.facility, arrived, left, one.category, luck,
                      one.referred_from, one.paper, child=one.child, died=died)  # fmt: skip
        self.busy[one.patient] = left // DAY_MINUTES
        return visit if died else self._what_follows(visit, day, condition.kind)

    def _what_follows(self, visit: Visit, day: int, kind: str) -> Visit:
        """Settle what a visit leads to: a referral to a larger house, or the next appointment."""
        condition, luck = conditions()[visit.condition], visit.luck >> 16
        level = int(self.level[visit.facility])
        if level < SPECIALISED and luck % 1000 < condition.refer * (3 if level == PRIMARY else 1) and kind != "birth":
            there = self._larger(visit)
            if there != visit.facility:
                paper = referral_number(self.patients.facilities.codes[visit.facility], visit.serial)
                arrives = visit.left // DAY_MINUTES + (luck >> 12) % 6
                self._owe(
                    arrives,
                    _Owed(visit.patient, visit.condition, there, "1.3", referred_from=visit.facility, paper=paper),
                )
                return replace(visit, referred_to=there)
        if kind == "chronic":
            again = _weekday(day + condition.days)
            self.supplied[visit.patient] = again
            if (luck >> 20) % 1000 < _RETURNS_PER_MILLE:
                at_home = visit.facility == int(self.patients.registered[visit.patient])
                category = "1.2" if level == PRIMARY else "1.1" if at_home else "1.5"
                slip = appointment_number(self.patients.facilities.codes[visit.facility], visit.serial)
                self._owe(again, _Owed(visit.patient, visit.condition, visit.facility, category, paper=slip))
            return replace(visit, again_on=again)
        return visit

    def _larger(self, visit: Visit) -> int:
        """Return the first house of the patient's province of a higher level than this one; this one if there is none."""
        old, level = int(self.patients.old[visit.patient]), int(self.level[visit.facility])
        for turn in range(_TRIES * 4):
            house = int(self.houses.by_use[old, (visit.luck + 61 * turn) % 1024])
            if self.level[house] > level:
                return house
        return visit.facility


_ARRIVALS = Draw(_HOURS)


def referral_number(facility: str, serial: int) -> str:
    """Return the number of the referral paper a visit ends with."""
    return f"{facility}-CT{serial:08d}"


def appointment_number(facility: str, serial: int) -> str:
    """Return the number of the appointment slip a visit ends with."""
    return f"{facility}-HK{serial:08d}"


def _weight(day: int) -> int:
    return _HOLIDAY if day in _HOLIDAYS else _WEEKDAYS[(day + 3) % 7]


def _weekday(day: int) -> int:
    """Return the day itself, or the Monday after a weekend."""
    number = (day + 3) % 7
    return day + max(0, 7 - number) if number > 4 else day


def _left(kind: str, days: int, arrived: int, luck: int) -> int:
    """Return when a visit ends: after some hours, after the days of a course, or in the morning after the days in bed."""
    if kind in {"stay", "birth", "course"}:
        nights = max(1, days * (60 + luck % 90) // 100)
        return (arrived // DAY_MINUTES + nights) * DAY_MINUTES + 9 * 60 + luck % 360
    stay = 45 + luck % 140
    return min(arrived + stay, (arrived // DAY_MINUTES + 1) * DAY_MINUTES - 1)
