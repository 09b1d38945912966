"""Thousands of months drawn from seeds: whatever lines, banks, post, people and crashes do, each payee gets what is owed once, and the books agree.

One seed again:  SEED=1234 .venv/bin/python -m pytest tests/payments/test_simulation.py
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from django.db import transaction

from ansinh.durable import verbs
from ansinh.payments import procedures
from tests.payments.simulation.month import World, judge
from tests.support.campaign import CAMPAIGN, WriteDown

FIRST_SEED, SEEDS, CAMPAIGN_SEEDS, AT_ONCE = 1, 24, 2_000, 4
# Months that found a mistake once are lived again for ever.
KEPT: tuple[int, ...] = ()
_COUNT = CAMPAIGN_SEEDS if CAMPAIGN else SEEDS


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a month declares is its own; and the transaction around it, which is never committed, is not ours to forbid."""
    monkeypatch.setattr(verbs, "_declared", {})
    monkeypatch.setattr(procedures, "_require_no_transaction", lambda: None)


def lived(seed: int) -> World:
    """Live the month of a seed and judge it; nothing of it is left in the database."""
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        try:
            world = World(seed, Path(folder))
            world.live()
            judge(world)
        except BaseException as error:
            error.add_note(f"again: SEED={seed} .venv/bin/python -m pytest tests/payments/test_simulation.py")
            raise
        finally:
            transaction.set_rollback(True)
    return world


@pytest.mark.django_db
@pytest.mark.campaign
@pytest.mark.parametrize("part", range(AT_ONCE))
def test_months_from_seeds(part: int, write_down: WriteDown) -> None:
    one = os.environ.get("SEED")
    seeds = [int(one)] if one else [*KEPT, *range(FIRST_SEED + part, FIRST_SEED + _COUNT, AT_ONCE)]
    crashes = steps = 0
    for seed in seeds:
        world = lived(seed)
        crashes, steps = crashes + world.engine.crashes, steps + world.engine.steps
    write_down(first_seed=seeds[0], last_seed=seeds[-1], months=len(seeds), steps=steps, crashes=crashes)
