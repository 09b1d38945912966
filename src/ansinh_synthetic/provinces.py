"""The 63 old provinces, the 34 new ones, and the communes of today with how many people live in each."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from vietnam_provinces import NESTED_DIVISIONS_JSON_PATH

from ansinh_synthetic.chance import Draw, Ints, hashed, starts_of

# People per ward relative to a rural commune, and a few special zones with next to nobody or with many.
_WARD_WEIGHT = 220
_COMMUNE_WEIGHT = 100
_ZONE_WEIGHTS = {"Phú Quốc": 400, "Hoàng Sa": 0, "Trường Sa": 1, "Bạch Long Vĩ": 2, "Cồn Cỏ": 1, "Thổ Châu": 4}
_ZONE_WEIGHT = 30


@dataclass(frozen=True)
class OldProvince:
    """One of the 63 provinces before July 2025; population in thousands, pull in per mille of inner migrants."""

    code: str
    name: str
    became: str
    population: int
    first_commune: int
    id_prefix: str
    pull: int
    ward_region: int
    commune_region: int
    land: str


@cache
def old_provinces() -> tuple[OldProvince, ...]:
    """Return the 63 old provinces in the order of their codes."""
    path = Path(__file__).parent / "provinces.csv"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    numbers = {"population", "first_commune", "pull", "ward_region", "commune_region"}
    rows = [{k: int(v) if k in numbers else v for k, v in row.items()} for row in csv.DictReader(lines)]
    return tuple(OldProvince(**row) for row in rows)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Places:
    """Communes and provinces as parallel arrays; a commune is its place in them."""

    communes: list[str]
    names: list[str]
    provinces: list[str]
    olds: list[str]
    commune_old: Ints
    commune_province: Ints
    ward: Ints
    zone: Ints
    weight: Ints
    region: Ints
    old_province: Ints
    starts: Ints
    land: Ints

    def old_names(self) -> list[str]:
        """Names of the old provinces."""
        return [old.name for old in old_provinces()]


def _old_of(commune: int, became: str) -> int:
    olds = [(old.first_commune, place) for place, old in enumerate(old_provinces()) if old.became == became]
    fitting = [pair for pair in olds if pair[0] <= commune]
    return max(fitting)[1] if fitting else min(olds)[1]


def _rows() -> list[dict[str, Any]]:
    nested = json.loads(Path(NESTED_DIVISIONS_JSON_PATH).read_text(encoding="utf-8"))
    rows = []
    for province in nested:
        became = f"{province['code']:02d}"
        for ward in province["wards"]:
            name = " ".join(ward["name"].split())
            old = _old_of(ward["code"], became) if became != "01" else 0
            rows.append({"code": ward["code"], "name": name, "became": became, "old": old})
    return sorted(rows, key=lambda row: (row["old"], row["code"]))


def _weight(name: str, code: int) -> int:
    if name.startswith("Đặc khu"):
        base = next((w for zone, w in _ZONE_WEIGHTS.items() if name.endswith(zone)), _ZONE_WEIGHT)
    else:
        base = _WARD_WEIGHT if name.startswith("Phường") else _COMMUNE_WEIGHT
    uneven = int(hashed(7, np.array([code]))[0] % np.uint64(100)) + 50
    return base * uneven


@cache
def places() -> Places:
    """Return all communes, grouped by old province."""
    rows, olds = _rows(), old_provinces()
    provinces = sorted({old.became for old in olds})
    commune_old = np.array([row["old"] for row in rows])
    ward = np.array([row["name"].startswith("Phường") for row in rows])
    ward_region = np.array([old.ward_region for old in olds])[commune_old]
    commune_region = np.array([old.commune_region for old in olds])[commune_old]
    return Places(
        communes=[f"{row['code']:05d}" for row in rows],
        names=[row["name"] for row in rows],
        provinces=provinces,
        olds=[old.code for old in olds],
        commune_old=commune_old,
        commune_province=np.array([provinces.index(row["became"]) for row in rows]),
        ward=ward,
        zone=np.array([row["name"].startswith("Đặc khu") for row in rows]),
        weight=np.array([_weight(row["name"], row["code"]) for row in rows], dtype=np.int64),
        region=np.where(ward, ward_region, commune_region),
        old_province=np.array([provinces.index(old.became) for old in olds]),
        starts=starts_of(commune_old, len(olds)),
        land=np.array([{"lowland": 0, "midland": 1, "highland": 2}[old.land] for old in olds]),
    )


@cache
def commune_draws() -> tuple[Ints, Ints]:
    """Return a table of 4096 communes per old province, in proportion to people, and the same with wards doubled.

    The second table is where migrants go.
    """
    here = places()
    plain, urban = [], []
    for old in range(len(here.olds)):
        start, end = int(here.starts[old]), int(here.starts[old + 1])
        weights = here.weight[start:end]
        plain.append(start + Draw(weights, 12)._places)
        urban.append(start + Draw(weights * np.where(here.ward[start:end], 2, 1), 12)._places)
    return np.array(plain), np.array(urban)
