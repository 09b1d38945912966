"""Monthly pensions and allowances: amounts, and through which account they are paid."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.random import Generator

from ansinh_synthetic.chance import Bools, Draw, Ints, pick, stream
from ansinh_synthetic.days import month, yyyymm
from ansinh_synthetic.digits import coded, digits, ragged
from ansinh_synthetic.insured import Records
from ansinh_synthetic.livelihood import (
    CADRE,
    LOST_CAPACITY,
    NOT_PAID,
    OPEN,
    PAYEE_KINDS,
    PENSION,
    SURVIVOR,
    UNEMPLOYMENT,
    WORK_INJURY,
    Livelihood,
)
from ansinh_synthetic.plan import Block, Plan
from ansinh_synthetic.population import People
from ansinh_synthetic.provinces import places
from ansinh_synthetic.tables import table_of
from ansinh_synthetic.wages import minimum_wage
from ansinh_synthetic.work import Spans

_JULY, _DECEMBER = month(2025, 7), month(2024, 12)
# Sixteenths of pensions from small to large, men and women, thousands of đồng a month.
_PENSIONS = np.array(
    (
        (2700, 3200, 3700, 4100, 4500, 4900, 5300, 5700, 6100, 6600, 7100, 7700, 8400, 9300, 10600, 14000),
        (2400, 2800, 3200, 3500, 3800, 4100, 4400, 4700, 5000, 5400, 5800, 6300, 6900, 7700, 8800, 11200),
    )
)
# The state-owned banks lead, then the army's and the private ones (shares per mille, assumed).
_BANKS = {
    "AGRIBANK": 300, "VCB": 150, "CTG": 210, "BID": 190, "LPB": 55, "MBB": 35, "ACB": 15, "STB": 15, "TCB": 12,
    "SHB": 6, "VPB": 6, "HDB": 6,
}  # fmt: skip
_ACCOUNT_DIGITS = {"AGRIBANK": 13, "VCB": 10, "CTG": 12, "BID": 14, "LPB": 12}


@cache
def bank_codes() -> tuple[str, ...]:
    """Return the codes of the real banks."""
    lines = (Path(__file__).parent / "banks.csv").read_text(encoding="utf-8").splitlines()
    return tuple(row["code"] for row in csv.DictReader(line for line in lines if not line.startswith("#")))


def payee_table(
    plan: Plan, block: Block, persons: People, lives: Livelihood, records: Records, spans: Spans
) -> tuple[Any, Ints]:
    """Return rows of agency/payee ordered by record, and their places."""
    rng = stream(plan.seed, "payees", block.number)
    who = np.flatnonzero((lives.paid != NOT_PAID) & (records.record_of >= 0))
    who = who[np.argsort(records.number[records.record_of[who]], kind="stable")]
    kind, since, until = lives.paid[who], lives.paid_from[who], lives.paid_until[who]
    number = records.number[records.record_of[who]]
    urban = places().ward[persons.commune[who]]
    amount = _amounts(rng, persons, who, kind, spans)
    has_account, account_since = _accounts(rng, plan, kind, urban, since, until)
    bank = Draw(list(_BANKS.values())).take(rng, who.size)
    width = np.array([_ACCOUNT_DIGITS.get(code, 11) for code in _BANKS])[bank]
    serial = rng.integers(10**13, 10**14, who.size)
    unknown = set(_BANKS) - set(bank_codes())
    if unknown:
        raise ValueError(f"banks.csv does not list {sorted(unknown)}")
    table = table_of(
        "agency/payee",
        {
            "record_no": number,
            "kind": coded(list(PAYEE_KINDS), kind),
            "amount": amount,
            "from_month": yyyymm(since).astype(np.int32),
            "until_month": pa.array(yyyymm(until).astype(np.int32), mask=until == OPEN),
            "urban": urban,
            "bank": coded(list(_BANKS), bank, ~has_account),
            "account": ragged(digits(serial, 14), np.where(has_account, width, 0)),
            "account_since": pa.array(yyyymm(account_since).astype(np.int32), mask=~has_account),
        },
    )
    return table, number - 1


def _amounts(rng: Generator, persons: People, who: Ints, kind: Ints, spans: Spans) -> Ints:
    """Return monthly amounts in đồng; unemployment benefit is 60 % of the last wage, at most 5 minimum wages."""
    count, sex = who.size, persons.sex[who]
    pension = _PENSIONS[sex, rng.integers(0, 16, count)] * 1000 + rng.integers(-3500, 3500, count) * 100
    last_wage = np.zeros(persons.count, dtype=np.int64)
    last_wage[spans.person] = spans.wage
    region = places().region[persons.commune[who]]
    most = minimum_wage(np.full(count, _JULY), region) * 5000
    benefit = np.minimum(last_wage[who] * 6 // 10, most)
    return np.select(
        [kind == PENSION, kind == LOST_CAPACITY, kind == CADRE, kind == SURVIVOR, kind == WORK_INJURY],
        [
            pension,
            2_350_000 + rng.integers(0, 9000, count) * 100,
            2_200_000 + rng.integers(0, 8000, count) * 100,
            np.where(rng.integers(0, 100, count) < 93, 1_170_000, 1_638_000),
            702_000 + rng.integers(0, 40, count) * 46_800 + rng.integers(0, 2000, count) * 100,
        ],
        np.maximum(benefit, 900_000),
    )


def _chosen(rng: Generator, among: Bools, wanted: float) -> Bools:
    """Choose a number of rows among some, rounded to the nearest."""
    chosen = np.zeros(among.size, dtype=np.bool_)
    chosen[pick(rng, among.astype(np.int64), max(0, int(wanted + 0.5)))] = True
    return chosen


def _holders(
    rng: Generator, active: Bools, kind: Ints, urban: Bools, shares: tuple[float, float, float], among: Bools
) -> Bools:
    """Choose account holders among the active so that the national, urban and unemployment shares come out."""
    national, in_wards, jobless = shares
    lost = active & (kind == UNEMPLOYMENT)
    paid = active & ~lost
    holders = _chosen(rng, lost & among, jobless * int(lost.sum()))
    urban_wanted = in_wards * int((active & urban).sum()) - int((holders & urban).sum())
    town = _chosen(rng, paid & urban & among, urban_wanted)
    rural_wanted = national * int(paid.sum()) - int(town.sum())
    return holders | town | _chosen(rng, paid & ~urban & among, rural_wanted)


def _accounts(rng: Generator, plan: Plan, kind: Ints, urban: Bools, since: Ints, until: Ints) -> tuple[Bools, Ints]:
    """Return who is paid into an account and since when, for the shares of July 2025 and December 2024."""
    rates = plan.rates["accounts"]
    in_july = (since <= _JULY) & (until > _JULY)
    in_december = (since <= _DECEMBER) & (until > _DECEMBER)
    shares = rates["july"], rates["urban_july"], rates["unemployment_july"]
    now = _holders(rng, in_july, kind, urban, shares, np.ones(kind.size, dtype=np.bool_))
    shares = rates["december"], rates["urban_december"], rates["unemployment_december"]
    early = _holders(rng, in_december, kind, urban, shares, now | ~in_july)
    # In between: whoever was only paid in other months, at the later share.
    between = ~in_july & ~in_december & (rng.integers(0, 100, kind.size) < 85)
    longer = np.maximum(since, _DECEMBER - rng.integers(0, 150, kind.size))
    lately = np.maximum(since, _DECEMBER + rng.integers(1, 8, kind.size))
    return now | early | between, np.where(early, np.minimum(longer, _DECEMBER), np.minimum(lately, _JULY))
