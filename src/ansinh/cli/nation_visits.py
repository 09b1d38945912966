"""`ansinh nation visits` and `ansinh nation scenarios`: write what hospitals send about an invented nation's visits."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from ansinh.cli.nation import Json, manifest
from ansinh.cli.screen import counted, out, print_json, progress_bar
from ansinh.foundation.errors import Refusal
from ansinh_synthetic.visits import Kind, spoiling
from ansinh_synthetic.visits.keeping import keep
from ansinh_synthetic.visits.streaming import Period, visits_of_nation

VISITS_MAX = 50_000_000


def visits(
    folder: Annotated[Path, typer.Argument(help="A nation's folder, as `ansinh nation create` prints it.")],
    target: Annotated[Path, typer.Option("--out", help="Folder to write to.")],
    days: Annotated[str, typer.Option(help="First day and the day after the last.")] = "2025-06-01:2025-07-01",
    number: Annotated[
        int | None,
        typer.Option("--visits", min=1, max=VISITS_MAX, help="How many; as many as so many people make, unless told."),
    ] = None,
    planted: Annotated[int, typer.Option(min=0, help="Cases of each kind of over-use to plant.")] = 0,
    as_files: Annotated[bool, typer.Option("--files", help="One XML file a sending instead of packs.")] = False,
    as_json: Json = False,
) -> None:
    """Write the visits of an invented nation as hospitals send them, with the truth beside. Example: ansinh nation visits DIR --out visits --visits 10000"""
    manifest(folder)
    since, until = _days(days)
    with progress_bar("Viết lượt khám chữa bệnh", None) as advance:
        period = Period(since, until, number, planted)
        kept = keep(target, visits_of_nation(folder, period), as_files=as_files, progress=advance)
    if as_json:
        print_json({"folder": str(target), "visits": kept.visits, "kinds": kept.kinds, "bytes": kept.bytes})
    else:
        out.print(
            f"Đã viết {counted(kept.visits)} lượt khám, {counted(kept.sendings)} lần gửi ({counted(kept.bytes // 1_000_000)} MB) vào {target} · "
            f"Written: {counted(kept.visits)} visits in {counted(kept.sendings)} sendings."
        )


def _days(text: str) -> tuple[str, str]:
    try:
        since, until = (date.fromisoformat(part) for part in text.split(":"))
        if since < until:
            return since.isoformat(), until.isoformat()
    except ValueError:
        pass
    raise Refusal(
        f"“{text}” không phải khoảng ngày. Viết ngày đầu và ngày sau ngày cuối, ví dụ 2025-06-01:2025-07-01.",
        f"“{text}” is no stretch of days. Write the first day and the day after the last, as 2025-06-01:2025-07-01.",
    )


def scenarios(
    folder: Annotated[Path, typer.Argument(help="A nation's folder, as `ansinh nation create` prints it.")],
    target: Annotated[Path, typer.Option("--out", help="Folder to write to.")],
) -> None:
    """Write one sound visit, and the same wrong, sloppy and hostile, with what must become of each. Example: ansinh nation scenarios DIR --out scenarios"""
    manifest(folder)
    period = Period("2025-06-02", "2025-06-04")
    sound = next(one for one in visits_of_nation(folder, period) if one.kind is Kind.ENCOUNTER and one.truth.results)
    target.mkdir(parents=True, exist_ok=True)
    told = []
    for one in spoiling.scenarios(sound.content):
        expected = asdict(one.expected)
        told.append({"name": one.name, "words": one.words, "after": one.after, "expected": expected})
        if one.content:
            (target / f"{one.name}.xml").write_bytes(one.content)
    index = {"facility": sound.facility, "episode": sound.truth.episode, "service": "4750", "scenarios": told}
    (target / "expectations.json").write_text(json.dumps(index, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    out.print(f"Đã viết {len(told)} tình huống vào {target} · Written: {len(told)} scenarios.")
