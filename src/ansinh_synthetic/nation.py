"""From people and seed to a folder of files: blocks are invented one by one, then every file is put in order."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ansinh_synthetic import (
    addresses,
    card_life,
    coverage,
    health_logs,
    insured,
    kinship,
    lookups,
    payees,
    population,
    readings,
    register,
    service_logs,
    sign_ins,
    work,
)
from ansinh_synthetic.chance import Ints
from ansinh_synthetic.damage import damage
from ansinh_synthetic.employers import Employers, employer_table, invent_employers
from ansinh_synthetic.facilities import Facilities, invent_facilities
from ansinh_synthetic.livelihood import find_livelihoods
from ansinh_synthetic.plan import Plan
from ansinh_synthetic.tables import SCHEMAS
from ansinh_synthetic.writing import Scratch, sha256_of, write_whole

Progress = Callable[[str, int, int], None]
FIRST_DAY, LAST_DAY = "2024-12-01", "2025-07-31"
# Every bucket is gathered from all blocks: more buckets cost time, larger ones memory. The bytes are the same.
_BLOCKS_A_BUCKET = 5
# In the order of their moments; the others in that of what they are about.
_LOGS = {
    "agency/lookup",
    "agency/book_reading",
    "agency/sign_in",
    "agency/submission",
    "agency/service",
    *(f"agency/{kind}_reading" for kind in health_logs.READINGS),
}


@dataclass(frozen=True)
class Manifest:
    """What a nation's folder holds; `files` gives rows and SHA-256 by file name."""

    people: int
    seed: int
    dense: bool
    first_day: str
    last_day: str
    files: dict[str, dict[str, int | str]]


def _buckets(plan: Plan) -> int:
    return -(-plan.blocks // _BLOCKS_A_BUCKET)


def _bounds(rows: int, buckets: int) -> Ints:
    return np.arange(buckets, dtype=np.int64) * rows // buckets


def invent_block(plan: Plan, number: int, facilities: Facilities, employers: Employers, scratch: Scratch) -> None:
    """Invent one block of people with all their rows and leave these in the scratch folder."""
    block = plan.block(number)
    persons = population.begin(plan, block)
    kinship.relate(plan, block, persons)
    addresses.settle(plan, block, persons)
    addresses.christen(plan, block, persons)
    numbers = register.number_people(plan, block, persons)
    listed = register.person_table(plan, block, persons, numbers)
    scratch.put("register/person", number, listed, _bounds(plan.people, _buckets(plan)))
    lives = find_livelihoods(plan, block, persons)
    records = insured.open_records(plan, block, persons, lives)
    recorded = insured.recorded_days(plan, block, persons, records)
    damaged = damage(plan, block, persons, numbers, records.person, recorded)
    by_record = _bounds(plan.records, _buckets(plan))
    table, place, truth = insured.insured_table(plan, block, persons, numbers, records, damaged, lives)
    scratch.put("agency/insured", number, (table, place), by_record)
    scratch.put("truth/link", number, (truth, place), by_record)
    spans = work.careers(plan, block, persons, lives, employers)
    scratch.put("agency/span", number, work.span_table(records, spans), by_record)
    covered = coverage.cover(plan, block, persons, lives, records, facilities)
    scratch.put("agency/coverage", number, coverage.coverage_table(covered, records, facilities), by_record)
    paid = payees.payee_table(plan, block, persons, lives, records, spans)
    scratch.put("agency/payee", number, paid, by_record)
    asked = lookups.lookup_table(plan, block, persons, covered, records, facilities, damaged.id_length >= 10)
    scratch.put("agency/lookup", number, asked, lookups.bounds(plan))
    changed = card_life.card_event_table(plan, block, persons, lives, records, covered)
    scratch.put("agency/card_event", number, changed, by_record)
    copaid = card_life.copayment_table(plan, block, persons, lives, records, covered, facilities)
    scratch.put("agency/copayment", number, copaid, by_record)
    newborn = card_life.newborn_table(plan, block, listed)
    scratch.put("agency/newborn", number, newborn, _bounds(plan.people, _buckets(plan)))
    read = readings.reading_table(plan, block, persons, records, spans, damaged.id_length >= 10)
    scratch.put("agency/book_reading", number, read, lookups.bounds(plan))
    entered = sign_ins.sign_in_table(plan, block, persons, records, spans, damaged.id_length >= 10)
    scratch.put("agency/sign_in", number, entered, lookups.bounds(plan))
    scratch.put(
        "agency/submission", number, health_logs.submission_table(plan, block, facilities), lookups.bounds(plan)
    )
    scratch.put("agency/service", number, service_logs.service_table(plan, block, persons), lookups.bounds(plan))
    for kind in health_logs.READINGS:
        looked = health_logs.reading_table(plan, block, persons, records, damaged.id_length >= 10, kind)
        scratch.put(f"agency/{kind}_reading", number, looked, lookups.bounds(plan))


def create(folder: Path, people: int, seed: int, *, dense: bool = False, progress: Progress | None = None) -> Manifest:
    """Invent a nation of `people` people and write its files to `folder`; the same seed gives the same bytes.

    `progress` is told (stage, done, all). An earlier nation in the folder is replaced only when the new one is whole;
    what is interrupted leaves no trace. Raises ValueError for a size out of range.
    """
    plan, folder = Plan(people, seed, dense), Path(folder)
    tell = progress or (lambda stage, done, total: None)
    folder.mkdir(parents=True, exist_ok=True)
    workshop = folder / ".inventing"
    shutil.rmtree(workshop, ignore_errors=True)
    try:
        rows = _write(plan, workshop, Scratch(workshop / "scratch", plan.blocks), tell)
        files: dict[str, dict[str, int | str]] = {
            f"{name}.parquet": {"rows": rows[name], "sha256": sha256_of(workshop / f"{name}.parquet")}
            for name in SCHEMAS
        }
        manifest = Manifest(people, seed, dense, FIRST_DAY, LAST_DAY, files)
        _hand_over(workshop, folder, manifest)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    return manifest


def _hand_over(workshop: Path, folder: Path, manifest: Manifest) -> None:
    """Move the files to their folder; the manifest goes away first and comes last, so it never lies."""
    (folder / "manifest.json").unlink(missing_ok=True)
    for name in manifest.files:
        (folder / name).parent.mkdir(exist_ok=True)
        (workshop / name).replace(folder / name)
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=2, sort_keys=True)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def _write(plan: Plan, folder: Path, scratch: Scratch, tell: Progress) -> dict[str, int]:
    facilities, employers = invent_facilities(plan.seed), invent_employers(plan)
    rows = {
        "agency/facility": write_whole(folder, "agency/facility", facilities.table()),
        "agency/employer": write_whole(folder, "agency/employer", employer_table(plan, employers)),
    }
    for number in range(plan.blocks):
        tell("people", number, plan.blocks)
        invent_block(plan, number, facilities, employers, scratch)
    tell("people", plan.blocks, plan.blocks)
    waiting = [name for name in SCHEMAS if name not in rows]
    for done, name in enumerate(waiting):
        tell("files", done, len(waiting))
        buckets: Any = lookups.bounds(plan).size if name in _LOGS else _buckets(plan)
        rows[name] = scratch.write(folder, name, buckets)
    tell("files", len(waiting), len(waiting))
    return rows
