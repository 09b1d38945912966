"""The load of citizens' apps: one client, a citizen's number as key and as whom it asks for; its ceilings, its tokens and its generator."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from ansinh.access.tokens import APP_SCOPES, RATE_PER_SECOND_MAX, Holder, issue_token, token_keys
from ansinh.cli.benchmarks.driving import WARM_SECONDS, Served, gateway_of, wrk
from ansinh.cli.benchmarks.standing import CONNECTIONS, WORKERS
from ansinh.database.urls import DatabaseUrls

CLIENT = 1
# An app gets a new token every quarter of an hour, and the old ones live on for as long.
TOKENS = 4
_HERE = Path(__file__).parent


def raise_ceilings(owner: psycopg.Connection) -> None:
    """Let one app stand for a country's citizens: nobody is slowed, and everybody is still counted."""
    owner.execute(_CEILINGS)


@contextmanager
def app_under_load(urls: DatabaseUrls, persons: int, paths: Sequence[str]) -> Iterator[Served]:
    """Run a gateway for the block, warm, with the app's tokens written down for the generator, which asks each address as often."""
    with tempfile.TemporaryDirectory(prefix="ansinh-bench-") as folder:
        secrets, tokens = Path(folder) / "secrets", Path(folder) / "tokens"
        keys, now = token_keys(secrets), datetime.now(UTC)
        holder = Holder("app-1", CLIENT, "", frozenset(APP_SCOPES), RATE_PER_SECOND_MAX)
        issued = [
            issue_token(keys, holder, now=now - timedelta(seconds=n), lifetime=timedelta(hours=2))
            for n in range(TOKENS)
        ]
        tokens.write_text("".join(f"{token}\n" for token in issued), encoding="ascii")
        with gateway_of(urls, secrets, WORKERS) as (base, pid):
            served = Served(urls, base, pid, _HERE / "app.lua", [str(tokens), str(persons), ",".join(paths)])
            wrk(served, CONNECTIONS[-1], WARM_SECONDS)
            yield served


_CEILINGS = """
INSERT INTO ceilings_ceiling (kind, level, subject, rate_per_second, persons_an_hour, persons_a_day, misses_an_hour, neighbours_an_hour,
    state, reason, prepared_by, prepared_at, approved_by, approved_at)
SELECT kind, '*', '', 1000000, 1000000000, 1000000000, 1000000000, 1000000000, 'approved', 'bench', 'bench', now(), 'bench of two', now()
FROM (VALUES ('app')) k (kind) WHERE NOT EXISTS (SELECT FROM ceilings_ceiling c WHERE c.reason = 'bench' AND c.kind = k.kind)
"""
