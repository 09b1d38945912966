"""A general adjustment of every pension, in a real database, each with its explanation stored, against one statement that writes the same rows."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import psycopg

from ansinh.cli.benchmarks.own_database import environment_of, own_database
from ansinh.database.urls import DatabaseUrls
from ansinh.foundation.period import Month
from ansinh.rules.adjusting import CHUNK_MAX
from ansinh.rules.law import amount as law_amount

MONTH = 202607
SECONDS_MAX = 60
PEOPLE_A_STEP = 200_000
# A process that ended is counted a moment later.
READINGS_MAX, READING_SECONDS = 20, 0.5


def measure_rules(people: int, seed: int, progress: Callable[[int], None]) -> dict[str, Any]:
    """Write the adjusted versions of invented pensions by `ansinh benefits adjust`, then the same rows the bare way, and compare every one of them."""
    urls = own_database()
    _invent(urls, people, seed, progress)
    bare_seconds, bare_cpu = _bare(urls)
    bare = _digest(urls)
    _invent(urls, people, seed, lambda _: None)
    before = _server_cpu(urls)
    told, seconds, cpu = _ours(urls)
    server_cpu = _server_cpu(urls) - before
    ours = _digest(urls)
    again, _, _ = _ours(urls)
    return {
        "name": "rules",
        "n": people,
        "seconds": round(seconds, 2),
        "within": seconds <= SECONDS_MAX,
        "rate": round(people / seconds),
        "limit_rate": round(people / bare_seconds),
        "limit_seconds": round(bare_seconds, 2),
        "ratio": round(bare_seconds / seconds, 4),
        "cpu_seconds": round(cpu + server_cpu, 2),
        "server_cpu_seconds": round(server_cpu, 2),
        "cpu_ratio": round((cpu + server_cpu) / bare_cpu, 2) if bare_cpu else None,
        "peak_mib": told["peak_mib"],
        "explanation_bytes": round(_explanation_bytes(urls), 1),
        "chunk": CHUNK_MAX,
        "versions": told["versions"],
        "again_versions": again["versions"],
        "equal": ours == bare,
    }


def _invent(urls: DatabaseUrls, people: int, seed: int, progress: Callable[[int], None]) -> None:
    """Give the benchmark's database pensions of so many people, the same for the same seed, and an approved adjustment, as if nothing had been adjusted."""
    with psycopg.connect(urls.owner, autocommit=True) as owner:
        owner.execute("SET synchronous_commit = off")
        owner.execute(
            "TRUNCATE benefits_entitlement, benefits_version, benefits_correction, benefits_change, benefits_adjustment"
        )
        for first in range(1, people + 1, PEOPLE_A_STEP):
            last = min(first + PEOPLE_A_STEP - 1, people)
            with owner.transaction():
                named = {"first": first, "last": last, "seed": seed}
                owner.execute(_ENTITLEMENTS, named)
                owner.execute(_VERSIONS, named)
            progress(last - first + 1)
        owner.execute(_DECREE, {"month": MONTH})
        owner.execute("VACUUM (ANALYZE) benefits_entitlement")
        owner.execute("VACUUM (ANALYZE) benefits_version")
    if urls.superuser is not None:
        with psycopg.connect(urls.superuser, autocommit=True) as server:
            server.execute("CHECKPOINT")


def _bare(urls: DatabaseUrls) -> tuple[float, float]:
    """Return the seconds of one statement that writes the same rows by arithmetic of its own, and the server's CPU; 0 where the server is elsewhere."""
    day = Month.of(MONTH).first_day()
    law = {
        name: law_amount(f"pension.adjustment.{name}", day)
        for name in ("percent", "old_level", "old_rise", "old_rise_up_to")
    }
    with psycopg.connect(urls.app) as app:
        began = time.perf_counter()
        app.execute(_BARE, {"month": MONTH, **law})
        app.commit()
        seconds = time.perf_counter() - began
        if urls.superuser is None:
            return seconds, 0.0
        spent = psutil.Process(app.info.backend_pid).cpu_times()
        return seconds, float(spent.user + spent.system)


