"""A rogue login in front of a real gateway of two workers: real connections, real exchange."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psycopg

from ansinh.access.tokens import STANDING_BATCH, STANDING_READ
from ansinh.ceilings.queries import alerts, officer_subject, restraints, steps_of
from ansinh.foundation.clock import RealClock
from tests.audit.standing import add_people, list_officers, pin_of
from tests.gateway.running import RunningGateway, running_gateway
from tests.guard.ceilings import raise_ceilings, set_ceiling
from tests.support.database import OwnDatabase

HOUR, DAY, BEYOND_MAX, RECORDED_MAX = 100, 100, 50, 20
SUBJECT = officer_subject("01001", "BS-17")


def harvest(gateway: RunningGateway, persons: list[int], *, hands: int = 8) -> Counter[str]:
    """Ask about persons over several connections at once, each hand until it is refused; return how often what was told."""
    token = gateway.token()

    def ask(part: list[int]) -> Counter[str]:
        told: Counter[str] = Counter()
        with httpx.Client(trust_env=False, timeout=20) as line:
            for person in part:
                response = line.post(
                    f"{gateway.base}/v1/standing",
                    json={"key": pin_of(person), "purpose": "treatment", "officer": "BS-17"},
                    headers={"authorization": f"Bearer {token}"},
                )
                told["answered" if response.status_code == 200 else response.json()["code"]] += 1
                if response.status_code != 200:
                    break
        return told

    with ThreadPoolExecutor(hands) as pool:
        return sum(pool.map(ask, [persons[place::hands] for place in range(hands)]), Counter())


def persons_read(database: OwnDatabase) -> int:
    """Return how many persons the audit says were answered."""
    with psycopg.connect(database.urls.app) as connection:
        row = connection.execute("SELECT count(DISTINCT person_id) FROM audit_access WHERE result = 1").fetchone()
    return int(row[0]) if row else 0


def test_a_rogue_login_reads_its_ceiling_and_is_stopped(fresh_database: OwnDatabase, tmp_path: Path) -> None:
    add_people(fresh_database, 1_500)
    with psycopg.connect(fresh_database.urls.owner) as owner:
        list_officers(owner, ["BS-17"], "01002")
    raise_ceilings(fresh_database)
    set_ceiling(fresh_database, "officer", persons_an_hour=HOUR, persons_a_day=DAY)
    with running_gateway(fresh_database, tmp_path, workers=2, ample=False) as gateway:
        told: Counter[str] = Counter()
        first = 1
        while first < 1_400 and told["challenge_required"] < 3:
            told += harvest(gateway, list(range(first, first + 24)), hands=4)
            first += 12
        read = persons_read(fresh_database)
        assert 50 <= read <= DAY + BEYOND_MAX
        assert told["answered"] >= read
        assert next(row.step for row in restraints(RealClock().now())) in {"challenge", "suspend"}
        assert {row.facility for row in alerts()} == {"01001"}
        other = gateway.token("01002", 8)
        answer = gateway.ask({"key": pin_of(1), "purpose": "treatment", "officer": "BS-17"}, other)
        assert answer.status_code == 200, "another facility is harmed"
        metrics = httpx.get(f"{gateway.base}/metrics", trust_env=False).text
        assert 'ansinh_gateway_restrained_total{worker="0",step="challenge"}' in metrics
        assert "BS-17" not in metrics
        with psycopg.connect(fresh_database.urls.app) as connection:
            row = connection.execute("SELECT count(*) FROM audit_access WHERE result = 5").fetchone()
        assert row is not None
        assert 0 < row[0] <= 2 * RECORDED_MAX, "asking in vain floods the audit, or leaves no trace"
    with running_gateway(fresh_database, tmp_path, workers=2, ample=False) as again:
        told = harvest(again, list(range(1, 40)))
        assert set(told) <= {"challenge_required", "suspended"}, "a restart lets them go on"
    assert steps_of(SUBJECT)


def test_a_batch_draws_on_the_same_ceiling(fresh_database: OwnDatabase, tmp_path: Path) -> None:
    add_people(fresh_database, 400)
    raise_ceilings(fresh_database)
    set_ceiling(fresh_database, "officer", persons_an_hour=HOUR, persons_a_day=DAY)
    with running_gateway(fresh_database, tmp_path, workers=2, ample=False) as gateway:
        token = gateway.token(scopes=frozenset([STANDING_READ, STANDING_BATCH]))
        keys = [pin_of(n) for n in range(1, 301)]
        statuses = set()
        for _ in range(5):
            answer = httpx.post(
                f"{gateway.base}/v1/standing:batch",
                json={"keys": keys, "purpose": "claim", "officer": "BS-17"},
                headers={"authorization": f"Bearer {token}"},
                trust_env=False,
                timeout=20,
            )
            statuses.add(answer.status_code)
        assert statuses <= {429, 403}
        assert "retry-after" in answer.headers or answer.status_code == 403
        assert persons_read(fresh_database) == 0
