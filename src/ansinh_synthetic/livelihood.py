"""What people live on: work now, work in the past, a pension or allowance, the armed forces, school, or the household.

Every count is settled beforehand as a share of the nation and drawn among the people of fitting age, sex and place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from ansinh_synthetic.chance import Bools, Ints, bell, happens, pick, share, stream
from ansinh_synthetic.days import FIRST_DAY, LAST_DAY, LIVED_FROM, month, months_of
from ansinh_synthetic.employers import COMMUNE, SCHOOL, STATE, kind_draws
from ansinh_synthetic.plan import Block, Plan
from ansinh_synthetic.population import ALIVE, NOBODY, People
from ansinh_synthetic.provinces import old_provinces, places

EXCLUDED = ("", "army", "police", "cipher", "relative")
NO_WORK, COMPULSORY, VOLUNTARY, PAST = range(4)
PAYEE_KINDS = ("pension", "lost_capacity", "work_injury", "commune_cadre", "survivor", "unemployment")
PENSION, LOST_CAPACITY, WORK_INJURY, CADRE, SURVIVOR, UNEMPLOYMENT = range(6)
NOT_PAID = -1
OPEN = 10**6
_LAST_MONTH = month(2025, 7)


@dataclass
class Livelihood:
    """Columns beside People: work with its months (half-open), payment with its months, and group of exclusion."""

    excluded: Ints
    work: Ints
    kind: Ints
    work_from: Ints
    work_until: Ints
    paid: Ints
    paid_from: Ints
    paid_until: Ints

    @property
    def busy(self) -> Bools:
        """Who pays contributions, is paid, or serves: the agency cannot have overlooked them."""
        paying = (self.work == COMPULSORY) | (self.work == VOLUNTARY)
        return np.asarray(paying | (self.paid != NOT_PAID) | (self.excluded > 0), dtype=np.bool_)

    @property
    def worked(self) -> Bools:
        """Who has ever paid contributions."""
        return np.asarray(self.work != NO_WORK, dtype=np.bool_)


def find_livelihoods(plan: Plan, block: Block, persons: People) -> Livelihood:
    """Draw everybody's livelihood; in a dense nation nobody has one."""
    nothing = np.zeros(persons.count, dtype=np.int64)
    lives = Livelihood(
        excluded=nothing.copy(), work=nothing.copy(), kind=nothing.copy(), work_from=nothing.copy(),
        work_until=nothing + OPEN, paid=nothing + NOT_PAID, paid_from=nothing.copy(), paid_until=nothing + OPEN,
    )  # fmt: skip
    rng = stream(plan.seed, "livelihood", block.number)
    _serve(rng, plan, block, persons, lives)
    if plan.dense:
        return lives
    _retire(rng, plan, block, persons, lives)
    _work(rng, plan, block, persons, lives)
    _stop_at_death(rng, persons, lives)
    return lives


