"""Contribution spans: one row per stretch with the same employer, scheme and wage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.random import Generator

from ansinh_synthetic.chance import Bools, Draw, Ints, happens, stream
from ansinh_synthetic.days import month, yyyymm
from ansinh_synthetic.employers import COMMUNE, COOPERATIVE, ENTERPRISE, FOREIGN, SCHOOL, STATE, Employers
from ansinh_synthetic.insured import Records
from ansinh_synthetic.livelihood import OPEN, UNEMPLOYMENT, VOLUNTARY, Livelihood
from ansinh_synthetic.plan import Block, Plan
from ansinh_synthetic.population import People
from ansinh_synthetic.provinces import places
from ansinh_synthetic.tables import table_of
from ansinh_synthetic.wages import BASE_FROM, enterprise_wage, state_wage

_NOW = month(2025, 6)
_UNEMPLOYMENT_SINCE = month(2009, 1)
# Income levels people choose for voluntary insurance, đồng; the lowest is the poverty line of rural areas.
_CHOSEN = np.array((1_500_000, 1_500_000, 1_500_000, 2_000_000, 2_000_000, 3_000_000, 4_000_000, 5_000_000))
# Skill in per mille of the mean wage: most earn a little less than the mean, a few several times as much.
_SKILLS = np.array((600, 700, 780, 850, 900, 950, 1000, 1060, 1130, 1220, 1340, 1500, 1750, 2200, 3000, 5200))
_SKILL_SHARES = (6, 8, 10, 11, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)


@dataclass(frozen=True)
class Spans:
    """Rows of agency/span in construction, months since year 0; `until` is OPEN while a span goes on."""

    person: Ints
    turn: Ints
    since: Ints
    until: Ints
    employer: Ints
    wage: Ints
    unemployment: Bools
    voluntary: Bools


def _rows(counts: Ints) -> tuple[Ints, Ints]:
    """Repeat careers into rows: which career, and the how-many-eth row of it."""
    career = np.repeat(np.arange(counts.size), counts)
    return career, np.arange(career.size) - np.repeat(np.cumsum(counts) - counts, counts)


def careers(plan: Plan, block: Block, persons: People, lives: Livelihood, employers: Employers) -> Spans:
    """Cut every career of the block into spans."""
    rng = stream(plan.seed, "work", block.number)
    who = np.flatnonzero(lives.worked)
    since, until = lives.work_from[who], np.minimum(lives.work_until[who], _NOW)
    until = np.maximum(until, since + 1)
    kind = lives.kind[who]
    serves = np.isin(kind, (STATE, SCHOOL, COMMUNE)) & (lives.work[who] != VOLUNTARY)
    first = np.searchsorted(BASE_FROM, since, side="right")
    raises = np.searchsorted(BASE_FROM, until, side="left") - first
    length = until - since
    pieces = 1 + length // rng.integers(13, 31, who.size)
    count = np.where(serves, raises + 1, np.minimum(pieces, 14))
    career, turn = _rows(count)
    jitter = rng.integers(0, 1000, career.size)
    even = since[career] + (turn * 1000 + np.where(turn > 0, jitter // 2, 0)) * length[career] // (count[career] * 1000)
    raised = BASE_FROM[np.minimum(first[career] + np.maximum(turn - 1, 0), BASE_FROM.size - 1)]
    row_since = np.where(serves[career] & (turn > 0), raised, even)
    last = turn == count[career] - 1
    row_until = np.where(last, until[career], np.append(row_since[1:], 0))
    changes = (turn > 0) & happens(rng, turn.size, 0.35) & ~serves[career]
    row_until = _pause(rng.integers(-3, 7, turn.size), changes, row_since, row_until)
    goes_on = last & (lives.work_until[who] >= _NOW)[career]
    cut = _Cut(who[career], turn, row_since, row_until, changes | (turn == 0), goes_on)
    return _filled(rng, persons, lives, employers, cut)


def _pause(pause: Ints, changes: Bools, since: Ints, until: Ints) -> Ints:
    """Leave some months without work before a change of employer."""
    before = np.append(changes[1:], False)
    return np.where(before, np.maximum(until - np.maximum(pause, 0), since + 1), until)


@dataclass(frozen=True)
class _Cut:
    """Careers cut into rows: whose, the how-many-eth, its months, whether an employer begins, whether it goes on."""

    person: Ints
    turn: Ints
    since: Ints
    until: Ints
    new_employer: Bools
    goes_on: Bools


def _filled(rng: Generator, persons: People, lives: Livelihood, employers: Employers, cut: _Cut) -> Spans:
    """Give every row an employer, a wage and its insurances."""
    person, since = cut.person, cut.since
    job = np.cumsum(cut.new_employer) - 1
    first_row = np.flatnonzero(cut.new_employer)
    worker = person[first_row]
    away = (cut.turn[first_row] == 0) & happens(rng, first_row.size, 0.25)
    old = np.where(away, persons.birth_old[worker], places().commune_old[persons.commune[worker]])
    employer = employers.choose(rng, old, lives.kind[worker])[job]
    voluntary, kind = lives.work[person] == VOLUNTARY, lives.kind[person]
    end = np.where(cut.goes_on, _NOW + 1, cut.until)
    skill_of = _SKILLS[Draw(_SKILL_SHARES).take(rng, persons.count)] + rng.integers(-40, 41, persons.count)
    skill_of = skill_of - np.where(persons.sex == 1, skill_of // 12, 0)
    served = np.maximum(since - lives.work_from[person], 0)
    skill = skill_of[person] + np.minimum(served // 12, 15) * 8
    grade = rng.integers(1, 5, persons.count)[person]
    paid_by_grade = state_wage(since, served, grade)
    paid_by_firm = enterprise_wage(since, end, employers.region[employer], skill)
    wage = np.where(np.isin(kind, (STATE, SCHOOL, COMMUNE)), paid_by_grade, paid_by_firm)
    chosen = _CHOSEN[rng.integers(0, _CHOSEN.size, persons.count)]
    wage = np.where(voluntary, np.maximum(chosen[person], np.where(since < month(2022, 1), 700_000, 0)), wage)
    # Officials are not insured against unemployment, contract staff of the state are.
    insurable = np.isin(kind, (ENTERPRISE, FOREIGN, COOPERATIVE, SCHOOL)) | (skill_of[person] % 2 == 0)
    insurable |= lives.paid[person] == UNEMPLOYMENT
    return Spans(
        person=person, turn=cut.turn, since=since, until=np.where(cut.goes_on, OPEN, cut.until), employer=employer,
        wage=wage, unemployment=~voluntary & insurable & (since >= _UNEMPLOYMENT_SINCE), voluntary=voluntary,
    )  # fmt: skip


def told_under(records: Records, spans: Spans) -> Ints:
    """Return the row of the record each span stands on, below 0 for none; first jobs of some stand on a second record."""
    first, second = records.record_of[spans.person], records.second_of[spans.person]
    early = (second >= 0) & (spans.turn < 2) & (spans.until != OPEN)
    return np.where(early, second, first)


def span_table(records: Records, spans: Spans) -> tuple[Any, Ints]:
    """Return rows of agency/span, ordered by record, and their places."""
    row = told_under(records, spans)
    kept = np.flatnonzero(row >= 0)
    number = records.number[row[kept]]
    order = np.lexsort((spans.since[kept], number))
    kept, number = kept[order], number[order]
    voluntary, until = spans.voluntary[kept], spans.until[kept]
    table = table_of(
        "agency/span",
        {
            "record_no": number,
            "employer_no": pa.array(spans.employer[kept] + 1, mask=voluntary),
            "scheme": pa.array(["compulsory", "voluntary"]).take(pa.array(voluntary.astype(np.int8))),
            "unemployment": spans.unemployment[kept],
            "from_month": yyyymm(spans.since[kept]).astype(np.int32),
            "until_month": pa.array(yyyymm(until).astype(np.int32), mask=until == OPEN),
            "wage": spans.wage[kept],
        },
    )
    return table, number - 1
