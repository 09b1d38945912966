"""The agency's records: who has one, who has two, which are of strangers, and the table agency/insured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from ansinh_synthetic.chance import Bools, Ints, happens, pick, stream
from ansinh_synthetic.damage import Damaged
from ansinh_synthetic.days import LIVED_FROM, day
from ansinh_synthetic.digits import coded, digits, letters, ragged, texts
from ansinh_synthetic.livelihood import EXCLUDED, Livelihood
from ansinh_synthetic.permutation import permuted
from ansinh_synthetic.plan import Block, Plan
from ansinh_synthetic.population import People
from ansinh_synthetic.provinces import places
from ansinh_synthetic.register import Numbers, household_numbers
from ansinh_synthetic.tables import table_of

FIRST, SECOND, STRANGER = range(3)


@dataclass(frozen=True)
class Records:
    """The block's records: whose each is, its number, and which kind it is."""

    person: Ints
    kind: Ints
    number: Ints
    record_of: Ints
    second_of: Ints


def open_records(plan: Plan, block: Block, persons: People, lives: Livelihood) -> Records:
    """Decide who has a record: whoever pays or is paid, most others, few of the dead, none of the newest born."""
    rng = stream(plan.seed, "records", block.number)
    known = np.flatnonzero(~persons.stranger)
    newest = persons.born >= LIVED_FROM
    long_dead = persons.died < day(2024, 1, 1)
    weight = np.where(lives.busy, 0, np.where(long_dead, 3000, 100))
    weight = np.where(newest, 10**9, weight)
    without = known[pick(rng, weight[known], known.size - block.own_records)]
    own = np.setdiff1d(known, without)
    if own.size != block.own_records:
        own = rng.permutation(known)[: block.own_records]
    grown = (persons.birth_year[own] < 2004) & (lives.excluded[own] == 0)
    second = own[pick(rng, np.where(grown, np.where(lives.worked[own], 300, 20), 1), block.second_records)]
    person = np.concatenate([own, second, np.flatnonzero(persons.stranger)])
    kind = np.repeat([FIRST, SECOND, STRANGER], [own.size, second.size, block.strangers])
    place = block.first_record + np.arange(person.size)
    number = permuted(plan.records, plan.key("record number"), place) + 1
    record_of, second_of = np.full(persons.count, -1), np.full(persons.count, -1)
    rows = np.arange(person.size)
    record_of[person[kind != SECOND]] = rows[kind != SECOND]
    second_of[person[kind == SECOND]] = rows[kind == SECOND]
    return Records(person=person, kind=kind, number=number, record_of=record_of, second_of=second_of)


def _households(plan: Plan, block: Block, persons: People, records: Records) -> tuple[Ints, Bools]:
    """Group records as the agency's health-insurance households do: 55 % with relatives, few in a wrong one."""
    rng = stream(plan.seed, "agency households", block.number)
    rates = plan.rates["damage"]
    household = persons.household[records.person].copy()
    wrong = happens(rng, household.size, rates["wrong_household"])
    household[wrong] = household[rng.permutation(household.size)[: int(wrong.sum())]]
    # Whole households are on file or not, so that relatives are found together.
    on_file = happens(rng, persons.count, rates["in_household"] + 0.14)[household]
    missing = ~on_file | happens(rng, household.size, 0.12) | (records.kind == SECOND)
    return household_numbers(plan, block, household, "agency household"), missing


def recorded_days(plan: Plan, block: Block, persons: People, records: Records) -> Ints:
    """Draw the day each record was made: at the first job, at birth, or when whole communes were listed in 2016-2017."""
    rng = stream(plan.seed, "recorded", block.number)
    born = persons.born[records.person]
    count = born.size
    listed = rng.integers(day(2016, 1, 1), day(2018, 1, 1), count)
    job = np.maximum(born + 18 * 365 + rng.integers(0, 12 * 365, count), day(1995, 2, 1) + rng.integers(0, 900, count))
    newborn = born + rng.integers(3, 70, count)
    by_job = happens(rng, count, 0.5) & (job < LIVED_FROM)
    chosen = np.where(born >= day(2016, 1, 1), newborn, np.where(by_job, job, listed))
    return np.minimum(np.maximum(chosen, born + 1), LIVED_FROM - 1)


def insured_table(
    plan: Plan, block: Block, persons: People, numbers: Numbers, records: Records, damaged: Damaged, lives: Livelihood
) -> tuple[Any, Ints, Any]:
    """Return the block's rows of agency/insured, their places, and the rows of truth/link."""
    here = places()
    household, no_household = _households(plan, block, persons, records)
    office_code = np.array([int(code) for code in here.olds])[damaged.first_office]
    serial = permuted(10**8, plan.key("si code"), block.first_record + np.arange(records.person.size))
    excluded = lives.excluded[records.person]
    columns = {
        "record_no": records.number,
        "si_code": texts(digits(office_code * 10**8 + serial, 10)),
        "full_name": damaged.full_name,
        "sex": coded(["M", "F"], np.where(damaged.sex < 0, 0, damaged.sex), damaged.sex < 0),
        "birth_year": pa.array(damaged.year.astype(np.int16), mask=damaged.year < 0),
        "birth_month": pa.array(damaged.month.astype(np.int16), mask=damaged.month < 0),
        "birth_day": pa.array(damaged.day.astype(np.int16), mask=damaged.day < 0),
        "id_number": ragged(damaged.id_digits, damaged.id_length),
        "commune": _commune_texts(damaged.commune),
        "province": coded(here.provinces, damaged.province),
        "household": pa.array(household, mask=no_household),
        "excluded": coded(list(EXCLUDED), excluded, excluded == 0),
        "recorded_on": pa.array(damaged.recorded.astype(np.int32)).cast(pa.date32()),
    }
    pin = texts(numbers.pin).take(pa.array(records.person, mask=records.kind == STRANGER))
    truth = table_of("truth/link", {"record_no": records.number, "pin": pin, "damage": damaged.marks})
    return table_of("agency/insured", columns), records.number - 1, truth


def _commune_texts(commune: Ints) -> Any:
    return texts(letters(places().communes)[np.maximum(commune, 0)], commune < 0)
