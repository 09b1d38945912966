"""Health books read through the gateway, against pgbench reading the same books with the same audit row, one by one.

In a database of its own: so many persons with three visits each, diagnoses and medicines, at many facilities. The load is what the citizens' app sends: one
client, a citizen's number as key and as whom it asks for. The bare way is the best of two scripts over 8 to 64 clients, by turns with ours: the shortest
statement that reads and records the same, and the gateway's own function.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from ansinh.cli.benchmarks.app_load import app_under_load, raise_ceilings
from ansinh.cli.benchmarks.driving import Say
from ansinh.cli.benchmarks.own_database import own_database
from ansinh.cli.benchmarks.standing import by_turns, require_wrk
from ansinh.database.urls import DatabaseUrls

DATABASE = "ansinh_bench_healthbook"
PERSONS_A_STEP = 50_000
VISITS_A_PERSON = 3
FACILITIES = 13_000
_HERE = Path(__file__).parent
_SCRIPTS = {"plain": _HERE / "healthbook_plain.pgbench", "published": _HERE / "healthbook_published.pgbench"}
_TABLES = ("people_identifier", "healthbook_visit", "healthbook_diagnosis", "healthbook_medicine")


def measure_healthbook(persons: int, seconds: int, say: Say, progress: Callable[[int], None]) -> dict[str, Any]:
    """Run the whole benchmark and return its figures. Refuses `no_load_generator`, `no_bench_database`."""
    require_wrk(say)
    urls = own_database(DATABASE)
    fill_health_books(urls, persons, progress)
    with app_under_load(urls, persons, ["/v1/eid/health"]) as served:
        found = by_turns("healthbook", served, _SCRIPTS, persons, seconds, say)
    del found["facilities"]
    return _at_best(found) | {"visits": persons * VISITS_A_PERSON}


def _at_best(found: dict[str, Any]) -> dict[str, Any]:
    """Let the figures be those of the best level whatever its p99, and tell the best within the limit beside it (null: there is none)."""
    best = max(found["levels"], key=lambda level: float(level["rate"]))
    within = found["ratio"] if found.pop("within_p99") else None
    ratio = found.pop("ratio_at_any_p99")
    told = {name: best[name] for name in ("rate", "p50_ms", "p99_ms", "connections")}
    return found | told | {"ratio": ratio, "ratio_within_p99": within}


def fill_health_books(urls: DatabaseUrls, persons: int, advance: Callable[[int], None]) -> None:
    """Give the database exactly the persons 1 to `persons`, each with a number and a book; keeps those it has."""
    with psycopg.connect(urls.owner, autocommit=True) as owner:
        owner.execute("SET synchronous_commit = off")
        raise_ceilings(owner)
        owner.execute(_FACILITIES, {"facilities": FACILITIES})
        owner.execute(_DISEASES)
        row = owner.execute("SELECT coalesce(max(person_id), 0) FROM people_identifier").fetchone()
        there = int(row[0]) if row else 0
        if there > persons:
            # Visits are never rewritten, so that fewer persons begin anew.
            owner.execute(f"TRUNCATE {', '.join(_TABLES)}")
            there = 0
        advance(there)
        for first in range(there + 1, persons + 1, PERSONS_A_STEP):
            last = min(first + PERSONS_A_STEP - 1, persons)
            with owner.transaction():
                for statement in (_VISITS, _DIAGNOSES, _MEDICINES, _NUMBERS):
                    owner.execute(statement, {"first": first, "last": last, "facilities": FACILITIES})
            advance(last - first + 1)
        if there != persons:
            for table in (*_TABLES, "places_facility", "places_diagnosis"):
                owner.execute(f"VACUUM (ANALYZE) {table}")


_FACILITIES = """
INSERT INTO places_facility (code, name, level, province, commune)
SELECT lpad(n::text, 5, '0'), 'Bệnh viện Đa khoa số ' || n, 'basic', '01', '00001' FROM generate_series(1, %(facilities)s) n ON CONFLICT DO NOTHING
"""
_DISEASES = """
INSERT INTO places_diagnosis (code, parent, title_en, leaf)
SELECT code, NULL, 'Disease ' || code, true FROM unnest(ARRAY['I10', 'E11', 'J20', 'K29', 'M54', 'N18', 'J45', 'K35']) code ON CONFLICT DO NOTHING
"""
# The number of person n is 1000000000 + 7919 n: the load generators can make it up without a list.
_NUMBERS = """
INSERT INTO people_identifier (value, scheme, person_id, valid_from)
SELECT lpad((1000000000 + n * 7919)::text, 12, '0'), 'pin', n, '2020-01-01' FROM generate_series(%(first)s::bigint, %(last)s::bigint) n
"""
# One visit each in this year's last hundred days, in spring and last year: the medicines of the newest are told.
_OF_A_PERSON = """
FROM generate_series(%(first)s::bigint, %(last)s::bigint) n, generate_series(1, 3) k,
    LATERAL (SELECT now() - ((k - 1) * 180 + 1 + n %% 97) * interval '1 day' AS at) a, LATERAL (SELECT extract(year FROM a.at)::integer AS year) y
"""
_VISITS = f"""
INSERT INTO healthbook_visit (person_id, year, visit_id, version, current, facility, episode, received_no, receipt, recorded_at, care_kind, admitted_at,
    discharged_at, main_diagnosis, diagnosis_text, doctor, department, result, total, sensitive)
SELECT n, y.year, n * 4 + k, 1, true, lpad((1 + (n * 31 + k * 977) %% %(facilities)s)::text, 5, '0'), 'LK-' || n || '-' || k, n * 4 + k, 'R-' || n || k,
    a.at + interval '1 day', '01', a.at, a.at + interval '2 hours', (ARRAY['I10', 'E11', 'J20', 'K29', 'M54', 'N18', 'J45', 'K35'])[1 + (n + k) %% 8],
    'Tăng huyết áp vô căn, theo dõi', 'BS-' || n %% 5000, 'K01', '2', 150000 + n %% 90000, '{{}}'
{_OF_A_PERSON}
"""
_DIAGNOSES = f"""
INSERT INTO healthbook_diagnosis (person_id, year, visit_id, version, position, icd10, main, traditional)
SELECT n, y.year, n * 4 + k, 1, p, (ARRAY['I10', 'E11', 'J20', 'K29', 'M54', 'N18', 'J45', 'K35'])[1 + (n + k + p - 1) %% 8], p = 1, false
{_OF_A_PERSON}, generate_series(1, 1 + (n %% 2)::integer) p
"""
_MEDICINES = f"""
INSERT INTO healthbook_medicine (person_id, year, visit_id, version, position, code, name, strength, dose, quantity, unit, ordered_at, prescriber)
SELECT n, y.year, n * 4 + k, 1, p, '40.' || p, (ARRAY['Amlodipin', 'Metformin', 'Paracetamol'])[p], '5 mg', 'Uống 1 viên, sáng', 30,
    'viên', a.at, 'BS-' || n %% 5000
{_OF_A_PERSON}, generate_series(1, 2) p
"""
