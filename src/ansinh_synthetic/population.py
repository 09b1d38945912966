"""The people of a block as columns, and how they come to be: home, sex, day of birth, death, kin, household, address."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.random import Generator

from ansinh_synthetic import names
from ansinh_synthetic.chance import Bools, Draw, Ints, bell, happens, pick, stream
from ansinh_synthetic.days import FIRST_DAY, LAST_DAY, day, new_year, years_of
from ansinh_synthetic.plan import Block, Plan
from ansinh_synthetic.provinces import old_provinces

NOBODY = -1
ALIVE = 2**31 - 1
# Living people by age group of five years, per mille: shape of the 2024 census, smoothed.
_BY_AGE = (69, 78, 80, 73, 67, 71, 81, 83, 75, 69, 60, 53, 47, 37, 23, 13, 8, 5, 2, 1)
# Men per mille of each age group.
_MEN = (526, 525, 522, 518, 515, 510, 505, 502, 498, 494, 488, 480, 468, 450, 425, 395, 360, 320, 280, 250)
# Yearly deaths per 100,000 by age group of five years; about 0.65 % of all people die in a year.
_DYING = (180, 30, 30, 60, 90, 110, 140, 180, 240, 340, 520, 800, 1200, 1800, 2900, 4600, 7200, 11500, 17500, 26000)


@dataclass
class People:
    """One block of people; every attribute is a column, persons are places in it."""

    home: Ints
    people: Ints
    sex: Ints
    born: Ints
    died: Ints
    spouse: Ints
    mother: Ints
    father: Ints
    household: Ints
    commune: Ints
    birth_old: Ints
    names: Ints
    stranger: Bools

    @property
    def count(self) -> int:
        """How many there are, strangers included."""
        return int(self.sex.size)

    @property
    def birth_year(self) -> Ints:
        """Year of birth."""
        return years_of(self.born)

    def age_on(self, on: int) -> Ints:
        """Completed years of age on a day (negative before birth), to within a day."""
        return (on - self.born) * 400 // 146097


@cache
def areas() -> tuple[Ints, Ints, Ints]:
    """Return the home areas: old province, people, and weight in thousandths of a thousand people.

    An area is where one people lives in one old province; marriages and parents are found inside it. Weights are of
    where people come from: today's population less the migrants who have arrived.
    """
    olds, rows = old_provinces(), []
    total = sum(old.population for old in olds)
    arrived = total * 9 // 100
    pulls = sum(old.pull for old in olds)
    minorities = {name: names.homes(name) for name in names.peoples()[1:]}
    for place, old in enumerate(olds):
        origin = max(old.population - arrived * old.pull // pulls, old.population // 3)
        shares = [minorities[name].get(old.code, 0) for name in names.peoples()[1:]]
        rows.append((place, 0, origin * (1000 - sum(shares))))
        rows += [(place, number, origin * s) for number, s in enumerate(shares, start=1) if s]
    table = np.array(rows, dtype=np.int64)
    return table[:, 0], table[:, 1], table[:, 2]


def _birth_days(rng: Generator, count: int) -> Ints:
    """Draw days of birth from the age pyramid; the youngest were born up to the last day."""
    group = Draw([share * 100 for share in _BY_AGE], 18).take(rng, count)
    within = rng.integers(0, 1826, count)
    born = LAST_DAY - (group * 1826 + within)
    year = years_of(born)
    heaped = np.where(year < 1955, 120, np.where(year < 1975, 60, np.where(year < 1989, 20, 0)))
    return np.where(rng.integers(0, 1000, count) < heaped, new_year(year), born)


def _deaths(rng: Generator, plan: Plan, block: Block, born: Ints) -> Ints:
    """Choose who has died: within the nation's months, or in the years before but still in the register."""
    died = np.full(born.size, ALIVE, dtype=np.int64)
    age = np.clip((LAST_DAY - born) // 1826, 0, len(_DYING) - 1)
    weights = np.array(_DYING, dtype=np.int64)[age]
    recent = pick(rng, weights * (born < FIRST_DAY - 400), plan.scaled(440_000, block.number))
    died[recent] = rng.integers(FIRST_DAY, LAST_DAY + 1, recent.size)
    weights[recent] = 0
    earlier = pick(rng, weights * (born < day(2017, 1, 1)), plan.scaled(1_100_000, block.number))
    died[earlier] = rng.integers(day(2018, 1, 1), FIRST_DAY, earlier.size)
    return died


def begin(plan: Plan, block: Block) -> People:
    """Invent a block of people without kin, household and name."""
    rng = stream(plan.seed, "people", block.number)
    count = block.people + block.strangers
    old, people, weight = areas()
    home = Draw(weight, 20).take(rng, count).astype(np.int64)
    born = _dense_birth_days(rng, plan, count) if plan.dense else _birth_days(rng, count)
    group = np.clip((LAST_DAY - born) // 1826, 0, len(_MEN) - 1)
    sex = (rng.integers(0, 1000, count) >= np.array(_MEN)[group]).astype(np.int64)
    died = np.full(count, ALIVE) if plan.dense else _deaths(rng, plan, block, born)
    nobody = np.full(count, NOBODY, dtype=np.int64)
    return People(
        home=home, people=people[home], sex=sex, born=born, died=died,
        spouse=nobody.copy(), mother=nobody.copy(), father=nobody.copy(), household=np.arange(count),
        commune=nobody.copy(), birth_old=old[home], names=np.zeros((count, 4), dtype=np.int32),
        stranger=np.zeros(count, dtype=np.bool_),
    )  # fmt: skip


BIRTHS_A_YEAR = 1_330_000
_DENSE_MIDDLE_YEAR = 1984


def _dense_birth_days(rng: Generator, plan: Plan, count: int) -> Ints:
    """Draw days of birth at the density of the whole country: 1.33 million people to a year.

    A set smaller than a year's births fills a part of one year, so that days, too, are as crowded as in the country.
    """
    days = max(1, plan.people * 365 // BIRTHS_A_YEAR)
    years = -(-days // 365)
    first = day(_DENSE_MIDDLE_YEAR - (years - 1) // 2, 1, 1)
    born = first + rng.integers(0, days, count)
    heaped = happens(rng, count, 0.02)
    return np.where(heaped, new_year(years_of(born)), born)


def age_gap(rng: Generator, count: int) -> Ints:
    """Draw how many days a husband tends to be older than his wife: three years, give or take."""
    return 1096 + bell(rng, count, 1100)
