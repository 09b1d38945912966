"""A backlog drained: what was filed while every office was away is sent, answered, heard and carried to its end; what a file costs, at growing sizes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psycopg

from ansinh.cli.benchmarks.lifeevents.cast import DEAD, FACILITY, MOTHER, write_cast
from ansinh.cli.benchmarks.lifeevents.days import DRAINED_IN_DAYS, main_backlog
from ansinh.cli.benchmarks.lifeevents.programs import programs
from ansinh.cli.benchmarks.lifeevents.story import FIRST_DAY
from ansinh.cli.benchmarks.own_database import environment_of, migrate
from ansinh.cli.processes import DidNotStart
from ansinh.database.server import EmbeddedServer

# Each size is ten times the one before; half are births, half deaths.
SIZES = (1_000, 10_000, 100_000)
WORDS_KEPT = 3_000
_MAIN = f"import django, sys; django.setup(); from ansinh.cli.benchmarks.lifeevents.days import {main_backlog.__name__} as main; main(*sys.argv[1:])"


def measure_backlog(
    sizes: Sequence[int], server: EmbeddedServer, folder: Path, say: Callable[[str], None]
) -> dict[str, Any]:
    """Drain backlogs of these sizes one after another, each of people of its own, and return what a file cost in each."""
    halves = [size // 2 for size in sizes]
    write_cast(folder / "nation", sum(halves), sum(halves), FIRST_DAY)
    drained: list[dict[str, Any]] = []
    with (folder / "log").open("ab") as log:
        server.up()
        migrate(server.urls())
        with programs(folder, "", log) as partners:
            environment = {**environment_of(server.urls()), **partners.environment, "ANSINH_DATA": str(folder)}
            _worker(folder, environment, "settle")
            first = 0
            for half in halves:
                with psycopg.connect(server.urls().owner) as owner:
                    _file(owner, first, half)
                drained.append(_worker(folder, environment, "drain", str(DRAINED_IN_DAYS * len(drained))))
                say(f"{2 * half}: {drained[-1]['per_thousand_seconds']} s/1000")
                first += half
    for before, one in zip([None, *drained], drained, strict=False):
        one["cpu_growth_per_10x"] = round(one["cpu_ms"] / before["cpu_ms"] * 10, 1) if before else None
    last = drained[-1]
    return {
        "name": "lifeevents-backlog",
        "n": last["n"],
        "seconds": last["seconds"],
        "rate": round(last["n"] / last["seconds"], 1),
        "peak_mib": max(int(one["peak_mib"]) for one in drained),
        "sizes": drained,
        "ok": all(one["open"] == 0 for one in drained),
    }


def _worker(folder: Path, environment: dict[str, str], part: str, *more: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", _MAIN, part, str(folder), *more],
        env=os.environ | environment | {"DJANGO_SETTINGS_MODULE": "ansinh.config.django"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DidNotStart(f"the worker ended with {done.returncode}: {done.stderr[-WORDS_KEPT:]}")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1]) if done.stdout.strip() else {}
    return told


def _file(owner: psycopg.Connection[Any], first: int, half: int) -> None:
    """File so many births and deaths as sets: files, their steps, and the messages that wait for civil status."""
    named = {
        "first": first,
        "until": first + half - 1,
        "facility": FACILITY,
        "dead": DEAD.pin(0)[:6],
        "mother": MOTHER.pin(0)[:6],
    }
    for statement in (_BIRTHS, _DEATHS, _STEPS, _MESSAGES, _ASKED):
        owner.execute(statement, named)
    owner.commit()
    owner.autocommit = True
    owner.execute("VACUUM (ANALYZE) lifeevents_file, lifeevents_step, lifeevents_message")


_BIRTHS = """
INSERT INTO lifeevents_file (file_id, kind, subject, province, state, content, received_at)
SELECT nextval('lifeevents_file_numbers'), 'birth', c.certificate, '01', 'filed', jsonb_build_object(
    'certificate', c.certificate, 'facility', %(facility)s::text, 'mother_pin', c.mother, 'mother_name', 'Nguyễn Thị Mẹ', 'applicant_pin', c.mother,
    'father_pin', '', 'full_name', 'Nguyễn An Nhiên', 'home', '01/00004', 'first_contact_facility', %(facility)s::text,
    'born_at', '2025-07-10T10:00:00+07:00', 'sex', 'F', 'weight_g', 3000), '2025-07-14 09:00+07'
FROM (SELECT lpad(n::text, 6, '0') || '.GCS.' || %(facility)s || '.25' AS certificate, %(mother)s || lpad(n::text, 6, '0') AS mother
      FROM generate_series(%(first)s::integer, %(until)s::integer) n) c
"""
_DEATHS = """
INSERT INTO lifeevents_file (file_id, kind, subject, person_id, state, content, received_at)
SELECT nextval('lifeevents_file_numbers'), 'death', 'person:' || n + 1, n + 1, 'filed',
    jsonb_build_object('pin', %(dead)s || lpad(n::text, 6, '0'), 'died_at', '2025-07-10T10:00:00+07:00', 'relatives', '[]'::jsonb), '2025-07-14 09:00+07'
FROM generate_series(%(first)s::integer, %(until)s::integer) n
"""
_STEPS = """
INSERT INTO lifeevents_step (file_id, step, office)
SELECT f.file_id, s.step, s.office FROM lifeevents_file f JOIN (VALUES
    ('birth', 'birth', 'civil-status'), ('birth', 'residence', 'police'), ('birth', 'card', 'agency'), ('death', 'death', 'civil-status'),
    ('death', 'residence_off', 'police'), ('death', 'card_locked', 'agency'), ('death', 'payments_stopped', 'agency')) s (kind, step, office) USING (kind)
WHERE f.state = 'filed'
"""
_MESSAGES = """
INSERT INTO lifeevents_message (file_id, message_no, message_id, partner, action, step, body, made_at, made_on)
SELECT file_id, no, 'life-' || file_id || '-' || no, 'civil-status', 'submit', kind, jsonb_build_object('file', 'LT-' || file_id, 'content',
    (content - 'applicant_pin' - 'home' - 'relatives') || jsonb_build_object('kind', kind, 'subject', subject, 'province', '01', 'commune', '00004'))::text,
    received_at, received_at::date
FROM (SELECT *, nextval('lifeevents_message_numbers') AS no FROM lifeevents_file WHERE state = 'filed' ORDER BY file_id) f
"""
_ASKED = """
UPDATE lifeevents_step s SET state = 'asked', asked_at = '2025-07-14 09:00+07', due_on = '2025-07-14'
FROM lifeevents_file f WHERE f.file_id = s.file_id AND f.state = 'filed' AND s.step IN ('birth', 'death')
"""
