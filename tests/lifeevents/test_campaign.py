"""Births and deaths through register and offices over the wire have one effect each: told twice and out of order, refused, taken back, unanswered, and worker,
database and offices killed."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from ansinh.cli.benchmarks.lifeevents.campaign import Campaign, Database, measure_campaign, own_database_of
from tests.support.campaign import CAMPAIGN, WriteDown
from tests.support.database import OwnDatabase, own_server, silent

SIZE = (
    Campaign(deaths=1_500, births=1_500)
    if CAMPAIGN
    else Campaign(deaths=8, births=8, days=9, kills=["worker"], offices_killed=1, answers_lost=0.005)
)


@pytest.mark.campaign
def test_births_and_deaths_have_one_effect_each(
    fresh_database: OwnDatabase, tmp_path: Path, write_down: WriteDown
) -> None:
    with ExitStack() as servers:
        # At full size the database is killed too, so it is nobody else's.
        database = own_database_of(servers.enter_context(own_server())) if CAMPAIGN else Database(fresh_database.urls)
        found = measure_campaign(SIZE, database, tmp_path, silent)
    write_down(
        events=found["n"],
        seed=found["seed"],
        seconds=round(found["seconds"]),
        kills=str(found["kills"]),
        ended=str(found["ended"]),
        counted=str(found["counted"]),
    )
    assert {name: count for name, count in found["offending"].items() if count} == {}
    # Every kill was done: they are set by how many statements were run, not by a clock.
    assert sorted(found["kills"]) == sorted(whom for whom, _ in SIZE.schedule())
    assert sum(found["ended"].values()) == found["counted"]["files"]
