"""Requests made up from the agreement, right ones and wrong ones: no 5xx, and no answer outside the agreement.

`make test` makes some hundreds; `make campaign` some ten thousand, from the seeds named here. That takes long, so a hundred thousand are made by damaging them:
`test_damaged_requests.py`, here and at the compatible door.
"""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from ansinh.access.tokens import SCOPES
from tests.audit.standing import add_people
from tests.gateway.running import RunningGateway, running_gateway
from tests.gateway_native.agreement import FILE
from tests.support.campaign import CAMPAIGN, WriteDown
from tests.support.database import OwnDatabase

# In parts, so that every core has some.
SEEDS_OF_A_CAMPAIGN = [20_250_700 + 100 * part for part in range(4)]
REQUESTS_OF_A_SEED = 3_000
# Of one run: a longer one looks ever longer for what it has not tried.
EXAMPLES_OF_A_RUN = 100
# What a schema cannot say: a text of the right form need not be the number of anybody, and a token endpoint takes no made-up signature.
NOT_ASKED = "positive_data_acceptance"
# Any refusal will do for a wrong request: one that is wrong by being long may be too long for its address.
SETTINGS = """
[checks]
negative_data_rejection.expected-statuses = [400, 401, 403, 405, 411, 413, 415, 422, 431]
"""


@pytest.fixture
def gateway(fresh_database: OwnDatabase, tmp_path: Path) -> Iterator[RunningGateway]:
    add_people(fresh_database, 100)
    with running_gateway(fresh_database, tmp_path, workers=1) as running:
        yield running


def make_up(gateway: RunningGateway, folder: Path, seed: int, examples: int) -> int:
    """Send made-up requests; fails when one is answered outside the agreement. Returns how many were sent."""
    before = answered(gateway)
    (folder / "schemathesis.toml").write_text(SETTINGS)
    words = ["run", str(FILE), "--url", gateway.base, "--seed", str(seed), "--max-examples", str(examples)]
    words += ["--phases", "examples,coverage,fuzzing", "--checks", "all", "--exclude-checks", NOT_ASKED]
    words += [
        "--header",
        f"Authorization: Bearer {gateway.token(scopes=frozenset(SCOPES))}",
        "--no-color",
        "--workers",
        "1",
    ]
    ran = subprocess.run(
        [str(Path(sys.executable).with_name("schemathesis")), *words],
        cwd=folder,
        env=os.environ | {"NO_PROXY": "*", "HYPOTHESIS_STORAGE_DIRECTORY": str(folder / "hypothesis")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, f"seed {seed}\n{_without_noise(ran.stdout)}\n{ran.stderr[-2_000:]}"
    return answered(gateway) - before


def _without_noise(words: str) -> str:
    return "\n".join(line[:400] for line in words.splitlines())[-10_000:]


def answered(gateway: RunningGateway) -> int:
    """Return how many requests the only worker has answered or refused about persons, cards and tokens."""
    counters = httpx.get(f"{gateway.base}/metrics", trust_env=False).text
    return sum(
        int(count) for count in re.findall(r"^ansinh_gateway_(?:answers|problems)_total\{.*\} (\d+)$", counters, re.M)
    )


def test_some_hundred_made_up_requests_are_answered_as_agreed(
    gateway: RunningGateway, fresh_database: OwnDatabase, tmp_path: Path
) -> None:
    assert make_up(gateway, tmp_path, 20_250_603, 40) >= 300
    _no_mistake(gateway, fresh_database)


@pytest.mark.campaign
@pytest.mark.parametrize("seed", SEEDS_OF_A_CAMPAIGN)
@pytest.mark.skipif(not CAMPAIGN, reason="runs under make campaign")
def test_thousands_of_made_up_requests_are_answered_as_agreed(
    gateway: RunningGateway, fresh_database: OwnDatabase, tmp_path: Path, seed: int, write_down: WriteDown
) -> None:
    sent, seeds = 0, itertools.count(seed)
    while sent < REQUESTS_OF_A_SEED:
        sent += make_up(gateway, tmp_path, next(seeds), EXAMPLES_OF_A_RUN)
    write_down(door="native", made_up_requests=sent, first_seed=seed, last_seed=next(seeds) - 1)
    _no_mistake(gateway, fresh_database)


def _no_mistake(gateway: RunningGateway, database: OwnDatabase) -> None:
    assert 'status="500"' not in httpx.get(f"{gateway.base}/metrics", trust_env=False).text
    words = gateway.log.read_text()
    assert "our mistake" not in words
    assert "eyJ" not in words
    with psycopg.connect(database.urls.app) as connection:
        row = connection.execute("SELECT count(*) FILTER (WHERE person_id <> 0) FROM audit_access").fetchone()
    assert row is not None
