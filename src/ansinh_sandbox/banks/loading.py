"""`python -m ansinh_sandbox.banks.loading`: take in whom the accounts of a nation's payees belong to."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

from ansinh_sandbox.banks.starting import bank_codes
from ansinh_sandbox.banks.store import Store

_ROWS_AT_ONCE = 50_000


def load(nation: Path, folder: Path) -> int:
    """Take in whom the accounts of a nation's payees belong to; returns how many accounts. Loading again changes nothing."""
    bins = bank_codes()
    names = _names(nation)
    holders: dict[str, list[tuple[str, str]]] = {}
    for row in pq.read_table(nation / "agency" / "payee.parquet", columns=["record_no", "bank", "account"]).to_pylist():
        if row["account"]:
            holders.setdefault(bins[row["bank"]], []).append((row["account"], names[row["record_no"]]))
    for code, accounts in holders.items():
        store = Store(folder, code)
        with store.change() as connection:
            connection.executemany("INSERT OR REPLACE INTO holder VALUES (?, ?)", accounts)
        store.close()
    return sum(map(len, holders.values()))


def _names(nation: Path) -> dict[int, str]:
    table = pq.read_table(nation / "agency" / "insured.parquet", columns=["record_no", "full_name"])
    return dict(_pairs(table))


def _pairs(table: object) -> Iterator[tuple[int, str]]:
    for batch in table.to_batches(_ROWS_AT_ONCE):  # type: ignore[attr-defined]  # pyarrow has no types
        yield from zip(batch.column(0).to_pylist(), batch.column(1).to_pylist(), strict=True)


def main(arguments: list[str]) -> int:
    """Read the arguments, load, and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m ansinh_sandbox.banks.loading", description="Account holders of an invented nation."
    )
    parser.add_argument("--nation", type=Path, required=True, help="the nation's folder")
    parser.add_argument("--store", type=Path, required=True, help="the banks' own folder")
    chosen = parser.parse_args(arguments)
    sys.stdout.write(f"the banks know {load(chosen.nation, chosen.store):,} account holders\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
