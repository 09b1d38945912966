"""The files are what contracts/nation promises, and the same seed gives the same bytes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ansinh_synthetic import create
from ansinh_synthetic import plan as planning
from ansinh_synthetic.employers import invent_employers
from ansinh_synthetic.facilities import invent_facilities
from ansinh_synthetic.nation import invent_block
from ansinh_synthetic.plan import Plan
from ansinh_synthetic.tables import SCHEMAS
from ansinh_synthetic.writing import Scratch
from tests.synthetic.conftest import PEOPLE

CONTRACT = json.loads((Path(__file__).parents[2] / "contracts/nation/tables.json").read_text(encoding="utf-8"))
TYPES = {
    "text": pa.string(),
    "int16": pa.int16(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "bool": pa.bool_(),
}
TABLES = sorted(name for name in CONTRACT if name != "version")


def test_tables_are_those_of_the_contract() -> None:
    assert sorted(SCHEMAS) == TABLES


@pytest.mark.parametrize("name", TABLES)
def test_every_column_has_the_type_of_the_contract(nation_folder: Path, name: str) -> None:
    file = pq.ParquetFile(nation_folder / f"{name}.parquet")
    columns: dict[str, list[str]] = CONTRACT[name]["columns"]
    assert file.schema_arrow.names == list(columns)
    table = file.read()
    for column, (kind, _) in columns.items():
        field = table.schema.field(column)
        assert field.type == TYPES[kind.rstrip("?")], column
        assert kind.endswith("?") or table.column(column).null_count == 0, column
    assert all(file.metadata.row_group(i).num_rows <= 65_536 for i in range(file.num_row_groups))


def test_manifest_lists_rows_and_digests(nation_folder: Path) -> None:
    manifest = json.loads((nation_folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["people"] == PEOPLE
    assert (manifest["seed"], manifest["dense"]) == (7, False)
    assert (manifest["first_day"], manifest["last_day"]) == ("2024-12-01", "2025-07-31")
    assert sorted(manifest["files"]) == [f"{name}.parquet" for name in TABLES]
    for name, facts in manifest["files"].items():
        path = nation_folder / name
        assert facts["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert facts["rows"] == pq.read_metadata(path).num_rows
    assert manifest["files"]["register/person.parquet"]["rows"] == PEOPLE
    leftovers = {path.name for path in nation_folder.iterdir()}
    assert leftovers == {"manifest.json", "register", "agency", "truth"}


def _digests(folder: Path, seed: int) -> dict[str, Any]:
    return {name: facts["sha256"] for name, facts in create(folder, 3000, seed).files.items()}


def test_same_seed_same_bytes_another_seed_others(tmp_path: Path) -> None:
    first = _digests(tmp_path / "first", 1)
    assert _digests(tmp_path / "again", 1) == first
    other = _digests(tmp_path / "other", 2)
    assert all(other[name] != digest for name, digest in first.items())


def test_values_are_the_same_on_every_machine(tmp_path: Path) -> None:
    """A digest written down once: another machine must find it. Whoever changes the nation on purpose writes the new one."""
    create(tmp_path, 300, 11)
    digest = hashlib.sha256()
    for name in TABLES:
        digest.update(json.dumps(pq.read_table(tmp_path / f"{name}.parquet").to_pydict(), default=str).encode())
    assert digest.hexdigest() == "2e273395d4cae93a596ebc765636a15faded2d22e48b33b654ff8dfc345a5bd2"


def test_create_over_an_earlier_nation_replaces_it(tmp_path: Path) -> None:
    create(tmp_path, 500, 1)
    manifest = create(tmp_path, 700, 2)
    assert pq.read_metadata(tmp_path / "register/person.parquet").num_rows == 700
    assert json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))["seed"] == manifest.seed


@pytest.mark.parametrize("people", [0, 99, 100_000_001])
def test_create_refuses_a_size_out_of_range(tmp_path: Path, people: int) -> None:
    with pytest.raises(ValueError, match="a nation has"):
        create(tmp_path / "none", people, 1)
    assert not (tmp_path / "none").exists()


def test_blocks_do_not_depend_on_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A block invented alone has the bytes it has when invented after others."""
    monkeypatch.setattr(planning, "BLOCK_PEOPLE", 1500)
    plan = Plan(4000, 5)
    facilities, employers = invent_facilities(5), invent_employers(plan)
    together, alone = Scratch(tmp_path / "together", plan.blocks), Scratch(tmp_path / "alone", plan.blocks)
    for number in range(plan.blocks):
        invent_block(plan, number, facilities, employers, together)
    invent_block(plan, plan.blocks - 1, facilities, employers, alone)
    files = sorted((tmp_path / "alone").iterdir())
    assert len(files) == len(TABLES) - 2
    for file in files:
        assert file.read_bytes() == (tmp_path / "together" / file.name).read_bytes(), file.name


def test_number_of_buckets_leaves_no_trace(tmp_path: Path) -> None:
    rows = 70_000
    place = np.random.default_rng(1).permutation(rows)
    numbers = pa.array(place + 1)
    table = pa.table([numbers, numbers.cast(pa.string()), numbers.cast(pa.string())], schema=SCHEMAS["truth/link"])
    digests = []
    for buckets in (1, 7):
        scratch = Scratch(tmp_path / f"scratch{buckets}", 1)
        scratch.put("truth/link", 0, (table, place), np.arange(buckets) * rows // buckets)
        assert scratch.write(tmp_path / str(buckets), "truth/link", buckets) == rows
        digests.append((tmp_path / str(buckets) / "truth/link.parquet").read_bytes())
    assert digests[0] == digests[1]
