"""Object codes of health insurance: which group of the law each person belongs to, the strongest claim first."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from ansinh_synthetic.chance import Ints, happens
from ansinh_synthetic.coverage_days import child_card_end
from ansinh_synthetic.days import LAST_DAY
from ansinh_synthetic.employers import COMMUNE, COOPERATIVE, FOREIGN, SCHOOL, STATE
from ansinh_synthetic.livelihood import (
    CADRE,
    COMPULSORY,
    LOST_CAPACITY,
    PENSION,
    SURVIVOR,
    UNEMPLOYMENT,
    WORK_INJURY,
    Livelihood,
)
from ansinh_synthetic.population import People
from ansinh_synthetic.provinces import places

CODES = (
    "GD", "TE", "HS", "SV", "DN", "HC", "CH", "NN", "HX", "XK", "HT", "TB", "XB", "CT", "TN", "BT", "HN", "CN", "DT",
    "DK", "XD", "CC", "CK", "CB", "KC", "TC", "TS", "GB", "QN", "CA", "CY", "TQ", "TA", "TY",
)  # fmt: skip
_PLACE = {code: place for place, code in enumerate(CODES)}


def codes_of(rng: Generator, persons: People, lives: Livelihood) -> Ints:
    """Return the place in CODES of the group each person belongs to on the last day."""
    count, age = persons.count, persons.age_on(LAST_DAY)
    here, luck = places(), rng.integers(0, 1000, persons.count)
    highland = here.land[here.commune_old[persons.commune]] == 2
    rural = ~here.ward[persons.commune]
    poor = rng.random(count)[persons.household]
    minority = (persons.people > 0) & highland & rural
    working = lives.work == COMPULSORY
    rules = [
        (lives.excluded == 1, "QN"),
        (lives.excluded == 2, "CA"),
        (lives.excluded == 3, "CY"),
        (lives.excluded == 4, ("TQ", "TA", "TY")),
        (child_card_end(persons.born) > LAST_DAY, "TE"),
        (np.isin(lives.paid, (PENSION, LOST_CAPACITY)), "HT"),
        (lives.paid == CADRE, "XB"),
        (working & (lives.kind == STATE), ("CH", "HC")),
        (working & (lives.kind == SCHOOL), "HC"),
        (working & (lives.kind == COMMUNE), ("XK", "HC")),
        (working & (lives.kind == FOREIGN), "NN"),
        (working & (lives.kind == COOPERATIVE), "HX"),
        (working, "DN"),
        (lives.paid == UNEMPLOYMENT, "TN"),
        (lives.paid == WORK_INJURY, "TB"),
        ((lives.paid == SURVIVOR) & (age >= 80), "CT"),
        ((age >= 66) & (luck < 70), ("CC", "CK", "CB", "CB", "KC")),
        ((age >= 55) & (luck < 90), ("TS", "TC")),
        ((age >= 80) | (luck > 990), "BT"),
        (poor < np.where(highland & rural, 0.17, 0.022), "HN"),
        (minority & (luck < 900), ("DT", "DT", "DK")),
        (here.zone[persons.commune], "XD"),
        (poor < np.where(rural, 0.068, 0.03), "CN"),
        (age < 18, "HS"),
        ((age < 23) & (luck < 420), "SV"),
        (rural & (luck < 45), "GB"),
    ]
    code = np.full(count, _PLACE["GD"])
    open_still = np.ones(count, dtype=np.bool_)
    for where, name in rules:
        hit = open_still & where
        several = np.array([_PLACE[n] for n in ((name,) if isinstance(name, str) else name)])
        code[hit] = several[rng.integers(0, several.size, count)[hit]]
        open_still &= ~hit
    # One in twenty of school age is in no school and so insured with the family.
    dropped_out = np.isin(code, (_PLACE["HS"],)) & (age > 14) & happens(rng, count, 0.08)
    return np.where(dropped_out, _PLACE["GD"], code)
