"""What happens to cards in the last weeks: reported as reduced, locked, changed; what patients paid themselves; children born too lately to have a card.

Few of each, and of each kind some even in a village. Streams of their own, so that nothing else of the nation depends on them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.random import Generator

from ansinh_synthetic.chance import Draw, Ints, happens, pick, stream
from ansinh_synthetic.coverage import Covered
from ansinh_synthetic.days import LAST_DAY, LIVED_FROM, day
from ansinh_synthetic.digits import coded, digits, letters, texts
from ansinh_synthetic.facilities import Facilities
from ansinh_synthetic.insured import FIRST, Records
from ansinh_synthetic.livelihood import Livelihood
from ansinh_synthetic.objects import CODES
from ansinh_synthetic.plan import Block, Plan
from ansinh_synthetic.population import ALIVE, People
from ansinh_synthetic.tables import table_of

# Event and the state after it; the last two concern a card that was suspended before, and one whose holder goes over to another group in August.
EVENTS = (
    ("suspended", "suspended"),
    ("withdrawn", "withdrawn"),
    ("reduced", "reduced"),
    ("reduced", "reduced_moved_out"),
    ("reduced", "reduced_moved_within"),
    ("reduced", "reduced_readded"),
    ("reduced", "reduced_stopped"),
    ("restored", "issued"),
    ("replaced", "replaced"),
)
_RESTORED, _REPLACED = 7, 8
_OF_A_KIND_MIN = 2
_EVENTS_FROM, _EVENTS_UNTIL, _REPLACED_FROM = day(2025, 7, 1), day(2025, 7, 26), day(2025, 8, 10)
_PAID_FROM, _PAID_UNTIL = day(2025, 1, 6), day(2025, 7, 26)
# Groups whose members pay a share themselves; their new group, when they change, is that of families or of employees.
_PAY_THEMSELVES = [CODES.index(code) for code in ("GD", "HS", "SV", "DN", "HC", "CH", "HT", "TN")]
_GRAVE_VISITS = 6
# Visits of a payer, out of eight.
_VISITS = (3, 2, 1, 1, 1)


def quota(plan: Plan, block: Block, name: str) -> int:
    """Return how many of a kind a block has: its share of the country's count, and in the first block never none."""
    if plan.dense:
        return 0
    least = _OF_A_KIND_MIN if block.number == 0 else 0
    return max(least, plan.scaled(int(plan.rates["card_life"][name]), block.number))


def _usable(covered: Covered, records: Records, persons: People, lives: Livelihood) -> Ints:
    """Return stretches in force in June and July of living people whose cards we manage, one a record."""
    person = records.person[covered.row]
    good = (covered.since < LIVED_FROM) & (covered.until > LAST_DAY + 60) & (records.kind[covered.row] == FIRST)
    good &= (lives.excluded[person] == 0) & (persons.died[person] == ALIVE) & np.isin(covered.code, _PAY_THEMSELVES)
    return np.flatnonzero(good)


def card_event_table(
    plan: Plan, block: Block, persons: People, lives: Livelihood, records: Records, covered: Covered
) -> tuple[Any, Ints]:
    """Return rows of agency/card_event, each on a card of its own but for those suspended and restored, and their places."""
    rng = stream(plan.seed, "card events", block.number)
    usable = _usable(covered, records, persons, lives)
    each = quota(plan, block, "events_of_a_kind")
    chosen = usable[pick(rng, np.ones(usable.size, dtype=np.int64), each * len(EVENTS))]
    kind = np.arange(chosen.size) % len(EVENTS)
    on = rng.integers(_EVENTS_FROM, _EVENTS_UNTIL, chosen.size)
    on = np.where(kind == _REPLACED, _REPLACED_FROM + on - _EVENTS_FROM, on)
    # Whoever is restored was suspended some days before.
    again = np.flatnonzero(kind == _RESTORED)
    row = np.concatenate([chosen, chosen[again]])
    on = np.concatenate([on, on[again] - 1 - rng.integers(0, 20, again.size)])
    kind = np.concatenate([kind, np.zeros(again.size, dtype=np.int64)])
    number = records.number[covered.row[row]]
    order = np.lexsort((on, number))
    row, on, kind, number = row[order], on[order], kind[order], number[order]
    family, employee = CODES.index("GD"), CODES.index("DN")
    code = np.where(covered.code[row] == family, employee, family)
    table = table_of(
        "agency/card_event",
        {
            "record_no": number,
            "event": coded([event for event, _ in EVENTS], kind),
            "state": coded([state for _, state in EVENTS], kind),
            "effect_on": pa.array(on.astype(np.int32)).cast(pa.date32()),
            "object_code": coded(list(CODES), code, kind != _REPLACED),
        },
    )
    return table, number - 1


