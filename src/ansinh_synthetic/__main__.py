"""Command line: python -m ansinh_synthetic --people N --seed S --out DIR [--dense]."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from ansinh_synthetic.nation import create


def main() -> int:
    """Invent a nation and tell what was written."""
    parser = argparse.ArgumentParser(prog="python -m ansinh_synthetic", description="Invent a nation.")
    parser.add_argument("--people", type=int, required=True, help="how many people the register has")
    parser.add_argument("--seed", type=int, required=True, help="the same seed gives the same files")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--dense", action="store_true", help="one birth year per 1.33 million: the matching benchmark")
    chosen = parser.parse_args()

    def tell(stage: str, done: int, total: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{stage} {done}/{total}   ", end="", file=sys.stderr, flush=True)

    begun = time.monotonic()
    manifest = create(chosen.out, chosen.people, chosen.seed, dense=chosen.dense, progress=tell)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    for name, facts in manifest.files.items():
        print(f"{facts['rows']:>12,}  {name}")
    print(f"{manifest.people:,} people in {time.monotonic() - begun:.1f} s: {chosen.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
