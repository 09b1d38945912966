"""What years of typing have done to the agency's records; every kind of damage leaves a mark in the truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.random import Generator

from ansinh_synthetic import names, spelling
from ansinh_synthetic.chance import Bools, Ints, happens, hashed, stream
from ansinh_synthetic.days import parts_of, years_of
from ansinh_synthetic.plan import Block, Plan
from ansinh_synthetic.population import People
from ansinh_synthetic.provinces import commune_draws, places
from ansinh_synthetic.register import Numbers, year_only_in_register

MARKS = (
    "no_diacritics", "one_syllable_plain", "decomposed", "upper_case", "spelling", "slip", "lost_space", "telex",
    "order_changed", "thi_dropped", "middle_dropped", "thi_added", "surname_exchanged", "other_given_name",
    "day_month_swapped", "day_wrong", "month_wrong", "year_off_by_one", "year_digit", "first_of_january", "year_only",
    "date_missing", "sex_wrong", "sex_missing", "no_number", "old_number", "number_mistyped", "zeros_lost",
    "number_of_another", "moved", "commune_missing", "second_record", "stranger",
)  # fmt: skip
_EXCHANGED = (("Hoàng", "Huỳnh"), ("Vũ", "Võ"))


@dataclass
class Damaged:
    """The typed contents of the records, column by column; -1 is empty."""

    first_office: Ints
    province: Ints
    commune: Ints
    recorded: Ints
    full_name: Any
    sex: Ints
    year: Ints
    month: Ints
    day: Ints
    id_digits: Ints
    id_length: Ints
    marks: Any


class Harm:
    """Decides where each kind of damage falls, more often in the work of careless clerks, and remembers it."""

    def __init__(self, plan: Plan, block: Block, office: Ints, recorded: Ints) -> None:
        self.rng: Generator = stream(plan.seed, "damage", block.number)
        self.rates = plan.rates["damage"]
        self._clusters = plan.rates["clusters"]
        clerk = self.rng.integers(0, self._clusters["clerks_per_office"], office.size)
        self._work = (office * 100 + clerk) * 1000 + years_of(recorded) // 10
        self._key = plan.key("careless clerks")
        self.bits = np.zeros(office.size, dtype=np.uint64)

    def mark(self, kind: str, where: Bools) -> Bools:
        """Remember that a kind of damage was done."""
        self.bits |= where.astype(np.uint64) << np.uint64(MARKS.index(kind))
        return where

    def falls(self, kind: str, rate: float | Ints | None = None) -> Bools:
        """Tell which records a kind of damage falls on, at its rate; a share of it falls in clusters."""
        share, part = self._clusters["share_of_errors"], self._clusters["share_of_records"]
        wanted = self.rates[kind] if rate is None else rate
        careless = hashed(self._key + MARKS.index(kind), self._work) % np.uint64(10_000) < np.uint64(part * 10_000)
        # A careless clerk cannot err in more than 85 of 100 records; the others make up what is then missing.
        often = np.minimum(wanted * (1 - share + share / part), 0.85)
        chance = np.where(careless, often, (wanted - part * often) / (1 - part))
        return happens(self.rng, self.bits.size, chance)

    def done(self, kind: str, where: Ints | None = None) -> Bools:
        """Let a kind of damage fall at its rate, limited to `where` if given, and remember it."""
        hit = self.falls(kind)
        return self.mark(kind, hit if where is None else hit & np.asarray(where))

    def spread(self, kind: str, where: Bools) -> Bools:
        """Let a kind of damage that is possible only in some records fall on its share of all records."""
        possible = max(int(where.sum()), 1)
        return self.mark(kind, where & self.falls(kind, min(self.rates[kind] * where.size / possible, 0.8)))

    def marks(self) -> Any:
        """Return the marks of each record, joined by commas."""
        different, place = np.unique(self.bits, return_inverse=True)
        texts = [",".join(m for i, m in enumerate(MARKS) if int(bits) >> i & 1) for bits in different]
        return pa.array(texts, pa.string()).take(pa.array(place.astype(np.int32)))


def damaged_names(harm: Harm, persons: People, person: Ints) -> Any:
    """Return the names as typed."""
    rng, names_in = harm.rng, persons.names[person].copy()
    thi = names_in[:, names.MIDDLE] == names.word("Thị")
    middle = (names_in[:, names.MIDDLE] >= 0) & ~thi
    for one, other in _EXCHANGED:
        pair = np.isin(names_in[:, 0], [names.word(one), names.word(other)])
        swapped = harm.mark("surname_exchanged", pair & happens(rng, pair.size, harm.rates["surname_exchanged"] * 10))
        total = names.word(one) + names.word(other)
        names_in[swapped, 0] = total - names_in[swapped, 0]
    renamed = np.flatnonzero(harm.done("other_given_name"))
    source = rng.integers(0, person.size, renamed.size)
    same_sex = persons.sex[person[source]] == persons.sex[person[renamed]]
    names_in[renamed[same_sex], names.GIVEN] = names_in[source[same_sex], names.GIVEN]
    names_in[harm.done("thi_dropped", np.asarray(thi)), names.MIDDLE] = -1
    names_in[harm.done("middle_dropped", middle), names.MIDDLE] = -1
    women = persons.sex[person] == 1
    room = (names_in[:, names.MIDDLE] < 0) | (middle & (names_in[:, names.SECOND] < 0))
    added = harm.spread("thi_added", np.asarray(women & room))
    names_in[added, names.SECOND] = np.where(
        names_in[added, names.MIDDLE] >= 0, names_in[added, names.MIDDLE], names_in[added, names.SECOND]
    )
    names_in[added, names.MIDDLE] = names.word("Thị")
    forms = _forms(harm, names_in)
    order = harm.done("order_changed")
    names_in[order], forms[order] = np.roll(names_in[order], 1, axis=1), np.roll(forms[order], 1, axis=1)
    text = spelling.written(names_in, forms, harm.done("lost_space"))
    text = _changed(text, harm.done("decomposed"), lambda t: pc.utf8_normalize(t, form="NFD"))
    return _changed(text, harm.done("upper_case"), pc.utf8_upper)


def _changed(text: Any, where: Bools, change: Any) -> Any:
    chosen = pa.array(where)
    return pc.replace_with_mask(text, chosen, change(text.filter(chosen)))


def _forms(harm: Harm, names_in: Ints) -> Ints:
    """Choose how each word of each name is spelled."""
    rng, shape = harm.rng, names_in.shape
    forms = np.zeros(shape, dtype=np.int64)
    rows = np.arange(shape[0])
    other = (names_in >= 0) & spelling.can_be_spelled()[np.maximum(names_in, 0)]
    spelled = harm.done("spelling", np.asarray(other.any(axis=1)))
    forms[spelled] = np.where(other[spelled], spelling.SPELLED, 0)
    # A slip or a plain syllable falls on the surname or the given name, which everybody has.
    place = np.where(happens(rng, shape[0], 0.5), names.SURNAME, names.GIVEN)
    one = harm.done("one_syllable_plain")
    forms[rows[one], place[one]] = spelling.PLAIN
    slipped = harm.done("slip")
    forms[rows[slipped], place[slipped]] = spelling.SLIP + rng.integers(0, spelling.SLIPS, int(slipped.sum()))
    forms[harm.done("telex")] = spelling.TELEX
    forms[harm.done("no_diacritics")] = spelling.PLAIN
    return forms


def damaged_birth(harm: Harm, born: Ints, unknown: Bools) -> tuple[Ints, Ints, Ints]:
    """Return year, month and day of birth as typed, -1 where empty; `unknown` marks people who only know their year."""
    rng, count = harm.rng, born.size
    year, month, of_month = parts_of(born)
    true_year = year.copy()
    swapped = harm.spread("day_month_swapped", (of_month <= 12) & (of_month != month))
    month, of_month = np.where(swapped, of_month, month), np.where(swapped, month, of_month)
    wrong_day = harm.done("day_wrong")
    of_month = np.where(wrong_day, (of_month + rng.integers(0, 27, count)) % 28 + 1, of_month)
    wrong_month = harm.done("month_wrong")
    month = np.where(wrong_month, (month + rng.integers(0, 11, count)) % 12 + 1, month)
    of_month = np.where(wrong_month | swapped, np.minimum(of_month, 28 + 2 * (month != 2)), of_month)
    year = year + np.where(harm.done("year_off_by_one"), rng.integers(0, 2, count) * 2 - 1, 0)
    year = year + np.where(
        harm.done("year_digit"), np.array((-20, -10, -9, -5, 5, 9, 10))[rng.integers(0, 7, count)], 0
    )
    january = harm.done("first_of_january") | harm.mark("first_of_january", unknown & happens(rng, count, 0.15))
    month, of_month = np.where(january, 1, month), np.where(january, 1, of_month)
    rates = harm.rates
    by_age = np.where(
        true_year < 1960,
        rates["year_only_before_1960"],
        np.where(true_year < 1980, rates["year_only_to_1979"], rates["year_only_later"]),
    )
    year_only = harm.mark("year_only", harm.falls("year_only", by_age) | (unknown & ~january))
    missing = harm.done("date_missing")
    month, of_month = np.where(year_only | missing, -1, month), np.where(year_only | missing, -1, of_month)
    return np.where(missing, -1, np.minimum(year, 2025)), month, of_month


def damaged_sex(harm: Harm, sex: Ints) -> Ints:
    """Return the sex as typed, -1 where empty."""
    wrong = np.where(harm.done("sex_wrong"), 1 - sex, sex)
    return np.where(harm.done("sex_missing"), -1, wrong)


def damaged_number(plan: Plan, harm: Harm, persons: People, numbers: Numbers, person: Ints) -> tuple[Ints, Ints]:
    """Return the identity numbers as typed: digits padded on the left to 12, and how many of them count."""
    rng, rates, count = harm.rng, plan.rates["identity"], person.size
    luck, has_old = rng.random(count), numbers.has_old[person]
    twelve = luck < np.where(has_old, rates["adult_pin"], rates["child_pin"])
    nine = ~twelve & has_old & (luck < rates["adult_pin"] + rates["adult_old"])
    length = np.where(twelve, 12, np.where(nine, 9, 0))
    someone = harm.done("number_of_another", length > 0)
    owner = np.where(someone, person[rng.integers(0, count, count)], person)
    owner = np.where(nine & ~numbers.has_old[owner], person, owner)
    matrix = numbers.pin[owner].copy()
    matrix[nine, 3:] = numbers.old[owner[nine]]
    mistyped = np.flatnonzero(harm.done("number_mistyped", length > 0))
    place = 12 - length[mistyped] + rng.integers(0, 1 << 30, mistyped.size) % length[mistyped]
    matrix[mistyped, place] = (matrix[mistyped, place] - 48 + rng.integers(1, 10, mistyped.size)) % 10 + 48
    lead = (length > 0) & (matrix[np.arange(count), np.maximum(12 - length, 0) % 12] == 48)
    lost = harm.done("zeros_lost", lead)
    length = length - lost
    second_zero = lost & (matrix[np.arange(count), np.maximum(12 - length, 0) % 12] == 48)
    length = length - second_zero
    harm.mark("no_number", length == 0)
    harm.mark("old_number", nine)
    return matrix, length


def damaged_place(plan: Plan, harm: Harm, persons: People, person: Ints) -> tuple[Ints, Ints, Ints]:
    """Return commune on file (-1 empty), keeping province, and the old province that gave the insurance code."""
    rng, here = harm.rng, places()
    plain, _ = commune_draws()
    commune = persons.commune[person].copy()
    moved = harm.done("moved")
    near = happens(rng, moved.size, 0.62)
    old = np.where(near, here.commune_old[commune], persons.birth_old[person])
    earlier = plain[old, rng.integers(0, 4096, moved.size)]
    commune = np.where(moved, earlier, commune)
    office = here.commune_old[commune]
    first = np.where(happens(rng, moved.size, 0.8), office, persons.birth_old[person])
    missing = harm.done("commune_missing")
    return np.where(missing, -1, commune), here.commune_province[here.starts[office]], first


def damage(plan: Plan, block: Block, persons: People, numbers: Numbers, person: Ints, recorded: Ints) -> Damaged:
    """Type the records of the given persons the way the agency's offices did."""
    harm = Harm(plan, block, places().commune_old[persons.commune[person]], recorded)
    commune, province, first_office = damaged_place(plan, harm, persons, person)
    year, month, of_month = damaged_birth(
        harm, persons.born[person], year_only_in_register(plan, block, persons)[person]
    )
    id_digits, id_length = damaged_number(plan, harm, persons, numbers, person)
    full_name = damaged_names(harm, persons, person)
    sex = damaged_sex(harm, persons.sex[person])
    harm.mark("stranger", persons.stranger[person])
    second = np.zeros(person.size, dtype=np.bool_)
    first_places = np.full(persons.count, -1)
    first_places[person[::-1]] = np.arange(person.size)[::-1]
    second[first_places[person] != np.arange(person.size)] = True
    harm.mark("second_record", second)
    return Damaged(
        first_office=first_office, province=province, commune=commune, recorded=recorded, full_name=full_name, sex=sex,
        year=year, month=month, day=of_month, id_digits=id_digits, id_length=id_length, marks=harm.marks(),
    )  # fmt: skip
