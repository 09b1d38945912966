"""Where each province stands on a map of tiles of one size."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path


@cache
def tiles() -> dict[str, tuple[int, int]]:
    """Return the place of each province on the map: column and row, from the north-west."""
    with (Path(__file__).parent / "tiles.csv").open(encoding="utf-8", newline="") as file:
        return {one["province"]: (int(one["column"]), int(one["row"])) for one in csv.DictReader(file)}


def on_tile(name: str) -> list[str]:
    """Return a province's name without what kind of place it is, in two lines where it is long."""
    words = name.removeprefix("Thành phố ").removeprefix("Tỉnh ").split()
    half = (len(words) + 1) // 2
    return [" ".join(words[:half]), " ".join(words[half:])] if len(words) > 1 else [*words, ""]
