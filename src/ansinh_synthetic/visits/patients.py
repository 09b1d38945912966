"""Who may fall ill: people of a nation's folder who hold a card in some months, with what a hospital's counter learns of them.

Held in memory as columns, some 250 bytes a person, whatever the number of visits; a nation larger than `PATIENTS_MAX` gives a sample.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from ansinh_synthetic.chance import Ints
from ansinh_synthetic.days import day
from ansinh_synthetic.facilities import Facilities, invent_facilities
from ansinh_synthetic.provinces import places
from ansinh_synthetic.visits.catalogue import AGE_BANDS

PATIENTS_MAX = 1_000_000
_MEMORY = "768MB"
ALIVE = day(9999, 12, 31)
WORKING = ("DN", "HC", "CH", "NN", "HX", "XK")

# One record a person; the stretch of coverage that holds in the months asked for, the newest of several.
_PEOPLE = """
SELECT l.record_no, p.pin, p.full_name, p.sex, p.birth_year, p.birth_month, p.birth_day, p.commune, p.province, p.ethnicity, p.died_on,
    i.si_code, c.object_code, c.card_province, c.area, c.facility, c.valid_from, c.valid_until, c.continuous_since, e.name AS employer,
    f.full_name AS father
FROM read_parquet($folder || '/truth/link.parquet') l
JOIN read_parquet($folder || '/agency/insured.parquet') i USING (record_no)
JOIN (
    SELECT * FROM read_parquet($folder || '/agency/coverage.parquet') WHERE valid_from < $until::date AND valid_until > $since::date
    QUALIFY row_number() OVER (PARTITION BY record_no ORDER BY valid_from DESC) = 1
) AS c USING (record_no)
JOIN read_parquet($folder || '/register/person.parquet') p ON p.pin = l.pin
LEFT JOIN read_parquet($folder || '/register/person.parquet') f ON f.pin = p.father_pin
LEFT JOIN (
    SELECT record_no, max(employer_no) AS employer_no FROM read_parquet($folder || '/agency/span.parquet')
    WHERE until_month IS NULL AND employer_no IS NOT NULL GROUP BY record_no
) AS work USING (record_no)
LEFT JOIN read_parquet($folder || '/agency/employer.parquet') e USING (employer_no)
WHERE l.pin IS NOT NULL AND (p.died_on IS NULL OR p.died_on >= $since::date)
QUALIFY row_number() OVER (PARTITION BY l.pin ORDER BY i.recorded_on, l.record_no) = 1
ORDER BY l.record_no LIMIT $most
"""
_BIRTHS = """
SELECT p.pin, p.full_name, p.sex, p.birth_year, p.birth_month, p.birth_day, p.mother_pin FROM read_parquet($folder || '/register/person.parquet') p
WHERE p.mother_pin IS NOT NULL AND p.birth_day IS NOT NULL AND make_date(p.birth_year, p.birth_month, p.birth_day) >= $since::date
    AND make_date(p.birth_year, p.birth_month, p.birth_day) < $until::date
ORDER BY p.pin
"""


@dataclass(frozen=True)
class Child:
    """A child the register knows, and which patient bore it."""

    pin: str
    name: str
    male: bool
    born: int
    mother: int


@dataclass(frozen=True)
class Patients:
    """People as columns; a patient is a place in them. Days since 1970; `until` is the day after the card's last."""

    rows: Any
    """Arrow table of what the counter writes down."""
    band: Ints
    female: Ints
    old: Ints
    registered: Ints
    since: Ints
    until: Ints
    died: Ints
    working: Ints
    children: list[Child]
    facilities: Facilities
    seed: int

    def __len__(self) -> int:
        return self.band.size


def _days(column: Any, missing: int) -> Ints:
    return column.cast("int32").fill_null(missing).to_numpy().astype(np.int64)


def read_patients(folder: Path, since: str, until: str, *, most: int = PATIENTS_MAX) -> Patients:
    """Read who may fall ill from `since` to before `until` (ISO days) in a nation's folder; the same folder, the same patients."""
    seed = int(json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["seed"])
    facilities = invent_facilities(seed)
    asked = {"folder": str(folder), "since": since, "until": until}
    with duckdb.connect(config={"memory_limit": _MEMORY, "threads": 2}) as engine:
        # Nothing on stdout, where machines read.
        engine.execute("SET enable_progress_bar = false")
        rows = engine.sql(_PEOPLE, params={**asked, "most": most}).to_arrow_table()
        births = engine.sql(_BIRTHS, params=asked).fetchall()
    return _patients(rows, births, facilities, seed, int(since[:4]))


def _patients(rows: Any, births: list[tuple[Any, ...]], facilities: Facilities, seed: int, year: int) -> Patients:
    place = {code: number for number, code in enumerate(facilities.codes)}
    age = year - rows["birth_year"].to_numpy().astype(np.int64)
    old = {code: number for number, code in enumerate(places().olds)}
    registered = np.array([place[code] for code in rows["facility"].to_pylist()], dtype=np.int64)
    home = np.array([old[code[:2]] for code in rows["facility"].to_pylist()], dtype=np.int64)
    mothers = {pin: number for number, pin in enumerate(rows["pin"].to_pylist())} if births else {}
    return Patients(
        rows=rows,
        band=np.searchsorted(AGE_BANDS, age, side="right"),
        female=np.array([sex == "F" for sex in rows["sex"].to_pylist()], dtype=np.int64),
        old=home,
        registered=registered,
        since=_days(rows["valid_from"], 0),
        until=_days(rows["valid_until"], 0),
        died=_days(rows["died_on"], ALIVE),
        working=np.array([code in WORKING for code in rows["object_code"].to_pylist()], dtype=np.bool_),
        children=[
            Child(pin, name, sex == "M", day(*born), mothers[mother])
            for pin, name, sex, *born, mother in births
            if mother in mothers
        ],
        facilities=facilities,
        seed=seed,
    )
