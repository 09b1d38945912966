"""How long the questions of a dashboard take on counters of a whole country's size: 34 provinces, 13,000 facilities, every day of a span."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from statistics import median
from time import perf_counter
from typing import Any

import psycopg

from ansinh.cli.benchmarks.own_database import environment_of, own_database
from ansinh.reporting.queries import Place, by_part, by_province, compared, figures, indicator, trend

DATABASE = "ansinh_bench_figures"
FIRST = date(2024, 12, 1)
FACILITIES, PROVINCES, OTHER_SERIES, ROUNDS = 13_000, 34, 120, 5
LIMIT_SECONDS = 1.0
_KEY, _SHARE, _PERSONS = "cards.lookups_by_citizen_card", "cards.citizen_card_share", "people.participants_share"
_MAIN = f"import django, sys; django.setup(); from {__name__} import ask; ask(int(sys.argv[1]))"
_LOOKUPS = "ARRAY['cards.lookups_successful', 'cards.lookups_by_citizen_card']"
_FILL = (
    "TRUNCATE reporting_dailycount, reporting_provincecount, reporting_partcount, reporting_facilitycount, places_facility",
    """INSERT INTO places_facility (code, name, level, province, commune)
    SELECT lpad(n::text, 5, '0'), 'Cơ sở ' || n, 'basic', lpad((1 + n %% %(provinces)s)::text, 2, '0'), '00004' FROM generate_series(1, %(facilities)s) n""",
    f"""INSERT INTO reporting_facilitycount (series, facility, day, count)
    SELECT s, lpad(n::text, 5, '0'), %(first)s::date + g, 20 + (n + g) %% 90 FROM unnest({_LOOKUPS}) s,
        generate_series(1, %(facilities)s) n, generate_series(0, %(days)s - 1) g""",
    """INSERT INTO reporting_provincecount (series, province, day, count)
    SELECT s, lpad(p::text, 2, '0'), %(first)s::date + g, 1000 + p FROM unnest(%(series)s::text[]) s, generate_series(1, %(provinces)s) p,
        generate_series(0, %(days)s - 1) g""",
    """INSERT INTO reporting_partcount (series, dimension, part, province, day, count)
    SELECT series, dimension, part, province, day, count / 3 FROM reporting_provincecount,
        (VALUES ('kind', 'urban'), ('kind', 'rural'), ('channel', 'one'), ('channel', 'many')) AS of (dimension, part)""",
    "INSERT INTO reporting_dailycount (series, day, count) SELECT series, day, sum(count) FROM reporting_provincecount GROUP BY 1, 2",
    "ANALYZE reporting_dailycount, reporting_provincecount, reporting_partcount, reporting_facilitycount, places_facility",
)


def measure_figures(days: int) -> dict[str, Any]:
    """Fill a database of its own with counters of so many days, and return how long each question of a dashboard takes."""
    urls = own_database(DATABASE)
    environment = {**os.environ, **environment_of(urls), "DJANGO_SETTINGS_MODULE": "ansinh.config.django"}
    told = {"facilities": FACILITIES, "provinces": PROVINCES, "days": days, "first": FIRST}
    with psycopg.connect(urls.owner) as owner:
        owner.execute("SET synchronous_commit = off")
        for statement in _FILL:
            owner.execute(statement.encode(), {**told, "series": _series()} if "%(" in statement else None)
        found = owner.execute("SELECT count(*) FROM reporting_facilitycount").fetchone()
    asked = subprocess.run([sys.executable, "-c", _MAIN, str(days)], env=environment, check=True, capture_output=True)
    questions: dict[str, float] = json.loads(asked.stdout)
    slowest = max(questions.values())
    return {
        "name": "figures",
        "n": int(found[0]) if found else 0,
        "seconds": slowest,
        "limit_seconds": LIMIT_SECONDS,
        "ratio": round(LIMIT_SECONDS / slowest, 2),
        "questions": questions,
    }


def _series() -> list[str]:
    """The series that are asked for, among as many others as the agency counts."""
    asked = dict.fromkeys(series for key in (_KEY, _SHARE, _PERSONS) for series in indicator(key).formula.series)
    return [*asked, *(f"other.{n}" for n in range(OTHER_SERIES))]


def ask(days: int) -> None:
    """Ask each question some rounds and print the median of its seconds as JSON."""
    until = FIRST + timedelta(days=days - 1)
    before = FIRST + timedelta(days=days // 2)
    questions: dict[str, Callable[[], object]] = {
        "figures": lambda: figures(until, before),
        "figures of a province": lambda: figures(until, before, "01"),
        "compared": lambda: compared(_SHARE, until, before),
        "compared, a kind in a province": lambda: compared(_SHARE, until, before, Place("01", kind="urban")),
        "by province": lambda: by_province(_PERSONS, until, before),
        "by kind": lambda: by_part(_SHARE, "kind", until, before),
        "by channel": lambda: by_part(_SHARE, "channel", until, before),
        "facilities of a province": lambda: by_part(_SHARE, "facility", until, before, "01"),
        "trend by month": lambda: trend(_KEY, FIRST, until),
        "trend by day, a facility": lambda: trend(_KEY, FIRST, until, "day", Place(facility="00034")),
    }
    took: dict[str, float] = {}
    for name, question in questions.items():
        rounds = []
        for _ in range(ROUNDS):
            began = perf_counter()
            question()
            rounds.append(perf_counter() - began)
        took[name] = round(median(rounds), 3)
    sys.stdout.write(json.dumps(took))
