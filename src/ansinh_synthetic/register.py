"""The population register: numbers that identify people, and the table of persons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from ansinh_synthetic import names, spelling
from ansinh_synthetic.chance import Bools, Ints, happens, stream
from ansinh_synthetic.days import LAST_DAY, day, parts_of
from ansinh_synthetic.digits import coded, digits, letters, texts
from ansinh_synthetic.permutation import permuted, unique_within
from ansinh_synthetic.plan import BLOCK_PEOPLE, Block, Plan
from ansinh_synthetic.population import ALIVE, NOBODY, People
from ansinh_synthetic.provinces import old_provinces, places
from ansinh_synthetic.tables import table_of

_HOUSEHOLD_SPACE = 2 * BLOCK_PEOPLE
_FIRST_PIN_BIRTHS = day(2016, 1, 1)


@dataclass(frozen=True)
class Numbers:
    """The identity numbers of a block, as matrices of digits."""

    pin: Ints
    old: Ints
    has_old: Bools


def number_people(plan: Plan, block: Block, persons: People) -> Numbers:
    """Give everybody a personal number by the real rule, and most grown people an old 9-digit one."""
    rng = stream(plan.seed, "numbers", block.number)
    year = persons.birth_year
    place = np.array([int(code) for code in places().olds])[persons.birth_old]
    century_and_sex = (year // 100 - 19) * 2 + persons.sex
    cell = (place * 10 + century_and_sex) * 100 + year % 100
    where = (block.number, plan.blocks)
    tail = unique_within(cell, 10**6, where, plan.key("pin"))
    prefixes = np.array([int(old.id_prefix) for old in old_provinces()])[persons.birth_old]
    old_tail = unique_within(prefixes, 10**7, where, plan.key("old number"))
    old = digits(prefixes * 10**7 + old_tail, 9)
    has_old = (year < 2003) & happens(rng, persons.count, np.where(year < 1999, 0.97, 0.6))
    holders = np.flatnonzero(has_old)
    repeated = holders[happens(rng, holders.size, plan.rates["identity"]["old_number_repeated"] / 2)]
    if holders.size:
        # The number of somebody who registered in the same place: one number, two people.
        source = rng.permutation(holders)[: repeated.size]
        old[repeated] = old[source]
    pin = digits(cell * 10**6 + tail, 12)
    return Numbers(pin=pin, old=old, has_old=has_old)


def household_numbers(plan: Plan, block: Block, local: Ints, purpose: str) -> Ints:
    """Turn a household's place in its block into a number that says nothing about the block."""
    space = plan.blocks * _HOUSEHOLD_SPACE
    return permuted(space, plan.key(purpose), block.number * _HOUSEHOLD_SPACE + local) + 1


def registered_on(plan: Plan, block: Block, persons: People) -> Ints:
    """Draw the day the register first had each person: at the great collection, or within days of birth."""
    rng = stream(plan.seed, "registered", block.number)
    collected = rng.integers(day(2017, 3, 1), day(2021, 7, 1), persons.count)
    soon = persons.born + rng.integers(1, 25, persons.count)
    in_days = persons.born + rng.integers(1, 9, persons.count)
    first = np.where(persons.born >= _FIRST_PIN_BIRTHS, np.maximum(soon, collected * 0 + _FIRST_PIN_BIRTHS), collected)
    first = np.where(persons.born >= day(2024, 12, 1), in_days, first)
    first = np.where(persons.died < first, np.maximum(persons.born, day(2017, 3, 1)), first)
    return np.minimum(first, LAST_DAY)


def birth_columns(born: Ints, year_only: Bools) -> dict[str, Any]:
    """Return year, month and day of birth as columns, month and day empty where only the year is known."""
    year, month, day_of_month = parts_of(born)
    return {
        "birth_year": pa.array(year.astype(np.int16)),
        "birth_month": pa.array(month.astype(np.int16), mask=year_only),
        "birth_day": pa.array(day_of_month.astype(np.int16), mask=year_only),
    }


def year_only_in_register(plan: Plan, block: Block, persons: People) -> Bools:
    """Tell of whom even the register knows only the year: 6 % of those born before 1955."""
    rng = stream(plan.seed, "year only", block.number)
    return happens(rng, persons.count, 0.06) & (persons.birth_year < 1955)


def person_table(plan: Plan, block: Block, persons: People, numbers: Numbers) -> tuple[Any, Ints]:
    """Return the block's rows of register/person and their places in the file."""
    known = np.flatnonzero(~persons.stranger)
    here, pin = places(), texts(numbers.pin)

    def relative(who: Ints) -> Any:
        absent = (who == NOBODY) | persons.stranger[who]
        return pin.take(pa.array(np.where(absent, 0, who), mask=absent))

    year_only = year_only_in_register(plan, block, persons)
    columns = {
        "pin": pin,
        "old_number": texts(numbers.old, ~numbers.has_old),
        "full_name": spelling.written(persons.names),
        "sex": coded(["M", "F"], persons.sex),
        **birth_columns(persons.born, year_only),
        "born_in_province": coded(here.olds, persons.birth_old),
        "commune": texts(letters(here.communes)[persons.commune]),
        "province": coded(here.provinces, here.commune_province[persons.commune]),
        "household": household_numbers(plan, block, persons.household, "household"),
        "father_pin": relative(persons.father),
        "mother_pin": relative(persons.mother),
        "spouse_pin": relative(persons.spouse),
        "ethnicity": coded(list(names.peoples()), persons.people),
        "registered_on": pa.array(registered_on(plan, block, persons).astype(np.int32)).cast(pa.date32()),
        "died_on": _dates(persons.died, persons.died == ALIVE),
    }
    table = table_of("register/person", columns).take(pa.array(known))
    return table, permuted(plan.people, plan.key("register order"), block.first_person + np.arange(known.size))


def _dates(days: Ints, missing: Bools) -> Any:
    return pa.array(days.astype(np.int32), mask=missing).cast(pa.date32())