def copayment_table(
    plan: Plan,
    block: Block,
    persons: People,
    lives: Livelihood,
    records: Records,
    covered: Covered,
    facilities: Facilities,
) -> tuple[Any, Ints]:
    """Return rows of agency/copayment and their places: mostly small sums, and of the gravely ill some beyond the year's ceiling."""
    rng = stream(plan.seed, "copayments", block.number)
    usable = _usable(covered, records, persons, lives)
    payers = usable[pick(rng, np.ones(usable.size, dtype=np.int64), quota(plan, block, "copayers"))]
    grave = happens(rng, payers.size, plan.rates["card_life"]["grave"])
    grave[: _OF_A_KIND_MIN if block.number == 0 else 0] = True
    visits = np.where(grave, _GRAVE_VISITS, 1 + Draw(_VISITS).take(rng, payers.size))
    row, ill = np.repeat(payers, visits), np.repeat(grave, visits)
    paid = rng.integers(_PAID_FROM, _PAID_UNTIL, row.size)
    stay = np.where(
        ill, rng.integers(2, 15, row.size), np.where(happens(rng, row.size, 0.2), rng.integers(1, 8, row.size), 0)
    )
    amount = np.where(ill, rng.integers(2_400, 6_000, row.size), rng.integers(30, 900, row.size)) * 1_000
    astray = happens(rng, row.size, 0.1) & ~ill
    number = records.number[covered.row[row]]
    order = np.lexsort((paid, number))
    house = np.where(astray, rng.integers(0, len(facilities.codes), row.size), covered.facility[row])
    table = table_of(
        "agency/copayment",
        {
            "record_no": number[order],
            "facility": texts(letters(facilities.codes)[house[order]]),
            "visit": _visits(rng, row.size),
            "admitted_on": pa.array((paid - stay)[order].astype(np.int32)).cast(pa.date32()),
            "paid_on": pa.array(paid[order].astype(np.int32)).cast(pa.date32()),
            "amount": amount[order],
            "counted": ~astray[order],
        },
    )
    return table, number[order] - 1


def _visits(rng: Generator, count: int) -> Any:
    """Return hospitals' own numbers of visits: the year and eight digits."""
    year = np.tile(np.frombuffer(b"25.", dtype=np.uint8), (count, 1))
    return texts(np.hstack([year, digits(rng.integers(0, 10**8, count), 8)]))


def newborn_table(plan: Plan, block: Block, registered: tuple[Any, Ints]) -> tuple[Any, Ints]:
    """Return rows of agency/newborn and their places: children of June and July, as hospitals told of them before a card was issued."""
    rng = stream(plan.seed, "newborns", block.number)
    table, place = registered
    born = table.column("birth_year").to_numpy().astype(np.int64) * 100 + np.nan_to_num(
        table.column("birth_month").to_numpy(zero_copy_only=False)
    ).astype(np.int64)
    alive = table.column("died_on").is_null().to_numpy()
    lately = np.flatnonzero((born >= 202506) & (born <= 202507) & alive)
    chosen = np.sort(lately[pick(rng, np.ones(lately.size, dtype=np.int64), quota(plan, block, "newborns"))])
    found = table.take(pa.array(chosen))
    columns = (
        "pin",
        "full_name",
        "sex",
        "birth_year",
        "birth_month",
        "birth_day",
        "commune",
        "province",
        "registered_on",
    )
    return table_of("agency/newborn", {name: found.column(name) for name in columns}), place[chosen]
