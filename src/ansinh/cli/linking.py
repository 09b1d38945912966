"""`ansinh people link`: link any two tables. A module of its own, because its libraries take long to load."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated

import typer

from ansinh.cli.screen import counted, out, print_json
from ansinh.foundation.errors import InvalidInput
from ansinh.people.matching.linking import Field, Link
from ansinh.people.matching.linking import link as link_tables

Json = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]
_SHOWN_PAIRS = 20


def link(  # one option each
    ours: Annotated[Path, typer.Argument(help="A CSV or Parquet file.")],
    theirs: Annotated[Path, typer.Argument(help="Another.")],
    on: Annotated[
        str, typer.Option(help="field=column or field=columnA/columnB, :kind behind it if need be; commas between.")
    ],
    at_least: Annotated[float, typer.Option(min=0, max=1, help="Show pairs from this probability.")] = 0.5,
    one_to_one: Annotated[bool, typer.Option("--one-to-one", help="A row is in one pair at most.")] = False,
    target: Annotated[Path | None, typer.Option("--out", help="Write all pairs to this CSV file.")] = None,
    as_json: Json = False,
) -> None:
    """Link two tables the engine was not built for, with a model trained on them. Kinds: name, date, place, number, exact, text.

    Example: ansinh people link A.csv B.csv --on given=given_name,surname=surname,born=date_of_birth/dob,place=postcode
    """
    try:
        found = link_tables(
            ours, theirs, [Field.read(x) for x in on.split(",")], one_to_one=one_to_one, at_least=at_least
        )
    except ValueError as trouble:
        raise InvalidInput(f"Không đối sánh được: {trouble}", f"Cannot link: {trouble}") from trouble
    if target:
        _write(target, found)
    if as_json:
        pairs = [
            {"ours": x.ours, "theirs": x.theirs, "probability": round(x.probability, 6), "weights": x.weights}
            for x in found
        ]
        print_json({"pairs": pairs})
        return
    out.print(
        f"{counted(len(found))} cặp · pairs, rows counted from 0 after the heading" + (f" → {target}" if target else "")
    )
    for x in found[:_SHOWN_PAIRS] if not target else []:
        out.print(f"{x.ours:>8} {x.theirs:>8}  {x.probability:.4f}  {x.weight:+.1f}")


def _write(file: Path, found: list[Link]) -> None:
    half = file.with_suffix(".half")
    with half.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened)
        writer.writerow(["ours", "theirs", "probability", "weight"])
        writer.writerows([x.ours, x.theirs, f"{x.probability:.6f}", f"{x.weight:.3f}"] for x in found)
    half.rename(file)