def _ours(urls: DatabaseUrls) -> tuple[dict[str, Any], float, float]:
    """Run the command in a process of its own; returns what it told, its seconds from start to end, and its CPU without the server's."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    command = [
        sys.executable,
        "-c",
        "from ansinh.cli.main import main; main()",
        "benefits",
        "adjust",
        f"{MONTH}",
        "--json",
    ]
    done = subprocess.run(command, env=os.environ | environment_of(urls), check=True, capture_output=True, text=True)
    seconds = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    told: dict[str, Any] = json.loads(done.stdout)
    return told, seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _server_cpu(urls: DatabaseUrls) -> float:
    """Return the CPU seconds of our server's processes that have ended, once all that served have; 0 where the server is elsewhere."""
    if urls.superuser is None:
        return 0.0
    with psycopg.connect(urls.superuser) as server:
        found = server.execute("SELECT current_setting('data_directory')").fetchone()
    assert found is not None
    postmaster = psutil.Process(int((Path(found[0]) / "postmaster.pid").read_text("utf-8").split()[0]))
    spent, before = 0.0, -1.0
    for _ in range(READINGS_MAX):
        if spent == before:
            break
        before = spent
        time.sleep(READING_SECONDS)
        times = postmaster.cpu_times()
        spent = float(times.children_user + times.children_system)
    return spent


def _digest(urls: DatabaseUrls) -> tuple[int, int, int]:
    """Return how many versions the adjustment wrote, their sum, and a sum over each person's amount and state that no two different results share."""
    with psycopg.connect(urls.owner) as owner:
        found = owner.execute(_DIGEST, {"month": MONTH}).fetchone()
    assert found is not None
    return int(found[0]), int(found[1]), int(found[2])


def _explanation_bytes(urls: DatabaseUrls) -> float:
    with psycopg.connect(urls.owner) as owner:
        found = owner.execute("SELECT avg(length(facts::text)) FROM benefits_version WHERE adjusted").fetchone()
    return float(found[0]) if found and found[0] is not None else 0.0


_ENTITLEMENTS = """
INSERT INTO benefits_entitlement (person_id, entitlement_id, kind, insured_person_id, opened_on, owed_from, source)
SELECT n, n, 'pension', n, CASE WHEN hashint8(n + %(seed)s) %% 100 < 15 THEN date '1990-03-01' ELSE date '2012-05-01' END, 202606, 'bench'
FROM generate_series(%(first)s::bigint, %(last)s::bigint) n
"""
_VERSIONS = """
INSERT INTO benefits_version (person_id, entitlement_id, version, valid_from, amount, state, cause, act, province, commune, urban, recorded_at)
SELECT n, n, 1, 202507, 1500000 + abs(hashint8(n * 31 + %(seed)s)) %% 13500000,
    CASE WHEN hashint8(n * 7 + %(seed)s) %% 100 = 0 THEN 'suspended' ELSE 'paid' END,
    'load', 'bench', lpad((n %% 34 + 1)::text, 2, '0'), lpad((n %% 3300)::text, 5, '0'), n %% 3 = 0, '2025-07-01'
FROM generate_series(%(first)s::bigint, %(last)s::bigint) n
"""
_DECREE = """
INSERT INTO benefits_adjustment (month, scope, act, basis, prepared_by, prepared_at, approved_by, approved_at)
VALUES (%(month)s, 'pensions', '162/2026/NĐ-CP', '{}', 'bench', now(), 'bench of two', now())
"""
_BARE = """
INSERT INTO benefits_version (person_id, entitlement_id, version, valid_from, amount, state, cause, adjusted, facts, act, province, commune, urban, recorded_at)
SELECT v.person_id, v.entitlement_id, v.version + 1, %(month)s, a.amount, v.state, 'adjustment', true,
    json_build_object('month', '2026-07', 'law', 'c498583283c79bb7', 'before', v.amount, 'raised', a.raised, 'further', a.further::int, 'after', a.amount,
        'suspended', (v.state = 'suspended')::int)::jsonb,
    '162/2026/NĐ-CP', v.province, v.commune, v.urban, now()
FROM benefits_version v JOIN benefits_entitlement e USING (person_id, entitlement_id)
CROSS JOIN LATERAL (SELECT (v.amount * (100 + %(percent)s) + 50) / 100 AS raised) AS r
CROSS JOIN LATERAL (SELECT r.raised, e.opened_on < '1995-01-01' AND r.raised < %(old_level)s AS further) AS f
CROSS JOIN LATERAL (
    SELECT f.raised, f.further,
        CASE WHEN NOT f.further THEN f.raised WHEN f.raised <= %(old_rise_up_to)s THEN f.raised + %(old_rise)s ELSE %(old_level)s END AS amount
) AS a
WHERE v.superseded_at IS NULL AND v.state <> 'ended' AND e.kind = 'pension'
"""
_DIGEST = """
SELECT count(*), coalesce(sum(amount), 0),
    coalesce(sum(hashtextextended(person_id || '/' || amount || '/' || state || '/' || (facts->>'further'), 0)::numeric), 0)
FROM benefits_version WHERE adjusted AND valid_from = %(month)s
"""