def _count(plan: Plan, block: Block, rate: str) -> int:
    per_hundred_thousand = int(plan.rates["livelihood"][rate])
    return share(plan.people * per_hundred_thousand // 100_000, block.number, plan.blocks)


def _serve(rng: Generator, plan: Plan, block: Block, persons: People, lives: Livelihood) -> None:
    """Choose soldiers, police and cipher officers, and as many of their relatives."""
    age, rates = persons.age_on(LAST_DAY), plan.rates["insured"]
    fit = (age >= 18) & (age < 55) & (persons.died == ALIVE)
    wanted = share(plan.records * int(rates["armed_forces_per_mille"]) // 1000, block.number, plan.blocks)
    serving = pick(rng, np.where(fit, np.where(persons.sex == 0, 9, 1), 0), wanted)
    lives.excluded[serving] = np.array((1, 1, 1, 1, 1, 1, 2, 2, 2, 3))[rng.integers(0, 10, serving.size)]
    serving_home = np.zeros(persons.count, dtype=np.bool_)
    serving_home[persons.household[serving]] = True
    kin = serving_home[persons.household] & (lives.excluded == 0) & (persons.died == ALIVE)
    wanted = share(plan.records * int(rates["armed_relatives_per_mille"]) // 1000, block.number, plan.blocks)
    lives.excluded[pick(rng, kin.astype(np.int64), wanted)] = 4


def _pension_months(rng: Generator, persons: People) -> Ints:
    """Return the month each person would retire in: 60 and 55 to 2020, then three and four months later each year."""
    full = months_of(persons.born) + np.where(persons.sex == 0, 60, 55) * 12
    late = np.clip(full // 12 - 2020, 0, 15) * np.where(persons.sex == 0, 3, 4)
    early = np.where(happens(rng, persons.count, 0.16), rng.integers(6, 61, persons.count), 0)
    return full + late - early + 1


def _retire(rng: Generator, plan: Plan, block: Block, persons: People, lives: Livelihood) -> None:
    """Choose the monthly payees of every kind among people of the right ages."""
    age, count = persons.age_on(LAST_DAY), persons.count
    free = (persons.died > FIRST_DAY) & (lives.excluded == 0)
    retired = _pension_months(rng, persons)
    pension = free & (retired <= _LAST_MONTH) & (retired > month(1994, 12)) & (age < 96)
    urban = np.where(places().ward[persons.commune], 3, 1)
    # Fewer of the old and of women had jobs that gave a pension.
    had_job = np.where(persons.sex == 0, 10, 7) * np.where(age < 72, 4, np.where(age < 82, 5, 6))
    _pay(lives, pick(rng, pension * urban * had_job, _count(plan, block, "pension")), PENSION, retired)
    old_start = month(1982, 1) + rng.integers(0, 150, count)
    lost = free & (age >= 64) & (lives.paid == NOT_PAID)
    _pay(lives, pick(rng, lost * urban, _count(plan, block, "lost_capacity")), LOST_CAPACITY, old_start)
    cadre = free & (age >= 66) & (lives.paid == NOT_PAID)
    cadre_start = np.maximum(months_of(persons.born) + 12 * 58, month(1998, 1))
    _pay(lives, pick(rng, cadre.astype(np.int64), _count(plan, block, "commune_cadre")), CADRE, cadre_start)
    left = free & (lives.paid == NOT_PAID)
    survivor = left & ((age < 18) & (age > 0) | (age >= 55) & (persons.sex == 1) | (age >= 62))
    since = _LAST_MONTH - rng.integers(0, 180, count)
    oldest_age = np.where(age < 18, months_of(persons.born) + 1, months_of(persons.born) + 12 * 55)
    since = np.minimum(np.maximum(since, oldest_age), _LAST_MONTH - 1)
    weights = np.where(age < 18, np.where(persons.father == NOBODY, 6, 1), np.where(persons.spouse == NOBODY, 6, 1))
    _pay(lives, pick(rng, survivor * weights, _count(plan, block, "survivor")), SURVIVOR, since)
    injured = free & (lives.paid == NOT_PAID) & (age >= 25) & (age < 75)
    injury = _LAST_MONTH - rng.integers(2, 12 * 25, count)
    injury = np.minimum(np.maximum(injury, months_of(persons.born) + 12 * 20), _LAST_MONTH)
    chosen = pick(rng, injured * np.where(persons.sex == 0, 3, 1), _count(plan, block, "work_injury"))
    _pay(lives, chosen, WORK_INJURY, injury)


def _pay(lives: Livelihood, who: Ints, kind: int, since: Ints) -> None:
    lives.paid[who] = kind
    lives.paid_from[who] = since[who]


def _work(rng: Generator, plan: Plan, block: Block, persons: People, lives: Livelihood) -> None:
    """Choose who works, who used to, who has just lost work, and who insures voluntarily; then their years of work."""
    age = persons.age_on(LAST_DAY)
    able = (lives.excluded == 0) & (persons.died > LAST_DAY - 3000)
    idle = able & np.isin(lives.paid, (NOT_PAID, WORK_INJURY)) & (persons.died > FIRST_DAY)
    by_age = np.select([age < 18, age < 22, age < 40, age < 50, age < 55, age < 61], [0, 5, 14, 9, 5, 2], 0)
    by_age = np.where((persons.sex == 1) & (age >= 55), 0, by_age)
    factories = np.array([2 + min(old.pull, 60) // 8 for old in old_provinces()])[places().commune_old[persons.commune]]
    towns = np.where(places().ward[persons.commune], 3, 2)
    _employ(lives, pick(rng, idle * by_age * factories * towns, _count(plan, block, "compulsory")), COMPULSORY)
    left = idle & (lives.work == NO_WORK) & (lives.paid == NOT_PAID)
    lost = pick(rng, left * by_age * factories, _count(plan, block, "unemployment_pool"))
    _lose_work(rng, lives, lost)
    left = left & (lives.work == NO_WORK)
    own_means = left & (age >= 22) & (age < 60)
    _employ(lives, pick(rng, own_means * np.where(persons.sex == 1, 3, 2), _count(plan, block, "voluntary")), VOLUNTARY)
    left = able & (lives.work == NO_WORK) & (lives.paid == NOT_PAID) & (age >= 21) & (age < 66)
    _employ(lives, pick(rng, left * np.where(age < 50, 3, 1) * factories, _count(plan, block, "past")), PAST)
    lives.work[(lives.paid == PENSION) | (lives.paid == LOST_CAPACITY) | (lives.paid == CADRE)] = PAST
    _choose_kinds(rng, persons, lives)
    _set_years(rng, persons, lives)


def _employ(lives: Livelihood, who: Ints, work: int) -> None:
    lives.work[who] = work


def _lose_work(rng: Generator, lives: Livelihood, lost: Ints) -> None:
    """Pay unemployment benefit for 3 to 12 months; who has been paid out before the nation begins is only a past worker."""
    lives.work[lost] = PAST
    since = month(2024, 2) + rng.integers(0, 18, lost.size)
    until = since + np.array((3, 3, 4, 4, 5, 6, 7, 9, 11, 12))[rng.integers(0, 10, lost.size)]
    paid = until > month(2024, 12)
    lives.work_until[lost] = since - rng.integers(1, 3, lost.size)
    lives.paid[lost[paid]] = UNEMPLOYMENT
    lives.paid_from[lost[paid]] = since[paid]
    lives.paid_until[lost[paid]] = until[paid]


def _choose_kinds(rng: Generator, persons: People, lives: Livelihood) -> None:
    industrial, elsewhere = kind_draws()
    busy_place = np.array([old.pull >= 14 for old in old_provinces()])[places().commune_old[persons.commune]]
    lives.kind[:] = np.where(busy_place, industrial.take(rng, persons.count), elsewhere.take(rng, persons.count))
    # Pensioners of today mostly served the state; cadres of communes always did.
    official = (lives.paid == PENSION) & happens(rng, persons.count, 0.45)
    teacher = rng.integers(0, 100, persons.count) < np.where(persons.sex == 1, 55, 20)
    lives.kind[official] = np.where(teacher, SCHOOL, STATE)[official]
    lives.kind[lives.paid == CADRE] = COMMUNE


def _set_years(rng: Generator, persons: People, lives: Livelihood) -> None:
    """Set the months in which each career began and ended."""
    count, born = persons.count, months_of(persons.born)
    begin = born + 12 * 18 + rng.integers(0, 12 * 7, count) + bell(rng, count, 12)
    # Most people did not stay in formal work from youth on: careers of today's workers began later.
    begin = np.where(happens(rng, count, 0.35), begin, begin + rng.integers(0, 12 * 12, count))
    now = lives.work == COMPULSORY
    begin = np.where(now, np.minimum(begin, month(2025, 5) - rng.integers(0, 40, count)), begin)
    voluntary = lives.work == VOLUNTARY
    begin = np.where(voluntary, month(2025, 5) - rng.integers(1, 120, count), begin)
    retired = (lives.work == PAST) & np.isin(lives.paid, (PENSION, LOST_CAPACITY, CADRE))
    years = np.where(lives.paid == PENSION, rng.integers(20, 37, count), rng.integers(10, 16, count))
    begin = np.where(retired, np.maximum(lives.paid_from - years * 12, born + 12 * 18), begin)
    lives.work_until[retired] = lives.paid_from[retired]
    reserved = (lives.work == PAST) & ~retired & (lives.work_until == OPEN)
    length = 6 + rng.integers(0, 60, count) + rng.integers(0, 60, count) * happens(rng, count, 0.4)
    begin = np.where(reserved, np.minimum(begin, month(2024, 6) - rng.integers(0, 60, count)), begin)
    lives.work_until[reserved] = np.minimum(begin + length, month(2025, 2))[reserved]
    lost = (lives.work == PAST) & (lives.paid == UNEMPLOYMENT) | (lives.work_until != OPEN) & ~retired & ~reserved
    begin = np.where(lost, np.minimum(begin, lives.work_until - 13 - rng.integers(0, 30, count)), begin)
    lives.work_from[:] = np.maximum(np.where(retired, begin, np.maximum(begin, month(1995, 1))), born + 12 * 15)
    injured = (lives.paid == WORK_INJURY) & now
    lives.paid_from[injured] = np.maximum(lives.paid_from, lives.work_from + 6)[injured]
    lives.paid_from[:] = np.minimum(lives.paid_from, _LAST_MONTH)


def _stop_at_death(rng: Generator, persons: People, lives: Livelihood) -> None:
    """End work and payments with the month of death where the agency has heard of it before June 2025."""
    heard = (persons.died < LIVED_FROM) & ~happens(rng, persons.count, 0.08)
    after = months_of(np.where(heard, persons.died, 0)) + 1
    for until, since in ((lives.work_until, lives.work_from), (lives.paid_until, lives.paid_from)):
        until[heard] = np.maximum(np.minimum(until, after), since + 1)[heard]
