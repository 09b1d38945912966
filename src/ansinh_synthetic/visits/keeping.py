"""A folder of visits: packs of sendings with their truth beside them as Parquet, or one XML file a sending for eyes and for other software."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ansinh_synthetic.visits.sending import Kind, Sending, Truth

PACK = "sendings.parquet"
TRUTH = "truth.parquet"
_ROWS_AT_ONCE = 1_000
_NUMBERS = {"record_no", "medicines", "services", "results", "total", "fund"}

_TRUTH: Any = pa.schema(
    [pa.field("kind", pa.string()), pa.field("sent_at", pa.string())]
    + [pa.field(one.name, pa.int64() if one.name in _NUMBERS else pa.string()) for one in fields(Truth)]
)
_PACK: Any = pa.schema(
    [pa.field(name, pa.string()) for name in ("kind", "facility", "sent_at", "episode")]
    + [pa.field("content", pa.binary())]
)
SUFFIXES = {kind: kind.name.lower() for kind in Kind}


@dataclass(frozen=True)
class Kept:
    """What was written: sendings by kind, visits, bytes of XML."""

    kinds: dict[str, int]
    bytes: int

    @property
    def visits(self) -> int:
        """How many visits were written whole."""
        return self.kinds.get(SUFFIXES[Kind.ENCOUNTER], 0)

    @property
    def sendings(self) -> int:
        """How many sendings there are."""
        return sum(self.kinds.values())


def keep(
    folder: Path, sendings: Iterable[Sending], *, as_files: bool = False, progress: Callable[[int], None] | None = None
) -> Kept:
    """Write sendings as they come to `folder`, and `truth.parquet` beside them; memory holds a thousand at a time. What was there is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    kinds: Counter[str] = Counter()
    size = 0
    with pq.ParquetWriter(folder / TRUTH, _TRUTH, compression="zstd") as truths, _pack(folder, as_files) as pack:
        for lot in _lots(sendings):
            truths.write_table(_truth_rows(lot))
            if pack is None:
                _write_files(folder, lot)
            else:
                pack.write_table(_pack_rows(lot))
            kinds.update(SUFFIXES[one.kind] for one in lot)
            size += sum(len(one.content) for one in lot)
            if progress:
                progress(len(lot))
    kept = Kept(dict(sorted(kinds.items())), size)
    told = {"sendings": kept.sendings, "visits": kept.visits, "kinds": kept.kinds, "bytes": size}
    (folder / "manifest.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    return kept


def kept_sendings(folder: Path) -> Iterator[tuple[Kind, str, str, str, bytes]]:
    """Yield (kind, facility, sent_at, episode, content) of a folder of packs, in the order of sending; memory holds a thousand at a time."""
    for batch in pq.ParquetFile(folder / PACK).iter_batches(_ROWS_AT_ONCE):
        for row in batch.to_pylist():
            yield Kind(row["kind"]), row["facility"], row["sent_at"], row["episode"], row["content"]


class _NoPack:
    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        return None


def _pack(folder: Path, as_files: bool) -> Any:
    return _NoPack() if as_files else pq.ParquetWriter(folder / PACK, _PACK, compression="zstd", compression_level=1)


def _lots(sendings: Iterable[Sending]) -> Iterator[list[Sending]]:
    lot: list[Sending] = []
    for one in sendings:
        lot.append(one)
        if len(lot) == _ROWS_AT_ONCE:
            yield lot
            lot = []
    if lot:
        yield lot


def _truth_rows(lot: list[Sending]) -> Any:
    columns: dict[str, list[Any]] = {"kind": [one.kind.value for one in lot], "sent_at": [one.sent_at for one in lot]}
    columns |= {column.name: [getattr(one.truth, column.name) for one in lot] for column in fields(Truth)}
    return pa.table(columns, schema=_TRUTH)


def _pack_rows(lot: list[Sending]) -> Any:
    return pa.table(
        {
            "kind": [one.kind.value for one in lot],
            "facility": [one.facility for one in lot],
            "sent_at": [one.sent_at for one in lot],
            "episode": [one.truth.episode for one in lot],
            "content": [one.content for one in lot],
        },
        schema=_PACK,
    )


def _write_files(folder: Path, lot: list[Sending]) -> None:
    for one in lot:
        place = folder / f"{one.sent_at[:4]}-{one.sent_at[4:6]}-{one.sent_at[6:8]}"
        place.mkdir(exist_ok=True)
        (place / f"{one.truth.episode}.{SUFFIXES[one.kind]}.xml").write_bytes(one.content)
